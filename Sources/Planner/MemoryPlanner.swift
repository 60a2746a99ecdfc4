package import Base

/// What is asked of the planner.
package struct MemoryQuestion: Sendable {
  /// What keeps K and V.
  package var model: PlannedModel
  /// Whether the model has weights: not where only a shape was typed.
  package var hasWeights = true
  /// Tokens of a request.
  package var context: Int?
  /// Requests at once.
  package var batch = 1
  /// What K and V are held as.
  package var cacheType = Precision.fp16
  /// What the weights are held as; nil for as they are published.
  package var weightsType: Precision?
  /// Bytes of the machine's memory.
  package var memory: Int?
  /// Bytes a second.
  package var bandwidth: Int?
  /// FLOP a second.
  package var flops: Int?
  /// The part of the memory that may be used.
  package var utilization = 1.0

  package init(_ model: PlannedModel) { self.model = model }
}

/// What the planner answers: arithmetic on a shape, no run of a model.
package struct MemoryAnswer: Sendable {
  /// What was asked.
  package let question: MemoryQuestion
  /// Bytes that a token of one request adds while no window is full.
  package let bytesPerToken: Int
  /// What each group of layers takes.
  package let groups: [GroupSum]
  /// Bytes of one request; nil without a context.
  package let requestBytes: Int?
  /// Bytes of all requests; nil without a context.
  package let cacheBytes: Int?
  /// Bytes of the weights; nil where there are none, or where that is not known.
  package let weightBytes: Int?
  /// Bytes that are left for the cache; below 0 where the weights alone do not fit.
  package let freeBytes: Int?
  /// Tokens that fit into them while no window is full.
  package let tokensFit: Int?
  /// Whole requests that fit into them.
  package let requestsFit: Int?
  /// What vLLM would say of them.
  package let vLLM: BlockPlan?

  /// What a group of layers takes.
  package struct GroupSum: Sendable {
    /// The layers.
    package let group: LayerGroup
    /// Bytes that a token adds while no window is full.
    package let bytesPerToken: Int
    /// Bytes of all requests; nil without a context.
    package let cacheBytes: Int?
  }

  /// Adds up.
  ///
  /// - Throws: that a sum is beyond 2^63.
  package init(_ question: MemoryQuestion) throws(PlannerError) {
    let (model, type, batch) = (question.model, question.cacheType, question.batch)
    self.question = question
    var sums: [GroupSum] = []
    for group in model.groups {
      let bytes = question.context.map { group.bytes(tokens: $0, type) * batch }
      sums.append(
        GroupSum(
          group: group, bytesPerToken: try group.bytesPerToken(type).finite(),
          cacheBytes: try bytes.map { sum throws(PlannerError) in try sum.finite() }))
    }
    groups = sums
    let perToken = try sums.reduce(Bytes(0)) { $0 + Bytes($1.bytesPerToken) }.finite()
    bytesPerToken = perToken
    let request = question.context.map { context in
      model.groups.reduce(Bytes(0)) { $0 + $1.bytes(tokens: context, type) }
    }
    let requestBytes = try request.map { sum throws(PlannerError) in try sum.finite() }
    self.requestBytes = requestBytes
    cacheBytes = try request.map { sum throws(PlannerError) in try (sum * batch).finite() }
    weightBytes =
      question.hasWeights ? model.weightBytes(as: question.weightsType, cache: type) : nil
    let weights = question.hasWeights ? weightBytes : 0
    let usable = question.memory.map { Self.usable($0, question.utilization) }
    let free: Int? = if let usable, let weights { usable - weights } else { nil }
    freeBytes = free
    let room = free.map { max(0, $0) }
    tokensFit = if let room, perToken > 0 { room / perToken } else { nil }
    requestsFit =
      if let room, let requestBytes, requestBytes > 0 { room / requestBytes } else { nil }
    vLLM =
      if let room, let context = question.context {
        BlockPlan(model.groups, context: context, free: room, type)
      } else { nil }
  }

  /// The part of a memory that may be used, in whole bytes.
  private static func usable(_ memory: Int, _ utilization: Double) -> Int {
    guard utilization < 1 else { return memory }
    return Int(exactly: (Double(memory) * utilization).rounded(.down)) ?? memory
  }
}

extension MemoryAnswer {
  /// The least seconds that a decode step of all requests takes: weights and cache, read once.
  ///
  /// nil too where experts are left unread, and where memory does not hold what is to be read.
  package var leastStepSeconds: Double? {
    guard let bandwidth = question.bandwidth, let weightBytes, let cacheBytes,
      !question.model.hasExperts, freeBytes.map({ $0 >= cacheBytes }) ?? true
    else { return nil }
    return (Double(weightBytes) + Double(cacheBytes)) / Double(bandwidth)
  }

  /// FLOP for each byte from which on arithmetic is what limits.
  package var ridge: Double? {
    guard let bandwidth = question.bandwidth, let flops = question.flops else { return nil }
    return Double(flops) / Double(bandwidth)
  }

  /// The line of `memory --json`.
  package var json: JSONText {
    func number(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }
    return .object([
      ("type", .string("memory")), ("bytes_per_token", .integer(bytesPerToken)),
      ("cache_bytes", number(cacheBytes)), ("weights_bytes", number(weightBytes)),
      ("gpu_bytes", number(question.memory)), ("free_bytes", number(freeBytes)),
      ("tokens_fit", number(tokensFit)), ("requests_fit", number(requestsFit)),
      (
        "groups",
        .array(
          groups.map { sum in
            .object([
              ("kind", .string(sum.group.kind.name)), ("layers", .integer(sum.group.layers)),
              ("bytes_per_token", .integer(sum.bytesPerToken)),
              ("cache_bytes", number(sum.cacheBytes)),
            ])
          })
      ),
      ("vllm", vLLM.map { .string($0.sentence) } ?? .null),
    ])
  }
}

extension Bytes {
  /// The count, if it is one.
  fileprivate func finite() throws(PlannerError) -> Int {
    guard count < .max else { throw .beyond(what: "--context, --batch") }
    return count
  }
}
