#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons
internal import TinyModel
internal import Viz

/// What the process was started with.
enum ProcessFacts {
  /// The language before arguments are parsed: errors and help texts need one.
  ///
  /// As when they are parsed the last `--lang` wins, and what is another option's value is none.
  static let language: Language = {
    var language: Language?
    var arguments = CommandLine.arguments.dropFirst().prefix { $0 != "--" }
    while let argument = arguments.popFirst() {
      if argument.hasPrefix("--lang=") {
        language = Language(rawValue: String(argument.dropFirst(7))) ?? language
      } else if optionsWithValue.contains(argument), let value = arguments.popFirst(),
        argument == "--lang"
      {
        language = Language(rawValue: value) ?? language
      }
    }
    return (language ?? Language(environment: localeVariables)).inLocale
  }()

  /// Every option that takes the argument behind it, of any command.
  private static let optionsWithValue: Set = [
    "--model", "--prompt", "--text", "--tokens", "--seed", "--temperature", "--top-k", "--top",
    "--lang", "--theme", "--size", "--keys", "--step", "--layer", "--head", "--format", "-o",
    "--output", "--reset", "--runs", "--random", "--mla", "--dtype",
    "--threads", "--prompt-tokens", "--from", "--steps", "--cast-version", "--lesson", "--tool",
    "--press",
    "--keep-keys", "--fault", "--policy", "--draft", "--script",
    "--layers", "--kv-heads", "--d-head", "--context", "--batch", "--weights-dtype",
    "--gpu", "--gpu-memory", "--gpu-bandwidth", "--gpu-flops", "--gpu-utilization",
    "--requests", "--blocks", "--budget", "--batching", "--beside",
    "--until", "--machine", "--course", "--serve", "--code", "--host", "--share", "--results",
    "--check", "--facts", "--new", "--export", "--sum", "--turns", "--picture", "--axes", "--form",
  ]

  /// Whether nothing is asked for but help, in whatever language.
  static var asksForHelpAlone: Bool {
    var others: [String] = []
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      if argument == "--lang" {
        arguments = arguments.dropFirst()
      } else if !argument.hasPrefix("--lang=") {
        others.append(argument)
      }
    }
    return others == ["--help"] || others == ["-h"]
  }

  /// Whether the first argument names no subcommand, so that it was taken for a lesson.
  static var isSubcommandMissing: Bool {
    !["lesson", "export", "play"].contains(CommandLine.arguments.dropFirst().first)
  }

  /// A path that was given for an option, if its bytes are UTF-8: a `String` can name no other file.
  static func path(_ path: String, of option: String) throws(CommandError) -> String {
    guard isRepaired(path) else { return path }
    throw .badPath(option: option, path: path)
  }

  /// A text that was given for an option, if its bytes are UTF-8.
  static func text(_ text: String, of option: String) throws(CommandError) -> String {
    guard isRepaired(text) else { return text }
    throw .badText(option: option)
  }

  /// Whether a value stands for one on the command line whose bytes are not UTF-8.
  private static func isRepaired(_ value: String) -> Bool {
    guard value.unicodeScalars.contains("\u{FFFD}") else { return false }
    // It may be the end of an argument such as `--output=…`.
    return repairedArguments.contains { argument in
      argument.utf8.suffix(value.utf8.count).elementsEqual(value.utf8)
    }
  }

  /// The arguments that are not UTF-8, as they look repaired.
  private static var repairedArguments: [String] {
    CommandLine.unsafeArgv.withMemoryRebound(
      to: UnsafePointer<CChar>?.self, capacity: Int(CommandLine.argc)
    ) { pointers in
      (0..<Int(CommandLine.argc)).compactMap { index in
        guard let argument = pointers[index], String(validatingCString: argument) == nil else {
          return nil
        }
        return String(cString: argument)
      }
    }
  }

  private static var localeVariables: [String: String] {
    var variables: [String: String] = [:]
    for name in ["LC_ALL", "LC_MESSAGES", "LANG"] { variables[name] = Environment.value(name) }
    return variables
  }

  /// Where models are looked up by name.
  static var modelLibrary: ModelLibrary { ModelLibrary(searchPaths: resources("models")) }

  /// The folders that `KVTUI_LESSONS` names, with colons between; nil where it names none.
  static var ownLessons: [String]? {
    guard let value = Environment.value("KVTUI_LESSONS") else { return nil }
    let paths = value.split(separator: ":").map(String.init)
    return paths.isEmpty ? nil : paths
  }

  /// The lessons: those of the first folder that has any.
  static func course() throws(CommandError) -> Course {
    let own = ownLessons
    let paths = own ?? resources("lessons")
    guard let course = paths.lazy.map({ Course(folder: $0) }).first(where: { !$0.ids.isEmpty })
    else {
      // Without a free descriptor no folder can be read.
      if let lack = Descriptors.lack { throw .system(lack) }
      throw .noLessons(searched: paths, variable: own == nil ? "KVTUI_HOME" : "KVTUI_LESSONS")
    }
    return course
  }

  /// The lectures that come with the program: those of the first folder that has any.
  static var lectures: LectureShelf {
    let shelves = resources("lectures").lazy.map { LectureShelf(folder: $0) }
    return shelves.first { !$0.names.isEmpty } ?? LectureShelf(folder: "")
  }

  /// Where files that come with the program lie: `$KVTUI_HOME`, beside the executable, the checkout.
  private static func resources(_ name: String) -> [String] {
    var paths: [String] = []
    if let home = Environment.value("KVTUI_HOME"), !home.isEmpty { paths.append(home + "/" + name) }
    let folder = programFolder
    paths.append(parent(of: folder) + "/share/kvtui/" + name)
    if let checkout = checkout(above: folder) { paths.append(checkout + "/" + name) }
    return paths
  }

  /// The nearest folder above the executable that holds the package.
  private static func checkout(above folder: String) -> String? {
    var folder = folder
    while !folder.isEmpty && folder != "/" {
      if access(folder + "/Package.swift", R_OK) == 0 { return folder }
      folder = parent(of: folder)
    }
    return nil
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Where the program lay when this was asked first: what replaces its file later does not move it.
  private static let programFolder = parent(of: executable)

  /// The program's file, whatever links lead to it.
  static var executable: String {
    guard let resolved = realpath(executableLink, nil) else { return executableLink }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  #if canImport(Darwin)
    /// What was executed; `argv[0]` may be any word.
    private static var executableLink: String {
      var size: UInt32 = 0
      _NSGetExecutablePath(nil, &size)
      var bytes = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&bytes, &size) == 0 else { return "kvtui" }
      return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  #else
    private static var executableLink: String { "/proc/self/exe" }
  #endif
}
