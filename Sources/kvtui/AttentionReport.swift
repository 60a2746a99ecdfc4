internal import Base
internal import Screens
internal import Trace
internal import Viz

/// What `attention` prints: each model's steps, and published models of the same forms, which are computed.
struct AttentionReport {
  let forms: [AttentionForm]
  let look: Look

  private var language: Language { look.language }
  private var glyphs: GlyphSet { look.glyphs }

  /// Of each model its line, then one a step; then the published models'.
  func json() throws -> [JSONText] {
    try forms.flatMap { form in [StepFields.json(form.model)] + steps(form) }
      + PublishedForm.all().map(\.json)
  }

  private func steps(_ form: AttentionForm) -> [JSONText] {
    form.steps.enumerated().map { index, step in
      let before = index > 0 ? form.steps[index - 1].cacheBytes : 0
      return .object([
        ("type", .string("step")), ("form", .string(form.name)),
        ("model", .string(form.model.name)), ("step", .integer(index + 1)),
        ("length", .integer(step.length)), ("next", .array(step.next.map(StepFields.json))),
        ("flops", .integer(step.flops)), ("attention_flops", .integer(step.attentionFlops)),
        ("cache_bytes", .integer(step.cacheBytes)),
        ("bytes_per_token", .integer(step.cacheBytes - before)),
      ])
    }
  }

  /// The page for people: the last step of each.
  func text() throws -> String {
    let tokens = forms.first?.tokens.map(\.text).joined() ?? ""
    let head = language(
      "同一段文字「\(tokens)」，最后一步：一个字的字节、整个缓存、这一步的 FLOP、下一个字",
      "one text, '\(tokens)', its last step: bytes of a token, of the whole cache, FLOP of the step, the next token"
    )
    var lines = glyphs.shown(head).wrapped(to: 80) + [""]
    for form in forms {
      guard let step = form.steps.last else { continue }
      let before = form.steps.dropLast().last?.cacheBytes ?? 0
      let next = step.next.first.map { candidate in
        language("「\(candidate.text)」", "'\(candidate.text)'") + " "
          + NumberText.percent(candidate.probability, of: candidate.probability)
      }
      let fields = [
        NumberText.bytes(step.cacheBytes - before).padded(to: 10),
        NumberText.bytes(step.cacheBytes).padded(to: 10),
        NumberText.count(step.flops).padded(to: 10),
        next ?? "",
      ]
      lines.append(row(form.name, form.model.name, fields.joined()))
    }
    lines += [
      "",
      glyphs.adapted(
        language(
          "同样形式的大模型，没有跑，按形状算（fp16）：",
          "large models of the same forms, not run, computed from their shapes (fp16):")),
    ]
    lines += try PublishedForm.all().map { form in
      row(form.form, form.title, NumberText.bytes(form.bytesPerToken))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func row(_ form: String, _ model: String, _ rest: String) -> String {
    glyphs.shown("  " + form.padded(to: 6) + model.padded(to: 15) + rest)
  }
}
