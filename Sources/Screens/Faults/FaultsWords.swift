internal import Base
internal import Trace
internal import Viz

/// What is said below the table: what the step shows, the numbers of a cell, or the round's letters and hints.
struct FaultsWords {
  typealias Line = [TextFlow.Span]

  let state: FaultsState
  let run: FaultRun
  /// The columns that a line may take.
  let width: Int

  init(_ state: FaultsState, _ run: FaultRun, width: Int) {
    (self.state, self.run, self.width) = (state, run, width)
  }

  var language: Language { state.language }
  var glyphs: GlyphSet { state.glyphs }

  /// Whether there is no room for whole sentences.
  var isShort: Bool { width < 72 }

  /// What is said, the dearest first: each is there whole or not at all.
  var blocks: [[Line]] {
    let letters = state.isGuessing ? [self.letters] : []
    if let cell = state.shownCell { return [numbers(of: cell)] + letters }
    let seed = state.round.map { [wrapped(Self.seed($0.seed, language), Style(.dim))] } ?? []
    if state.isGuessing { return letters + [hint] + (state.hasGuessed ? [] : seed) }
    return (verdict + told + (verdict.isEmpty ? [] : seed)).filter { !$0.isEmpty }
  }

  /// How many of the blocks must be seen.
  var least: Int { state.shownCell == nil ? 2 : 1 }

  /// What the number of a round is.
  static func seed(_ seed: UInt64, _ language: Language) -> String {
    language(
      "题号就是种子：kvtui fault --seed \(seed) 总是抽到这一题。",
      "A round's number is its seed: kvtui fault --seed \(seed) draws it again.")
  }

  func wrapped(_ text: String, _ style: Style = Style()) -> [Line] {
    TextFlow.wrap([TextFlow.Span(glyphs.shown(text), style)], columns: width)
  }

  func quoted(_ position: Int) -> String { quoted(run.trace.tokens[position].text) }

  func quoted(_ text: String) -> String {
    language("「", "\"") + TokenLabel.quoted(text, glyphs) + language("」", "\"")
  }

  func number(_ gap: Float?) -> String { FaultsNumbers.text(gap, 7, glyphs) }

  // MARK: The picture

  /// A round that is over says what became of it.
  private var verdict: [[Line]] {
    guard let round = state.round, let draw = round.draw else { return [] }
    let isFound = round.guesses.last.map { draw.isRight($0) } ?? false
    let name = draw.fault.title(language)
    return [
      wrapped(
        isFound
          ? language("对了：\(name)。", "Right: \(name).")
          : language("答案：\(name)。", "It was: \(name)."),
        Style(isFound ? .right : .wrong))
    ]
  }

  /// What the run has shown up to the step, and who shipped the like.
  private var told: [[Line]] {
    var sentences = told(state.step).map { wrapped($0) }
    if let scope = run.fault?.scope(language) {
      let fitting = scope.first { ScalarWidth.of(glyphs.shown($0)) <= width }
      sentences.insert(wrapped(fitting ?? scope.last ?? ""), at: 1)
    }
    let shipped = (run.fault?.shipped(language) ?? []).map { glyphs.shown($0) }
    let fitting = shipped.first { ScalarWidth.of($0) <= width } ?? shipped.last
    sentences.insert(fitting.map { wrapped($0, Style(.dim)) } ?? [], at: min(2, sentences.count))
    return sentences
  }

  private func told(_ step: Int) -> [String] {
    guard let parting = run.parting, parting.step <= step else {
      return [
        isShort
          ? language("到第 \(step) 步，一个比特都不差。", "Up to step \(step) not one bit differs.")
          : language(
            "到第 \(step) 步，每一层、每个字的 K、V，还有 logits，一个比特都不差。",
            "Up to step \(step) not one bit differs: K, V of every layer and token, and the logits."
          )
      ]
    }
    return [parted(parting)] + spoken(since: parting.step, at: step)
  }

  private func parted(_ parting: FaultParting) -> String {
    guard let cell = parting.cell else {
      return language(
        "第 \(parting.step) 步起 logits 不同。", "From step \(parting.step) on the logits differ.")
    }
    let part = cell.part == .keys ? "K" : "V"
    if isShort {
      return language(
        "第 \(parting.step) 步第 \(cell.layer + 1) 层\(quoted(cell.position))的 \(part) 先不同：差 \(number(cell.gap))。",
        "Step \(parting.step), layer \(cell.layer + 1): \(part) of \(quoted(cell.position)) is off by \(number(cell.gap))."
      )
    }
    return language(
      "第 \(parting.step) 步起不同，最先是第 \(cell.layer + 1) 层\(quoted(cell.position))的 \(part)：差 \(number(cell.gap))。",
      "They part at step \(parting.step): \(part) of \(quoted(cell.position)) in layer \(cell.layer + 1) is off by \(number(cell.gap))."
    )
  }

  private func spoken(since first: Int, at step: Int) -> [String] {
    guard let change = run.textChange, change.number <= step else {
      return [
        language(
          "到第 \(step) 步说的还是一样的字，只看文字查不出来。",
          "Up to step \(step) both say the same: the text tells nothing.")
      ]
    }
    let percent = NumberText.percent(change.broken.probability, of: change.broken.probability)
    let (said, due) = (quoted(change.broken.text), quoted(change.sound.text))
    let silent = change.number - first
    let between =
      silent == 1
      ? language("第 \(first) 步", "Step \(first)")
      : language("第 \(first) 到 \(change.number - 1) 步", "Steps \(first) to \(change.number - 1)")
    return [
      isShort
        ? language(
          "第 \(change.number) 步说错：坏缓存有 \(percent) 的把握说\(said)，该是\(due)。",
          "Step \(change.number): broken says \(said), \(percent) sure; right is \(due).")
        : language(
          "第 \(change.number) 步第一次说错：坏缓存有 \(percent) 的把握说\(said)，该是\(due)。",
          "First wrong at step \(change.number): the broken run says \(said), \(percent) sure; right is \(due)."
        )
    ]
      + (silent == 0
        ? []
        : [
          language(
            "\(between)文字都对：只看文字的测试查不出来。",
            "\(between) had the right text: a test that reads it finds nothing."
          )
        ])
  }

  // MARK: A cell

  private func numbers(of cell: FaultsState.Cell) -> [Line] {
    guard
      let column = state.columns.indices.contains(cell.position)
        ? state.columns[cell.position] : nil,
      let look = state.look(at: cell)
    else { return [] }
    func exact(_ gap: Float?) -> String { gap.map { "\($0)" } ?? "0" }
    let (keys, values) = (column.keys[cell.layer], column.values[cell.layer])
    let place =
      isShort
      ? language(
        "第 \(cell.layer + 1) 层\(quoted(cell.position))",
        "layer \(cell.layer + 1), \(quoted(cell.position))")
      : language(
        "第 \(cell.layer + 1) 层，\(quoted(cell.position))（位置 \(cell.position)）",
        "layer \(cell.layer + 1), \(quoted(cell.position)) (position \(cell.position))")
    let differences =
      place
      + language(
        "：K 差 \(exact(keys))，V 差 \(exact(values))",
        ": K differs by \(exact(keys)), V by \(exact(values))")
    let rounding = language("（未舍入）", " (not rounded)")
    let hasRoom = ScalarWidth.of(glyphs.shown(differences + rounding)) <= width
    let head = head(look)
    let cache =
      run.fault == nil ? language("，用缓存：", ", cache: ") : language("，坏缓存：", ", broken: ")
    return wrapped(
      hasRoom && (keys ?? values) != nil ? differences + rounding : differences, Style(.prediction))
      + [
        looks(head + language("，不用缓存：", ", sound: "), look.sound, Style(.uncachedBar)),
        looks(head + cache, look.broken, Style(run.fault == nil ? .cachedBar : .wrong)),
      ]
  }

  /// The head, and why this one.
  private func head(_ look: RowLook) -> String {
    let heads = run.trace.model.heads
    guard !isShort, heads > 1 else {
      return language("第 \(look.head + 1) 头看向", "head \(look.head + 1) looks at")
    }
    guard let farthest = look.farthest else {
      return language(
        "\(heads) 个头都一样，第 \(look.head + 1) 头看向",
        "head \(look.head + 1) (all \(heads) are the same) looks at")
    }
    return look.head == farthest
      ? language(
        "\(heads) 个头里差最多的，第 \(look.head + 1) 头看向",
        "head \(look.head + 1), which differs most of \(heads), looks at")
      : language(
        "第 \(look.head + 1) 头（差最多的是第 \(farthest + 1) 头）看向",
        "head \(look.head + 1) (head \(farthest + 1) differs most) looks at")
  }

  /// As many of a row's keys as there is room for.
  private func looks(_ name: String, _ keys: [RowLook.Key], _ style: Style) -> Line {
    var text = glyphs.shown(name)
    for key in keys {
      let next =
        " " + TokenLabel.short(run.trace.tokens[key.position].text, columns: 6, glyphs) + " "
        + NumberText.percent(Double(key.weight), of: 1) + " "
      guard ScalarWidth.of(text + next) <= width else { break }
      text += next
    }
    return [TextFlow.Span(text, style)]
  }

  // MARK: The game

  /// The seven, each with its letter; those that were guessed are crossed out.
  private var letters: [Line] {
    var lines: [Line] = [[]]
    var used = 0
    for (place, fault) in Fault.allCases.enumerated() {
      let isGuessed = state.round?.guesses.contains(fault) ?? false
      let title = glyphs.shown(fault.title(language))
      let mark = " \(isGuessed ? crossed : String(FaultsKeys.names[place])) "
      let columns = ScalarWidth.of(mark + title) + 1
      if used > 0, used + 2 + columns > width {
        lines.append([])
        used = 0
      }
      if used > 0 { lines[lines.count - 1].append(TextFlow.Span("  ", Style())) }
      lines[lines.count - 1] += [
        TextFlow.Span(mark, Style(isGuessed ? .dim : .key)),
        TextFlow.Span(" " + title, Style(isGuessed ? .dim : .text)),
      ]
      used += columns + (used > 0 ? 2 : 0)
    }
    return lines
  }

  /// What stands for a letter that was guessed; no word, which would be read as a part of the name.
  private var crossed: String { glyphs == .full ? glyphs.wrong : "x" }

  /// What the newest guess was told, or what there is to do.
  private var hint: [Line] {
    guard let guess = state.round?.guesses.last, let hint = state.round?.draw?.hint(guess) else {
      return wrapped(
        language(
          "按字母（或 1 到 7）猜：哪一种错会是这个样子？",
          isShort
            ? "Guess by letter or digit: which fault looks like this?"
            : "Guess by its letter (or 1 to 7): which fault looks like this?"),
        Style(.prediction))
    }
    return FaultsHint(self, guess, hint).sentences.flatMap { wrapped($0, Style(.prediction)) }
  }
}
