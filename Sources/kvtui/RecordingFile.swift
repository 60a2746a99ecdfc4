#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Trace

/// A recording by its path: written beside it and renamed.
struct RecordingFile {
  private let path: String
  private static let leastBytes = 64 << 20

  /// A path as it was given.
  init(_ path: String) { self.path = path }

  /// Whether there is something of this name.
  var isThere: Bool {
    var facts = stat()
    return lstat(path, &facts) == 0
  }

  /// Writes a run that was computed here.
  ///
  /// - Parameters:
  ///   - trace: the run.
  ///   - longest: its longest sequence as planned.
  ///   - plannedSteps: its steps as planned.
  ///   - progress: told how many of how many bytes are written, where they are many.
  /// - Throws: why the file cannot be made or written.
  func write(
    _ trace: Trace, longest: Int, plannedSteps: Int, progress: (Int, Int) -> Void
  ) throws(CommandError) {
    let writer = RecordingWriter(trace, longest: longest, plannedSteps: plannedSteps)
    let isLarge = writer.byteCount > Self.leastBytes
    let file: FileReplacement
    do throws(SystemFailure) {
      file = try FileReplacement(of: path, .named)
    } catch {
      throw .cannotCreate(file: path, error)
    }
    do throws(SystemFailure) {
      try writer.write(to: file) { if isLarge { progress($0, writer.byteCount) } }
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
