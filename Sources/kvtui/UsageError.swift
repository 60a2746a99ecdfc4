internal import ArgumentParser
internal import Base
internal import Lessons

/// What ArgumentParser found wrong with the arguments, as one sentence in either language.
///
/// Its errors are internal to it: its English message is what there is to go by. A message that is not known
/// is passed on as it is.
struct UsageError: Explained {
  /// What ArgumentParser says.
  private let found: String
  /// The command whose arguments they were, such as `kvtui run`.
  private let command: String

  /// Rewords an error that ArgumentParser threw.
  init(_ error: any Error) {
    found = Kvtui.message(for: error)
    let command = Kvtui.fullMessage(for: error).between("See '", " --help' for more information.")
    // Who names no subcommand does not know of `lesson`, which then gets the arguments.
    let isKnown = command != "kvtui lesson" || !ProcessFacts.isSubcommandMissing
    self.command = isKnown ? command ?? "kvtui" : "kvtui"
  }

  /// 64.
  var status: Int32 { ExitStatus.usage.rawValue }

  /// What is wrong, and which help to read.
  func message(_ language: Language) -> String? {
    if let option = misplacedOption {
      return language(
        "\(option) 是 run 的选项：请写 kvtui run \(option)；请看 kvtui run --help",
        "\(option) is an option of run: give kvtui run \(option); see kvtui run --help")
    }
    return problem(language) + language("；请看 \(command) --help", "; see \(command) --help")
  }

  /// An option of `run` without `run`: the shortest way to a run once, and a likely slip.
  private var misplacedOption: String? {
    guard command == "kvtui", let option = found.quoted(after: "Unknown option '"),
      RunCommand.helpMessage().contains("\n  \(option) ")
    else { return nil }
    return option
  }

  private func problem(_ language: Language) -> String {
    if let option = found.quoted(after: "Unknown option '") ?? found.behind("Invalid option: ") {
      return language("没有选项 \(option)", "unknown option \(option)")
    }
    if let option = found.quoted(after: "Missing value for '") {
      let name = option.prefix { $0 != " " }
      if name == "--course" {
        let known = ProcessFacts.lectures.numbers
        return language(
          "--course 后面缺少值：自带的 \(known.joined(separator: "、"))（分钟），或你的 YAML 文件",
          "--course needs a value: \(known.joined(separator: ", ")) (minutes) are bundled, or a YAML file of yours"
        )
      }
      return language("\(name) 后面缺少值", "\(name) needs a value")
    }
    if let option = found.quoted(after: "The option '") {
      let name = option.prefix { $0 != "'" }
      return language("\(name) 不带值", "\(name) takes no value")
    }
    if let argument = found.quoted(after: "Unexpected argument '") {
      return language("多出了参数 '\(argument)'", "unexpected argument '\(argument)'")
    }
    if let arguments = found.between(" unexpected arguments: '", "'") {
      return language("多出了参数 '\(arguments)'", "unexpected arguments '\(arguments)'")
    }
    let line = found.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return language("参数有误：\(line)", line)
  }
}

extension String {
  /// What stands in quotes behind `prefix`, with which this begins; the proposals of ArgumentParser are left out.
  fileprivate func quoted(after prefix: String) -> String? {
    guard hasPrefix(prefix) else { return nil }
    if let composite = between("' in '", "'"), contains("\n   or: ") { return composite }
    var rest = dropFirst(prefix.count)
    if let proposal = rest.lastRange(of: "'. Did you mean '") {
      rest = rest[..<proposal.lowerBound]
    }
    return String(rest.last == "'" ? rest.dropLast() : rest)
  }

  /// What stands behind `prefix`, with which this begins.
  fileprivate func behind(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }

  /// What stands between the last `start` and the last `end`.
  fileprivate func between(_ start: String, _ end: String) -> String? {
    guard let before = self[...].lastRange(of: start),
      let after = self[before.upperBound...].lastRange(of: end)
    else { return nil }
    return String(self[before.upperBound..<after.lowerBound])
  }
}

extension Substring {
  fileprivate func lastRange(of text: String) -> Range<Index>? {
    ranges(of: text).last
  }
}
