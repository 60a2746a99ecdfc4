import Foundation
import Testing

@testable import TinyModel
internal import Trace

/// Checkpoints of the kinds that people have, with what Hugging Face made of each.
@Suite struct ReportedTests {
  /// `expected.json`.
  private struct Expected: Decodable {
    struct Run: Decodable {
      let prompt: String
      let ids: [Int]
      let greedyNext: [Int]
      /// Id and logit of the five likeliest tokens at the first step.
      let firstStepTop5: [[Double]]
    }

    /// Text → ids.
    let ids: [String: [Int]]
    let modelRun: Run

    enum CodingKeys: String, CodingKey {
      case ids = "idsByTokenizers0.23.3"
      case modelRun
    }
  }

  private static let folder = Repository.fixtures + "/reported/"

  /// The folders whose `expected.json` has all of this, sorted; the others' tests are where their fault is.
  private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .sorted().filter { (try? expected($0)) != nil }

  private static let withWeights = names.filter { name in
    ["model.safetensors", "model.safetensors.index.json"].contains { file in
      FileManager.default.fileExists(atPath: folder + name + "/" + file)
    }
  }

  private static func expected(_ name: String) throws -> Expected {
    try decode(Expected.self, from: folder + name + "/expected.json")
  }

  @Test func theCasesAreThere() {
    #expect(
      Self.names == [
        "course-finetune-v5", "family-gemma3", "gpt2-act-gelu", "gpt2-chinese-vocabtxt",
        "gpt2-chinese-wordpiece", "gpt2-nobias", "qwen3", "shard-stale-copy-norm", "smollm2-digits",
        "tok-digits-group",
        "tok-nfkc", "tok-pad-no-resize", "tok-quicktour", "tok-truncation",
      ])
    #expect(
      Self.withWeights == [
        "family-gemma3", "gpt2-act-gelu", "gpt2-chinese-wordpiece", "gpt2-nobias", "qwen3",
        "shard-stale-copy-norm", "tok-pad-no-resize",
      ])
  }

  @Test(arguments: names)
  func textsHaveTheIdsOfTheLibrary(name: String) throws {
    let tokenizer = try Tokenizer(folder: Self.folder + name, vocabulary: nil)
    let expected = try Self.expected(name)
    #expect(!expected.ids.isEmpty)
    for (text, ids) in expected.ids { #expect(try tokenizer.encode(text) == ids, "\(text)") }
    #expect(try tokenizer.encode(expected.modelRun.prompt) == expected.modelRun.ids)
  }

  @Test(arguments: withWeights)
  func aRunChoosesTheTokensOfHuggingFace(name: String) throws {
    let run = try Self.expected(name).modelRun
    let loaded = try LoadedModel(folder: Self.folder + name)
    let steps = try loaded.runner(
      .prompt, run.ids, newTokens: run.greedyNext.count, ignoresEndOfSequence: true
    ).run()
    #expect(steps.compactMap(\.chosen?.id) == run.greedyNext)
    #expect(steps.allSatisfy { $0.maxAbsDifference == 0 && $0.maxAbsRowDifference == 0 })
    for (candidate, best) in zip(try #require(steps.first).next, run.firstStepTop5) {
      #expect(candidate.id == Int(best[0]))
      #expect(abs(Double(candidate.logit) - best[1]) < 1e-4)
    }
  }
}
