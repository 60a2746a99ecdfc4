import Trace

/// A run that was typed in: six tokens, a lane that recomputes everything and one whose store kept the first token and the
/// newest three.
enum HandMadeTrace {
  static let tokens = ["中", "华", "人", "民", "共", "和", "国"].enumerated()
    .map { TraceToken(id: $0.offset, text: $0.element) }

  static let model = ModelDescription(
    name: "by-hand", architecture: "gpt2", layers: 2, heads: 2, kvHeads: 2, modelDimension: 4,
    headDimension: 2,
    vocabulary: 7, parameters: 100, dtype: "f32", contextLength: 8,
    rules: [AttentionRule(headDimension: 2)]
  )

  static let lanes = [
    Lane.uncached,
    Lane(name: "sinks", cache: CachePolicy(retention: .sinks(first: 1, newest: 3))),
  ]

  static let trace = Trace(
    model: model, lanes: lanes, tokens: tokens, givenTokens: 6, steps: (1...6).map(step),
    plannedSteps: 6)

  /// The positions that the second lane's store held after a step.
  static func kept(_ step: Int) -> [Int] {
    step <= 4 ? Array(0..<step) : [0] + (step - 3..<step)
  }

  private static func step(_ number: Int) -> Step {
    var kept = Positions()
    for position in self.kept(number) { kept.append(position..<position + 1) }
    return Step(
      number: number, phase: number == 1 ? .prefill : .decode, length: number,
      fed: [tokens[number - 1]],
      lanes: [
        lane(0..<number, [], activations(number)),
        lane(number - 1..<number, Array(repeating: kept, count: model.layers), nil),
      ],
      chosen: tokens[number])
  }

  private static func lane(
    _ fed: Range<Int>, _ kept: [Positions], _ activations: Activations?
  ) -> LaneStep {
    let seen = kept.isEmpty ? fed.count : kept[0].count
    var counter = OperationCounter(layers: model.layers, heads: model.heads)
    for layer in 0..<model.layers {
      counter.count(keyValueTokens: fed.count, layer: layer)
      for head in 0..<model.heads {
        counter.count(scoreCells: fed.count * seen, layer: layer, head: head)
      }
    }
    let reading = kept.map { StoreReading.Layer(positions: $0) }
    return LaneStep(
      fed: fed, kept: kept, activations: activations,
      reading: kept.isEmpty ? nil : StoreReading(layers: reading), counter: counter, seconds: 0.001,
      cacheBytes: kept.reduce(0) { $0 + 2 * 4 * 4 * $1.count },
      next: [Candidate(id: fed.upperBound, text: "?", logit: 1, probability: 0.5)])
  }

  private static func activations(_ number: Int) -> Activations {
    let row = (0..<4).map { Float(number + $0) / 8 }
    let layers = Array(repeating: row, count: model.layers)
    return Activations(
      queries: layers, keys: layers, values: layers,
      residuals: Array(repeating: row, count: 1 + 2 * model.layers))
  }
}
