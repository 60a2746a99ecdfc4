import Foundation
import Testing

@testable import TinyModel
internal import Trace

/// The bundled model against what `transformers` and `tokenizers` compute of it.
@Suite struct BundledModelTests {
  private struct BundledReference: Decodable {
    struct Greedy: Decodable {
      let prompt: String
      let promptIds: [Int]
      let maxNewTokens: Int
      let newIds: [Int]
      let newText: String
    }

    let sha256: [String: String]
    let greedy: [Greedy]
  }

  private let reference = Repository.fixtures + "/tiny-zh"

  @Test func sha256IsThatOfThePublishedExamples() {
    #expect(
      sha256(Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    #expect(
      sha256(Data()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func theReferenceIsOfTheModelThatIsBundled() throws {
    let digests = try decode(BundledReference.self, from: reference + "/reference.json").sha256
    #expect(Set(digests.keys) == ["config.json", "model.safetensors", "tokenizer.json"])
    for (name, digest) in digests {
      let file = Repository.bundledModel + "/" + name
      let found = sha256(try Data(contentsOf: URL(filePath: file)))
      #expect(
        found == digest,
        """
        models/tiny-zh/\(name) has changed since Tests/Fixtures/tiny-zh was made: \
        run python3 tools/fixtures/make_fixtures.py --bundled
        """)
    }
  }

  @Test func logitsAndFLOPsOfEveryLengthAreTheReference() throws {
    try expectReference(Repository.bundledModel, reference: reference)
  }

  @Test func attentionOfEveryHeadIsTheReference() throws {
    try expectAttention(Repository.bundledModel, reference: reference)
  }

  @Test func greedyContinuationsAreTheReference() throws {
    let greedy = try decode(BundledReference.self, from: reference + "/reference.json").greedy
    let loaded = try LoadedModel(folder: Repository.bundledModel)
    #expect(!greedy.isEmpty)
    for example in greedy {
      let ids = try loaded.tokenizer.encode(example.prompt)
      #expect(ids == example.promptIds)
      let steps = try loaded.runner(.prompt, ids, newTokens: example.maxNewTokens).run()
      #expect(steps.compactMap(\.chosen?.id) == example.newIds, "\(example.prompt)")
      #expect(loaded.tokenizer.decode(steps.compactMap(\.chosen?.id)) == example.newText)
      for step in steps {
        expectTextbookCounts(step, rows: step.number == 1 ? ids.count : 1, "\(example.prompt)")
      }
    }
  }
}
