extension RunPlanError {
  /// Whether the text itself cannot be run: exit code 65.
  ///
  /// Every other error is one of usage: 64.
  public var isBadData: Bool {
    switch self {
    case .textTooLong, .noToken, .tokenizer: true
    default: false
    }
  }

  /// What is wrong and what to do, in one sentence.
  public func message(chinese: Bool) -> String {
    chinese ? chineseMessage : englishMessage
  }

  private var englishMessage: String {
    switch self {
    case .emptyText:
      "there is no token to begin with: give at least one character"
    case .noToken:
      "the model's tokenizer has no token for any character of the text: give another text or model"
    case .tokenizer(let error): error.message(chinese: false)
    case .tooFewTokens(let tokens, let least):
      "--tokens is \(tokens): the least is \(least)"
    case .tooManySteps(let tokens, let most, let positions):
      "--tokens is \(tokens), and the model has \(positions) positions: the most is \(most)"
        + ", or shorten the prompt or text"
    case .textTooLong(let tokens, let positions):
      "the prompt or text has \(tokens) tokens, and the model has \(positions) positions: shorten it"
    case .badSampling(let option, let value, let expected):
      "\(option.name) is \(value): give \(expected.english)"
    }
  }

  private var chineseMessage: String {
    switch self {
    case .emptyText:
      "没有可以开始的词元：请给出至少一个字"
    case .noToken:
      "模型的分词器对文本里的每个字都没有词元：请换一段文本或换一个模型"
    case .tokenizer(let error): error.message(chinese: true)
    case .tooFewTokens(let tokens, let least):
      "--tokens 是 \(tokens)：最小为 \(least)"
    case .tooManySteps(let tokens, let most, let positions):
      "--tokens 是 \(tokens)，而模型只有 \(positions) 个位置：最大为 \(most)，或缩短文本"
    case .textTooLong(let tokens, let positions):
      "文本有 \(tokens) 个词元，而模型只有 \(positions) 个位置：请缩短文本"
    case .badSampling(let option, let value, let expected):
      "\(option.name) 是 \(value)：请给出\(expected.chinese)"
    }
  }
}

extension RunPlanError.SamplingOption {
  fileprivate var name: String {
    switch self {
    case .temperature: "--temperature"
    case .topK: "--top-k"
    case .candidates: "--top"
    }
  }
}

extension RunPlanError.Expectation {
  fileprivate var english: String {
    switch self {
    case .finiteFromZero: "a finite number, 0 or more"
    case .wholeFromOne: "a whole number, 1 or more"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .finiteFromZero: "不小于 0 的有限数"
    case .wholeFromOne: "不小于 1 的整数"
    }
  }
}
