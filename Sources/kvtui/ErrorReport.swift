#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Viz

extension Explained {
  /// Says on standard error what is wrong, and ends the process with the exit code.
  func leave() -> Never {
    say()
    exit(status)
  }

  /// Says on standard error what is wrong, and nothing else happens.
  func say() {
    guard let sentence = message(ProcessFacts.language) else { return }
    // Nobody is left to tell if this fails.
    try? Output(descriptor: STDERR_FILENO, file: nil).say("kvtui: \(Sanitiser.clean(sentence))\n")
  }
}
