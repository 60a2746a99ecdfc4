#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Lessons
internal import Terminal
internal import TinyModel
internal import Viz

/// A failure of the command line itself, or of its output.
enum CommandError: Error {
  /// Two options that exclude each other.
  case textAndPrompt
  /// An option's value is out of its range.
  case badValue(option: String, value: String, expected: String)
  /// A name in `--keys` that no key has.
  case unknownKey(String)
  /// Standard input holds more than a prompt can be.
  case inputTooLong(limit: Int)
  /// No lesson has this number or name.
  case noSuchLesson(String, folder: String)
  /// There are no lessons where they were looked for.
  case noLessons(searched: [String])
  /// The linter found something, and has said it.
  case lint(Int)
  /// The step to export does not exist.
  case noSuchStep(Int, steps: Int)
  /// A file could not be made.
  case cannotCreate(file: String, reason: String)
  /// Reading standard input or writing output failed.
  case inputOutput(reason: String)
  /// Memory, threads or descriptors could not be had.
  case system(reason: String)

  var status: ExitStatus {
    switch self {
    case .textAndPrompt, .badValue, .unknownKey, .noSuchStep: .usage
    case .inputTooLong, .lint: .badData
    case .noSuchLesson, .noLessons: .noInput
    case .cannotCreate: .cannotCreate
    case .inputOutput: .inputOutput
    case .system: .internalError
    }
  }

  var message: String {
    switch self {
    case .textAndPrompt:
      wording("--text 和 --prompt 只能给一个", "give --text or --prompt, not both")
    case .badValue(let option, let value, let expected):
      wording(
        "\(option) 不能是 \(value)；要 \(expected)", "\(option) cannot be \(value); give \(expected)")
    case .unknownKey(let name):
      wording(
        "--keys 里没有叫 \(name) 的键；按 tmux 的写法，如 Right Space i",
        "--keys knows no key \(name); name keys as tmux does, such as Right Space i")
    case .inputTooLong(let limit):
      wording(
        "标准输入超过 \(limit) 字节；请给短一些的提示词",
        "standard input is over \(limit) bytes; give a shorter prompt")
    case .noSuchLesson(let name, let folder):
      wording(
        "\(folder) 里没有课 \(name)；kvtui lesson --list 列出全部",
        "there is no lesson \(name) in \(folder); kvtui lesson --list shows all")
    case .noLessons(let searched):
      wording(
        "在 \(searched.joined(separator: "、")) 里没有课程；请设 KVTUI_HOME",
        "there are no lessons in \(searched.joined(separator: ", ")); set KVTUI_HOME")
    case .lint(let count):
      wording("课文有 \(count) 处要改", "\(count) findings in the lessons")
    case .noSuchStep(let step, let steps):
      wording(
        "没有第 \(step) 步；这次运行有 1 到 \(steps) 步",
        "there is no step \(step); this run has steps 1 to \(steps)")
    case .cannotCreate(let file, let reason):
      wording(
        "不能创建 \(file)：\(reason)；请用 -o 另给一个路径",
        "cannot create \(file): \(reason); give another path with -o")
    case .inputOutput(let reason):
      wording("读写出错：\(reason)", "input or output failed: \(reason)")
    case .system(let reason):
      wording("系统资源不足：\(reason)", "the system refused: \(reason)")
    }
  }
}

/// One sentence for standard error, and the exit code.
struct ErrorReport {
  private let sentence: String?
  private let status: Int32

  /// A report on bad arguments.
  init(usage sentence: String) {
    self.sentence = sentence
    status = ExitStatus.usage.rawValue
  }

  /// A report on one of the program's own errors; nil for any other.
  init?(_ error: any Error) {
    let isChinese = ProcessFacts.language == .chinese
    switch error {
    case let error as CheckpointError:
      sentence = error.message(chinese: isChinese)
      status = Self.status(of: error).rawValue
    case let error as RunPlanError:
      sentence = error.message(chinese: isChinese)
      status = (error.isBadData ? ExitStatus.badData : .usage).rawValue
    case let error as TerminalError:
      sentence = error.message(chinese: isChinese)
      status = ExitStatus.noTerminal.rawValue
    case let finding as Finding:
      sentence = finding.message(chinese: isChinese)
      status = ExitStatus.badData.rawValue
    case let failure as RunFailure:
      sentence = failure.message(chinese: isChinese)
      status = ExitStatus.badData.rawValue
    case let error as CommandError:
      sentence = error.message
      status = error.status.rawValue
    case is TerminalGone:
      sentence = nil
      status = TerminalGone.status
    default: return nil
    }
  }

  private static func status(of error: CheckpointError) -> ExitStatus {
    if error.isMissingInput { return .noInput }
    return error.isInputOutputFailure ? .inputOutput : .badData
  }

  /// Says the sentence and ends the process.
  func leave() -> Never {
    if let sentence {
      let line = "kvtui: " + Sanitiser.clean(sentence) + "\n"
      // Nobody is left to tell if this fails.
      _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    }
    exit(status)
  }
}
