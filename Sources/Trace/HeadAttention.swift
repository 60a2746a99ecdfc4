internal import CKernels
internal import Kernels
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// One head of one layer at one step of a lane, recomputed from the trace's Q, K and V by the engine's kernels.
///
/// Keys and values stand slot by slot, as the lane's attention read them; of a lane that keeps everything, as it was
/// computed, slots are positions. Nothing of this is stored with a step: rows of it are computed when they are looked at.
/// K and V of such a lane, once gathered, stay with the trace.
public struct HeadAttention: Sendable {
  /// The lane, counted from 0.
  public let lane: Int
  /// The layer, counted from 0.
  public let layer: Int
  /// The query head, counted from 0.
  public let head: Int
  /// Tokens in the sequence.
  public let length: Int
  /// Slots that the lane's attention read.
  public let slots: Int
  private let trace: Trace
  private let kvHead: Int
  private let rows: HeadRows
  /// The positions that the lane was fed.
  private let fed: Range<Int>
  /// What the lane read, where that is not what it computed.
  private let reading: StoreReading.Layer?
  private let maskUse: MaskUse

  /// Takes a head's K and V at `step` from what the trace has gathered, and gathers what is missing.
  public init(_ trace: Trace, lane: Int = 0, step: Step, layer: Int, head: Int) {
    self.trace = trace
    self.lane = lane
    self.layer = layer
    self.head = head
    length = step.length
    kvHead = trace.model.kvHead(of: head)
    fed = step.lanes[lane].fed
    reading = step.lanes[lane].reading?.layers[layer]
    slots = reading?.positions.count ?? length
    maskUse = MaskUse(trace.lanes[lane].fault)
    guard reading != nil else {
      rows = trace.gathered.rows(
        of: trace, lane: lane, length: length, layer: layer, kvHead: kvHead)
      return
    }
    let read = ReadRows(trace, lane: lane, step: step.number, layer: layer, kvHead: kvHead)
    rows = HeadRows(trace.model, lane: lane, layer: layer, kvHead: kvHead, read: read)
  }

  /// The positions that the head's slots held, where they are not the slots' numbers.
  private var readPositions: Positions? { reading?.positions(kvHead: kvHead) }
  private var keys: FloatBuffer { rows.keys }
  private var values: FloatBuffer { rows.values }
  private var valueStride: Int { ValueRows.stride(headDimension: valueDimension) }
  private var headDimension: Int { trace.model.headDimension }
  private var valueDimension: Int { trace.model.valueDimension }

  /// What a dot product is multiplied by.
  public var scale: Float { rule.scale }

  /// Mask, scale and bound of the layer's scores, as the lane used them.
  public var rule: AttentionRule {
    let rule = trace.model.rule(ofLayer: layer)
    return AttentionRule(
      mask: maskUse.mask(rule.mask), scale: rule.scale, softCap: rule.softCap,
      hasNoPositions: rule.hasNoPositions)
  }

  /// The logit that joins each row's softmax; nil where there is none.
  public var sink: Float? { trace.source?.sink(layer: layer, head: head) }

  /// The position of the text whose K and V a slot held.
  public func position(ofSlot slot: Int) -> Int { readPositions?[slot] ?? slot }

  /// The slot that held K and V of a position, the last of them; nil where none did.
  public func slot(of position: Int) -> Int? {
    guard let readPositions else { return position < length ? position : nil }
    return readPositions.lastSlot(of: position)
  }

  /// The query of a position: `[head dimension]`.
  public func query(_ position: Int) -> [Float] {
    let heads = trace.model.heads
    let start = ((position - fed.lowerBound) * heads + head) * headDimension
    if let again = reading?.queries, fed.contains(position), start < again.count {
      return Array(again[start..<start + headDimension])
    }
    return trace.row(.query, lane: lane, layer: layer, position: position, head: head)
  }

  /// The key of a position, as it was read: `[head dimension]`.
  public func key(_ position: Int) -> [Float] {
    guard reading != nil, let slot = slot(of: position) else {
      return trace.row(.key, lane: lane, layer: layer, position: position, head: kvHead)
    }
    return KeyPanels.key(slot, headDimension: headDimension, in: keys.pointer)
  }

  /// The value of a position, as it was read: `[value dimension]`.
  public func value(_ position: Int) -> [Float] {
    guard let slot = slot(of: position) else {
      return trace.row(.value, lane: lane, layer: layer, position: position, head: kvHead)
    }
    return values.floats(in: slot * valueStride..<slot * valueStride + valueDimension)
  }

  /// Whether the mask hides a key from a query, both by position: what was computed of such a cell is thrown away.
  public func hides(key: Int, fromQuery query: Int) -> Bool { hiddenKeys(ofRow: query)(key) }

  /// The same for many keys of one query: what they share is looked up once.
  public func hiddenKeys(ofRow query: Int) -> (_ key: Int) -> Bool {
    let (mask, row) = (rule.mask, number(ofQuery: query))
    guard reading != nil else { return { mask.hides(key: $0, fromQuery: row) } }
    return { mask.hides(key: number(ofKey: $0), fromQuery: row) }
  }

  /// Raw dot products of one query with every key, before scale and mask: `[slots]`.
  public func scores(ofRow position: Int) -> [Float] {
    compute(position) { _, _ in }
  }

  /// Scores as the softmax takes them: scaled, and bounded where the layer bounds them; masked ones too: `[slots]`.
  public func scaledScores(ofRow position: Int) -> [Float] {
    let rule = rule
    return compute(position) { row, _ in
      rule.cap(row, rows: 1, stride: slots, length: slots)
    }.map { $0 * rule.softmaxScale }
  }

  /// Attention weights of one query over every slot; 0 where the mask hides one: `[slots]`.
  public func weights(ofRow position: Int) -> [Float] {
    let rule = rule
    let sink = sink
    return compute(position) { row, kernels in
      rule.cap(row, rows: 1, stride: slots, length: slots)
      let places = MaskPlaces(first: number(ofQuery: position), keys: maskedPositions)
      _ = places.apply(rule.mask, to: row, rows: 1, stride: slots, length: slots)
      let share = sink.map { Self.share(beside: $0, row, length: slots, rule.softmaxScale) }
      kernels.softmax(
        row, visible: places.visible(rule.mask, row: 0, length: slots), length: slots,
        scale: rule.softmaxScale)
      if let share { for slot in 0..<slots { row[slot] *= share } }
    }
  }

  /// The head's output of one query, weights × V: `[value dimension]`.
  public func output(ofRow position: Int) -> [Float] {
    let weights = FloatBuffer(weights(ofRow: position))
    let out = FloatBuffer(count: valueDimension)
    var work = ck_work()
    Kernels.best.weightedValues(
      weights: weights.pointer, stride: slots, values: values.pointer, valueStride: valueStride,
      length: slots, headDimension: valueDimension, into: out.pointer, rows: 1,
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
    let row = FloatBuffer(count: KeyPanels.padded(slots))
    var work = ck_work()
    Kernels.best.scores(
      query: query.pointer, rows: 1, queryStride: headDimension, keys: keys.pointer,
      length: slots, headDimension: headDimension, into: row.pointer, stride: row.count,
      work: &work)
    transform(row.pointer, .best)
    return row.floats(in: 0..<slots)
  }
}

/// What the lane's mask went by.
extension HeadAttention {
  /// The slots' positions, where the mask went by those of the text and they are not the slots' numbers.
  private var maskedPositions: Positions? {
    guard let reading, reading.numbering == .text, !maskUse.countsRows else { return nil }
    return reading.positions(kvHead: kvHead)
  }

  private func number(ofKey position: Int) -> Int {
    maskedPositions != nil ? position : slot(of: position) ?? position
  }

  private func number(ofQuery position: Int) -> Int {
    let row = position - fed.lowerBound
    if maskUse.countsRows { return fed.contains(position) ? row : trace.place(of: position).row }
    guard reading?.numbering == .slots else { return position }
    return max(0, slots - fed.count + row)
  }
}

extension Trace {
  /// The step that fed the token at `position`, and the token's row in it.
  fileprivate func place(of position: Int) -> (step: Int, row: Int) {
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
  func row(
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
