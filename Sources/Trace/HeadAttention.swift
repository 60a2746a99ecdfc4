internal import CKernels
internal import Kernels
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One head of one layer at one step, recomputed from the trace's Q, K and V by the engine's kernels.
///
/// Nothing of this is stored with a step: rows of it are computed when they are looked at. K and V, once gathered, stay with the
/// trace.
public struct HeadAttention: Sendable {
  /// The lane, counted from 0.
  public let lane: Int
  /// The layer, counted from 0.
  public let layer: Int
  /// The query head, counted from 0.
  public let head: Int
  /// Tokens in the sequence.
  public let length: Int
  private let trace: Trace
  private let kvHead: Int
  private let rows: HeadRows

  /// Takes a head's K and V at `step` from what the trace has gathered, and gathers what is missing.
  public init(_ trace: Trace, lane: Int = 0, step: Step, layer: Int, head: Int) {
    self.trace = trace
    self.lane = lane
    self.layer = layer
    self.head = head
    length = step.length
    kvHead = trace.model.kvHead(of: head)
    rows = trace.gathered.rows(of: trace, lane: lane, length: length, layer: layer, kvHead: kvHead)
  }

  private var keys: FloatBuffer { rows.keys }
  private var values: FloatBuffer { rows.values }
  private var valueStride: Int { ValueRows.stride(headDimension: valueDimension) }
  private var headDimension: Int { trace.model.headDimension }
  private var valueDimension: Int { trace.model.valueDimension }

  /// What a dot product is multiplied by.
  public var scale: Float { rule.scale }

  /// Mask, scale and bound of the layer's scores.
  public var rule: AttentionRule { trace.model.rule(ofLayer: layer) }

  /// The query of a position: `[head dimension]`.
  public func query(_ position: Int) -> [Float] {
    trace.row(.query, lane: lane, layer: layer, position: position, head: head)
  }

  /// The key of a position: `[head dimension]`.
  public func key(_ position: Int) -> [Float] {
    trace.row(.key, lane: lane, layer: layer, position: position, head: kvHead)
  }

  /// The value of a position: `[value dimension]`.
  public func value(_ position: Int) -> [Float] {
    values.floats(in: position * valueStride..<position * valueStride + valueDimension)
  }

  /// Whether the mask hides a key from a query: what was computed of such a cell is thrown away.
  public func hides(key: Int, fromQuery query: Int) -> Bool {
    rule.mask.hides(key: key, fromQuery: query)
  }

  /// Raw dot products of one query with every key, before scale and mask: `[length]`.
  public func scores(ofRow position: Int) -> [Float] {
    compute(position) { _, _ in }
  }

  /// Scores as the softmax takes them: scaled, and bounded where the layer bounds them; masked ones too: `[length]`.
  public func scaledScores(ofRow position: Int) -> [Float] {
    let rule = rule
    return compute(position) { row, _ in
      rule.cap(row, rows: 1, stride: length, length: length)
    }.map { $0 * rule.softmaxScale }
  }

  /// Attention weights of one query over every key; 0 where the mask hides one: `[length]`.
  public func weights(ofRow position: Int) -> [Float] {
    let rule = rule
    let sink = trace.source?.sink(layer: layer, head: head)
    return compute(position) { row, kernels in
      rule.cap(row, rows: 1, stride: length, length: length)
      _ = rule.mask.apply(
        to: row, rows: 1, stride: length, firstPosition: position, length: length)
      let share = sink.map { Self.share(beside: $0, row, length: length, rule.softmaxScale) }
      kernels.softmax(
        row, visible: min(position + 1, length), length: length, scale: rule.softmaxScale)
      if let share { for key in 0..<length { row[key] *= share } }
    }
  }

  /// The head's output of one query, weights × V: `[value dimension]`.
  public func output(ofRow position: Int) -> [Float] {
    let weights = FloatBuffer(weights(ofRow: position))
    let out = FloatBuffer(count: valueDimension)
    var work = ck_work()
    Kernels.best.weightedValues(
      weights: weights.pointer, stride: length, values: values.pointer, valueStride: valueStride,
      length: length, headDimension: valueDimension, into: out.pointer, rows: 1,
      outStride: valueDimension, work: &work)
    return out.floats
  }

  /// The part of a row's softmax that the keys get where a sink's logit joins it.
  private static func share(
    beside sink: Float, _ scores: UnsafePointer<Float>, length: Int, _ scale: Float
  ) -> Float {
    let scaled = (0..<length).map { scores[$0] * scale }
    let largest = scaled.reduce(sink, max)
    let keys = scaled.reduce(0) { $0 + exp($1 - largest) }
    return keys / (keys + exp(sink - largest))
  }

  private func compute(
    _ position: Int, then transform: (UnsafeMutablePointer<Float>, Kernels) -> Void
  ) -> [Float] {
    let query = FloatBuffer(query(position))
    let row = FloatBuffer(count: KeyPanels.padded(length))
    var work = ck_work()
    Kernels.best.scores(
      query: query.pointer, rows: 1, queryStride: headDimension, keys: keys.pointer,
      length: length, headDimension: headDimension, into: row.pointer, stride: row.count,
      work: &work)
    transform(row.pointer, .best)
    return row.floats(in: 0..<length)
  }
}

extension Trace {
  /// The step that fed the token at `position`, and the token's row in it.
  private func place(of position: Int) -> (step: Int, row: Int) {
    let first = steps[0].length
    return position < first ? (0, position) : (position - first + 1, 0)
  }

  /// One head's part of one token's row; the head of a key or a value is a KV head.
  package func row(
    _ kind: RowKind, lane: Int = 0, layer: Int, position: Int, head: Int
  ) -> [Float] {
    if let source {
      return source.rows(kind, layer: layer, head: head, position..<position + 1)
    }
    let (step, row) = place(of: position)
    let (heads, width) = (kind == .query ? model.heads : model.kvHeads, width(of: kind))
    let start = (row * heads + head) * width
    let floats = steps[step].activations(of: lane)[keyPath: kind.path][layer]
    return Array(floats[start..<start + width])
  }

  /// Floats of one head's row.
  func width(of kind: RowKind) -> Int {
    kind == .value ? model.valueDimension : model.headDimension
  }
}

extension RowKind {
  /// Where the rows of a step are.
  var path: KeyPath<Activations, [[Float]]> {
    switch self {
    case .query: \.queries
    case .key: \.keys
    case .value: \.values
    }
  }
}

extension Trace {
  /// The largest |Δ| of one token's row in one layer against another run of the same model, over all heads.
  ///
  /// - Parameters:
  ///   - other: the run to compare with.
  ///   - rows: which vectors: queries, keys or values.
  ///   - layer: counted from 0.
  ///   - position: counted from 0.
  /// - Returns: nil where one of the runs has no such row.
  public func largestDifference(
    from other: Trace, _ rows: KeyPath<Activations, [[Float]]>, layer: Int, position: Int
  ) -> Float? {
    guard let own = row(rows, layer: layer, position: position),
      let others = other.row(rows, layer: layer, position: position), own.count == others.count
    else { return nil }
    // A NaN is a difference, and `max` would drop it.
    return zip(own, others).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1)
      return difference <= largest ? largest : difference
    }
  }

  /// All heads of one token's row; nil where there is none.
  private func row(
    _ rows: KeyPath<Activations, [[Float]]>, layer: Int, position: Int
  ) -> ArraySlice<Float>? {
    guard (0..<model.layers).contains(layer), position >= 0, let last = steps.last,
      position < last.length
    else { return nil }
    let (step, index) = place(of: position)
    let floats = steps[step].rows[keyPath: rows][layer]
    let count = floats.count / max(1, steps[step].fed.count)
    return floats[index * count..<(index + 1) * count]
  }
}
