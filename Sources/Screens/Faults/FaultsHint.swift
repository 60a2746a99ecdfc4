internal import Base
internal import Trace
internal import Viz

/// A hint as a sentence: a number of this very picture, what it would be if the guess were right, and what to look at.
struct FaultsHint {
  private let words: FaultsWords
  private let guess: Fault
  private let hint: FaultHint
  private var language: Language { words.language }

  init(_ words: FaultsWords, _ guess: Fault, _ hint: FaultHint) {
    (self.words, self.guess, self.hint) = (words, guess, hint)
  }

  /// What stands here and would not with the guess, then what to look at.
  var sentences: [String] { [hint.place == .text ? textFact : fact, clue].filter { !$0.isEmpty } }

  private var fact: String {
    let name = guess.title(language)
    let (shown, guessed) = (amount(hint.shown), amount(hint.guessed, isShort: true))
    return words.isShort
      ? language("不是：\(place)\(shown)，那样该\(guessed)。", "No: \(place): \(shown), not \(guessed).")
      : language(
        "不是「\(name)」：\(place)\(shown)，那样该\(guessed)。",
        "Not \(name): \(place) is \(shown), and would be \(guessed).")
  }

  /// A difference in words: none is not a number.
  private func amount(_ gap: Float?, isShort: Bool = false) -> String {
    gap.map { language("差 \(words.number($0))", "off by \(words.number($0))") }
      ?? (words.isShort || isShort
        ? language("一样", "equal") : language("一个比特都不差", "equal bit for bit"))
  }

  private var textFact: String {
    language("不是：第 \(hint.step) 步说的字不同。", "No: what step \(hint.step) says is another.")
  }

  private var place: String {
    switch hint.place {
    case .cell(let layer, let position, let part):
      let part = part == .keys ? "K" : "V"
      return language(
        "第 \(hint.step) 步\(words.quoted(position))第 \(layer + 1) 层的 \(part) ",
        words.isShort
          ? "step \(hint.step), layer \(layer + 1), \(part) of \(words.quoted(position))"
          : "at step \(hint.step) \(part) of \(words.quoted(position)) in layer \(layer + 1)")
    case .logits, .text:
      return language(
        "第 \(hint.step) 步的 logits ",
        words.isShort ? "step \(hint.step), a logit" : "at step \(hint.step) a logit")
    }
  }

  private var clue: String {
    switch hint.clue {
    case .promptRows:
      clue(
        "第 1 步就错了：提示词的每一行看得见哪些键？", "第 1 步还没读过缓存就错了：提示词的每一行看得见哪些键？",
        "Wrong at step 1: which keys does each row see?",
        "It is wrong at step 1, before a cache was read: which keys does each row of the prompt see?"
      )
    case .owner:
      clue(
        "一列旧的变了，没有人重算它：K、V 是谁的？", "早就算好的一列变了，没有人重算它：那里的 K、V 是谁的？",
        "An old column changed: whose K and V are there?",
        "A column changed that nobody computed anew: whose K and V are there?")
    case .values where words.run.parting?.cell?.part == .keys:
      clue(
        "所有的旧字一下子都变了：V 读出来是什么？", "所有的旧字一下子都变了：V 读出来是什么？",
        "All old tokens changed: what does V read as?",
        "Every old token is another at once: what does V read as?")
    case .values:
      clue(
        "旧字的 K 对，V 不对：V 读出来是什么？", "旧字的 K 对，V 不对：V 读出来是什么？",
        "Old K are right, V are not: what does V read as?",
        "Old tokens have the right K and another V: what does V read as?")
    case .position:
      clue(
        "新字在第 1 层就不同：看它的位置。", "新字在第 1 层就不同，那里只有字和它的位置：看它的位置。",
        "New tokens differ in layer 1: look at their position.",
        "A new token differs in layer 1, which knows it and its position alone: look at its position."
      )
    case .attention:
      clue(
        "新字的第 1 层没错：按 i 看它看见了哪些键，各几次。", "新字的第 1 层没错，往后才错：按 i 看它第 1 层的行看见了哪些键，各几次。",
        "Layer 1 is right: see with i which keys a row sees.",
        "A new token is right in layer 1 and wrong above: with i see which keys its row sees there, and how often."
      )
    case nil: ""
    }
  }

  /// In a few words where there is little room.
  private func clue(
    _ shortChinese: String, _ chinese: String, _ shortEnglish: String, _ english: String
  ) -> String {
    words.isShort ? language(shortChinese, shortEnglish) : language(chinese, english)
  }
}

extension Fault {
  /// What went wrong in a real project, as its thread tells it, from the longest wording to the shortest; empty where none is
  /// known.
  ///
  /// It is called the same only where it is this very mistake.
  func shipped(_ language: Language) -> [String] {
    guard let report else { return [] }
    let too = report.isSame ? "" : " too"
    let (chinese, english) = report.lead
    let what = language(report.what.chinese, report.what.english)
    let (long, short) = (
      language("真实项目里\(chinese)", "\(english) in a real project\(too)"),
      language(chinese, english + too)
    )
    return [
      language("\(long)：\(report.project)，\(what)", "\(long), \(report.project): \(what)"),
      language("\(short)：\(report.project)，\(what)", "\(short), \(report.project): \(what)"),
      language("\(short)：\(report.project)", "\(short): \(report.project)"),
    ]
  }

  private struct Report {
    typealias Words = (chinese: String, english: String)

    static let same: Words = ("有同一种错", "The same")
    let project: String
    /// What went wrong there too, and how.
    let lead: Words
    let what: Words
    var isSame: Bool { lead == Self.same }
  }

  private var report: Report? {
    switch self {
    case .stalePrefix:
      Report(
        project: "vllm PR 3263", lead: ("也拿错过 K、V", "Wrong K, V"),
        what: ("拿了另一个 LoRA 适配器的", "another LoRA's"))
    case .appendedTwice:
      Report(
        project: "mlx-swift-lm PR 457", lead: ("也存重过", "Stored twice"),
        what: ("整个提示词存了两遍", "the whole prompt"))
    case .keysOnly: nil
    case .positionNotAdvanced:
      Report(
        project: "tiny-llm PR 46", lead: ("位置也错过", "Positions went wrong"),
        what: ("第一步之后从 6 跳到 12", "from 6 to 12"))
    case .positionRestarted:
      Report(
        project: "mlx-vlm issue 1983", lead: Report.same,
        what: ("写下的每个词元都在位置 0", "each written token at 0"))
    case .maskTopLeft:
      Report(
        project: "onnxruntime issue 29020", lead: Report.same,
        what: ("查询只看见第一个键", "saw the first key only"))
    case .maskOff:
      Report(
        project: "Mikyx-1/TinyLLM issue 17", lead: Report.same,
        what: ("有缓存时 prefill 没用掩码", "prefill had no mask"))
    }
  }
}
