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

  var text: String {
    let name = guess.title(language)
    let (shown, guessed) = (words.number(hint.shown), words.number(hint.guessed))
    let fact =
      words.isShort
      ? language(
        "不是：\(place) 是 \(shown)，那样会是 \(guessed)。", "No: \(place) is \(shown), not \(guessed). ")
      : language(
        "不是「\(name)」：\(place) 这里是 \(shown)，那样的话会是 \(guessed)。",
        "Not \(name): \(place) is \(shown) here and would be \(guessed). ")
    return hint.place == .text ? textFact + clue : fact + clue
  }

  private var textFact: String {
    language(
      "不是：第 \(hint.step) 步说的字不同。", "No: what step \(hint.step) says is another. ")
  }

  private var place: String {
    switch hint.place {
    case .cell(let layer, let position, let part):
      let part = part == .keys ? "K" : "V"
      return language(
        "第 \(hint.step) 步\(words.quoted(position))第 \(layer + 1) 层的 \(part)",
        "\(part) of \(words.quoted(position)) in layer \(layer + 1) at step \(hint.step)")
    case .logits, .text:
      return language("第 \(hint.step) 步的 logits 差", "the logits' difference at step \(hint.step)")
    }
  }

  private var clue: String {
    switch hint.clue {
    case .promptRows:
      language(
        "第 1 步还没读过缓存就错了：提示词的每一行看得见哪些键？",
        "It is wrong at step 1, before a cache was read: which keys does each row of the prompt see?"
      )
    case .owner:
      language(
        "早就算好的一列变了，没有人重算它：那里的 K、V 是谁的？",
        "A column changed that nobody computed anew: whose K and V are there?")
    case .values where words.run.parting?.cell?.part == .keys:
      language(
        "所有的旧字一下子都变了：V 读出来是什么？", "Every old token is another at once: what does V read as?")
    case .values:
      language(
        "旧字的 K 对，V 不对：V 读出来是什么？", "Old tokens have the right K and another V: what does V read as?")
    case .position:
      language(
        "新字在第 1 层就不同，那里只有字和它的位置：看它的位置。",
        "A new token differs in layer 1, which knows it and its position alone: look at its position."
      )
    case .attention:
      language(
        "新字的第 1 层没错，往后才错：按 i 看它第 1 层的行看见了哪些键，各几次。",
        "A new token is right in layer 1 and wrong above: with i see which keys its row sees there, and how often."
      )
    case nil: ""
    }
  }
}

extension Fault {
  /// A real project that shipped the like, as its thread tells it, from the longest wording to the shortest; empty where none is
  /// known.
  func shipped(_ language: Language) -> [String] {
    guard let (project, chinese, english) = report else { return [] }
    return [
      language(
        "真实项目里的同类错：\(project)，\(chinese)", "A real project shipped the like, \(project): \(english)"
      ),
      language("同类错：\(project)，\(chinese)", "The same in \(project): \(english)"),
      language("同类错：\(project)", "The same in \(project)"),
    ]
  }

  private var report: (project: String, chinese: String, english: String)? {
    switch self {
    case .stalePrefix:
      (
        "vllm PR 3263", "换了 LoRA 的请求会拿到别人的 K、V",
        "one LoRA adapter could be given another's K and V"
      )
    case .appendedTwice:
      (
        "mlx-swift-lm PR 457", "DeepSeek-V3 存了两遍，L 个词元成了 2L 个",
        "a prompt of L tokens left 2L in the cache"
      )
    case .keysOnly: nil
    case .positionNotAdvanced:
      (
        "tiny-llm PR 46", "第一步之后位置从 6 跳到了 12",
        "after the first step positions jumped from 6 to 12"
      )
    case .positionRestarted:
      (
        "mlx-vlm issue 1983", "Qwen3-Omni 写下的每个词元都在位置 0",
        "each token that Qwen3-Omni wrote got position 0"
      )
    case .maskTopLeft:
      (
        "onnxruntime issue 29020", "CUDA 上一行查询只看见第一个键",
        "on CUDA a query saw the first key alone"
      )
    case .maskOff:
      (
        "Mikyx-1/TinyLLM issue 17", "有缓存时 prefill 没用掩码",
        "with a cache, prefill had no mask"
      )
    }
  }
}
