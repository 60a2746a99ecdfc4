internal import Base
internal import Planner
internal import Viz

/// What `memory` prints for people: the sum written out factor by factor, and what follows from it; all of it is computed.
struct MemoryPage {
  let answer: MemoryAnswer
  /// The machine of the table, where one was named.
  let machine: PlannedMachine?
  let language: Language

  var question: MemoryQuestion { answer.question }
  var model: PlannedModel { answer.question.model }
  var type: Precision { question.cacheType }

  /// The page.
  var text: String {
    let parts = [
      head, cache, fit, decode, factors, BookNotes(answer: answer, language: language).lines,
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
      .joined(separator: "\n")
  }

  private var head: [String] {
    let name =
      model.title.isEmpty ? language("给出的形状", "the given shape") : Sanitiser.clean(model.title)
    var lines = [
      language(
        "\(name)：全是按形状算出来的，没有运行模型", "\(name): all computed from the shape, no model is run")
    ]
    if model.isPart {
      lines.append(
        language(
          "只算其中的语言模型；权重还有别的部分，数目未知",
          "its language model only; its other parts' weights are not counted"))
    }
    if let context = question.context, let most = model.contextLength, context > most {
      lines.append(
        language(
          "注意：这个模型是为至多 \(grouped(most)) 个词元做的，\(grouped(context)) 超过了它",
          "note: the model was made for at most \(grouped(most)) tokens, and \(grouped(context)) are beyond"
        ))
    }
    return lines
  }

  // MARK: The cache

  private var cache: [String] {
    let unfilled = hasWindows ? language("，窗口未满时", ", while no window is full") : ""
    var lines = [
      language(
        "KV 缓存，每个词元（\(type.rawValue)\(unfilled)）：",
        "KV cache, a token (\(type.rawValue)\(unfilled)):")
    ]
    lines += answer.groups.map { "  " + sum($0) }
    if answer.groups.count > 1 {
      lines.append("  = " + bytes(answer.bytesPerToken))
    }
    guard let request = answer.requestBytes, let all = answer.cacheBytes,
      let context = question.context
    else {
      lines.append(language("给出 --context 就能算一个请求要多少", "give --context for what a request takes"))
      return lines
    }
    lines.append(
      language("一个请求，\(grouped(context)) 个词元：", "a request of \(grouped(context)) tokens:"))
    let held = answer.groups.filter { $0.group.kind != .shared }
    lines += held.map { "  " + self.held($0, context) }
    if held.count > 1 { lines.append("  = " + bytes(request)) }
    if question.batch > 1 {
      lines.append(
        language("× \(grouped(question.batch)) 个请求 = ", "× \(grouped(question.batch)) requests = ")
          + bytes(all))
    }
    return lines
  }

  /// Whether some layers stop growing once their window is full.
  var hasWindows: Bool {
    model.groups.contains { if case .window = $0.kind { true } else { false } }
  }

  /// The factors of a group of layers.
  private func sum(_ sum: MemoryAnswer.GroupSum) -> String {
    let group = sum.group
    let layers = language("\(group.layers) 层", "\(group.layers) layers")
    let start = "\(kind(group)): \(layers)"
    switch (group.kind, group.width) {
    case (.shared, _):
      return start + language("读前面几层的 K、V = 0", " read the K and V of earlier ones = 0")
    case (.state, _):
      return start + language("的状态不随长度增长 = 0", ", a state that does not grow = 0")
    case (_, .heads(let heads, let width)):
      return start
        + language(
          " × 2（K 和 V）× \(heads) 个 KV 头 × \(width) 维 × \(type.bytes) 字节 = ",
          " × 2 (K and V) × \(heads) KV heads × \(width) wide × \(type.bytes) bytes = ")
        + bytes(sum.bytesPerToken)
    case (_, .latent(let rank, let rotary)):
      return start
        + language(
          " ×（潜向量 \(rank) + 旋转部分 \(rotary)）× \(type.bytes) 字节 = ",
          " × (\(rank) latent + \(rotary) rotary) × \(type.bytes) bytes = ")
        + bytes(sum.bytesPerToken)
    case (_, .none): return start
    }
  }

  private func kind(_ group: LayerGroup) -> String {
    switch group.kind {
    case .full: language("全部保留", "full")
    case .window(let window): language("窗口 \(grouped(window))", "window \(grouped(window))")
    case .latent: language("潜向量", "latent")
    case .shared: language("共用", "shared")
    case .state: language("固定状态", "state")
    }
  }

  /// What a group holds of a request.
  private func held(_ sum: MemoryAnswer.GroupSum, _ context: Int) -> String {
    let name = kind(sum.group) + ": "
    let all = bytes((sum.cacheBytes ?? 0) / question.batch)
    if case .state = sum.group.kind {
      return name + language("不论多长 ", "whatever the length ") + all
    }
    let tokens = sum.group.held(of: context)
    return name + language("\(grouped(tokens)) 个词元", "\(grouped(tokens)) tokens")
      + " × \(grouped(sum.bytesPerToken)) = \(all)"
  }

  // MARK: Factors

  /// Which factor of the product which technique cuts.
  private var factors: [String] {
    [
      language("乘积里的每个因子，各有办法去砍：", "each factor of the product, and what cuts it:"),
      language(
        "  2          MLA：K、V 合成一个潜向量", "  2         MLA: one latent vector in place of K and V"),
      language(
        "  层数       跨层共用 K、V；大部分层换成线性注意力",
        "  layers    layers that share K and V; linear attention in most of them"),
      language(
        "  KV 头数    GQA、MQA（书里的 n_heads 指的是它）",
        "  KV heads  GQA, MQA (the textbook's n_heads are these)"),
      language(
        "  词元数     滑动窗口；StreamingLLM、H2O 丢掉旧的",
        "  tokens    sliding windows; StreamingLLM and H2O evict"),
      language("  字节数     INT8、FP8、KIVI 量化", "  bytes     INT8, FP8, KIVI"),
      language(
        "  请求数     相同的前缀共用；PagedAttention 不砍，只是不浪费",
        "  requests  shared prefixes; PagedAttention cuts nothing, it ends waste"),
    ]
  }

  // MARK: Numbers

  func rate(_ value: Int, _ unit: String) -> String {
    Quantity.of(unit).text(Double(value), .full)
  }

  func gigabytes(_ count: Int) -> String { Quantity.bytes.text(Double(count), .full) }

  /// Bytes, exact and readable.
  func bytes(_ count: Int) -> String {
    let exact = language("\(grouped(count)) 字节", "\(grouped(count)) bytes")
    guard abs(count) >= 1024 else { return exact }
    return "\(exact) = \(Quantity.binaryBytes.text(Double(count), .full))"
  }

  func grouped(_ number: Int) -> String { DigitGroups.text(number) }
}
