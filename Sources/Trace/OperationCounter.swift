/// What a forward pass does in a block, in its order.
public enum Operation: Int, CaseIterable, Sendable, Codable {
  /// Token and position embedding; in the first block only.
  case embed
  /// The projections that make Q, K and V.
  case queryKeyValue
  /// QKᵀ.
  case scores
  /// The causal mask.
  case mask
  /// The softmax over each row.
  case softmax
  /// Weights × V and the output projection.
  case values
  /// The feed-forward layer.
  case mlp
  /// The logits of the last row; after the last block only.
  case logits

  /// How many there are; `allCases` would make an array at each count.
  package static let count = allCases.count
}

/// The four kinds of matrix products that FLOPs are told apart by.
public enum FLOPCategory: String, CaseIterable, Sendable, Codable {
  /// Q, K, V and output projections.
  case projection
  /// QKᵀ and weights × V.
  case attention
  /// The feed-forward layers.
  case mlp
  /// The logits.
  case logits = "head"

  /// How many there are; `allCases` would make an array at each count.
  package static let count = allCases.count

  /// Its place among them.
  package var column: Int {
    switch self {
    case .projection: 0
    case .attention: 1
    case .mlp: 2
    case .logits: 3
    }
  }
}

/// Counts of what a forward pass did, made in the calls that did it.
///
/// One multiply-add is 2 FLOP; matrix products only, as PyTorch's `FlopCounterMode` counts.
public struct OperationCounter: Equatable, Sendable {
  /// FLOP of each block and operation by category: `[(layer × operations + operation) × categories + category]`.
  private var flop: [Int]
  /// FLOP by category, of all blocks and operations: a viewer adds up those of many steps.
  private var flopOfCategory = SIMD4<Int>()
  /// QKᵀ cells computed in each head: `[layer × heads + head]`.
  private var scoreCells: [Int]
  /// Of these, cells that the mask threw away.
  private var maskedCells: [Int]
  /// Tokens whose K and V were computed, by layer.
  private var keyValueTokens: [Int]
  /// Bytes of matrices, biases and norms that passes have read, each once a pass.
  public private(set) var weightBytes = 0
  /// Bytes of K and V, or of latents, that attention has read of the cache, each once a pass, whatever the number of rows and
  /// of heads that share it.
  public private(set) var keyValueBytes = 0
  private let heads: Int

  /// Creates a counter at zero for a model of `layers` × `heads`.
  public init(layers: Int, heads: Int) {
    self.heads = heads
    flop = Array(
      repeating: 0, count: layers * Operation.count * FLOPCategory.count)
    scoreCells = Array(repeating: 0, count: layers * heads)
    maskedCells = scoreCells
    keyValueTokens = Array(repeating: 0, count: layers)
  }

  /// Bytes of the counts of a model.
  package static func bytes(layers: Int, heads: Int) -> Int {
    layers * (Operation.count * FLOPCategory.count + 2 * heads + 1) * MemoryLayout<Int>.stride
  }

  /// Notes a matrix product of `multiplyAdds` multiply-adds that was just done.
  public mutating func count(
    multiplyAdds: Int, _ category: FLOPCategory, in operation: Operation, layer: Int
  ) {
    flop[index(layer, operation, category)] += 2 * multiplyAdds
    flopOfCategory[category.column] += 2 * multiplyAdds
  }

  /// Notes QKᵀ cells of one head that were just computed.
  public mutating func count(scoreCells cells: Int, layer: Int, head: Int) {
    scoreCells[layer * heads + head] += cells
  }

  /// Notes cells of one head that the mask just threw away.
  public mutating func count(maskedCells cells: Int, layer: Int, head: Int) {
    maskedCells[layer * heads + head] += cells
  }

  /// Notes tokens whose K and V of `layer` were just computed.
  public mutating func count(keyValueTokens tokens: Int, layer: Int) {
    keyValueTokens[layer] += tokens
  }

  /// Notes weights that a pass has just read.
  public mutating func count(weightBytes bytes: Int) { weightBytes += bytes }

  /// Notes K and V that the attention of a layer has just read.
  public mutating func count(keyValueBytes bytes: Int) { keyValueBytes += bytes }

  private func index(_ layer: Int, _ operation: Operation, _ category: FLOPCategory) -> Int {
    (layer * Operation.count + operation.rawValue) * FLOPCategory.count + category.column
  }
}

extension OperationCounter {
  /// FLOP in all.
  public var flops: Int { flopOfCategory.wrappedSum() }

  /// FLOP of one category.
  public func flops(_ category: FLOPCategory) -> Int { flopOfCategory[category.column] }

  /// FLOP of one category that one operation of a block made.
  package func flops(_ category: FLOPCategory, in operation: Operation, layer: Int) -> Int {
    flop[index(layer, operation, category)]
  }

  /// FLOP of one category, of the blocks and operations up to and including a moment of the pass.
  public func flops(_ category: FLOPCategory, throughLayer layer: Int, _ operation: Operation)
    -> Int
  {
    var sum = 0
    for l in 0...layer {
      for o in Operation.allCases where l < layer || o.rawValue <= operation.rawValue {
        sum += flop[index(l, o, category)]
      }
    }
    return sum
  }

  /// QKᵀ cells computed of one head.
  public func cells(layer: Int = 0, head: Int = 0) -> Int { scoreCells[layer * heads + head] }

  /// Cells of one head that the causal mask threw away.
  public func masked(layer: Int = 0, head: Int = 0) -> Int { maskedCells[layer * heads + head] }

  /// Tokens whose K and V were computed in one layer.
  public func keyValues(layer: Int = 0) -> Int { keyValueTokens[layer] }

  /// Whether every head of every layer computed the same number of cells, and every layer the same K and V.
  public var isUniform: Bool {
    Set(scoreCells).count <= 1 && Set(maskedCells).count <= 1 && Set(keyValueTokens).count <= 1
  }
}
