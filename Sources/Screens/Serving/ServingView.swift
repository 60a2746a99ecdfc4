internal import Base
internal import Trace
internal import Viz

extension ServingState {
  /// The frame at a size.
  func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    drawTitle(titles, rights: rights, on: &canvas)
    if isHelp {
      drawHelp(on: &canvas)
    } else if let board, steps.indices.contains(step) {
      ServingFrame(self, board, steps[step], size).draw(on: &canvas)
    } else {
      let words =
        hasFailed
        ? language("这样的请求跑不了，改一改再来", "these requests cannot be served")
        : language("正在跑第 1 步", "running step 1")
      put([words], at: Point(2, 2), Style(.dim), on: &canvas)
    }
    drawBottom(on: &canvas)
    return canvas
  }

  private var titles: [String] {
    [
      language("一台服务器：请求随到随排，缓存按块分", "A server: requests join as they come, the cache in blocks"),
      language("一台服务器：随到随排，按块分", "A server: requests and blocks"), language("一台服务器", "A server"),
    ]
  }

  private var rights: [String] {
    guard let board, let last = steps.last, steps.indices.contains(step) else {
      return [start.model]
    }
    guard isUpToDate, question == nil else {
      let done = board.question == wanted ? last.number : 0
      let words =
        isUpToDate && board.isServed
        ? language("正在跑对照", "running what it is held against")
        : language("正在跑：已算 \(done) 步", "running: \(done) steps so far")
      return [words, language("正在跑", "running")]
    }
    let (number, end) = (steps[step].number, last.number)
    return [
      language("第 \(number)/\(end) 步  \(start.model)", "step \(number)/\(end)  \(start.model)"),
      language("第 \(number)/\(end) 步", "step \(number)/\(end)"),
    ]
  }

  /// The keys, or the request that is being typed.
  private func drawBottom(on canvas: inout Canvas) {
    guard let field, notice == nil else { return drawFooter(on: &canvas) }
    FieldLine(
      field: field, glyphs: glyphs, hints: ServingKeys.typing.hints(look),
      asks: [language("新请求的文字", "a request's text")]
    ).draw(on: &canvas)
  }
}

extension ServingState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .serving(let found) = findings { receive(found) }
  }

  static var keys: KeyMap<ServingAction> { ServingKeys.map }

  var keysNow: KeyMap<ServingAction> { keys }
  var hasField: Bool { field != nil }

  var about: [String] {
    [
      language(
        "调度器真的一步一步跑：每个数是模型算过的词元和真占着的块。每个请求写出的字和它单独跑时一样，logits 一位不差。",
        "The scheduler is really run, step by step: each number is of tokens that the model computed, and of blocks that are held. Each request writes what it writes alone, to the last bit of its logits."
      ),
      language(
        "亮格：prefill，一步算这么多个已知的词元；暗格：decode，一步一个。.. 在排队，! 块被收回。一列太窄时 # 是至少 10 个。",
        "Bright: prefill, so many known tokens in a step. Dark: decode, one a step. .. waits, ! lost its blocks. Where columns are narrow # is 10 or more."
      ),
      language(
        "池里：= 放了，_ 空着，\(glyphs.notNeeded) 是空块，: 是没人用、还留着的块，开头相同的请求来了就用它。",
        "The pool: = is filled, _ is not, \(glyphs.notNeeded) is a free block, : one that is nobody's and kept for a request that begins alike."
      ),
    ]
  }
}
