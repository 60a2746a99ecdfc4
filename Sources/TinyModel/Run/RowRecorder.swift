internal import Kernels
internal import Trace

/// Keeps the rows that the cached run was fed.
final class RowRecorder: ForwardObserver {
  private(set) var rows = FedRows()
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
    rows.keys.append(part(from: key, width: shape.keyValueWidth))
    rows.values.append(part(from: key + shape.keyValueWidth, width: shape.keyValueWidth))
  }

  func saw(residual: UnsafePointer<Float>) {
    rows.residuals.append(Array(UnsafeBufferPointer(start: residual, count: shape.width)))
  }
}

/// Holds every Q, K and V that the uncached run computes against those that the cached run computed.
///
/// Rows that the cached run has not computed yet are kept, and compared when it has.
final class RowCheck: ForwardObserver {
  /// The largest |Δ| so far; NaN where a value is NaN.
  private(set) var maxAbsDifference: Float = 0
  private let shape: ModelConfiguration
  private var reference: [FedRows]
  private let kernels: Kernels
  private let newest: RowRecorder

  /// Creates a check against `reference`, the rows of every step so far, in order.
  init(_ shape: ModelConfiguration, reference: [FedRows], kernels: Kernels) {
    self.shape = shape
    self.reference = reference
    self.kernels = kernels
    newest = RowRecorder(shape)
  }

  /// The rows of one more step, computed before this pass.
  func expect(_ rows: FedRows) { reference.append(rows) }

  func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int) {
    var row = 0
    for step in reference {
      for index in 0..<step.queries[layer].count / shape.queryWidth where row < rows {
        compare(queryKeyValue + row * shape.queryKeyValueWidth, step, layer: layer, index: index)
        row += 1
      }
    }
    guard row < rows else { return }
    newest.saw(
      queryKeyValue: queryKeyValue + row * shape.queryKeyValueWidth, rows: rows - row, layer: layer)
  }

  func saw(residual: UnsafePointer<Float>) {}

  /// Compares what this pass computed beyond the reference with the rows of the step that came after it.
  func compareNewest(with rows: FedRows) {
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
    _ computed: UnsafePointer<Float>, _ step: FedRows, layer: Int, index: Int
  ) {
    var start = computed
    for (kept, width) in [
      (step.queries[layer], shape.queryWidth), (step.keys[layer], shape.keyValueWidth),
      (step.values[layer], shape.keyValueWidth),
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
