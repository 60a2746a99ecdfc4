internal import ArgumentParser
internal import Base

/// A command as ArgumentParser tells of it: the tables that `--help` is made from.
struct CommandTable {
  let name: String
  let abstract: String
  let discussion: String?
  let isDisplayed: Bool
  let arguments: [ArgumentTable]
  let subcommands: [CommandTable]

  /// The whole program's.
  static func program() throws(FileError) -> CommandTable {
    let file = "--experimental-dump-help"
    let root = JSONField(
      file: file, value: try JSON.parse(Array(Kvtui._dumpHelp().utf8), file: file))
    return try CommandTable(root.required("command"))
  }

  private init(_ field: JSONField) throws(FileError) {
    name = try field.required("commandName").text()
    abstract = try field.optional("abstract")?.text() ?? ""
    discussion = try field.optional("discussion")?.text()
    isDisplayed =
      field.value["shouldDisplay"].map { if case .boolean(false) = $0 { false } else { true } }
      ?? true
    var arguments: [ArgumentTable] = []
    for argument in try field.optional("arguments")?.elements() ?? [] {
      arguments.append(try ArgumentTable(argument))
    }
    var subcommands: [CommandTable] = []
    for command in try field.optional("subcommands")?.elements() ?? [] {
      subcommands.append(try CommandTable(command))
    }
    (self.arguments, self.subcommands) = (arguments, subcommands)
  }
}

/// An argument, an option or a flag of a command.
struct ArgumentTable {
  /// `--model`, `-o`; empty for what stands by its place.
  let names: [String]
  let valueName: String
  let isOption: Bool
  let isOptional: Bool
  let isRepeating: Bool
  let isDisplayed: Bool
  let abstract: String
  let values: [String]
  let defaultValue: String?

  fileprivate init(_ field: JSONField) throws(FileError) {
    func holds(_ key: String) -> Bool {
      if case .boolean(true)? = field.value[key] { true } else { false }
    }
    var names: [String] = []
    for name in try field.optional("names")?.elements() ?? [] {
      let dashes = try name.required("kind").text() == "long" ? "--" : "-"
      names.append(dashes + (try name.required("name").text()))
    }
    self.names = names
    valueName = try field.optional("valueName")?.text() ?? ""
    isOption = try field.required("kind").text() == "option"
    (isOptional, isRepeating) = (holds("isOptional"), holds("isRepeating"))
    isDisplayed = holds("shouldDisplay")
    abstract = try field.optional("abstract")?.text() ?? ""
    var values: [String] = []
    for value in try field.optional("allValues")?.elements() ?? [] {
      values.append(try value.text())
    }
    self.values = values
    defaultValue = try field.optional("defaultValue")?.text()
  }
}
