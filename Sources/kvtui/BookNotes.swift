internal import Base
internal import Planner
internal import Viz

/// Where the textbook's section 22.4 rounds or slips, beside the exact numbers: for its own example, Llama-7B.
struct BookNotes {
  let answer: MemoryAnswer
  let language: Language

  /// What there is to say; nothing of another shape.
  var lines: [String] {
    guard isTheBooks else { return [] }
    return [language("教材 22.4 的数字和这里：", "the numbers of the textbook's 22.4, and these:")]
      + notes.map { "  " + $0 }
  }

  private var isTheBooks: Bool {
    let width = LayerGroup.Width.heads(32, headDimension: 128)
    return answer.question.model.groups == [LayerGroup(.full, layers: 32, width: width)]
  }

  /// What the sum gives for the book's machine.
  private func room(_ bytes: Int) -> (tokens: Int, requests: Int)? {
    var question = answer.question
    (question.hasWeights, question.memory, question.context) = (false, bytes, 4096)
    (question.cacheType, question.batch, question.utilization) = (.fp16, 1, 1)
    guard let sum = try? MemoryAnswer(question), let tokens = sum.tokensFit,
      let requests = sum.requestsFit
    else { return nil }
    return (tokens, requests)
  }

  private var notes: [String] {
    guard let decimal = room(10_000_000_000), let binary = room(10 << 30) else { return [] }
    let (tokens, more) = (DigitGroups.text(decimal.tokens), DigitGroups.text(binary.tokens))
    return [
      language(
        "“0.5 MB/token”：FP16 的 524,288 字节，正好 0.5 MiB；4,096 个词元是 2,147,483,648 字节 = 2 GiB",
        "\"0.5 MB a token\": 524,288 bytes in FP16, exactly 0.5 MiB; 4,096 tokens take 2,147,483,648 bytes = 2 GiB"
      ),
      language(
        "“14GB（全精度 FP32）”：14 GB 是 FP16（6.74e9 × 2 = 13.5 GB）；FP32 要 27 GB，A10 放不下",
        "\"14 GB (full precision FP32)\": 14 GB is FP16 (6.74e9 × 2 = 13.5 GB); FP32 takes 27 GB, more than an A10 has"
      ),
      language(
        "“10GB 约 20k、5 个请求”：10e9 字节是 \(tokens) 个词元、\(decimal.requests) 个完整请求；10 GiB 才是 \(more) 和 \(binary.requests)",
        "\"10 GB, about 20k, 5 requests\": 10e9 bytes are \(tokens) tokens and \(decimal.requests) whole requests; 10 GiB are \(more) and \(binary.requests)"
      ),
      language(
        "“最大 20k 的窗口”：这是所有请求加起来的词元数，不是一个窗口；Llama-1 只有 2,048 个位置，Llama-2 有 4,096",
        "\"a window of 20k\": that is the tokens of all requests together, not of one window; Llama-1 has 2,048 positions, Llama-2 4,096"
      ),
      language(
        "公式里的 n_heads 是 KV 头数：这里 32 个头各有自己的 K、V；Llama-3-8B 只有 8 个，每个词元 128 KiB",
        "the formula's n_heads are KV heads: here each of 32 heads has its own; Llama-3-8B has 8, and 128 KiB a token"
      ),
    ]
  }
}
