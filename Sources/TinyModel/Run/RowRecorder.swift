internal import Kernels
internal import Trace

/// Keeps the rows that a pass was fed.
final class RowRecorder: ForwardObserver {
  private(set) var rows = Activations()
  private let shape: ModelConfiguration

  init(_ shape: ModelConfiguration) { self.shape = shape }

  func saw(queryKeyValue: UnsafePointer<Float>, rows count: Int, layer: Int) {
    let stride = shape.queryKeyValueWidth
    let key = shape.queryWidth
    func part(from start: Int, width: Int) -> [Float] {
      var floats: [Float] = []
      floats.reserveCapacity(count * width)
      for row in 0..<count {
        let start = queryKeyValue + row * stride + start
        floats.append(contentsOf: UnsafeBufferPointer(start: start, count: width))
      }
      return floats
    }
    rows.queries.append(part(from: 0, width: key))
    rows.keys.append(part(from: key, width: shape.keyWidth))
    rows.values.append(part(from: key + shape.keyWidth, width: shape.valueWidth))
  }

  func saw(residual: UnsafePointer<Float>, rows count: Int) {
    rows.residuals.append(
      Array(UnsafeBufferPointer(start: residual, count: count * shape.modelDimension)))
  }
}

/// Holds every Q, K and V that a lane computes anew against those that the reference lane computed of the same token.
///
/// Rows of tokens that are new at this step are kept, and compared when both lanes have them.
final class RowCheck: ForwardObserver {
  /// The largest |Δ| so far; NaN where a value is NaN.
  private(set) var maxAbsDifference: Float = 0
  private let shape: ModelConfiguration
  private let reference: [Activations]
  /// Tokens of which the reference lane's rows are there.
  private let referenceTokens: Int
  private let past: Int
  private let kernels: Kernels
  private let newest: RowRecorder
  private let reading: ReadingRecorder?

  /// What was computed of the tokens that are new at this step.
  var activations: Activations { newest.rows }

  /// Creates a check against `reference`, what the reference lane computed at every step so far, in order, for a pass
  /// behind `past` tokens that are not computed anew; what is read is written down where it is not what was computed.
  init(
    _ shape: ModelConfiguration, reference: [Activations], past: Int = 0, kernels: Kernels,
    reading: ReadingRecorder? = nil
  ) {
    self.reading = reading
    self.shape = shape
    self.reference = reference
    referenceTokens = reference.reduce(0) {
      $0 + ($1.queries.first?.count ?? 0) / shape.queryWidth
    }
    self.past = past
    self.kernels = kernels
    newest = RowRecorder(shape)
  }

  var seesAttention: Bool { reading != nil }

  func saw(stored: StoredLayer, positions: Positions, layer: Int) {
    reading?.saw(stored: stored, positions: positions, layer: layer)
  }

  func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int) {
    reading?.saw(queryKeyValue: queryKeyValue, rows: rows, past: past, layer: layer)
    var row = -past
    for step in reference {
      for index in 0..<step.queries[layer].count / shape.queryWidth where row < rows {
        if row >= 0 {
          compare(queryKeyValue + row * shape.queryKeyValueWidth, step, layer: layer, index: index)
        }
        row += 1
      }
    }
    row = max(0, row)
    guard row < rows else { return }
    newest.saw(
      queryKeyValue: queryKeyValue + row * shape.queryKeyValueWidth, rows: rows - row, layer: layer)
  }

  func saw(residual: UnsafePointer<Float>, rows: Int) {
    let known = max(0, min(rows, referenceTokens - past))
    newest.saw(residual: residual + known * shape.modelDimension, rows: rows - known)
  }

  /// Compares what this pass computed of the new tokens with what the reference lane did.
  func compareNewest(with rows: Activations) {
    for (own, others) in [
      (newest.rows.queries, rows.queries), (newest.rows.keys, rows.keys),
      (newest.rows.values, rows.values),
    ] {
      for (own, other) in zip(own, others) {
        precondition(own.count == other.count, "\(own.count) floats against \(other.count)")
        own.withUnsafeBufferPointer { own in
          guard let base = own.baseAddress else { return }
          compare(base, other, from: 0, count: own.count)
        }
      }
    }
  }

  private func compare(
    _ computed: UnsafePointer<Float>, _ step: Activations, layer: Int, index: Int
  ) {
    var start = computed
    for (kept, width) in [
      (step.queries[layer], shape.queryWidth), (step.keys[layer], shape.keyWidth),
      (step.values[layer], shape.valueWidth),
    ] {
      compare(start, kept, from: index * width, count: width)
      start += width
    }
  }

  private func compare(
    _ computed: UnsafePointer<Float>, _ kept: [Float], from start: Int, count: Int
  ) {
    kept.withUnsafeBufferPointer { kept in
      guard let base = kept.baseAddress else { return }
      let difference = kernels.maxAbsDifference(computed, base + start, count: count)
      // A NaN is neither passed over nor forgotten.
      guard !maxAbsDifference.isNaN, !(difference <= maxAbsDifference) else { return }
      maxAbsDifference = difference
    }
  }
}
