internal import Base
internal import Kernels

/// How far reading a model's weights has come.
public struct ReadingProgress: Equatable, Sendable {
  /// Bytes that have been read.
  public let read: Int
  /// Bytes of all weights in the files; some may not be needed and are never read.
  public let total: Int
}

/// Reads a checkpoint's tensors and tells how far it has come.
final class WeightReader: TensorSource {
  /// What messages call the weights.
  var path: String { checkpoint.path }
  private let checkpoint: Checkpoint
  private let report: (ReadingProgress) -> Void
  private let total: Int
  private var read = 0

  init(_ checkpoint: Checkpoint, report: @escaping (ReadingProgress) -> Void) {
    self.checkpoint = checkpoint
    self.report = report
    total = checkpoint.weightBytes
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
    // A tied embedding that is held twice is read twice.
    read = min(read + bytes, total)
    report(ReadingProgress(read: read, total: total))
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
