#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import ArgumentParser
internal import Base
internal import Lessons

/// `--course`: a lecture of several parts, from a file of the presenter's or from those that come with the program.
struct LectureOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "一堂课：列出各部分的 YAML 文件，或自带的 45、90（分钟）",
        "a lecture: a YAML file that lists its parts, or one that is bundled: 45, 90 (minutes)"),
      valueName: "FILE"), completion: CompletionKind.lectures)
  var course: String?

  /// The lecture, each of its parts looked up.
  ///
  /// - Parameters:
  ///   - what: the lesson or recording that was given as well.
  ///   - options: of a run that was given as well.
  /// - Returns: nil where none was given.
  /// - Throws: what is wrong with the file, or with what it names.
  func lecture(beside what: String?, _ options: RunOptions) throws -> Lecture? {
    guard let course else { return nil }
    if what != nil { throw CommandError.together("--course", "LESSON|FILE") }
    if let option = options.givenOption { throw CommandError.together("--course", option) }
    let path = try Self.path(ProcessFacts.path(course, of: "--course"))
    return try LectureFile(path: path).lecture(ProcessFacts.course(), refusal: Self.refusal)
  }

  /// The file that is meant.
  private static func path(_ name: String) throws(CommandError) -> String {
    let isFile = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    let shelf = ProcessFacts.lectures
    if !isFile || access(name, F_OK) != 0, let path = shelf.path(matching: name) { return path }
    guard isFile || access(name, F_OK) == 0 else {
      throw .noSuchLecture(name, known: shelf.names)
    }
    return name
  }

  /// Why something that a lecture shows cannot be shown: it is opened, at once.
  static func refusal(_ source: LectureItem.Source) -> (any Explained)? {
    do {
      switch source {
      case .lesson: break
      case .run(let arguments): _ = try options(arguments).session()
      case .recording(let path): _ = try OpenRecording(path, from: nil)
      }
      return nil
    } catch {
      return error as? any Explained ?? UsageError(error)
    }
  }

  /// A run's options; standard input is the presenter's keys.
  private static func options(_ arguments: [String]) throws -> RunOptions {
    if let help = arguments.first(where: { ["-h", "--help"].contains($0) }) {
      throw CommandError.badValue(
        option: "run", value: help, expected: wording("运行的选项", "options of a run"))
    }
    let options = try RunOptions.parse(arguments)
    guard !options.readsStandardInput else {
      throw CommandError.badValue(
        option: "--prompt", value: "-", expected: wording("提示词本身", "the prompt itself"))
    }
    return options
  }
}

extension RunOptions {
  /// An option of a run that was given; nil where none was.
  fileprivate var givenOption: String? {
    [
      ("--model", model.model != nil), ("--random", model.random != nil),
      ("--mla", model.mla != nil), ("--prompt", prompt != nil), ("--text", text != nil),
      ("--tokens", tokens != nil), ("--ignore-eos", ignoreEos), ("--seed", seed != nil),
      ("--temperature", temperature != nil), ("--top-k", topK != nil), ("--top", top != "5"),
      ("--threads", engine.threads != nil),
    ].first(where: \.1)?.0
  }
}
