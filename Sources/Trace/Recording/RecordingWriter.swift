package import Base

/// Writes a run that was computed here as a recording that carries all of it.
package struct RecordingWriter {
  private let trace: Trace
  private let plan: SafetensorsWriter
  private let length: Int

  /// Plans the file.
  ///
  /// - Parameters:
  ///   - trace: a run with its Q, K and V and with the residual stream of every token.
  ///   - longest: the longest sequence as planned, in tokens.
  ///   - plannedSteps: the steps as planned.
  package init(_ trace: Trace, longest: Int, plannedSteps: Int) {
    self.trace = trace
    let length = trace.steps.last?.length ?? 0
    self.length = length
    plan = SafetensorsWriter(
      Self.tensors(trace.model, length: length),
      metadata: Self.metadata(trace, longest: longest, plannedSteps: plannedSteps))
  }

  /// Bytes of the whole file.
  package var byteCount: Int { plan.head.count + plan.dataCount }

  /// Writes the file, and tells how many bytes of it there are.
  package func write(
    to file: FileReplacement, progress: (Int) -> Void = { _ in }
  ) throws(SystemFailure) {
    try file.append(plan.head)
    var written = plan.head.count
    for entry in plan.entries {
      let rows = RecordedTensor(entry, length: length).floats(of: trace)
      try file.append(rows.withUnsafeBytes { Array($0) })
      written += entry.range.count
      progress(written)
    }
    try file.finish()
  }

  private static func tensors(
    _ model: ModelDescription, length: Int
  ) -> [(name: String, type: TensorType, shape: [Int])] {
    var tensors: [(String, [Int])] = []
    for layer in 0..<model.layers {
      tensors.append(
        (RecordingNames.rows(.query, layer), [model.heads, length, model.headDimension]))
      tensors.append(
        (RecordingNames.rows(.key, layer), [model.kvHeads, length, model.headDimension]))
      tensors.append(
        (RecordingNames.rows(.value, layer), [model.kvHeads, length, model.valueDimension]))
    }
    if let width = model.modelDimension {
      for layer in 0..<model.layers {
        tensors.append((RecordingNames.input(layer), [length, width]))
        tensors.append((RecordingNames.middle(layer), [length, width]))
      }
      tensors.append((RecordingNames.output, [length, width]))
    }
    return tensors.map { ($0.0, .float32, $0.1) }
  }

  private static func metadata(
    _ trace: Trace, longest: Int, plannedSteps: Int
  ) -> [(key: String, value: String)] {
    var known = trace.tokens
    if let last = trace.steps.last, last.length == known.count, let next = last.chosen {
      known.append(next)
    }
    var values: [(String, JSONText)] = [
      ("model", StepFields.json(trace.model)), ("tokens", .array(known.map(StepFields.json))),
      ("steps", .array(trace.steps.map(StepFields.json))), ("recorded", .string("steps")),
      ("given", .integer(trace.givenTokens)),
      ("plan", .object([("steps", .integer(plannedSteps)), ("longest", .integer(longest))])),
    ]
    if let rules = rules(trace.model) { values.append(("attention", rules)) }
    if let latent = trace.model.latent { values.append(("latent", latent.json)) }
    if let detail = RecordedDetail.json(trace) { values.append(("detail", detail)) }
    return [("format", "kvtrace"), ("version", "1")] + values.map { ($0, $1.text) }
  }

  /// What the layers do with their scores; nil where all are plain.
  private static func rules(_ model: ModelDescription) -> JSONText? {
    let plain = AttentionRule(headDimension: model.headDimension)
    let rules = (0..<model.layers).map(model.rule(ofLayer:))
    guard rules.contains(where: { $0 != plain }) else { return nil }
    return .array(
      rules.map { rule in
        // Only layers without positions say of them at all: readers of before do without.
        .object(
          [
            ("kind", .string(rule.mask.window == nil ? "full" : "sliding")),
            ("scale", .float(rule.scale)),
            ("window", rule.mask.window.map(JSONText.integer) ?? .null),
            ("softcap", rule.softCap.map(JSONText.float) ?? .null), ("kv_from", .null),
          ] + (rule.hasNoPositions ? [("positions", .string("none"))] : []))
      })
  }
}

/// The floats of one tensor, gathered from the steps of a run.
private struct RecordedTensor {
  private let entry: TensorEntry
  private let length: Int

  init(_ entry: TensorEntry, length: Int) {
    self.entry = entry
    self.length = length
  }

  func floats(of trace: Trace) -> [Float] {
    guard entry.name != RecordingNames.output else {
      return stream(trace, place: 2 * trace.model.layers)
    }
    let parts = entry.name.split(separator: ".")
    guard parts.count == 3, let layer = Int(parts[1]) else { return [] }
    return switch parts[2] {
    case "query": heads(trace, \.queries, layer)
    case "key": heads(trace, \.keys, layer)
    case "value": heads(trace, \.values, layer)
    case "input": stream(trace, place: 2 * layer)
    default: stream(trace, place: 2 * layer + 1)
    }
  }

  /// Rows `[n][heads × width]` of the steps as `[heads][n][width]`.
  private func heads(
    _ trace: Trace, _ rows: KeyPath<Activations, [[Float]]>, _ layer: Int
  ) -> [Float] {
    let (heads, width) = (entry.shape[0], entry.shape[2])
    var floats = [Float](repeating: 0, count: heads * length * width)
    var position = 0
    for step in trace.steps {
      let source = step.rows[keyPath: rows][layer]
      for row in 0..<source.count / (heads * width) {
        for head in 0..<heads {
          let (from, to) = ((row * heads + head) * width, (head * length + position) * width)
          for place in 0..<width { floats[to + place] = source[from + place] }
        }
        position += 1
      }
    }
    return floats
  }

  /// The residual stream at a place: `[n][model dimension]`.
  private func stream(_ trace: Trace, place: Int) -> [Float] {
    trace.steps.flatMap { $0.rows.residuals[place] }
  }
}
