internal import Base
internal import Trace
internal import Viz

/// What an edit leaves, in words and numbers: by the ids before it was computed, and what was computed then.
struct EditFacts {
  let view: EditView

  private var state: ConversationState { view.state }
  private var language: Language { view.language }
  private var columns: Int { view.size.columns }

  /// Rows that it takes; where there are many, a reason stands among them.
  static func rows(isTall: Bool) -> Int { isTall ? 8 : 6 }

  func draw(y: Int, on canvas: inout Canvas) {
    put(outlook, y: y, on: &canvas)
    guard let turn = view.edit.result else {
      put(plan, y: y + 1, on: &canvas)
      return
    }
    put(costs(turn), y: y + 1, on: &canvas)
    guard let rows = turn.unchanged else { return }
    let y = y + (view.isTall ? 3 : 2)
    put(unchanged(rows), y: y, on: &canvas)
    if view.isTall { put(reason(rows).map { [dim($0)] }, y: y + 1, on: &canvas) }
    drawLayers(rows, y: y + (view.isTall ? 2 : 1), on: &canvas)
  }

  private typealias Words = [(text: String, style: Style)]

  /// The first words that fit.
  private func put(_ wordings: [Words], y: Int, on canvas: inout Canvas) {
    let fitting = wordings.first { words in
      words.reduce(0) { $0 + ScalarWidth.of(view.glyphs.shown($1.text)) } <= columns - 3
    }
    var x = 2
    for word in fitting ?? [] {
      x = state.put([word.text], at: Point(x, y), word.style, on: &canvas)
    }
  }

  private func dim(_ text: String) -> (String, Style) { (text, Style(.dim)) }
  private func strong(_ text: String) -> (String, Style) { (text, Style(.heading)) }

  // MARK: By the ids

  /// Where the first different token lies, and what whole blocks would keep.
  private var outlook: [Words] {
    guard let outlook = view.edit.outlook else { return [] }
    let place: Words
    if outlook.differs {
      place = [
        dim(
          language(
            "第一个不同的词元：第 \(outlook.kept + 1) 个 ",
            "the first different token: no. \(outlook.kept + 1) ")),
        strong(label(outlook.old)), dim(" \(view.glyphs.arrow) "), strong(label(outlook.new)),
      ]
    } else {
      place = [dim(language("还没改，失效 0", "nothing changed yet, void 0"))]
    }
    let (blocks, size) = (outlook.blocks, outlook.blockSize)
    let whole: Words = [
      dim(language("   vLLM 按整块（\(size)）留：", "   whole blocks of \(size), as in vLLM: ")),
      strong(
        language(
          "\(blocks) 块，\(blocks * size) 个",
          counted(blocks, "block") + ", \(blocks * size) tokens")),
    ]
    let short: Words = [
      dim(language("第 \(outlook.kept + 1) 个词元起不同", "differs from token \(outlook.kept + 1)")),
      dim(language("；\(size) 个一块，留 ", "; blocks of \(size) keep ")),
      strong(language("\(blocks * size) 个", "\(blocks * size) tokens")),
    ]
    var wordings: [Words] = [place + whole]
    if outlook.differs { wordings.append(short) }
    wordings += [place, whole]
    return wordings
  }

  private func label(_ token: String?) -> String {
    token.map { TokenLabel.quoted($0, view.glyphs) } ?? view.glyphs.dash
  }

  /// What has to be fed.
  private var plan: [Words] {
    guard let outlook = view.edit.outlook else { return [] }
    let isLastAlone = !outlook.differs && outlook.fed == 1
    let asIs: [Words] =
      isLastAlone
      ? [
        [
          dim(language("Enter 重新答：最后 ", "Enter answers it anew: the last ")), strong("1"),
          dim(
            language(
              " 个词元再喂一次，它的 logits 没有留着，再加回答",
              " token is fed again, its logits were not kept, and the answer")),
        ]
      ] : []
    return asIs + [
      [
        dim(language("Enter 重新算：要喂 ", "Enter computes it anew: ")), strong("\(outlook.fed)"),
        dim(
          language(
            " 个词元，再加回答",
            " \(plural(outlook.fed, "token")) to feed, and the answer")
        ),
      ],
      [
        dim(language("要喂 ", "to feed: ")),
        strong(
          language("\(outlook.fed) 个词元", counted(outlook.fed, "token"))),
      ],
    ]
  }

  // MARK: What was computed

  private func costs(_ turn: ConversationTurn) -> [Words] {
    let kept: Words = [
      dim(language("重算 ", "computed ")),
      (NumberText.count(turn.withReuse) + " FLOP", Style(.cachedBar, bold: true)),
    ]
    let (rows, all) = (turn.computed, turn.prompt.count + turn.fed)
    let counted: Words = [dim(language("（\(rows)/\(all) 行）", " (\(rows)/\(all) rows)"))]
    guard let emptied = turn.emptied else {
      return [kept + counted + [dim(language("   清空的还没算", "   emptied: not run yet"))], kept]
    }
    let other: Words = [
      dim(language("   全部清空 ", "   emptied ")),
      (NumberText.count(emptied.flops) + " FLOP", Style(.uncachedBar, bold: true)),
    ]
    let saved: Words = [
      dim(language("   省 ", "   saved ")),
      strong(NumberText.saved(turn.withReuse, of: emptied.flops)),
    ]
    return [kept + counted + other + saved, kept + other + saved, kept + other, kept]
  }

  /// Which tokens are the same, and whether they moved.
  private func unchanged(_ rows: UnchangedRows) -> [Words] {
    let names = state.isLatent ? language("位置键和潜向量", "rotary key and latent") : ""
    let named = state.isLatent ? names : language("K、V ", "K and V")
    let moved =
      rows.shift == 0
      ? language("位置没动", "at the same positions")
      : language("位置移了 \(rows.shift)", "moved by \(rows.shift)")
    let isSame = rows.layers.allSatisfy { $0.key == 0 && $0.value == 0 }
    let verdict =
      isSame
      ? language("\(named)一位不差", "\(named) are the same to the bit")
      : language("\(named)还是变了，最大差", "\(named) changed all the same, by at most")
    let brief =
      isSame
      ? language("\(named)不差", "\(named) the same")
      : language("\(named)变了，差", "\(named) off by")
    let count = language(
      "没改的 \(rows.count) 个词元（答 \(rows.ofAnswer)），\(moved)：",
      counted(rows.count, "unchanged token")
        + " (\(rows.ofAnswer) of the answer), \(moved): ")
    let short = language("没改的 \(rows.count) 个，\(moved)：", "\(rows.count) unchanged, \(moved): ")
    return [
      [strong(count + verdict)], [strong(short + verdict)], [strong(short + brief)],
      [strong(verdict)],
    ]
  }

  /// Why, as far as the numbers bear it.
  private func reason(_ rows: UnchangedRows) -> [String] {
    guard let first = rows.layers.first, rows.layers.dropFirst().contains(where: { $0.key != 0 })
    else { return [] }
    if first.key == 0 {
      return [
        language(
          "第 1 层一位不差：它只读词元和位置。往上每一层都读过改掉的词元",
          "layer 1 is the same to the bit: it reads a token and its position. Each layer above has read the edit"
        )
      ]
    }
    guard rows.shift != 0 else { return [] }
    return [
      language(
        "第 1 层不同，只因为位置移了。往上每一层还读过改掉的词元",
        "layer 1 differs by the shift of position alone. Each layer above has read the edit too")
    ]
  }

  /// A column for each layer, as many as fit, the first and the last among them.
  private func drawLayers(_ rows: UnchangedRows, y: Int, on canvas: inout Canvas) {
    let names = state.isLatent ? ["k", "c"] : ["K", "V"]
    let label = language("层", "layer")
    let first = 2 + 6
    let width = 9
    let places = Self.places(rows.layers.count, most: max(1, (columns - 1 - first) / width))
    state.put([label], at: Point(2, y), Style(.dim), on: &canvas)
    for (row, name) in names.enumerated() {
      state.put(
        [name], at: Point(2, y + 1 + row), Style(.heading), on: &canvas)
    }
    for (index, place) in places.enumerated() {
      let layer = rows.layers[place]
      let end = first + (index + 1) * width - 1
      for (row, text) in [
        "\(place + 1)", NumberText.difference(layer.key), NumberText.difference(layer.value),
      ].enumerated() {
        canvas.put(
          text, at: Point(end - ScalarWidth.of(text), y + row),
          row == 0 ? Style(.dim) : Style(.heading))
      }
    }
  }

  /// Places of so many, evenly.
  static func places(_ count: Int, most: Int) -> [Int] {
    guard count > most else { return Array(0..<count) }
    guard most > 1 else { return [count - 1] }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }
}
