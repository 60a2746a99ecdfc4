internal import Base
internal import Kernels

/// How far reading a model's weights has come.
public struct ReadingProgress: Equatable, Sendable {
  /// Bytes that have been read.
  public private(set) var read = 0
  /// Bytes of all weights in the files; some may not be needed and are never read.
  public let total: Int

  init(total: Int) { self.total = total }

  /// So many more were read; a tied embedding that is held twice is read twice.
  mutating func take(_ bytes: Int) { read = min(read + bytes, total) }
}

/// Reads a checkpoint's tensors and tells how far it has come.
final class WeightReader: TensorSource {
  /// What messages call the weights.
  var path: String { checkpoint.path }
  private let checkpoint: Checkpoint
  private let report: (ReadingProgress) -> Void
  /// How far it has come.
  private(set) var progress: ReadingProgress

  init(_ checkpoint: Checkpoint, report: @escaping (ReadingProgress) -> Void) {
    self.checkpoint = checkpoint
    self.report = report
    progress = ReadingProgress(total: checkpoint.weightBytes)
    checkpoint.willBeReadWhole()
  }

  func has(_ name: String) -> Bool { checkpoint.has(name) }

  func tensor(_ name: String, shape: [Int]) throws(FileError) -> FloatBuffer {
    let (file, entry) = try place(of: name, shape: shape)
    return try file.floats(of: entry, progress: taken)
  }

  func matrix(_ name: String, shape: [Int]) throws(FileError) -> any MatrixRows {
    let (file, entry) = try place(of: name, shape: shape)
    return try file.rows(of: entry)
  }

  func optionalMatrix(_ name: String, shape: [Int]) throws(FileError) -> (any MatrixRows)? {
    guard let (file, entry) = try checkpoint.tensor(name, shape: shape) else { return nil }
    return try file.rows(of: entry)
  }

  func taken(_ bytes: Int) {
    progress.take(bytes)
    report(progress)
  }

  private func place(
    of name: String, shape: [Int]
  ) throws(FileError) -> (file: SafetensorsFile, entry: TensorEntry) {
    guard let place = try checkpoint.tensor(name, shape: shape) else {
      throw checkpoint.missing(name)
    }
    return place
  }
}
