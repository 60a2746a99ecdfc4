package import Base

/// What `lab --requests --json` calls the parts of a scheduler's run.
package enum ServingFields {
  /// A step.
  package static func json(_ step: ServingStep, budget: Int) -> JSONText {
    .object([
      ("type", .string("step")), ("step", .integer(step.number)),
      ("requests", .array(step.requests.map(json))), ("scheduled", list(step.scheduled)),
      ("preempted", list(step.preempted)), ("computed", .integer(step.computed)),
      ("budget", .integer(budget)), ("flops", .integer(step.flops)), ("pool", json(step.pool)),
      ("reserved_slots", .integer(step.reservedSlots)),
    ])
  }

  /// What a request did in a step.
  private static func json(_ row: RequestStep) -> JSONText {
    .object([
      ("request", .integer(row.request)), ("state", .string(row.state.rawValue)),
      ("computed", .integer(row.computed)), ("hits", .integer(row.hits)),
      ("held", .integer(row.held)), ("blocks", list(row.blocks)),
      ("written", row.written.map(StepFields.json) ?? .null),
      ("finished", .boolean(row.isFinished)), ("flops", .integer(row.flops)),
    ])
  }

  private static func json(_ pool: PoolUsage) -> JSONText {
    .object([
      ("blocks", .integer(pool.blocks)), ("block_size", .integer(pool.blockSize)),
      ("used", .integer(pool.used)), ("cached", .integer(pool.cached)),
      ("free", .integer(pool.free)), ("shared", .integer(pool.shared)),
      ("references", .integer(pool.references)), ("used_slots", .integer(pool.usedSlots)),
      ("filled_slots", .integer(pool.filledSlots)), ("wasted_slots", .integer(pool.wastedSlots)),
      ("used_bytes", .integer(pool.usedBytes)), ("cached_blocks", list(pool.cachedBlocks)),
      ("evictions", .integer(pool.evictions)),
    ])
  }

  /// A request that has finished.
  package static func json(_ served: ServedRequest) -> JSONText {
    .object([
      ("type", .string("request")), ("request", .integer(served.request)),
      ("prompt_tokens", .integer(served.promptTokens)),
      ("tokens", .array(served.tokens.map(StepFields.json))), ("text", .string(served.text)),
      ("ended", .boolean(served.isEnded)), ("arrives", .integer(served.arrives)),
      ("began", .integer(served.began)), ("first_token", .integer(served.firstToken)),
      ("finished", .integer(served.finished)), ("computed_tokens", .integer(served.computed)),
      ("hit_tokens", .integer(served.hits)), ("preemptions", .integer(served.preemptions)),
      ("flops", .integer(served.flops)), ("flops_alone", .integer(served.flopsAlone)),
      ("max_abs_difference", .float(served.difference)),
    ])
  }

  /// All steps.
  package static func total(_ trace: ServingTrace) -> JSONText {
    let waste = trace.waste
    return .object([
      ("type", .string("total")), ("policy", .string("paged:\(trace.blockSize)")),
      ("blocks", .integer(trace.blocks)), ("budget", .integer(trace.budget)),
      ("positions", .integer(trace.positions)),
      ("sharing", .boolean(trace.shares)), ("batching", .string(trace.batching.rawValue)),
      ("requests", .integer(trace.requests)), ("steps", .integer(trace.steps.count)),
      ("computed_tokens", .integer(trace.computed)), ("hit_tokens", .integer(trace.hits)),
      ("preemptions", .integer(trace.preemptions)), ("evictions", .integer(trace.evictions)),
      ("most_used_blocks", .integer(trace.mostUsed)),
      ("most_running", .integer(trace.mostRunning)), ("flops", .integer(trace.flops)),
      ("flops_alone", .integer(trace.flopsAlone)),
      (
        "waste",
        .object([
          ("used_slots", .integer(waste.usedSlots)), ("wasted_slots", .integer(waste.wastedSlots)),
          ("reserved_slots", .integer(waste.reservedSlots)),
          ("reserved_waste", .integer(waste.reservedWaste)),
        ])
      ), ("max_abs_difference", .float(trace.difference)),
    ])
  }

  private static func list(_ numbers: [Int]) -> JSONText {
    .array(numbers.map(JSONText.integer))
  }
}
