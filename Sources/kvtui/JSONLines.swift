internal import Base
internal import Trace

/// The lines of `run --json`.
enum JSONLines {
  /// The first line: what ran.
  static func model(_ model: ModelDescription) -> JSONText {
    .object([
      ("type", .string("model")), ("name", .string(model.name)),
      ("architecture", .string(model.architecture)), ("layers", .integer(model.layers)),
      ("heads", .integer(model.heads)), ("kv_heads", .integer(model.kvHeads)),
      ("d_model", .integer(model.modelDimension)), ("d_head", .integer(model.headDimension)),
      ("vocabulary", .integer(model.vocabulary)), ("parameters", .integer(model.parameters)),
      ("dtype", .string(model.dtype)),
    ])
  }

  /// A line for a step.
  static func step(_ step: Step) -> JSONText {
    .object([
      ("type", .string("step")), ("step", .integer(step.number)),
      ("phase", .string(step.phase.rawValue)), ("length", .integer(step.length)),
      (
        "fed",
        .array(
          step.fed.map { .object([("id", .integer($0.id)), ("text", .string($0.text))]) })
      ),
      ("uncached", RunSums(step.uncached, isCached: false).json),
      ("cached", RunSums(step.cached, isCached: true).json),
      ("max_abs_difference", .float(step.maxAbsDifference)),
      ("next", .array(step.next.map(candidate))),
    ])
  }

  /// The last line: both runs summed.
  static func total(_ trace: Trace) -> JSONText {
    func sum(_ steps: [LaneStep], isCached: Bool) -> JSONText {
      var sums = RunSums(isCached: isCached)
      for step in steps { sums.add(step) }
      return sums.json
    }
    return .object([
      ("type", .string("total")),
      ("uncached", sum(trace.steps.map(\.uncached), isCached: false)),
      ("cached", sum(trace.steps.map(\.cached), isCached: true)),
    ])
  }

  private static func candidate(_ candidate: Candidate) -> JSONText {
    .object([
      ("id", .integer(candidate.id)), ("text", .string(candidate.text)),
      ("logit", .float(candidate.logit)), ("probability", .double(candidate.probability)),
    ])
  }
}

/// What one run did, over one step or over all.
private struct RunSums {
  private var rows = 0
  private var cells = 0
  private var masked = 0
  private var keyValues = 0
  private var seconds = 0.0
  private var flops: [FLOPCategory: Int] = [:]
  private var cache: (tokens: Int, bytes: Int)?

  init(isCached: Bool) { cache = isCached ? (0, 0) : nil }

  init(_ step: LaneStep, isCached: Bool) {
    self.init(isCached: isCached)
    add(step)
  }

  mutating func add(_ step: LaneStep) {
    rows += step.rows
    cells += step.counter.cells()
    masked += step.counter.masked()
    keyValues += step.counter.keyValues()
    seconds += step.seconds
    for category in FLOPCategory.allCases {
      flops[category, default: 0] += step.counter.flops(category)
    }
    if cache != nil { cache = (step.cacheTokens, step.cacheBytes) }
  }

  var json: JSONText {
    let parts = FLOPCategory.allCases.map { ($0.rawValue, flops[$0] ?? 0) }
    let total = parts.reduce(0) { $0 + $1.1 }
    var fields: [(String, JSONText)] = [
      ("rows", .integer(rows)), ("cells", .integer(cells)), ("masked", .integer(masked)),
      ("kv_computed", .integer(keyValues)), ("seconds", .double(seconds)),
      ("flops", .object((parts + [("total", total)]).map { ($0, .integer($1)) })),
    ]
    if let cache {
      fields.append(("cache_tokens", .integer(cache.tokens)))
      fields.append(("cache_bytes", .integer(cache.bytes)))
    }
    return .object(fields)
  }
}
