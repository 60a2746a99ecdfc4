internal import Base

/// The `steps` of a recording, each held against the one before and against the tokens.
struct RecordedSteps {
  private let tokens: [TraceToken]
  private let detail: [RecordedDetail]?
  /// Tokens whose rows there are.
  private let length: Int

  init(tokens: [TraceToken], length: Int, detail: [RecordedDetail]?) {
    self.tokens = tokens
    self.length = length
    self.detail = detail
  }

  /// Reads and checks the list.
  func steps(_ list: JSONField) throws(FileError) -> [Step] {
    var steps: [Step] = []
    for (index, field) in try list.elements().enumerated() {
      let detail = detail.flatMap { index < $0.count ? $0[index] : nil }
      steps.append(try step(field, after: steps.last, detail))
    }
    guard !steps.isEmpty else { throw list.mustBe(.oneStepOrMore) }
    return steps
  }

  private func step(
    _ field: JSONField, after last: Step?, _ detail: RecordedDetail?
  ) throws(FileError) -> Step {
    let number = (last?.number ?? 0) + 1
    guard try field.size("step") == number else {
      throw field.bad("step", field.value["step"]?.summary ?? "", .notation("\(number)"))
    }
    let phase = try phase(field)
    let past = last?.length ?? 0
    let length = try field.size("length")
    let most = min(self.length, tokens.count)
    guard length > past, length <= most else {
      throw field.bad("length", "\(length)", .lengths(past + 1, most))
    }
    let next = try candidates(field)
    let difference = try field.number("max_abs_difference")
    func lane(_ name: String, _ fed: Range<Int>) throws(FileError) -> LaneStep {
      let isCached = name == "cached"
      let sums = try field.optional(name).map(sums) ?? StepSums()
      try requireRows(sums, fed, in: field, name)
      let kept = isCached ? [Positions(0..<length)] : []
      return LaneStep(
        fed: fed, kept: kept, activations: nil,
        counter: isCached ? detail?.cached : detail?.uncached, recorded: sums,
        seconds: sums.seconds, cacheBytes: isCached ? sums.cacheBytes : 0, next: next,
        difference: difference.map { LaneDifference(logits: $0, rows: detail?.difference) })
    }
    return Step(
      number: number, phase: phase, length: length, fed: Array(tokens[past..<length]),
      lanes: [try lane("uncached", 0..<length), try lane("cached", past..<length)],
      chosen: length < tokens.count
        ? tokens[length] : next.first.map { TraceToken(id: $0.id, text: $0.text) })
  }

  private func phase(_ field: JSONField) throws(FileError) -> Phase {
    let name = try field.required("phase")
    guard let phase = name.value.string.flatMap(Phase.init(rawValue:)) else {
      throw name.mustBe(.oneOf([Phase.prefill.rawValue, Phase.decode.rawValue]))
    }
    return phase
  }

  private func sums(_ lane: JSONField) throws(FileError) -> StepSums {
    var sums = StepSums()
    for (name, place) in StepFields.lane + StepFields.cache {
      let parts = name.split(separator: ".").map(String.init)
      var holder: JSONField? = lane
      for part in parts.dropLast() { holder = try holder?.optional(part) }
      guard let holder, let last = parts.last else { continue }
      switch place {
      case .whole(let path): sums[keyPath: path] = try holder.optional(last)?.count()
      case .seconds: sums.seconds = try holder.finite(last)
      }
    }
    return sums
  }

  /// What was fed follows from the lengths: a recording that says otherwise is not drawn as if it did not.
  private func requireRows(
    _ sums: StepSums, _ fed: Range<Int>, in field: JSONField, _ name: String
  ) throws(FileError) {
    guard let rows = sums.rows, rows != fed.count else { return }
    throw field.bad("\(name).rows", "\(rows)", .notation("\(fed.count)"))
  }

  private func candidates(_ field: JSONField) throws(FileError) -> [Candidate] {
    guard let list = try field.optional("next") else { return [] }
    var candidates: [Candidate] = []
    for candidate in try list.elements() {
      candidates.append(
        Candidate(
          id: try candidate.required("id").count(), text: try candidate.required("text").text(),
          logit: try candidate.number("logit") ?? .nan,
          probability: try candidate.finite("probability") ?? .nan))
    }
    return candidates
  }
}

extension JSONField {
  /// A number that f32 holds; nil where there is none.
  fileprivate func number(_ key: String) throws(FileError) -> Float? {
    guard let field = try optional(key) else { return nil }
    guard let number = field.value.number, Float(number).isFinite else {
      throw field.mustBe(.finite)
    }
    return Float(number)
  }

  /// A finite number; nil where there is none.
  fileprivate func finite(_ key: String) throws(FileError) -> Double? {
    guard let field = try optional(key) else { return nil }
    guard let number = field.value.number, number.isFinite else { throw field.mustBe(.finite) }
    return number
  }
}

extension Expectation {
  fileprivate static let oneStepOrMore = Self("至少一步的列表", "a list of one step or more")
  fileprivate static let finite = Self("有限的数", "a finite number")

  /// A length that follows the one before and has tokens and rows.
  fileprivate static func lengths(_ least: Int, _ most: Int) -> Self {
    least <= most
      ? .size(least...most)
      : Self(
        "不超过 \(most)：文件里只有这么多词元的 Q、K、V",
        "at most \(most), as there are no more tokens with Q, K and V")
  }
}
