internal import Base
internal import Planner
internal import Viz

extension MemoryPage {
  /// Weights, what they leave, and what fits into that.
  var fit: [String] {
    var lines: [String] = []
    if question.hasWeights { lines.append(weights) }
    guard let memory = question.memory else {
      if let machine {
        lines.append(
          language(
            "\(machine.title)：表里没有它的显存；请给 --gpu-memory",
            "\(machine.title): the table has no memory for it; give --gpu-memory"))
      }
      return lines
    }
    let name = machine.map { $0.title + " " } ?? ""
    let part = question.utilization < 1 ? " × \(question.utilization)" : ""
    guard let free = answer.freeBytes else {
      return lines + [
        language(
          "\(name)显存 \(gigabytes(memory))\(part)，权重未知，剩多少不知道",
          "\(name)memory \(gigabytes(memory))\(part); the weights are unknown, and so is what is left"
        )
      ]
    }
    let minus =
      answer.weightBytes.map { language(" − 权重 ", " − weights ") + gigabytes($0) } ?? ""
    lines.append(
      language(
        "\(name)显存 \(gigabytes(memory))\(part)\(minus) = 剩 \(decimal(free)) 给缓存",
        "\(name)memory \(gigabytes(memory))\(part)\(minus) = \(decimal(free)) left for the cache"))
    lines += room(free)
    return lines + bar(memory)
  }

  private func room(_ free: Int) -> [String] {
    guard free > 0 else {
      return [
        language("光是权重就放不下：0 个词元，0 个请求", "the weights alone do not fit: 0 tokens, 0 requests")
      ]
    }
    var lines: [String] = []
    if let tokens = answer.tokensFit {
      let unfilled = hasWindows ? language("，窗口都未满时", ", while no window is full") : ""
      lines.append(
        language(
          "÷ \(grouped(answer.bytesPerToken)) = 放得下 \(grouped(tokens)) 个词元（所有请求加起来，不是一个请求能有多长\(unfilled)）",
          "÷ \(grouped(answer.bytesPerToken)) = room for \(grouped(tokens)) tokens (of all requests together, not how long one can be\(unfilled))"
        ))
    }
    if let requests = answer.requestsFit, let context = question.context,
      let bytes = answer.requestBytes
    {
      lines.append(
        language(
          "÷ \(grouped(bytes)) = \(grouped(requests)) 个完整的 \(grouped(context)) 词元的请求",
          "÷ \(grouped(bytes)) = \(grouped(requests)) whole requests of \(grouped(context)) tokens")
      )
    }
    if question.utilization == 1 {
      lines.append(
        language(
          "没有给激活值等留余地；--gpu-utilization 0.9 就留一成",
          "nothing is kept for activations and the rest; --gpu-utilization 0.9 keeps a tenth"))
    }
    return lines + vLLM
  }

  /// What vLLM would print.
  private var vLLM: [String] {
    guard let plan = answer.vLLM else { return [] }
    return [
      language(
        "按 vLLM 的规则（\(BlockPlan.block) 个词元一块，一次至多 \(grouped(BlockPlan.tokensInFlight)) 个词元）它至多打印（激活值和 CUDA graph 还要先扣）：",
        "by vLLM's rules (blocks of \(BlockPlan.block) tokens, \(grouped(BlockPlan.tokensInFlight)) in flight) it would print at most (activations and CUDA graphs come off first):"
      ),
      "  " + plan.sentence,
    ]
  }

  private var weights: String {
    guard let bytes = answer.weightBytes else {
      return language(
        "权重：不知道（\(unknownWeights)）；可给 --weights-dtype，或有权重的模型文件夹",
        "weights: unknown (\(unknownWeights)); give --weights-dtype, or a model's folder with its weights"
      )
    }
    let name = language("权重", "weights")
    guard let count = model.parameters else { return "\(name): \(decimal(bytes))" }
    let parameters = language(
      "\(grouped(count.parameters)) 个参数", "\(grouped(count.parameters)) parameters")
    let how: String
    if let weights = question.weightsType {
      how = " × \(weights.bytes)"
    } else if model.storedBytes != nil {
      how = language("，文件里就是这样", ", as they lie in the files")
    } else if model.quantization == .mxfp4 {
      how = language(
        "，其中 \(grouped(count.fourBit)) 个按 MXFP4 每个 4.25 位",
        ", \(grouped(count.fourBit)) of them as MXFP4 of 4.25 bits")
    } else if model.quantization == .fp8 {
      let (numbers, scales) = (grouped(count.eightBit.numbers), grouped(count.eightBit.scales))
      how = language(
        "，按公布的：其中 \(numbers) 个是 FP8，另有 \(scales) 个 4 字节的 scale；其余 2 字节",
        " as published: \(numbers) of them as FP8 with \(scales) scales of 4 bytes, the rest 2 bytes each"
      )
    } else {
      how = " × \(type == .fp32 ? 4 : 2)"
    }
    return "\(name): \(parameters)\(how) = \(decimal(bytes))"
  }

  private var unknownWeights: String {
    if case .other(let method) = model.quantization {
      return language("量化方式 \(Sanitiser.clean(method))", "quantised by \(Sanitiser.clean(method))")
    }
    return language("这一族的参数没有数", "parameters of this family are not counted here")
  }

  /// Bytes, exact and in the unit that memories are sold in, as the bar has them.
  private func decimal(_ count: Int) -> String {
    let exact = language("\(grouped(count)) 字节", "\(grouped(count)) bytes")
    return abs(count) < 1000 ? exact : "\(exact) = \(gigabytes(count))"
  }

  /// Memory to scale.
  private func bar(_ memory: Int) -> [String] {
    guard let request = answer.requestBytes,
      let weights = answer.weightBytes ?? (question.hasWeights ? nil : 0)
    else { return [] }
    var segments: [MemoryBar.Segment] = []
    if weights > 0 {
      segments.append(.init(language("权重", "weights"), Double(weights), .weights))
    }
    segments += requestSegments(request)
    let reserved = Double(memory) * (1 - question.utilization)
    let chart = MemoryBar(
      segments, capacity: Double(memory), reserved: reserved, language: language, glyphs: .full)
    return [""] + ChartText.lines(chart, columns: 78, rows: 4)
  }

  /// A piece for each request, or one for all where there are more than can be told apart.
  private func requestSegments(_ bytes: Int) -> [MemoryBar.Segment] {
    let batch = question.batch
    guard batch > 64 else {
      return (1...batch).map { .init("\($0)", Double(bytes), .request) }
    }
    let name = language("\(grouped(batch)) 个请求", "\(grouped(batch)) requests")
    return [.init(name, Double(bytes) * Double(batch), .request)]
  }

  /// What a decode step takes at least, and where the ridge is.
  var decode: [String] {
    var lines: [String] = []
    if let seconds = answer.leastStepSeconds, let bandwidth = question.bandwidth,
      let weights = answer.weightBytes, let cache = answer.cacheBytes
    {
      lines.append(
        language(
          "decode 一步至少要把权重和缓存各读一遍：(\(gigabytes(weights)) + \(gigabytes(cache))) ÷ \(rate(bandwidth, "B/s")) = \(Quantity.seconds.text(seconds, .full))",
          "a decode step reads weights and cache once at least: (\(gigabytes(weights)) + \(gigabytes(cache))) ÷ \(rate(bandwidth, "B/s")) = \(Quantity.seconds.text(seconds, .full))"
        ))
    }
    if model.hasExperts, question.bandwidth != nil {
      lines.append(
        language(
          "decode 一步读多少权重要看选中了哪些专家，这里不算",
          "how much of the weights a decode step reads depends on the experts it is routed to: not computed here"
        ))
    }
    if let ridge = answer.ridge, let bandwidth = question.bandwidth, let flops = question.flops {
      lines.append(
        language(
          "屋脊：\(rate(flops, "FLOP/s"))（稠密）÷ \(rate(bandwidth, "B/s")) = 每字节 \(NumberText.fixed(ridge, 0)) FLOP，低于它就等显存",
          "ridge: \(rate(flops, "FLOP/s")) (dense) ÷ \(rate(bandwidth, "B/s")) = \(NumberText.fixed(ridge, 0)) FLOP a byte; below it memory is waited for"
        ))
    }
    return lines
  }
}
