internal import Trace

/// The fields of a run that an expression can name.
extension Evaluation {
  private static let runFields = [
    "rows", "cells", "masked", "kv_computed", "kv_read", "seconds", "flops",
  ]
  private static let plainFields = [
    "length", "step", "steps", "layers", "heads", "kv_heads", "d_head", "d_model", "vocabulary",
    "parameters", "positions", "max_abs_difference", "token",
  ]

  private static let words = ["uncached", "cached", "next", "and", "or", "not", "true", "false"]

  /// Whether a name can be given to a number that a question draws.
  static func isFree(_ name: String) -> Bool {
    let isName = name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") }
    return isName && name.first?.isLowercase == true && name.count <= 20
      && !(plainFields + words).contains(name)
  }

  /// The value of a field, such as `cached.flops.attention`.
  func field(_ path: [String]) throws(ExpressionError) -> Value {
    switch path.first {
    case "uncached": return .number(try field(path.dropFirst(), of: step.uncached, path))
    case "cached": return .number(try field(path.dropFirst(), of: step.cached, path))
    case "next" where path.count == 2: return try next(path)
    default:
      if path.count == 1, let number = drawn[path[0]] { return .number(number) }
      guard path.count == 1, let value = plain(path[0]) else {
        throw .unknownField(
          path.joined(separator: "."),
          nearest: YAMLFields.nearest(to: path[0], in: Self.plainFields))
      }
      return value
    }
  }

  private func plain(_ name: String) -> Value? {
    let model = trace.model
    switch name {
    case "length": return .number(Double(step.length))
    case "step": return .number(Double(number))
    case "steps": return .number(Double(trace.steps.count))
    case "layers": return .number(Double(model.layers))
    case "heads": return .number(Double(model.heads))
    case "kv_heads": return .number(Double(model.kvHeads))
    case "d_head": return .number(Double(model.headDimension))
    case "d_model": return number(model.modelDimension)
    case "vocabulary": return number(model.vocabulary)
    case "parameters": return number(model.parameters)
    case "positions": return number(model.contextLength)
    case "max_abs_difference": return .number(Double(step.maxAbsDifference ?? .nan))
    case "token": return .text(trace.tokens[step.length - 1].text)
    default: return nil
    }
  }

  private func number(_ number: Int?) -> Value? { number.map { .number(Double($0)) } }

  private func next(_ path: [String]) throws(ExpressionError) -> Value {
    guard let best = step.next.first else { throw .unknownField("next", nearest: nil) }
    switch path[1] {
    case "text": return .text(best.text)
    case "id": return .number(Double(best.id))
    case "probability": return .number(best.probability)
    default: throw .unknownField(path.joined(separator: "."), nearest: "next.text")
    }
  }

  private func field(
    _ path: ArraySlice<String>, of run: LaneStep, _ whole: [String]
  ) throws(ExpressionError) -> Double {
    let name = path.joined(separator: ".")
    if name == "kv_read" { return Double((0..<step.length).count { run.reads($0, layer: 0) }) }
    if let number = StepFields.number(name == "flops" ? "flops.total" : name, of: run.sums) {
      return number ?? .nan
    }
    throw .unknownField(
      whole.joined(separator: "."),
      nearest: YAMLFields.nearest(to: path.last ?? "", in: Self.runFields)
        .map { "\(whole[0]).\($0)" })
  }
}
