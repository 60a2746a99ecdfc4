internal import Base
internal import Kernels
import Testing

@testable import TinyModel

/// A script is read whole or refused with the line that is wrong; what cannot be served is refused before it is begun.
@Suite struct RequestScriptTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func script(_ text: String) throws -> RequestScript {
    let path = folder("requests.jsonl")
    try folder.write(Array(text.utf8), to: "requests.jsonl")
    return try RequestScript(reading: path)
  }

  private func refusal(_ text: String) -> RequestScriptError? {
    #expect(throws: RequestScriptError.self) { _ = try script(text) }
    do { _ = try script(text) } catch { return error as? RequestScriptError }
    return nil
  }

  @Test func linesAreRequestsInTheirOrder() throws {
    let read = try script(
      "{\"prompt\":\"a\\nb\",\"tokens\":3}\n\n  \r\n{\"arrives\":7,\"tokens\":1,\"prompt\":\"\"}\r\n"
    )
    #expect(
      read.entries == [
        .init(line: 1, prompt: "a\nb", tokens: 3, arrives: 1),
        .init(line: 4, prompt: "", tokens: 1, arrives: 7),
      ])
  }

  @Test(arguments: [
    ("", ["no request"]), ("\n \n", ["no request"]), ("[]", [":1", "must be an object"]),
    ("{\"prompt\":\"a\",\"tokens\":1}\n{\"prompt\":\"a\"", ["line 2", "JSON"]),
    ("{\"prompt\":\"a\"}", [":1", "tokens"]), ("{\"tokens\":1}", [":1", "prompt"]),
    ("{\"prompt\":1,\"tokens\":1}", ["prompt", "string"]),
    ("{\"prompt\":\"a\",\"tokens\":0}", ["tokens", "from 1"]),
    ("{\"prompt\":\"a\",\"tokens\":1.5}", ["tokens", "1.5"]),
    ("\n{\"prompt\":\"a\",\"tokens\":\"1\"}", [":2", "tokens"]),
    ("{\"prompt\":\"a\",\"tokens\":1,\"arrives\":0}", ["arrives", "from 1"]),
    ("{\"prompt\":\"a\",\"tokens\":1,\"arrives\":1000001}", ["arrives", "1000000"]),
    ("{\"prompt\":\"a\",\"tokens\":1,\"arrives\":null}", ["arrives"]),
    ("{\"prompt\":\"a\",\"tokens\":1,\"token\":1}", ["token", "left out"]),
    ("{\"prompt\":\"a\",\"tokens\":1,\"tokens\":2}", ["line 1", "tokens"]),
    ("{\"prompt\":\"a\",\"tokens\":99999999999999999999}", ["line 1"]),
    ("{\"prompt\":\"\u{1}\",\"tokens\":1}", ["line 1"]),
  ])
  func aWrongLineIsNamed(text: String, words: [String]) throws {
    let error = try #require(refusal(text))
    for word in words {
      #expect(error.sentence(.english).contains(word), "\(error.sentence(.english))")
    }
    #expect(error.status == ExitStatus.badData.rawValue)
  }

  @Test func tooManyRequestsAreRefused() throws {
    let line = "{\"prompt\":\"a\",\"tokens\":1}\n"
    #expect(try script(String(repeating: line, count: 256)).entries.count == 256)
    let error = try #require(refusal(String(repeating: line, count: 257)))
    #expect(error == .tooMany(file: folder("requests.jsonl"), requests: 257, most: 256))
  }

  private func plan(
    _ text: String, blockSize: Int = 4, blocks: Int? = nil
  ) throws -> ServingPlan {
    let checkpoint = try Checkpoint(folder: Repository.bundledModel)
    return try ServingPlan(
      script(text), tokenizer: checkpoint.tokenizer(), shape: checkpoint.configuration,
      blockSize: blockSize, blocks: blocks, budget: 8)
  }

  @Test func aPlanHasBlocksForAllAtOnceAndRefusesWhatCannotBe() throws {
    let two = "{\"prompt\":\"床前明月光\",\"tokens\":4}\n{\"prompt\":\"床前\",\"tokens\":1}"
    // 8 tokens are fed of the first, 2 of the second.
    #expect(try plan(two).blocks == 3)
    #expect(try plan(two, blocks: 2).blocks == 2)
    let file = folder("requests.jsonl")
    #expect(
      throws: RequestScriptError.poolTooSmall(
        file: file, line: 1, needed: 2, blocks: 1, blockSize: 4)
    ) { _ = try plan(two, blocks: 1) }
    #expect(throws: RequestScriptError.noToken(file: file, line: 1)) {
      _ = try plan("{\"prompt\":\"\",\"tokens\":1}")
    }
    #expect(
      throws: RequestScriptError.tooManyTokens(
        file: file, line: 1, tokens: 1_000_000_000_000_000, most: 511, contextLength: 512)
    ) { _ = try plan("{\"prompt\":\"床前\",\"tokens\":1000000000000000}") }
    #expect(try plan("{\"prompt\":\"床前\",\"tokens\":511}").blocks == 128)
    let long = String(repeating: "床前", count: 257)
    #expect(
      throws: RequestScriptError.promptTooLong(
        file: file, line: 1, tokens: 514, contextLength: 512)
    ) { _ = try plan("{\"prompt\":\"\(long)\",\"tokens\":1}") }
  }

  @Test func aPoolBeyondMemoryIsRefusedBeforeItIsMade() throws {
    let shape = try ModelConfiguration(path: Repository.bundledModel + "/config.json")
    let weights = MemoryPlan(weightsOf: shape, as: .f32)
    for blocks in [1_000_000_000_000_000, Int.max / 2] {
      let plan = try plan("{\"prompt\":\"床前\",\"tokens\":1}", blocks: blocks)
      #expect(throws: RequestScriptError.self) {
        try plan.requireMemory(beside: weights, of: shape, threads: 2)
      }
    }
    let whole = try plan("{\"prompt\":\"床前\",\"tokens\":511}")
    try whole.requireMemory(beside: weights, of: shape, threads: 2)
    #expect(throws: RequestScriptError.self) {
      try whole.requireMemory(
        beside: weights, of: shape, threads: 2, memory: weights.total + 1000)
    }
  }
}
