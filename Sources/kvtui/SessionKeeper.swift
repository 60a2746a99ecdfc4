#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Kernels
internal import Screens
internal import Trace
internal import Viz

/// Where a session is to be kept.
struct SessionKeeper {
  let path: String
  let replaces: Bool
  let opening: KeptOpening

  /// Makes the file.
  func open() throws(CommandError) -> SessionFile {
    SessionFile(
      Output(descriptor: try descriptor(), file: path), path: path, opening: opening)
  }

  /// What is there is not replaced unasked, and never when it is something else than a file.
  private func descriptor() throws(CommandError) -> Int32 {
    let how = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (replaces ? 0 : O_EXCL)
    let descriptor = path.withCString { openFile($0, how) }
    guard descriptor >= 0 else {
      throw errno == EEXIST ? .exists(file: path) : .cannotCreate(file: path, .last)
    }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
      ftruncate(descriptor, 0) == 0
    else {
      close(descriptor)
      throw .cannotCreate(file: path, SystemFailure(code: EINVAL))
    }
    return descriptor
  }
}

private func openFile(_ path: UnsafePointer<CChar>, _ how: Int32) -> Int32 {
  open(path, how, 0o644)
}

/// The file of a session, to which each key is written before it does anything: whatever becomes of the program, it is there.
final class SessionFile {
  private let output: Output
  private let path: String
  private let opening: KeptOpening
  /// Why it could not be written, which is told when the screen is gone.
  private var failure: CommandError?

  init(_ output: Output, path: String, opening: KeptOpening) {
    self.output = output
    self.path = path
    self.opening = opening
  }

  /// Writes how the session begins.
  func write(_ look: Look, _ size: Size) {
    write(KeptSession(opening, look, size).firstLine)
  }

  /// A display whose keys are kept here.
  func kept(_ display: any Display) -> any Display {
    KeepingDisplay(display) { self.write($0.line) }
  }

  private func write(_ line: String) {
    guard failure == nil else { return }
    do throws(CommandError) {
      try output.write(line + "\n")
    } catch {
      failure = error
    }
  }

  /// Says that the last key left the program, and closes the file.
  func end() throws(CommandError) {
    write(KeptSession.lastLine)
    if let failure {
      try? output.close()
      throw failure
    }
    try output.close()
  }

  /// Takes away a file in which nothing stands.
  func remove() {
    try? output.close()
    unlink(path)
  }
}

extension RunOptions {
  /// What a session of this run opens: the options that were given, with the text of standard input in its place.
  func opening(of run: OpenedRun) throws(CommandError) -> KeptOpening {
    let given: [(String, String?)] = [
      ("model", model.model), ("random", model.random),
      ("mla", try model.mla?.value(of: "--mla").rawValue),
      ("dtype", try engine.givenWeightType()?.rawValue),
      ("prompt", readsStandardInput ? run.text : prompt), ("text", text), ("tokens", tokens),
      ("seed", seed == "0" ? nil : seed), ("temperature", temperature), ("top-k", topK),
      ("top", top == "5" ? nil : top),
    ]
    let options = given.compactMap { name, value in value.map { KeptOpening.Option(name, $0) } }
    return KeptOpening(.run, options + (ignoreEos ? [.init("ignore-eos")] : []))
  }
}
