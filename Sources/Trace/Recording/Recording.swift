public import Base

/// A run in a file: a `.kvtrace`, which is a safetensors file that says so.
///
/// It is checked as a checkpoint is: every claim of the file is held against its length and its own tensors before anything is
/// allocated, and Q, K and V are read when they are looked at.
public struct Recording: Sendable {
  /// The run.
  public let trace: Trace
  /// The longest sequence as it was planned, in tokens: it fixes the layout of a screen.
  public let longest: Int

  /// What the header of a small file may take, beside a quarter of the file: its values take many times the room when they
  /// are parsed.
  private static let fixedHeaderBytes = 16 << 20

  /// Opens a recording.
  ///
  /// - Throws: what is wrong with the file, and where.
  public init(_ path: String) throws(FileError) {
    let file = try SafetensorsFile(path) { Self.fixedHeaderBytes + $0 / 4 }
    let metadata = RecordingMetadata(file)
    try metadata.requireFormat()
    let shape = try RecordedShape(metadata.required("model"))
    let rules = try metadata.rules(shape)
    let tensors = try RecordedTensors(file, shape, rules, heads: try metadata.heads(shape))
    let tokens = try metadata.tokens()
    let detail = try metadata.detail(shape, fileSize: file.byteCount)
    let model = shape.description(
      rules: rules.map(\.rule), valueDimension: tensors.valueDimension,
      latent: try metadata.optional("latent").map { field throws(FileError) in
        try LatentDescription(field, shape, valueDimension: tensors.valueDimension)
      })
    let steps = try RecordedSteps(
      tokens: tokens, length: tensors.length, detail: detail
    ).steps(try metadata.required("steps"))
    let owners = rules.enumerated().compactMap { layer, rule in rule.owner.map { (layer, $0) } }
    let rows = try RecordedRows(
      file, tensors, model: model, owners: Dictionary(owners) { first, _ in first },
      isOnePass: try metadata.optional("recorded")?.value.string == "one pass")
    let plan = try metadata.plan(steps)
    longest = plan.longest
    trace = Trace(
      model: model, tokens: tokens,
      givenTokens: try metadata.given(tokens: tokens.count) ?? steps[0].length, steps: steps,
      plannedSteps: steps.count, source: rows)
  }
}

extension RecordedShape {
  func description(
    rules: [AttentionRule], valueDimension: Int, latent: LatentDescription?
  ) -> ModelDescription {
    ModelDescription(
      name: name, architecture: architecture, layers: layers, heads: heads, kvHeads: kvHeads,
      modelDimension: modelDimension, headDimension: headDimension,
      valueDimension: valueDimension, vocabulary: vocabulary, parameters: parameters,
      dtype: dtype, contextLength: nil, rules: rules, latent: latent)
  }
}

/// The values of `__metadata__`, each a JSON text but for the first two.
private struct RecordingMetadata {
  private let file: SafetensorsFile

  init(_ file: SafetensorsFile) { self.file = file }

  private func text(_ key: String) -> String? {
    file.metadata.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// Refuses what is no recording, or one of a later version.
  func requireFormat() throws(FileError) {
    guard let format = text("format") else {
      throw .missingField(file: file.path, field: "__metadata__.format")
    }
    guard format == "kvtrace" else {
      throw .badField(
        file: file.path, field: "__metadata__.format", value: JSON.string(format).summary,
        expected: .oneOf(["kvtrace"]))
    }
    let version = text("version") ?? ""
    guard version == "1" else {
      throw .badField(
        file: file.path, field: "__metadata__.version", value: JSON.string(version).summary,
        expected: .oneOf(["1"]))
    }
  }

  /// A value that may be there.
  func optional(_ key: String) throws(FileError) -> JSONField? {
    guard let text = text(key) else { return nil }
    do throws(FileError) {
      let value = try JSON.parse(Array(text.utf8), file: file.path)
      return value.isNull ? nil : JSONField(file: file.path, path: key, value: value)
    } catch {
      guard case .badJSON(_, _, let reason) = error else { throw error }
      throw .badField(
        file: file.path, field: "__metadata__.\(key)", value: JSON.string(text).summary,
        expected: .json(reason))
    }
  }

  /// A value that must be there.
  func required(_ key: String) throws(FileError) -> JSONField {
    guard let field = try optional(key) else {
      throw .missingField(file: file.path, field: "__metadata__.\(key)")
    }
    return field
  }

  func rules(_ shape: RecordedShape) throws(FileError) -> [RecordedRule] {
    guard let field = try optional("attention") else {
      return Array(
        repeating: RecordedRule(headDimension: shape.headDimension), count: shape.layers)
    }
    let elements = try field.elements()
    guard elements.count == shape.layers else {
      throw field.mustBe(.elements(shape.layers))
    }
    var rules: [RecordedRule] = []
    for (layer, element) in elements.enumerated() {
      rules.append(
        try RecordedRule(element, layer: layer, headDimension: shape.headDimension))
    }
    return rules
  }

  /// The query heads that were recorded; nil for all.
  func heads(_ shape: RecordedShape) throws(FileError) -> [Int]? {
    guard let field = try optional("heads") else { return nil }
    let heads = try field.elements().compactMap(\.value.integer)
    let isRising = zip(heads, heads.dropFirst()).allSatisfy { $0 < $1 }
    guard let first = heads.first, let last = heads.last, isRising, first >= 0, last < shape.heads
    else { throw field.mustBe(.risingHeads(shape.heads)) }
    return heads
  }

  func tokens() throws(FileError) -> [TraceToken] {
    var tokens: [TraceToken] = []
    for element in try required("tokens").elements() {
      tokens.append(
        TraceToken(
          id: try element.required("id").count(), text: try element.required("text").text()))
    }
    return tokens
  }

  func given(tokens: Int) throws(FileError) -> Int? {
    guard let field = try optional("given") else { return nil }
    guard let given = field.value.integer, (0...tokens).contains(given) else {
      throw field.mustBe(.size(0...tokens))
    }
    return given
  }

  func detail(_ shape: RecordedShape, fileSize: Int) throws(FileError) -> [RecordedDetail]? {
    try optional("detail").map { field throws(FileError) in
      try RecordedDetail.details(field, shape, most: fileSize + Self.spareBytes)
    }
  }

  /// What the layout was made for: a run may have ended before its plan did.
  func plan(_ steps: [Step]) throws(FileError) -> (steps: Int, longest: Int) {
    let last = steps[steps.count - 1].length
    guard let field = try optional("plan") else { return (steps.count, last) }
    return (
      max(steps.count, try field.size("steps")), max(last, try field.size("longest"))
    )
  }

  /// What small files may take besides their size: 64 MiB.
  private static let spareBytes = 64 << 20
}

extension Expectation {
  fileprivate static func elements(_ count: Int) -> Self {
    Self("有 \(count) 个元素的列表，每层一个", "a list of \(count), one a layer")
  }

  fileprivate static func risingHeads(_ heads: Int) -> Self {
    Self("由小到大的头号，从 0 到 \(heads - 1)", "a rising list of heads from 0 to \(heads - 1)")
  }

  fileprivate static func json(_ reason: String) -> Self {
    Self("正确的 JSON（\(reason)）", "valid JSON (\(reason))")
  }
}
