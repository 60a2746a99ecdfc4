package import Base

/// What `lab --json` calls the parts of a lab.
package enum LabFields {
  /// A step.
  package static func json(_ step: LabStep) -> JSONText {
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
    return .object(fields)
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
