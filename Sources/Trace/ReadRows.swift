/// K and V of one head as a lane's attention read them at a step, slot by slot: what was recorded of this step and of those
/// before it, put together.
struct ReadRows {
  /// `[slot][head dimension]`.
  private(set) var keys: [Float] = []
  /// `[slot][value dimension]`.
  private(set) var values: [Float] = []
  /// What is known of each position so far.
  private var known: [Row] = []
  private let keyColumns: Columns
  private let valueColumns: Columns

  private struct Row {
    let key: ArraySlice<Float>
    let value: ArraySlice<Float>
  }

  /// Where a head's part of a token's rows lies.
  private struct Columns {
    let first: Int
    let width: Int
    let stride: Int

    init(kvHead: Int, of heads: Int, width: Int) {
      (first, self.width, stride) = (kvHead * width, width, heads * width)
    }

    func row(_ index: Int, of rows: [Float]) -> ArraySlice<Float> {
      let start = index * stride + first
      return rows[start..<start + width]
    }
  }

  /// Puts together what a lane read at the step of a number, which has a reading.
  init(_ trace: Trace, lane: Int, step number: Int, layer: Int, kvHead: Int) {
    let model = trace.model
    keyColumns = Columns(kvHead: kvHead, of: model.kvHeads, width: model.headDimension)
    valueColumns = Columns(kvHead: kvHead, of: model.kvHeads, width: model.valueDimension)
    for step in trace.steps.prefix(number) {
      let rows = step.activations(of: lane)
      for index in step.fed.indices {
        known.append(row(index, rows.keys[layer], rows.values[layer]))
      }
      guard let reading = step.lanes[lane].reading?.layers[layer] else { continue }
      if step.number == number { readAll(reading, kvHead: kvHead) } else { readChanged(reading) }
    }
  }

  private func row(_ index: Int, _ keys: [Float], _ values: [Float]) -> Row {
    Row(key: keyColumns.row(index, of: keys), value: valueColumns.row(index, of: values))
  }

  /// Learns what an earlier step wrote down.
  private mutating func readChanged(_ reading: StoreReading.Layer) {
    for (index, slot) in reading.changed.enumerated() {
      known[reading.positions[slot]] = row(index, reading.keys, reading.values)
    }
  }

  /// Gathers every slot, in the order in which they were written down: a position may be there twice.
  private mutating func readAll(_ reading: StoreReading.Layer, kvHead: Int) {
    var index = 0
    for (slot, position) in reading.positions(kvHead: kvHead).all.enumerated() {
      if index < reading.changed.count, reading.changed[index] == slot {
        known[position] = row(index, reading.keys, reading.values)
        index += 1
      }
      keys += known[position].key
      values += known[position].value
    }
  }
}
