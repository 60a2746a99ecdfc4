#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// A file by its path: replaced whole, so that the old one stays until the new one is complete.
struct OutputFile {
  private let path: String

  /// A path as it was given.
  init(_ path: String) { self.path = path }

  /// Writes `text` to a file that is created or replaced; `-` is standard output.
  func write(_ text: String) throws(CommandError) {
    var facts = stat()
    guard path != "-" else { return try Output.standard.write(text) }
    guard stat(path, &facts) == 0 else {
      guard errno == ENOENT else { throw cannotCreate() }
      return try replace(with: text)
    }
    if isStandardOutput(facts) { return try Output.standard.write(text) }
    switch facts.st_mode & S_IFMT {
    case S_IFDIR: throw .cannotCreate(file: path, SystemFailure(code: EISDIR))
    case S_IFREG: try replace(with: text)
    default: try writeInPlace(text)
    }
  }

  private func cannotCreate() -> CommandError { .cannotCreate(file: path, .last) }

  /// `/dev/stdout` may be a file to which the shell appends: that file is not replaced.
  private func isStandardOutput(_ facts: stat) -> Bool {
    var standard = stat()
    return fstat(STDOUT_FILENO, &standard) == 0 && standard.st_dev == facts.st_dev
      && standard.st_ino == facts.st_ino
  }

  /// Writes to a device, or to a FIFO, which is not waited for while nobody reads.
  private func writeInPlace(_ text: String) throws(CommandError) {
    let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotCreate() }
    Descriptors.block(descriptor)
    try write(text, to: Output(descriptor: descriptor, file: path))
  }

  private func write(_ text: String, to output: Output) throws(CommandError) {
    do throws(CommandError) {
      try output.write(text)
    } catch {
      try? output.close()
      throw error
    }
    try output.close()
  }

  private func replace(with text: String) throws(CommandError) {
    let file = try creating { () throws(SystemFailure) in try FileReplacement(of: path, .named) }
    do throws(SystemFailure) {
      try file.write(Array(text.utf8))
    } catch {
      throw .cannotWrite(file: path, error)
    }
    try creating { () throws(SystemFailure) in try file.putInPlace() }
  }

  /// What the system refuses here is that there be such a file.
  private func creating<Made>(
    _ make: () throws(SystemFailure) -> Made
  ) throws(CommandError) -> Made {
    do throws(SystemFailure) {
      return try make()
    } catch {
      throw .cannotCreate(file: path, error)
    }
  }
}
