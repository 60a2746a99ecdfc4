#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons
internal import Terminal
internal import TinyModel
internal import Viz

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
      status = Self.status(of: finding).rawValue
    case let failure as RunFailure:
      sentence = failure.message(chinese: isChinese)
      status = Self.status(of: failure).rawValue
    case let error as CommandError:
      sentence = error.message
      status = error.status
    case is TerminalGone:
      sentence = nil
      status = TerminalGone.status
    default: return nil
    }
  }

  private static func status(of failure: RunFailure) -> ExitStatus {
    if case .checkpoint(let error) = failure { status(of: error) } else { .badData }
  }

  private static func status(of finding: Finding) -> ExitStatus {
    if case .unreadable = finding.problem { .noInput } else { .badData }
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
      try? Output(descriptor: STDERR_FILENO, file: nil).write(line)
    }
    exit(status)
  }
}
