internal import TinyModel
internal import Trace

/// A JSON value that is written with its keys in the order in which they were given.
enum JSONText {
  case boolean(Bool)
  case integer(Int)
  case float(Float)
  case double(Double)
  case string(String)
  case array([JSONText])
  case object([(String, JSONText)])

  /// The value on one line, whose numbers read back to the same bits.
  var text: String {
    switch self {
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .float(let value): value == 0 ? "0" : "\(value)"
    case .double(let value): value == 0 ? "0" : "\(value)"
    case .string(let value): Self.quoted(value)
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let fields):
      "{" + fields.map { Self.quoted($0) + ":" + $1.text }.joined(separator: ",") + "}"
    }
  }

  /// Source: RFC 8259, section 7; controls beyond ASCII are escaped too, since lines go to terminals.
  private static func quoted(_ string: String) -> String {
    var out = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      default:
        let needsEscape =
          scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
          || scalar.properties.generalCategory == .format
          || scalar.properties.generalCategory == .lineSeparator
          || scalar.properties.generalCategory == .paragraphSeparator
        out += needsEscape ? escaped(scalar) : String(scalar)
      }
    }
    return out + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}

/// The lines of `run --json`.
enum JSONLines {
  /// The first line: what ran.
  static func model(_ model: ModelDescription) -> JSONText {
    .object([
      ("type", .string("model")), ("name", .string(model.name)),
      ("architecture", .string(model.architecture)), ("layers", .integer(model.layers)),
      ("heads", .integer(model.heads)), ("kv_heads", .integer(model.kvHeads)),
      ("d_model", .integer(model.width)), ("d_head", .integer(model.headWidth)),
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
