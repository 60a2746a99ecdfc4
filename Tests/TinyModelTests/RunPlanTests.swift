internal import Base
import Testing

@testable import TinyModel
internal import Trace

/// What a run may be, before anything is computed.
@Suite struct RunPlanTests {
  private func plan(
    _ start: Feeding, given: Int, newTokens: Int, contextLength: Int = 10,
    sampling: SamplingOptions = .greedy, candidates: Int = 5
  ) throws(RunPlanError) -> RunPlan {
    try RunPlan(
      start: start, ids: Array(repeating: 0, count: given), newTokens: newTokens,
      contextLength: contextLength, sampling: sampling, candidates: candidates)
  }

  @Test func aPromptOfPTokensHasNStepsOfLengthPAndOn() throws {
    let plan = try plan(.prompt, given: 4, newTokens: 3)
    #expect(plan.steps == 3)
    #expect((1...3).map(plan.length(at:)) == [4, 5, 6])
    #expect(plan.longest == 6)
  }

  @Test func aTextOfTTokensHasTPlusNStepsOfLength1AndOn() throws {
    let plan = try plan(.text, given: 4, newTokens: 3)
    #expect(plan.steps == 7)
    #expect((1...7).map(plan.length(at:)) == Array(1...7))
    #expect(plan.longest == 7)
  }

  @Test(arguments: 1...10) func theLargestNFillsEveryPosition(given: Int) throws {
    #expect(try plan(.prompt, given: given, newTokens: 11 - given).longest == 10)
    #expect(try plan(.text, given: given, newTokens: 10 - given).longest == 10)
    #expect(
      throws: RunPlanError.tooManySteps(tokens: 12 - given, most: 11 - given, contextLength: 10)
    ) {
      try plan(.prompt, given: given, newTokens: 12 - given)
    }
    #expect(
      throws: RunPlanError.tooManySteps(tokens: 11 - given, most: 10 - given, contextLength: 10)
    ) {
      try plan(.text, given: given, newTokens: 11 - given)
    }
  }

  @Test(arguments: [Feeding.prompt, .text]) func nothingToBeginWithIsRefused(
    start: Feeding
  ) {
    #expect(throws: RunPlanError.emptyText) { try plan(start, given: 0, newTokens: 1) }
  }

  @Test(arguments: [Int.min, -1, 0]) func tooFewTokensAreRefused(tokens: Int) throws {
    #expect(throws: RunPlanError.tooFewTokens(tokens: tokens, least: 1)) {
      try plan(.prompt, given: 1, newTokens: tokens)
    }
    if tokens < 0 {
      #expect(throws: RunPlanError.tooFewTokens(tokens: tokens, least: 0)) {
        try plan(.text, given: 1, newTokens: tokens)
      }
    } else {
      #expect(try plan(.text, given: 1, newTokens: tokens).steps == 1)
    }
  }

  @Test(arguments: [Feeding.prompt, .text]) func aTextBeyondThePositionsIsBadData(
    start: Feeding
  ) {
    let error = #expect(throws: RunPlanError.textTooLong(tokens: 11, contextLength: 10)) {
      try plan(start, given: 11, newTokens: 1)
    }
    #expect(error?.status == 65)
  }

  @Test func theLargestNumbersDoNotOverflow() {
    for start in [Feeding.prompt, .text] {
      let error = #expect(throws: RunPlanError.self) {
        try plan(start, given: 3, newTokens: .max, contextLength: 1 << 28)
      }
      #expect(error?.status == 64)
    }
  }

  @Test(arguments: [-1, -0.001, .nan, .infinity, -.infinity] as [Double])
  func aTemperatureThatIsNoneIsRefused(temperature: Double) {
    let error = #expect(throws: RunPlanError.self) {
      let options = SamplingOptions(temperature: temperature, topK: nil, seed: 0)
      _ = try plan(.prompt, given: 1, newTokens: 1, sampling: options)
    }
    #expect(error?.sentence(.english).contains("--temperature") == true)
  }

  @Test(arguments: [Int.min, -1, 0]) func countsBelowOneAreRefused(count: Int) {
    let options = SamplingOptions(temperature: 1, topK: count, seed: 0)
    #expect(
      throws: RunPlanError.badSampling(option: .topK, value: "\(count)", expected: .wholeFromOne)
    ) {
      _ = try plan(.prompt, given: 1, newTokens: 1, sampling: options)
    }
    #expect(
      throws: RunPlanError.badSampling(
        option: .candidates, value: "\(count)", expected: .wholeFromOne)
    ) {
      _ = try plan(.prompt, given: 1, newTokens: 1, candidates: count)
    }
  }

  @Test(arguments: [
    RunPlanError.emptyText, .noToken, .tooFewTokens(tokens: 0, least: 1),
    .tooManySteps(tokens: 13, most: 12, contextLength: 64),
    .textTooLong(tokens: 65, contextLength: 64),
    .tooManySteps(tokens: 13, most: 12, contextLength: 64, limit: .longRope),
    .textTooLong(tokens: 65, contextLength: 64, limit: .longRope),
    .badSampling(option: .topK, value: "0", expected: .wholeFromOne),
    .textBeyondMemory(tokens: 9, MemoryPlan(heldWeights: 12_345_678_901), memory: 1),
    .tokensBeyondMemory(tokens: 9, most: 3, MemoryPlan(heldWeights: .max), memory: 8_000_000_000),
    .tokenizer(
      .expressionFailed(
        file: "f", field: "pre_tokenizer.pattern.Regex", value: "(a|a)*c",
        reason: "retry-limit-in-match over")),
  ])
  func everyErrorIsOneSentenceInBothLanguages(error: RunPlanError) {
    let (english, chinese) = (error.sentence(.english), error.sentence(.chinese))
    #expect(!english.contains("\n") && !chinese.contains("\n"))
    #expect(english.unicodeScalars.allSatisfy { $0.isASCII })
    #expect(chinese.unicodeScalars.contains { !$0.isASCII })
  }

  @Test func aLengthThatLongRoPEEndsSaysWhy() throws {
    let folder = Repository.fixtures + "/llama/"
    #expect(try Checkpoint(folder: folder + "phi3").configuration.contextLimit == .positions)
    let configuration = try Checkpoint(folder: folder + "phi3-longrope").configuration
    #expect(configuration.contextLimit == .longRope)
    let error = #expect(throws: RunPlanError.self) {
      _ = try RunPlan(
        start: .prompt, ids: [1], newTokens: 1_000, contextLength: configuration.contextLength,
        limit: configuration.contextLimit)
    }
    for language in Language.allCases {
      let sentence = try #require(error).sentence(language)
      #expect(sentence.contains("LongRoPE"))
      #expect(sentence.contains("original_max_position_embeddings"))
      #expect(sentence.contains(" \(configuration.contextLength) "))
    }
  }

  @Test func tooManyStepsNameTheLargestN() {
    let error = RunPlanError.tooManySteps(tokens: 999, most: 123, contextLength: 128)
    #expect(error.sentence(.english).contains("123"))
    #expect(error.sentence(.chinese).contains("123"))
  }
}
