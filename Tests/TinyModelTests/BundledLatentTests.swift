import Foundation
import Testing

@testable import TinyModel
internal import Trace

/// The bundled model with latent attention against what `transformers` computes of it, in both orders.
@Suite struct BundledLatentTests {
  private struct Text: Decodable {
    let prompt: String
    let promptIds: [Int]
    /// The largest logits at each length: id and logit.
    let leading: [[[Double]]]
    let newIds: [Int]
    let newText: String
  }

  private struct File: Decodable {
    let sha256: [String: String]
    let texts: [Text]
  }

  private let folder = Repository.root + "/models/tiny-zh-mla"

  private func reference() throws -> File {
    try decode(File.self, from: Repository.fixtures + "/deepseek-bundled.json")
  }

  @Test func theReferenceIsOfTheModelThatIsBundled() throws {
    let digests = try reference().sha256
    #expect(digests.count == 3)
    for (name, digest) in digests {
      let found = sha256(try Data(contentsOf: URL(filePath: folder + "/" + name)))
      #expect(found == digest, "\(name): make the fixtures again")
    }
  }

  @Test(arguments: LatentForm.allCases) func leadingLogitsAreTheReference(form: LatentForm) throws {
    let loaded = try LoadedModel(folder: folder, form: form)
    for text in try reference().texts {
      #expect(try loaded.tokenizer.encode(text.prompt) == text.promptIds)
      let steps = try loaded.runner(.text, text.promptIds, newTokens: 0).run()
      #expect(steps.count == text.leading.count)
      for (step, leading) in zip(steps, text.leading) {
        for (candidate, expected) in zip(step.next, leading) {
          #expect(candidate.id == Int(expected[0]))
          #expect(abs(Double(candidate.logit) - expected[1]) < 1e-4)
        }
        #expect(step.cached.cacheBytes == 512 * step.length)
        #expect(step.maxAbsDifference == 0 && step.maxAbsRowDifference == 0)
      }
    }
  }

  @Test(arguments: LatentForm.allCases) func greedyTextsAreTheReference(form: LatentForm) throws {
    let loaded = try LoadedModel(folder: folder, form: form)
    for text in try reference().texts {
      let steps = try loaded.runner(.prompt, text.promptIds, newTokens: 30).run()
      let ids = steps.compactMap(\.chosen?.id)
      #expect(ids == text.newIds && loaded.tokenizer.decode(ids) == text.newText)
    }
  }
}
