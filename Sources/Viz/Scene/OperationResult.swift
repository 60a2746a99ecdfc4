internal import Trace

/// What the last operation made for the newest token.
struct OperationResult {
  /// A vector and what it is.
  struct Part {
    let name: String
    let values: [Float]
  }

  /// The vectors; the shown head's where the operation works head by head.
  let parts: [Part]
}

extension Scene {
  /// What a product of a query and a key is scaled by, as it is written: ÷ √d as a rule.
  func scaling(_ rule: AttentionRule, between blank: String = " ") -> String {
    if rule.scale == AttentionRule(headDimension: model.headDimension).scale {
      return "\(glyphs.divided)\(blank)\(glyphs.root)\(model.headDimension)"
    }
    return "\(glyphs.times)\(blank)\(NumberText.fixed(Double(rule.scale), 4))"
  }

  /// What the last operation made for the newest token; nil for those that make no vector.
  var operationResult: OperationResult? {
    let newest = length - 1
    let head = attention.head
    let layer = state.moment.layer
    func part(_ name: String, _ values: [Float]) -> OperationResult.Part {
      OperationResult.Part(name: name, values: values)
    }
    // The stream's rows: the embedding, then two for each layer.
    func residual(_ place: Int) -> OperationResult.Part {
      part("x", state.trace.residual(place, at: step))
    }
    switch state.moment.operation {
    case .embed: return OperationResult(parts: [residual(0)])
    case .queryKeyValue:
      return OperationResult(parts: [
        part("q\(queryMark)", head.query(newest)), part("k\(kvMark)", head.key(newest)),
        part("v\(kvMark)", head.value(newest)),
      ])
    case .scores:
      let name = "q\(glyphs.dot)k\(scaling(head.rule, between: ""))"
      return OperationResult(parts: [part(name, attention.scaledScores(ofRow: newest))])
    case .mask: return nil
    case .softmax:
      return OperationResult(parts: [part("softmax", attention.weights(ofRow: newest))])
    case .values:
      return OperationResult(parts: [
        part("\(glyphs.times)V", head.output(ofRow: newest)),
        residual(1 + 2 * layer),
      ])
    case .mlp: return OperationResult(parts: [residual(2 + 2 * layer)])
    case .logits: return nil
    }
  }
}
