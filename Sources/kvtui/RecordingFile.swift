#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Trace

/// A recording by its path: written beside it and renamed, with a bar on standard error where it is large.
struct RecordingFile {
  private let path: String
  private static let leastBytes = 64 << 20

  /// A path as it was given.
  init(_ path: String) { self.path = path }

  /// Refuses a path where something is.
  func requireAbsent() throws(CommandError) {
    var facts = stat()
    guard lstat(path, &facts) != 0 else { throw .exists(file: path) }
  }

  /// Writes a run that was computed here.
  func write(
    _ trace: Trace, longest: Int, plannedSteps: Int, _ language: Language
  ) throws(CommandError) {
    let writer = RecordingWriter(trace, longest: longest, plannedSteps: plannedSteps)
    let bar =
      writer.byteCount > Self.leastBytes
      ? ProgressLine(total: writer.byteCount, of: .recording, language: language) : nil
    defer { bar?.clear() }
    let file: FileReplacement
    do throws(SystemFailure) {
      file = try FileReplacement(of: path, .named)
    } catch {
      throw .cannotCreate(file: path, error)
    }
    do throws(SystemFailure) {
      try writer.write(to: file) { bar?.advance(to: $0) }
    } catch {
      throw .cannotWrite(file: path, error)
    }
    do throws(SystemFailure) {
      try file.putInPlace()
    } catch {
      throw .cannotCreate(file: path, error)
    }
  }
}
