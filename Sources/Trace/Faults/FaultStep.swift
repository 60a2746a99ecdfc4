/// A step of a broken run: what is new or another in its cache, and what came of it.
public struct FaultStep: Sendable, Equatable {
  /// Counted from 1.
  public let number: Int
  /// Prefill or decode.
  public let phase: Phase
  /// Tokens in the sequence.
  public let length: Int
  /// The columns that are new, or that are not what they were at the step before, by position.
  public let changes: [FaultColumn]
  /// The largest |Δ| of a logit of the last row.
  public let logits: Float
  /// What the sound run would go on with.
  public let sound: Candidate
  /// What the broken run would go on with.
  public let broken: Candidate

  /// The same; nil where no logit differs.
  public var logitGap: Float? { logits.isZero ? nil : logits }
  /// Whether both runs would go on with the same token.
  public var saysTheSame: Bool { sound.id == broken.id }

  /// Whether anything is another than in the sound run.
  var isParted: Bool { !logits.isZero || firstCell != nil }

  /// The first cell that is another, the lowest layer first, K before V.
  var firstCell: FaultParting.Cell? {
    let layers = changes.first?.keys.indices ?? 0..<0
    for layer in layers {
      for column in changes {
        for part in FaultColumn.Part.allCases {
          guard let gap = column.gaps(part)[layer] else { continue }
          return FaultParting.Cell(
            layer: layer, position: column.position, part: part, gap: gap)
        }
      }
    }
    return nil
  }
}

extension FaultStep {
  /// Reads a step off a run of two lanes.
  init(_ trace: Trace, _ step: Step, known: [FaultColumn]) {
    number = step.number
    phase = step.phase
    length = step.length
    logits = step.lanes[1].difference?.logits ?? 0
    sound = step.lanes[0].next[0]
    broken = step.lanes[1].next[0]
    changes = ChangedColumns(trace, step, known: known).columns
  }
}

/// The columns that a step changed, read off what it computed and what it read.
private struct ChangedColumns {
  private let trace: Trace
  private let step: Step
  private(set) var columns: [FaultColumn] = []

  /// Takes the columns after the step before as `known`.
  init(_ trace: Trace, _ step: Step, known: [FaultColumn]) {
    (self.trace, self.step) = (trace, step)
    var changed: [Int: FaultColumn] = [:]
    for position in step.length - step.fed.count..<step.length {
      changed[position] = fresh(position)
    }
    for (layer, reading) in (step.lanes[1].reading?.layers ?? []).enumerated() {
      read(reading, layer, into: &changed, known)
    }
    columns = changed.values.sorted { $0.position < $1.position }
  }

  private var cached: LaneStep { step.lanes[1] }

  /// A token that is new at this step, as it was computed.
  private func fresh(_ position: Int) -> FaultColumn {
    let row = position - (step.length - step.fed.count)
    let (own, sound) = (step.activations(of: 1), step.activations())
    func gaps(_ part: KeyPath<Activations, [[Float]]>) -> [Float?] {
      zip(own[keyPath: part], sound[keyPath: part]).map { own, sound in
        largestGap(rowOf(own, row), rowOf(sound, row))
      }
    }
    let copies = copies(of: position)
    return FaultColumn(
      position: position, keys: gaps(\.keys), values: gaps(\.values),
      given: cached.departure?.positions[row] ?? position,
      seen: seen(by: position, lane: 1), toSee: seen(by: position, lane: 0), copies: copies,
      readsZero: false, owner: nil)
  }

  private func rowOf(_ floats: [Float], _ row: Int) -> ArraySlice<Float> {
    let width = floats.count / max(1, step.fed.count)
    return floats[row * width..<(row + 1) * width]
  }

  private func copies(of position: Int) -> Int {
    cached.kept(layer: 0)?.runs.reduce(0) { $0 + ($1.contains(position) ? 1 : 0) } ?? 0
  }

  /// Keys that the mask of the first layer let a row see.
  private func seen(by position: Int, lane: Int) -> Int {
    let head = HeadAttention(trace, lane: lane, step: step, layer: 0, head: 0)
    return (0..<head.slots).reduce(0) { count, slot in
      head.hides(key: head.position(ofSlot: slot), fromQuery: position) ? count : count + 1
    }
  }

  /// What was read of old tokens, where that is not what was known of them.
  private func read(
    _ reading: StoreReading.Layer, _ layer: Int, into changed: inout [Int: FaultColumn],
    _ known: [FaultColumn]
  ) {
    guard !reading.changed.isEmpty else { return }
    let widths = (
      reading.keys.count / reading.changed.count, reading.values.count / reading.changed.count
    )
    let (keyWidth, valueWidth) = widths
    for (index, slot) in reading.changed.enumerated() {
      let position = reading.positions[slot]
      let values = reading.values[index * valueWidth..<(index + 1) * valueWidth]
      var column = changed[position] ?? known[position]
      column.keys[layer] = gap(
        reading.keys[index * keyWidth..<(index + 1) * keyWidth], \.keys, layer, position)
      column.values[layer] = gap(values, \.values, layer, position)
      let isZero = values.allSatisfy { $0 == 0 }
      column.readsZero = layer == 0 ? isZero : column.readsZero && isZero
      if position == 0 { column.owner = cached.departure?.first }
      changed[position] = column
    }
  }

  private func gap(
    _ own: ArraySlice<Float>, _ part: KeyPath<Activations, [[Float]]>, _ layer: Int, _ position: Int
  ) -> Float? {
    largestGap(own, trace.row(part, layer: layer, position: position) ?? [])
  }
}
