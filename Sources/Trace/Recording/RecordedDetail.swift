internal import Base

/// What was counted in a step by layer, operation and head, as `detail` of a recording holds it.
///
/// A lane is a list of rows, each of some layers that counted the same: `[layers, cells, masked, kv, operation, category, FLOP, …]`,
/// cells and masked of one head, or a list of all heads' where they differ.
struct RecordedDetail {
  let uncached: OperationCounter
  let cached: OperationCounter
  /// The largest |Δ| of any lane over Q, K and V.
  let difference: Float?
}

// MARK: Written

extension RecordedDetail {
  /// The `detail` of all steps.
  static func json(_ trace: Trace) -> JSONText? {
    var steps: [JSONText] = []
    for step in trace.steps {
      guard let uncached = step.uncached.counter, let cached = step.cached.counter else {
        return nil
      }
      steps.append(
        .object([
          ("max_qkv_difference", step.maxAbsRowDifference.map(JSONText.float) ?? .null),
          ("uncached", rows(uncached, trace.model)), ("cached", rows(cached, trace.model)),
        ]))
    }
    return .array(steps)
  }

  private static func rows(_ counter: OperationCounter, _ model: ModelDescription) -> JSONText {
    var rows: [(layers: Int, counts: [JSONText], text: String)] = []
    for layer in 0..<model.layers {
      let counts = counts(counter, layer, heads: model.heads)
      let text = JSONText.array(counts).text
      if rows.last?.text == text {
        rows[rows.count - 1].layers += 1
      } else {
        rows.append((1, counts, text))
      }
    }
    return .array(rows.map { .array([.integer($0.layers)] + $0.counts) })
  }

  private static func counts(
    _ counter: OperationCounter, _ layer: Int, heads: Int
  ) -> [JSONText] {
    var counts = [
      ofHeads((0..<heads).map { counter.cells(layer: layer, head: $0) }),
      ofHeads((0..<heads).map { counter.masked(layer: layer, head: $0) }),
      JSONText.integer(counter.keyValues(layer: layer)),
    ]
    for operation in Operation.allCases {
      for category in FLOPCategory.allCases {
        let flops = counter.flops(category, in: operation, layer: layer)
        guard flops > 0 else { continue }
        counts += [.integer(operation.rawValue), .integer(category.column), .integer(flops)]
      }
    }
    return counts
  }

  private static func ofHeads(_ counts: [Int]) -> JSONText {
    guard let first = counts.first, counts.allSatisfy({ $0 == first }) else {
      return .array(counts.map(JSONText.integer))
    }
    return .integer(first)
  }
}

// MARK: Read

extension RecordedDetail {
  /// Reads and checks the list of all steps.
  ///
  /// - Parameters:
  ///   - list: the `detail` of a recording.
  ///   - shape: of its model.
  ///   - most: bytes that all counts may take.
  /// - Returns: the counts of each step.
  /// - Throws: what cannot be counts, and where.
  static func details(
    _ list: JSONField, _ shape: RecordedShape, most: Int
  ) throws(FileError) -> [RecordedDetail] {
    let elements = try list.elements()
    let bytes = Bytes(OperationCounter.bytes(layers: shape.layers, heads: shape.heads))
    guard (bytes * 2 * elements.count).count <= most else { throw list.mustBe(.fittingDetail) }
    var details: [RecordedDetail] = []
    for element in elements {
      let difference = try element.optional("max_qkv_difference")
      details.append(
        RecordedDetail(
          uncached: try counter(element.required("uncached"), shape),
          cached: try counter(element.required("cached"), shape),
          difference: difference?.value.number.map(Float.init)))
    }
    return details
  }

  private static func counter(
    _ lane: JSONField, _ shape: RecordedShape
  ) throws(FileError) -> OperationCounter {
    var counter = OperationCounter(layers: shape.layers, heads: shape.heads)
    var layer = 0
    for row in try lane.elements() {
      let counts = row.value.elements ?? []
      guard counts.count >= 4, counts.count % 3 == 1, let layers = counts[0].integer, layers > 0,
        layers <= shape.layers - layer
      else { throw row.mustBe(.counts) }
      for _ in 0..<layers {
        guard note(counts, in: &counter, layer: layer, heads: shape.heads) else {
          throw row.mustBe(.counts)
        }
        layer += 1
      }
    }
    guard layer == shape.layers else { throw lane.mustBe(.counts) }
    return counter
  }

  /// Notes a row's counts for a layer; false where a number cannot be one.
  private static func note(
    _ counts: [JSON], in counter: inout OperationCounter, layer: Int, heads: Int
  ) -> Bool {
    guard let cells = ofHeads(counts[1], heads), let masked = ofHeads(counts[2], heads),
      let keyValues = counts[3].count
    else { return false }
    for head in 0..<heads {
      counter.count(scoreCells: cells[head], layer: layer, head: head)
      counter.count(maskedCells: masked[head], layer: layer, head: head)
    }
    counter.count(keyValueTokens: keyValues, layer: layer)
    for place in stride(from: 4, to: counts.count, by: 3) {
      guard let operation = counts[place].count.flatMap(Operation.init(rawValue:)),
        let column = counts[place + 1].count,
        let category = FLOPCategory.allCases.first(where: { $0.column == column }),
        let flops = counts[place + 2].count
      else { return false }
      counter.count(multiplyAdds: flops / 2, category, in: operation, layer: layer)
    }
    return true
  }

  private static func ofHeads(_ counts: JSON, _ heads: Int) -> [Int]? {
    if let count = counts.count { return Array(repeating: count, count: heads) }
    guard let elements = counts.elements, elements.count == heads else { return nil }
    let counts = elements.compactMap(\.count)
    return counts.count == heads ? counts : nil
  }
}

extension JSON {
  /// A count of things; the sum of one of each layer, operation and category fits in an Int.
  fileprivate var count: Int? {
    let most = Int.max / (2 * RecordedShape.most.layers * Operation.count * FLOPCategory.count)
    guard let integer, (0...most).contains(integer) else { return nil }
    return integer
  }
}

extension Expectation {
  fileprivate static let counts = Self(
    "各层的计数 [层数, 格, 掩码, K,V, 运算, 类别, FLOP, …]",
    "counts of layers: [layers, cells, masked, kv, operation, category, FLOP, …]")
  fileprivate static let fittingDetail = Self("不比文件大的计数表", "no larger than the file")
}
