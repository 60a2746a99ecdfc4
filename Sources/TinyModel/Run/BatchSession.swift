internal import Base
internal import Kernels
internal import Trace

/// Several sequences that decode together: a store each, one pass for all.
final class BatchSession {
  /// How many sequences there are.
  let batch: Int
  /// What was counted in the last pass.
  private(set) var counter: OperationCounter
  private let model: Transformer
  private let stores: [FullStore]
  private let buffers: ForwardBuffers

  /// Makes room for sequences of at most `capacity` tokens.
  init(_ model: Transformer, batch: Int, capacity: Int) {
    (self.model, self.batch) = (model, batch)
    let shape = model.configuration
    stores = (0..<batch).map { _ in FullStore(shape, capacity: capacity) }
    buffers = ForwardBuffers(
      shape, rows: max(batch, capacity), length: capacity, logitRows: batch,
      threads: model.threads)
    counter = model.newCounter
  }

  /// Bytes that a session takes: what `init` allocates.
  static func bytes(
    _ shape: ModelConfiguration, batch: Int, capacity: Int, threads: Int
  ) -> Bytes {
    FullStore.bytes(shape, capacity: capacity) * batch
      + ForwardBuffers.bytes(
        shape, rows: max(batch, capacity), length: capacity, logitRows: batch, threads: threads)
  }

  /// Feeds each sequence its tokens, in place of what it held; not counted.
  func fill(_ sequences: [[Int]]) {
    var uncounted = model.newCounter
    for (store, ids) in zip(stores, sequences) {
      store.removeAll()
      guard !ids.isEmpty else { continue }
      _ = model.forward(
        ids[...], store: store, buffers: buffers, counter: &uncounted, observer: nil)
    }
  }

  /// Forgets the tokens of each sequence from a position on.
  func truncate(to position: Int) {
    for store in stores { _ = store.truncate(to: position) }
  }

  /// Feeds each sequence one token, all in one pass.
  ///
  /// - Returns: the logits, `[sequences][vocabulary]`, good until more is fed, and the seconds of the pass.
  func feed(_ tokens: [Int]) -> (logits: FloatBuffer, seconds: Double) {
    counter = model.newCounter
    let start = PassTimer.wallClock()
    let logits = model.decode(tokens, stores: stores, buffers: buffers, counter: &counter)
    return (logits, (PassTimer.wallClock() - start).inSeconds)
  }
}
