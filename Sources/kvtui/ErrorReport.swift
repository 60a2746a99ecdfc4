#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
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
    guard let error = error as? any Explained else { return nil }
    sentence = error.message(ProcessFacts.language)
    status = error.status
  }

  /// Says the sentence and ends the process.
  func leave() -> Never {
    if let sentence {
      let line = "kvtui: " + Sanitiser.clean(sentence) + "\n"
      // Nobody is left to tell if this fails.
      try? Output(descriptor: STDERR_FILENO, file: nil).say(line)
    }
    exit(status)
  }
}
