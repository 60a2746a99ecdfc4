/// The attention weights of a pass over several rows, of every layer and query head, as the pass used them.
public struct PassWeights: Equatable, Sendable {
  /// Query heads of a layer.
  public let heads: Int
  /// Rows that were fed.
  public let rows: Int
  /// Keys that a row sees or has masked.
  public let length: Int
  /// By layer: `[heads][rows][length]`.
  private let layers: [[Float]]

  /// Weights as they were recorded.
  public init(heads: Int, rows: Int, length: Int, layers: [[Float]]) {
    precondition(layers.allSatisfy { $0.count == heads * rows * length })
    (self.heads, self.rows, self.length, self.layers) = (heads, rows, length, layers)
  }

  /// The weights that a row gives to the keys, 0 where the mask hides one: `[length]`.
  public func row(_ row: Int, layer: Int, head: Int) -> ArraySlice<Float> {
    let start = (head * rows + row) * length
    return layers[layer][start..<start + length]
  }
}
