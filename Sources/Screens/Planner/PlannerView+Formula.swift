internal import Base
internal import Planner
internal import Viz

extension PlannerView {
  // MARK: Knobs

  /// Each has a place of its own, which has room for the longest of its list: choosing one moves none of the others.
  var knobs: [Words] {
    let types = Precision.allCases.map(name)
    let knobs = [
      knob("m", "", modelName(question.model), .model, longest: state.models.map(modelName)),
      knob(
        "w", language("权重", "weights"), weightsName, .weightsType,
        longest: types + [publishedName, bitsName(16)]),
      knob("g", "", name(state.card), .machine, longest: state.cards.map(name)),
      knob("u", language("用", "use"), "\(percent) %", .utilization, longest: ["100 %"]),
      knob(
        "n", language("长度", isRoomy ? "length" : "len"), grouped(state.context), .context,
        longest: [grouped(131_072)]),
      knob(
        "b", language("请求", isRoomy ? "requests" : "reqs"), grouped(question.batch), .batch,
        longest: [grouped(9_999)]),
      knob(
        "k", language("缓存", isRoomy ? "cache" : "KV"), name(question.cacheType), .cacheType,
        longest: types),
    ]
    return balanced(knobs, gap: 0)
  }

  /// A knob in as many columns as it takes with the longest of its values, picked.
  private func knob(
    _ key: String, _ word: String, _ value: String, _ knob: PlannerState.Knob, longest: [String]
  ) -> Words {
    let isPicked = state.picked == knob
    let isGiven = state.help.given?.contains(.character(knob.letter)) ?? true
    let name = [
      span(" \(key) ", isGiven ? .key : .dim), span(word.isEmpty ? "" : " "), span(word, .dim),
    ]
    let words =
      isPicked
      // What changes it, where one has just picked it.
      ? name
        + [span(" "), span(value, .chosen), span(glyphs == .full ? " ↑↓" : " +-", .selected)]
      : name + [span(" \(value)", .heading)]
    func columns(_ spans: Words) -> Int { spans.reduce(0) { $0 + ScalarWidth.of($1.text) } }
    let place = columns(name) + 4 + (longest.map { ScalarWidth.of(glyphs.shown($0)) }.max() ?? 0)
    let least = isPicked ? 0 : 2
    return words + [
      span(String(repeating: " ", count: max(least, place - columns(words))))
    ]
  }

  /// A name in few columns; a path's end.
  func modelName(_ model: PlannedModel) -> String {
    guard !model.title.isEmpty else { return language("给出的形状", "a shape") }
    let name = Sanitiser.clean(model.title, ascii: glyphs == .ascii)
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return ScalarWidth.of(last) > 24 ? last.fitted(to: 22) + glyphs.ellipsis : last
  }

  private func name(_ card: PlannerState.Card) -> String {
    let (title, memory) = (card.title, card.memory.map { gigabytes($0) } ?? glyphs.dash)
    return title.isEmpty ? memory : title.contains(memory) ? title : title + " " + memory
  }

  private var weightsName: String {
    if let type = question.weightsType { return name(type) }
    return question.model.isPublishedTypeKnown
      ? publishedName : bitsName(question.cacheType == .fp32 ? 32 : 16)
  }

  private var publishedName: String { language("原样", "as published") }
  private func bitsName(_ bits: Int) -> String { language("\(bits) 位", "\(bits) bits") }

  var percent: String {
    let percent = question.utilization * 100
    return NumberText.fixed(percent, percent == percent.rounded() ? 0 : 1)
  }

  func name(_ type: Precision) -> String { type.rawValue.uppercased() }

  // MARK: Formula

  /// The product with its numbers: a line of numbers over a line of words where it fits, else words among numbers.
  var formula: [Words] {
    guard answer.groups.count == 1, let sum = answer.groups.first else { return groupLines }
    let factors = factors(sum.group)
    guard !factors.isEmpty else { return groupLines }
    return stacked(factors) ?? inlined(factors)
  }

  /// A number of the product, what it is, and the sign before it.
  private struct Factor {
    var sign: String
    var number: String
    var word: String
    var role = Role.heading
  }

  private func factors(_ group: LayerGroup) -> [Factor] {
    let (layers, type) = (group.layers, question.cacheType)
    let layer = Factor(
      sign: "", number: grouped(layers), word: language("层", plural(layers, "layer")))
    let bytes = Factor(
      sign: "×", number: "\(type.bytes)", word: language("字节", plural(type.bytes, "byte")),
      role: role(.cacheType))
    let width: [Factor]
    switch group.width {
    case .heads(let heads, let headDimension):
      width = [
        Factor(sign: "×", number: "2", word: "K,V"),
        Factor(sign: "×", number: grouped(heads), word: language("KV 头", plural(heads, "KV head"))),
        Factor(sign: "×", number: grouped(headDimension), word: language("头宽", "head dim")),
      ]
    case .latent(let rank, let rotary):
      width = [
        Factor(
          sign: "×", number: "(\(grouped(rank)) + \(grouped(rotary)))",
          word: language("潜向量 + 旋转", "latent + rotary"))
      ]
    case .none: return []
    }
    return [layer] + width + [bytes] + sums
  }

  /// What a token, a request and all requests take.
  private var sums: [Factor] {
    [
      Factor(
        sign: "=", number: gibibytes(answer.bytesPerToken), word: language("一个词元", "a token")),
      held,
      Factor(
        sign: "=", number: gibibytes(answer.requestBytes ?? 0),
        word: language("一个请求", "a request")),
      Factor(
        sign: "×", number: grouped(question.batch),
        word: language("请求", plural(question.batch, "request")),
        role: role(.batch)),
      Factor(sign: "=", number: gibibytes(answer.cacheBytes ?? 0), word: language("缓存", "cache")),
      // The same in the unit in which cards are sold.
      Factor(sign: "=", number: gigabytes(answer.cacheBytes ?? 0), word: ""),
    ]
  }

  /// The tokens that a request keeps: those of its window, where it is longer.
  private var held: Factor {
    let (tokens, kept) = (state.context, answer.groups[0].group.held(of: state.context))
    guard kept < tokens else {
      return Factor(
        sign: "×", number: grouped(tokens), word: language("词元", plural(tokens, "token")),
        role: role(.context))
    }
    return Factor(
      sign: "×", number: grouped(kept),
      word: language("词元，\(grouped(tokens)) 个里只留这些", "tokens kept of \(grouped(tokens))"),
      role: role(.context))
  }

  /// Yellow for what the keys change just now.
  private func role(_ knob: PlannerState.Knob) -> Role {
    state.picked == knob ? .selected : .heading
  }

  private func stacked(_ factors: [Factor]) -> [Words]? {
    var (numbers, words): (Words, Words) = ([], [])
    var used = 0
    for (index, factor) in factors.enumerated() {
      let (number, word) = (glyphs.shown(factor.number), glyphs.shown(factor.word))
      let width = max(ScalarWidth.of(number), ScalarWidth.of(word))
      let sign = index == 0 ? "" : " " + glyphs.shown(factor.sign) + " "
      numbers += [span(sign, .dim), span(centred(number, width), factor.role, bold: true)]
      words += [span(blanks(ScalarWidth.of(sign))), span(centred(word, width), .dim)]
      used += ScalarWidth.of(sign) + width
    }
    return used <= columns ? [numbers, words] : nil
  }

  private func inlined(_ factors: [Factor]) -> [Words] {
    flowed(
      [
        factors.map { factor in
          [
            span(factor.sign.isEmpty ? "" : factor.sign + " ", .dim),
            span(factor.number, factor.role, bold: true),
            span(factor.word.isEmpty ? "" : " " + factor.word, .dim),
          ]
        }
      ], gap: 1)
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private func centred(_ text: String, _ columns: Int) -> String {
    let rest = columns - ScalarWidth.of(text)
    return blanks(rest / 2) + text + blanks(rest - rest / 2)
  }

  /// Where layers keep different things: a line for each kind, then their sum.
  private var groupLines: [Words] {
    flowed(answer.groups.map { [kindWords($0.group), productWords($0)] } + [totalWords])
  }

  private func kindWords(_ group: LayerGroup) -> Words {
    [
      span(grouped(group.layers), .heading),
      span(language(" 层", " " + plural(group.layers, "layer") + ": "), .dim),
      span(keeps(group), .dim),
    ]
  }

  /// What layers of a kind keep of a text, in a word or two.
  func keeps(_ group: LayerGroup) -> String {
    switch group.kind {
    case .full: language("看全部", "keep all")
    case .window(let window): language("只看 \(grouped(window)) 个", "keep \(grouped(window))")
    case .latent: language("存潜向量", "keep latents")
    case .shared: language("借用前面的 (\(glyphs.notNeeded))", "borrow (\(glyphs.notNeeded))")
    case .state: language("只有状态 (s)", "keep a state (s)")
    }
  }

  private func productWords(_ sum: MemoryAnswer.GroupSum) -> Words {
    let group = sum.group
    let bytes = span(gibibytes((sum.cacheBytes ?? 0) / max(1, question.batch)), .heading)
    let type = span("\(question.cacheType.bytes)", role(.cacheType), bold: true)
    let held = span(grouped(group.held(of: state.context)), role(.context), bold: true)
    let times = language(" 字节 × ", " \(plural(question.cacheType.bytes, "byte")) × ")
    switch group.width {
    case .heads(let heads, let width):
      return [
        span("\(group.layers) × 2 × \(grouped(heads)) × \(grouped(width)) × ", .dim), type,
        span(times, .dim), held, span(" = ", .dim), bytes,
      ]
    case .latent(let rank, let rotary):
      return [
        span("\(group.layers) × (\(grouped(rank)) + \(grouped(rotary))) × ", .dim), type,
        span(times, .dim), held, span(" = ", .dim), bytes,
      ]
    case .none:
      guard case .state(let state) = group.kind else { return [span("= ", .dim), bytes] }
      return [span(stateFactors(state, layers: group.layers) + " = ", .dim), bytes]
    }
  }

  /// Its numbers, those of the activations' type and those in fp32.
  private func stateFactors(_ state: LayerGroup.State, layers: Int) -> String {
    let bytes = max(2, question.cacheType.bytes)
    return
      "\(layers) × (\(grouped(state.convolution)) × \(bytes) + \(grouped(state.recurrence)) × \(Precision.fp32.bytes)) "
      + language("字节", "bytes")
  }

  private var totalWords: [Words] {
    let request = gibibytes(answer.requestBytes ?? 0)
    var words: [Words] = [
      [span(language("一个请求 ", "a request "), .dim), span(request, .selected)],
      [
        span("× ", .dim), span(grouped(question.batch), role(.batch), bold: true),
        span(" = ", .dim), span(gibibytes(answer.cacheBytes ?? 0), .heading),
        span(" = ", .dim), span(gigabytes(answer.cacheBytes ?? 0), .heading),
      ],
    ]
    if let full = answer.bytesWithoutWindows, full != answer.requestBytes {
      words.append([
        span(language("若每层都看全部 ", "if all kept all "), .dim), span(gibibytes(full), .wrong),
      ])
    }
    return words
  }
}
