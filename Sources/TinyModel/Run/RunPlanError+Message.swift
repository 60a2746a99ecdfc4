public import Base

extension RunPlanError: Explained {
  /// 65 where the text itself cannot be run, else 64.
  public var status: Int32 {
    switch self {
    case .textTooLong, .textBeyondMemory, .noToken, .tokenizer: ExitStatus.badData.rawValue
    default: ExitStatus.usage.rawValue
    }
  }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .emptyText:
      language(
        "没有可以开始的词元：请给出至少一个字",
        "there is no token to begin with: give at least one character")
    case .noToken:
      language(
        "模型的分词器对文本里的每个字都没有词元：请换一段文本或换一个模型",
        "the model's tokenizer has no token for any character of the text: give another text or model"
      )
    case .tokenizer(let error): error.message(language)
    case .tooFewTokens(let tokens, let least):
      language(
        "--tokens 是 \(tokens)：最小为 \(least)",
        "--tokens is \(tokens): the least is \(least)")
    case .tooManySteps(let tokens, let most, let positions, let limit):
      language(
        "--tokens 是 \(tokens)，而\(limit.wording(positions, language))：最大为 \(most)，或缩短文本",
        "--tokens is \(tokens), and \(limit.wording(positions, language)): the most is \(most)"
          + ", or shorten the prompt or text")
    case .textTooLong(let tokens, let positions, let limit):
      language(
        "文本有 \(tokens) 个词元，而\(limit.wording(positions, language))：请缩短文本",
        "the prompt or text has \(tokens) tokens, and \(limit.wording(positions, language)): shorten it"
      )
    case .textBeyondMemory(let tokens, let plan, let memory):
      language(
        "文本有 \(tokens) 个词元，要占 \(plan.wording(language))，而可用的内存只有 \(gigabytes(memory))：请缩短文本或换小一些的模型",
        "the prompt or text has \(tokens) tokens, which take \(plan.wording(language)) and there are "
          + "\(gigabytes(memory)) of memory to have: shorten it, or use a smaller model")
    case .tokensBeyondMemory(let tokens, let most, let plan, let memory):
      language(
        "--tokens 是 \(tokens)，要占 \(plan.wording(language))，而可用的内存只有 \(gigabytes(memory))：最大为 \(most)",
        "--tokens is \(tokens), which takes \(plan.wording(language)) and there are \(gigabytes(memory)) "
          + "of memory to have: the most is \(most)")
    case .badSampling(let option, let value, let expected):
      language(
        "\(option.name) 是 \(value)：请给出\(expected.wording(language))",
        "\(option.name) is \(value): give \(expected.wording(language))")
    }
  }
}

extension ContextLimit {
  fileprivate func wording(_ positions: Int, _ language: Language) -> String {
    switch self {
    case .positions:
      language("模型只有 \(positions) 个位置", "the model has \(positions) positions")
    case .longRope:
      language(
        "这个模型的运行到 \(positions) 个位置为止（original_max_position_embeddings），"
          + "再长，LongRoPE 会把所有的键重新转一次，缓存里的键就不对了",
        "a run of this model ends at \(positions) positions (original_max_position_embeddings), "
          + "since beyond them LongRoPE turns all keys anew, and those in the cache would be wrong")
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
  fileprivate func wording(_ language: Language) -> String {
    switch self {
    case .finiteFromZero: language("不小于 0 的有限数", "a finite number, 0 or more")
    case .wholeFromOne: language("不小于 1 的整数", "a whole number, 1 or more")
    }
  }
}

extension MemoryPlan {
  fileprivate func wording(_ language: Language) -> String {
    language(
      "\(gigabytes(total))（权重 \(gigabytes(weights))，KV 缓存 \(gigabytes(caches))，"
        + "缓冲区和各步 \(gigabytes(workspace))）",
      "\(gigabytes(total)) (weights \(gigabytes(weights)), KV caches \(gigabytes(caches)), "
        + "buffers and steps \(gigabytes(workspace)))")
  }

  private var workspace: Int { (Bytes(buffers) + Bytes(steps) + Bytes(other)).count }
}

/// In 10⁹ bytes, one digit behind the point where the number is small.
private func gigabytes(_ bytes: Int) -> String {
  let tenths = bytes / 100_000_000
  return tenths < 100 ? "\(tenths / 10).\(tenths % 10) GB" : "\(tenths / 10) GB"
}
