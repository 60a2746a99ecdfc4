package import Base

/// What `--json`, recordings and lessons' expressions call the parts of a run: a row a name.
package enum StepFields {
  /// Where a number of a lane stands.
  package enum Place: Sendable {
    /// A whole number.
    case whole(any WritableKeyPath<StepSums, Int?> & Sendable)
    /// The seconds.
    case seconds
  }

  /// What a lane did, in the order in which it is written; a dot leads into an object.
  package static let lane: [(name: String, place: Place)] = [
    ("rows", .whole(\.rows)), ("cells", .whole(\.cells)), ("masked", .whole(\.masked)),
    ("kv_computed", .whole(\.keyValues)), ("seconds", .seconds),
    ("flops.projection", .whole(\.projection)), ("flops.attention", .whole(\.attention)),
    ("flops.mlp", .whole(\.mlp)), ("flops.head", .whole(\.logits)),
    ("flops.total", .whole(\.total)),
  ]

  /// What only a lane with a cache has besides.
  package static let cache: [(name: String, place: Place)] = [
    ("cache_tokens", .whole(\.cacheTokens)), ("cache_bytes", .whole(\.cacheBytes)),
  ]

  /// The number that is called so; nil where nothing is, or where nobody recorded it.
  package static func number(_ name: String, of sums: StepSums) -> Double?? {
    guard let row = (lane + cache).first(where: { $0.name == name }) else { return nil }
    return .some(row.place.number(of: sums))
  }
}

extension StepFields.Place {
  /// The number that stands here.
  fileprivate func number(of sums: StepSums) -> Double? {
    switch self {
    case .whole(let path): sums[keyPath: path].map(Double.init)
    case .seconds: sums.seconds
    }
  }

  fileprivate func json(of sums: StepSums) -> JSONText {
    switch self {
    case .whole(let path): sums[keyPath: path].map(JSONText.integer) ?? .null
    case .seconds: sums.seconds.map(JSONText.double) ?? .null
    }
  }
}

// MARK: Written

extension StepFields {
  /// What ran.
  package static func json(_ model: ModelDescription) -> JSONText {
    .object([
      ("type", .string("model")), ("name", .string(model.name)),
      ("architecture", model.architecture.map(JSONText.string) ?? .null),
      ("layers", .integer(model.layers)),
      ("heads", .integer(model.heads)), ("kv_heads", .integer(model.kvHeads)),
      ("d_model", .whole(model.modelDimension)), ("d_head", .integer(model.headDimension)),
      ("vocabulary", .whole(model.vocabulary)), ("parameters", .whole(model.parameters)),
      ("dtype", model.dtype.map(JSONText.string) ?? .null),
    ])
  }

  /// A step of both lanes.
  package static func json(_ step: Step) -> JSONText { .object(fields(of: step)) }

  /// A step of both lanes, of which the cached one is broken: with what the uncached one would go on with.
  package static func jsonOfBroken(_ step: Step) -> JSONText {
    .object(fields(of: step) + [("uncached_next", .array(step.uncached.next.map(json)))])
  }

  private static func fields(of step: Step) -> [(String, JSONText)] {
    [
      ("type", .string("step")), ("step", .integer(step.number)),
      ("phase", .string(step.phase.rawValue)), ("length", .integer(step.length)),
      ("fed", .array(step.fed.map(json))),
      ("uncached", json(step.uncached.sums, hasCache: false)),
      ("cached", json(step.cached.sums, hasCache: true)),
      ("max_abs_difference", step.maxAbsDifference.map(JSONText.float) ?? .null),
      ("next", .array(step.next.map(json))),
    ]
  }

  /// Both lanes summed over all steps.
  package static func total(_ trace: Trace) -> JSONText {
    .object([
      ("type", .string("total")),
      ("uncached", json(sum(trace.steps.map(\.uncached.sums)), hasCache: false)),
      ("cached", json(sum(trace.steps.map(\.cached.sums)), hasCache: true)),
    ])
  }

  /// A token.
  package static func json(_ token: TraceToken) -> JSONText {
    .object([("id", .integer(token.id)), ("text", .string(token.text))])
  }

  private static func sum(_ steps: [StepSums]) -> StepSums {
    guard var sum = steps.first else { return StepSums() }
    for step in steps.dropFirst() { sum.add(step) }
    return sum
  }

  private static func json(_ sums: StepSums, hasCache: Bool) -> JSONText {
    var fields: [(String, JSONText)] = []
    var inner: [(String, JSONText)] = []
    for (name, place) in lane {
      guard let dot = name.firstIndex(of: ".") else {
        fields.append((name, place.json(of: sums)))
        continue
      }
      inner.append((String(name[name.index(after: dot)...]), place.json(of: sums)))
    }
    fields.append(("flops", .object(inner)))
    if hasCache { fields += cache.map { ($0.name, $0.place.json(of: sums)) } }
    return .object(fields)
  }

  /// A token that may come next.
  package static func json(_ candidate: Candidate) -> JSONText {
    .object([
      ("id", .integer(candidate.id)), ("text", .string(candidate.text)),
      ("logit", .float(candidate.logit)), ("probability", .double(candidate.probability)),
    ])
  }
}

extension JSONText {
  /// A whole number, or null where it is not known.
  fileprivate static func whole(_ number: Int?) -> JSONText {
    number.map(JSONText.integer) ?? .null
  }
}
