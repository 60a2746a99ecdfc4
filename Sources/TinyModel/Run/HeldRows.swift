internal import Base
internal import Kernels
internal import Trace

/// Copies of K and V of some positions of a session, in every layer, as its store keeps them.
struct HeldRows {
  /// The first position.
  let first: Int
  /// How many there are.
  let count: Int
  private let row: CachedRow
  /// `[count][row.width]`, layer by layer.
  private let layers: [FloatBuffer]

  /// Copies the last `tokens − first` positions of a session whose store keeps what it is given; nil where there are none.
  init?(_ session: DecodeSession, from first: Int, _ shape: ModelConfiguration) {
    guard first < session.tokens else { return nil }
    (self.first, count, row) = (first, session.tokens - first, shape.cached)
    var layers: [FloatBuffer] = []
    for layer in 0..<shape.layers {
      let stored = session.store.read(layer: layer)
      let rows = FloatBuffer(count: count * row.width)
      for index in 0..<count {
        row.copy(stored, slot: first + index, to: rows.pointer + index * row.width)
      }
      layers.append(rows)
    }
    self.layers = layers
  }

  /// Bytes of so many positions.
  static func bytes(_ shape: ModelConfiguration, count: Int) -> Bytes {
    Bytes(shape.cached.byteCount) * count * shape.layers
  }

  /// Puts the rows behind a session's positions up to the first of them.
  func restore(in session: DecodeSession, _ kernels: Kernels) {
    session.truncate(to: first)
    precondition(session.tokens == first, "position \(session.tokens) of \(first)")
    for (layer, rows) in layers.enumerated() {
      let rows = KeyValueRows(
        keys: rows.pointer, values: rows.pointer + row.keyWidth, rows: count, stride: row.width,
        position: first)
      _ = session.store.append(rows, layer: layer, kernels)
    }
  }

  /// The largest differences of each layer between positions of these and those of a session, both counted in the text.
  func differences(
    at before: Int, from session: DecodeSession, at after: Int, count: Int
  ) -> [UnchangedRows.Difference] {
    let other = FloatBuffer(count: row.width)
    return layers.enumerated().map { layer, rows in
      let stored = session.store.read(layer: layer)
      var (key, value) = (0.0, 0.0)
      for index in 0..<count {
        row.copy(stored, slot: after + index, to: other.pointer)
        let mine = rows.pointer + (before - first + index) * row.width
        key = max(key, Self.largest(mine, other.pointer, 0..<row.keyWidth))
        value = max(value, Self.largest(mine, other.pointer, row.keyWidth..<row.width))
      }
      return UnchangedRows.Difference(key: key, value: value)
    }
  }

  private static func largest(
    _ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>, _ range: Range<Int>
  ) -> Double {
    range.reduce(0) { max($0, abs(Double(one[$1]) - Double(other[$1]))) }
  }
}
