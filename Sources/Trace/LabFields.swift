package import Base

/// What `lab --json` calls the parts of a lab.
package enum LabFields {
  /// A step.
  ///
  /// - Parameters:
  ///   - step: the step.
  ///   - trace: the lab's, where each head's part is asked for as well.
  /// - Returns: an object.
  package static func json(_ step: LabStep, heads trace: Trace? = nil) -> JSONText {
    var fields: [(String, JSONText)] = [
      ("type", .string("step")), ("step", .integer(step.number)),
      ("length", .integer(step.length)),
    ]
    switch step.kept {
    case .same(let positions): fields.append(("kept", list(positions)))
    case .byHead(let layers):
      fields.append(("kept", .null))
      fields.append(("kept_by_head", .array(layers.map { .array($0.map(list)) })))
    }
    fields += [
      ("cache_bytes", .integer(step.cacheBytes)),
      ("next", .array(step.next.map(StepFields.json))),
      ("full_next", .array(step.fullNext.map(StepFields.json))),
      ("kl", .double(step.divergence)), ("agrees", .boolean(step.agrees)),
    ]
    if let trace { fields += heads(step, trace) }
    return .object(fields)
  }

  /// What each head of each layer did, as a screen shows it: `[layers][heads]`.
  private static func heads(_ step: LabStep, _ trace: Trace) -> [(String, JSONText)] {
    let pass = trace.steps[step.length - 1]
    let heads = (0..<trace.model.layers).map { layer in
      (0..<trace.model.heads).map { LabHead(trace, step: pass, layer: layer, head: $0) }
    }
    func each(_ text: (LabHead) -> JSONText) -> JSONText {
      .array(heads.map { .array($0.map(text)) })
    }
    func numbers(_ values: [Float?]) -> JSONText { .array(values.map(number)) }
    let sums = step.weightSums.map { layers in
      JSONText.array(layers.map { .array($0.map { .array($0.map(JSONText.double)) }) })
    }
    return [
      ("weights", each { numbers($0.weights) }), ("full_weights", each { numbers($0.fullWeights) }),
      ("scores", each { numbers($0.scores) }), ("full_scores", each { numbers($0.fullScores) }),
      ("lost", each { .double($0.lost) }),
      ("key_errors", each { numbers($0.keyErrors) }),
      ("value_errors", each { numbers($0.valueErrors) }), ("weight_sums", sums ?? .null),
    ]
  }

  private static func number(_ value: Float?) -> JSONText {
    value.map(JSONText.float) ?? .null
  }

  /// All steps.
  package static func json(_ total: LabTotal, _ subject: LabSubject) -> JSONText {
    .object([
      ("type", .string("total")), ("policy", .string(subject.text)),
      ("agreement", .double(total.agreement)), ("mean_kl", .double(total.meanDivergence)),
      ("nll", total.surprise.map { .double($0.policy) } ?? .null),
      ("full_nll", total.surprise.map { .double($0.full) } ?? .null),
      ("cache_bytes", .integer(total.cacheBytes)),
      ("full_cache_bytes", .integer(total.fullCacheBytes)),
    ])
  }

  private static func list(_ positions: [Int]) -> JSONText {
    .array(positions.map(JSONText.integer))
  }
}
