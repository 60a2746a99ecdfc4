extension RunPlanError {
  /// Whether the text itself cannot be run: exit code 65.
  ///
  /// Every other error is one of usage: 64.
  public var isBadData: Bool {
    switch self {
    case .textTooLong, .textBeyondMemory, .noToken, .tokenizer: true
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
    case .textBeyondMemory(let tokens, let plan, let memory):
      "the prompt or text has \(tokens) tokens, which take \(plan.english) and there are \(gigabytes(memory)) of memory "
        + "to have: shorten it, or use a smaller model"
    case .tokensBeyondMemory(let tokens, let most, let plan, let memory):
      "--tokens is \(tokens), which takes \(plan.english) and there are \(gigabytes(memory)) of memory to have: "
        + "the most is \(most)"
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
    case .textBeyondMemory(let tokens, let plan, let memory):
      "文本有 \(tokens) 个词元，要占 \(plan.chinese)，而可用的内存只有 \(gigabytes(memory))：请缩短文本或换小一些的模型"
    case .tokensBeyondMemory(let tokens, let most, let plan, let memory):
      "--tokens 是 \(tokens)，要占 \(plan.chinese)，而可用的内存只有 \(gigabytes(memory))：最大为 \(most)"
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

extension MemoryPlan {
  fileprivate var english: String {
    "\(gigabytes(total)) (weights \(gigabytes(weights)), KV caches \(gigabytes(caches)), "
      + "buffers and steps \(gigabytes(workspace)))"
  }

  fileprivate var chinese: String {
    "\(gigabytes(total))（权重 \(gigabytes(weights))，KV 缓存 \(gigabytes(caches))，"
      + "缓冲区和各步 \(gigabytes(workspace))）"
  }

  private var workspace: Int { (Bytes(buffers) + Bytes(steps) + Bytes(other)).count }
}

/// In 10⁹ bytes, one digit behind the point where the number is small.
private func gigabytes(_ bytes: Int) -> String {
  let tenths = bytes / 100_000_000
  return tenths < 100 ? "\(tenths / 10).\(tenths % 10) GB" : "\(tenths / 10) GB"
}
