internal import Base
package import Trace

/// A run that nobody computed: shapes, counts and bytes of any size, to see what a screen does with them.
package struct MadeUpRun: Sendable {
  private let layers: Int
  private let heads: Int
  private let kvHeads: Int
  private let name: String
  /// Tokens of the first step.
  package let prompt: Int
  /// How many steps there are.
  package let steps: Int
  /// The decimal digits that counts have at most.
  private let digits: Int
  /// Whether every layer and head counts the same, as in a run of a model.
  private let isUniform: Bool

  /// A run of a shape.
  package init(
    layers: Int = 4, heads: Int = 4, kvHeads: Int = 4, name: String = "made-up", prompt: Int = 3,
    steps: Int = 6, digits: Int = 3, isUniform: Bool = true
  ) {
    (self.layers, self.heads, self.kvHeads, self.name) = (layers, heads, kvHeads, name)
    (self.prompt, self.steps) = (prompt, steps)
    (self.digits, self.isUniform) = (digits, isUniform)
  }

  private static let headDimension = 2

  /// The whole run; equal seeds make equal runs.
  package func trace(seed: UInt64) -> Trace {
    var random = SplitMix64(seed: seed)
    let tokens = (0..<prompt + steps).map { TraceToken(id: $0, text: "字") }
    var trace = Trace(
      model: ModelDescription(
        name: name, architecture: "gpt2", layers: layers, heads: heads, kvHeads: kvHeads,
        modelDimension: heads * Self.headDimension, headDimension: Self.headDimension,
        vocabulary: 9, parameters: 9,
        dtype: "f32", contextLength: prompt + steps,
        rules: [AttentionRule(headDimension: Self.headDimension)]),
      tokens: tokens, givenTokens: prompt, plannedSteps: steps)
    for number in 1...steps { trace.steps.append(step(number, tokens, &random)) }
    return trace
  }

  private func step(
    _ number: Int, _ tokens: [TraceToken], _ random: inout SplitMix64
  ) -> Step {
    let length = prompt + number - 1
    let fed = number == 1 ? prompt : 1
    return Step(
      number: number, phase: number == 1 ? .prefill : .decode, length: length,
      fed: Array(tokens[length - fed..<length]),
      lanes: [
        lane(0..<length, stored: 0, rows(fed, &random), &random),
        lane(length - fed..<length, stored: length, nil, &random),
      ],
      chosen: tokens[length])
  }

  private func rows(_ count: Int, _ random: inout SplitMix64) -> Activations {
    func floats(_ heads: Int) -> [[Float]] {
      (0..<layers).map { _ in
        (0..<count * heads * Self.headDimension).map { _ in Float.random(in: -2...2, using: &random)
        }
      }
    }
    var rows = Activations()
    rows.queries = floats(heads)
    rows.keys = floats(kvHeads)
    rows.values = floats(kvHeads)
    rows.residuals = Array(repeating: [1, -2], count: 1 + 2 * layers)
    return rows
  }

  private func lane(
    _ fed: Range<Int>, stored: Int, _ rows: Activations?, _ random: inout SplitMix64
  ) -> LaneStep {
    let counter = counter(&random)
    let tokens = stored == 0 ? 0 : max(stored, counter.keyValues() + count(&random) / 1000)
    let logits = random.below(2) == 0 ? 0 : Float(count(&random)) / 1e9
    return LaneStep(
      fed: fed, kept: Array(repeating: Positions(0..<tokens), count: stored == 0 ? 0 : layers),
      activations: rows, counter: counter, seconds: 1,
      cacheBytes: tokens * layers * (1 + count(&random) % 1_000_000),
      next: [Candidate(id: 1, text: "字", logit: 1, probability: 0.999)],
      difference: LaneDifference(logits: logits, rows: Float(count(&random))))
  }

  private func counter(_ random: inout SplitMix64) -> OperationCounter {
    var counter = OperationCounter(layers: layers, heads: heads)
    var (cells, masked, tokens) = (count(&random), count(&random), 1 + count(&random) / 1_000_000)
    for layer in 0..<layers {
      counter.count(multiplyAdds: count(&random), .projection, in: .queryKeyValue, layer: layer)
      counter.count(multiplyAdds: count(&random), .attention, in: .scores, layer: layer)
      counter.count(multiplyAdds: count(&random), .attention, in: .values, layer: layer)
      counter.count(multiplyAdds: count(&random), .mlp, in: .mlp, layer: layer)
      for head in 0..<heads {
        if !isUniform { (cells, masked, tokens) = (count(&random), count(&random), 1) }
        counter.count(scoreCells: cells, layer: layer, head: head)
        counter.count(maskedCells: masked, layer: layer, head: head)
      }
      counter.count(keyValueTokens: tokens, layer: layer)
    }
    counter.count(multiplyAdds: count(&random), .logits, in: .logits, layer: layers - 1)
    return counter
  }

  /// A count of any number of digits, as likely small as large.
  private func count(_ random: inout SplitMix64) -> Int {
    let most = (0..<random.below(digits + 1)).reduce(1) { product, _ in product * 10 }
    return random.below(most)
  }
}

extension MadeUpRun {
  /// Small and large models, short and long sequences, counts up to quadrillions.
  package static let all = [
    MadeUpRun(), MadeUpRun(digits: 15),
    MadeUpRun(layers: 12, heads: 12, kvHeads: 12, name: "gpt2-medium-345", digits: 12),
    MadeUpRun(layers: 3, heads: 8, kvHeads: 2, prompt: 1490, steps: 4, digits: 7),
    MadeUpRun(
      layers: 2, heads: 4, kvHeads: 1, name: "a-name-of-9-words-that-is-longer-than-any-bar-2048",
      prompt: 1, steps: 130, digits: 9),
  ]
}
