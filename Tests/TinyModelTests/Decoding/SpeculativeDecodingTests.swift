internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// A draft that is verified: each pass against Hugging Face's assisted generation, the text against greedy generation.
@Suite struct SpeculativeDecodingTests {
  private struct Fixture: Decodable {
    struct Text: Decodable {
      let model: String
      let prompt: String
      let newIds: [Int]
    }

    struct Pass: Decodable, Equatable {
      let drafted: [Int]
      let accepted: Int
    }

    struct Run: Decodable {
      let model: String
      let draft: String
      let prompt: String
      let drafts: Int
      let newIds: [Int]
      let passes: [Pass]
    }

    let tokens: Int
    let texts: [Text]
    let runs: [Run]
  }

  private let fixture: Fixture
  private var models: [String: LoadedModel] = [:]

  init() throws {
    fixture = try decode(
      Fixture.self, from: Repository.fixtures + "/decoding/speculation.json")
    for name in ["tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa"] {
      models[name] = try LoadedModel(folder: Repository.root + "/models/" + name)
    }
  }

  private func run(
    _ name: String, _ draftName: String, _ prompt: String, drafts: Int, tokens: Int,
    ignoresEnd: Bool
  ) throws -> (run: SpeculativeTrace, plain: PlainDecoding) {
    let (loaded, draft) = (try #require(models[name]), try #require(models[draftName]))
    let plan = try RunPlan(
      start: .prompt, ids: loaded.tokenizer.encode(prompt), newTokens: tokens,
      contextLength: loaded.model.configuration.contextLength, ignoresEndOfSequence: ignoresEnd)
    let run = SpeculativeDecoding(
      model: loaded.model, draft: draft.model, plan: plan, drafts: drafts)
    while let pass = try run.computeNextPass() {
      #expect(pass.rows == pass.drafted.count + 1 && pass.drafted.count <= drafts)
      #expect(pass.accepted <= pass.drafted.count && !pass.written.isEmpty)
      #expect(pass.written.starts(with: pass.drafted.prefix(pass.accepted)))
    }
    #expect(try run.computeNextPass() == nil)
    return (run.trace, try PlainDecoding(loaded.model, plan: plan))
  }

  @Test func eachPassIsThatOfHuggingFace() throws {
    #expect(fixture.runs.count == 60)
    for row in fixture.runs {
      let (run, plain) = try run(
        row.model, row.draft, row.prompt, drafts: row.drafts, tokens: fixture.tokens,
        ignoresEnd: true)
      let place = "\(row.model), \(row.draft), \(row.prompt), \(row.drafts)"
      #expect(run.written == row.newIds && plain.written == row.newIds, "\(place)")
      let passes = run.passes.map { Fixture.Pass(drafted: $0.drafted, accepted: $0.accepted) }
      #expect(passes == row.passes, "\(place)")
      let (accepted, drafted) = passes.reduce((0, 0)) {
        ($0.0 + $1.accepted, $0.1 + $1.drafted.count)
      }
      #expect(run.acceptance == Double(accepted) / Double(drafted), "\(place)")
    }
  }

  private struct Verification: Decodable {
    let model: String
    let draft: String
    let prompt: String
    let drafts: Int
    let tokens: Int
    let pass: Int
    let text: [Int]
    let drafted: [Int]
    let chosen: [Int]
    let probabilities: [Double]
    /// `[layers][heads][rows][length]`.
    let weights: [[[[Float]]]]
  }

  @Test func whatAVerifyingPassSeesIsWhatHuggingFaceSees() throws {
    let expected = try decode(
      Verification.self, from: Repository.fixtures + "/decoding/verification.json")
    let (own, draft) = (try #require(models[expected.model]), try #require(models[expected.draft]))
    let plan = try RunPlan(
      start: .prompt, ids: own.tokenizer.encode(expected.prompt), newTokens: expected.tokens,
      contextLength: own.model.configuration.contextLength, ignoresEndOfSequence: true)
    let run = SpeculativeDecoding(
      model: own.model, draft: draft.model, plan: plan, drafts: expected.drafts,
      recordsWeights: true)
    while try run.computeNextPass() != nil {}
    let pass = run.trace.passes[expected.pass - 1]
    #expect(Array(run.trace.text[..<pass.length]) == expected.text)
    #expect(pass.drafted == expected.drafted && pass.chosen == expected.chosen)
    for (value, other) in zip(pass.probabilities, expected.probabilities) {
      #expect(abs(value - other) < 1e-5)
    }
    let weights = try #require(pass.weights)
    #expect(weights.rows == pass.rows && weights.length == pass.length + pass.drafted.count)
    for (layer, heads) in expected.weights.enumerated() {
      for (head, rows) in heads.enumerated() {
        for (index, row) in rows.enumerated() {
          let seen = weights.row(index, layer: layer, head: head)
          #expect(seen.count == row.count)
          let gap = zip(seen, row).map { abs($0 - $1) }.max() ?? .nan
          #expect(gap < 1e-5, "layer \(layer), head \(head), row \(index)")
        }
      }
    }
  }

  /// What is recorded changes nothing, and is what is there of every layer, head and row: each row's weights are 1 in all.
  @Test func recordingChangesNothing() throws {
    let (own, draft) = (try #require(models["tiny-zh-gqa"]), try #require(models["tiny-zh"]))
    let plan = try RunPlan(
      start: .prompt, ids: own.tokenizer.encode("中华"), newTokens: 16, contextLength: 512)
    func passes(_ records: Bool) throws -> [SpeculativePass] {
      let run = SpeculativeDecoding(
        model: own.model, draft: draft.model, plan: plan, drafts: 14, recordsWeights: records)
      while try run.computeNextPass() != nil {}
      return run.trace.passes
    }
    let (plain, recorded) = (try passes(false), try passes(true))
    #expect(plain.map(\.chosen) == recorded.map(\.chosen))
    #expect(plain.map(\.probabilities) == recorded.map(\.probabilities))
    #expect(plain.allSatisfy { $0.weights == nil })
    // Of a block of attention there are fewer rows than these.
    #expect(recorded.contains { $0.rows > 24 / (own.model.configuration.heads) })
    for pass in recorded {
      let weights = try #require(pass.weights)
      for layer in 0..<own.model.configuration.layers {
        for head in 0..<own.model.configuration.heads {
          for row in 0..<pass.rows {
            let seen = Array(weights.row(row, layer: layer, head: head))
            #expect(abs(seen.reduce(0, +) - 1) < 1e-4)
            #expect(seen.dropFirst(pass.length + row).allSatisfy { $0 == 0 })
          }
        }
      }
    }
  }

  @Test(arguments: 1...7) func theTextIsTheGreedyText(drafts: Int) throws {
    #expect(Set(fixture.texts.map(\.prompt)).count == 50)
    for (index, row) in fixture.texts.enumerated() {
      let names = models.keys.sorted()
      let draft = names[(index + drafts) % names.count]
      let (run, plain) = try run(
        row.model, draft, row.prompt, drafts: drafts, tokens: fixture.tokens, ignoresEnd: false)
      #expect(run.written == row.newIds, "\(row.model), \(draft), \(row.prompt)")
      #expect(plain.written == row.newIds, "\(row.model), \(row.prompt)")
      let ends = try #require(models[row.model]).model.configuration.endOfSequence
      #expect(run.written.dropLast().allSatisfy { !ends.contains($0) })
    }
  }

  /// facts.md, section 2, with the logits of every row that is verified.
  @Test func floatingPointOperationsAreTheClosedForm() throws {
    let (run, plain) = try run(
      "tiny-zh", "tiny-zh", "春天来了", drafts: 3, tokens: 12, ignoresEnd: true)
    let shape = try #require(models["tiny-zh"]).model.configuration
    func flops(_ rows: Int, past: Int, logits: Int) -> Int { shape.flops(rows, past, logits) }
    #expect(run.prefillFLOPs == flops(4, past: 0, logits: 1))
    var held = 0
    for pass in run.passes {
      #expect(pass.modelFLOPs == flops(pass.rows, past: pass.length - 1, logits: pass.rows))
      // The draft reads what is new to it, and then writes a token a pass.
      var expected = 0
      for step in pass.drafted.indices {
        let rows = step == 0 ? pass.length - held : 1
        let past = step == 0 ? held : pass.length + step - 1
        expected += flops(rows, past: past, logits: 1)
      }
      #expect(pass.draftFLOPs == expected)
      if !pass.drafted.isEmpty {
        held = min(pass.length + pass.drafted.count - 1, pass.length + pass.written.count - 1)
      }
      #expect(pass.truncated == pass.drafted.count - pass.accepted)
    }
    #expect(run.flops == run.passes.reduce(run.prefillFLOPs) { $0 + $1.flops })
    #expect(
      plain.flops
        == (4..<15).reduce(flops(4, past: 0, logits: 1)) { $0 + flops(1, past: $1, logits: 1) })
    // The model drafts for itself: all is accepted.
    #expect(run.acceptance == 1 && plain.passes == 12)
  }

  @Test(arguments: [1, 2, 3]) func aFewTokens(tokens: Int) throws {
    let (run, plain) = try run(
      "tiny-zh", "tiny-zh-mqa", "中", drafts: .max, tokens: tokens, ignoresEnd: true)
    #expect(run.written == plain.written && run.written.count == tokens)
    #expect(run.passes.map(\.drafted.count) == [[], [0], [1]][tokens - 1] || tokens == 3)
    #expect((run.acceptance == nil) == (tokens < 3))
  }

  @Test func whatCannotDraftIsRefused() throws {
    let own = try #require(models["tiny-zh"])
    let other = try LoadedModel(folder: Repository.fixtures + "/reported/qwen3")
    func names(_ loaded: LoadedModel) -> (name: String, ModelConfiguration, Tokenizer) {
      (loaded.model.name, loaded.model.configuration, loaded.tokenizer)
    }
    #expect(throws: SpeculationError.otherTokens(model: "tiny-zh", draft: "qwen3")) {
      try SpeculativeDecoding.requireSameTokens(names(own), names(other))
    }
    try SpeculativeDecoding.requireSameTokens(
      names(own), names(try #require(models["tiny-zh-mqa"])))
    // As many ids, other tokens.
    var shuffled = names(own)
    shuffled.2 = other.tokenizer
    #expect(throws: SpeculationError.self) {
      try SpeculativeDecoding.requireSameTokens(names(own), shuffled)
    }
    let plan = try RunPlan(start: .prompt, ids: [1, 2], newTokens: 200, contextLength: 512)
    #expect(throws: SpeculationError.fewPositions(draft: "qwen3", positions: 128, needed: 201)) {
      try SpeculativeDecoding.requirePositions(
        for: plan, ("qwen3", other.model.configuration))
    }
  }
}

extension ModelConfiguration {
  /// FLOP of rows over cached tokens with the logits of some rows: facts.md, section 2.
  func flops(_ rows: Int, _ past: Int, _ logits: Int) -> Int {
    let projection = 2 * rows * modelDimension * (2 * queryWidth + 2 * keyWidth)
    let attention = 4 * rows * (past + rows) * queryWidth
    let mlp = (isGated ? 6 : 4) * rows * modelDimension * feedForwardDimension
    return layers * (projection + attention + mlp) + logits * 2 * modelDimension * vocabulary
  }
}
