internal import Foundation
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// A lab's steps and sums, on the bundled model.
@Suite struct PolicyLabTests {
  private static let loaded = Result { try LoadedModel(folder: Repository.bundledModel) }
  private let loaded: LoadedModel
  private let ids: [Int]

  init() throws {
    loaded = try Self.loaded.get()
    ids = try loaded.tokenizer.encode("中华人民共和国")
  }

  private func lab(
    _ policy: String, _ start: Feeding, newTokens: Int, ids: [Int]? = nil
  ) throws -> PolicyLab {
    let shape = loaded.model.configuration
    let plan = try RunPlan(
      start: start, ids: ids ?? self.ids, newTokens: newTokens,
      contextLength: shape.contextLength, ignoresEndOfSequence: true,
      candidates: shape.vocabulary, first: 1)
    let lab = try PolicyLab(
      model: loaded.model, tokenizer: loaded.tokenizer, plan: plan, policy: CachePolicy(policy))
    while try lab.computeNextStep() != nil {}
    return lab
  }

  @Test func aPromptsStepsAreThoseOfARun() throws {
    let run = try loaded.runner(.prompt, ids, newTokens: 5).run()
    let steps = try lab("sinks:1+3", .prompt, newTokens: 5).steps
    #expect(steps.map(\.number) == [1, 2, 3, 4, 5] && steps.map(\.length) == run.map(\.length))
    #expect(steps.map(\.fullNext) == run.map(\.next))
    #expect(steps.map(\.fullCacheBytes) == run.map(\.cached.cacheBytes))
    #expect(steps.allSatisfy { $0.surprise == nil })
    #expect(steps[0].kept == .same([0, 4, 5, 6]))
  }

  /// A query of a prompt sees what the policy kept, as if the prompt had been a text.
  @Test(arguments: ["window:3", "sinks:1+3", "h2o:2+2", "int8", "kivi:2"])
  func aPromptIsFedTokenByToken(policy: String) throws {
    let prompt = try lab(policy, .prompt, newTokens: 5).steps
    let text = try lab(policy, .text, newTokens: 4).steps
    #expect(text.count == 11 && text.map(\.length) == Array(1...11))
    for (one, other) in zip(prompt, text.suffix(5)) {
      #expect(one.next == other.next && one.kept == other.kept)
      #expect(one.divergence == other.divergence && one.cacheBytes == other.cacheBytes)
    }
  }

  /// A prompt is the first pass, of a text its first eight tokens are; as long as it lasts the lanes are the same.
  @Test func fp8SeesTheFirstPassAsItIs() throws {
    let long = ids + ids
    let prompt = try lab("fp8", .prompt, newTokens: 3, ids: long)
    #expect(prompt.steps.map { $0.divergence == 0 } == [true, false, false])
    let text = try lab("fp8", .text, newTokens: 0, ids: long)
    #expect(text.steps.map { $0.divergence == 0 } == (1...14).map { $0 <= 8 })
    #expect(text.steps.map { $0.cacheBytes == $0.fullCacheBytes } == (1...14).map { $0 < 8 })
    let short = try lab("fp8", .text, newTokens: 4, ids: Array(ids.prefix(3)))
    #expect(short.steps.map { $0.divergence == 0 } == (1...7).map { $0 <= 3 })
  }

  @Test func theFullCacheIsTheFullCache() throws {
    let lab = try lab("full", .text, newTokens: 3)
    for step in lab.steps {
      #expect(step.divergence == 0 && step.agrees && step.next == step.fullNext)
      #expect(step.cacheBytes == step.fullCacheBytes && step.kept == .same(Array(0..<step.length)))
    }
    let total = try #require(LabTotal(lab.steps))
    #expect(total.agreement == 1 && total.meanDivergence == 0 && total.steps == 10)
    #expect(total.surprise?.policy == total.surprise?.full)
  }

  /// KL and NLL from the logits that are listed, by sums of their own.
  @Test func divergenceAndSurpriseAreThoseOfTheLogits() throws {
    let lab = try lab("window:2", .text, newTokens: 2)
    func logarithms(_ next: [Candidate]) -> [Double] {
      let logits = next.sorted { $0.id < $1.id }.map { Double($0.logit) }
      let largest = logits.max() ?? 0
      let sum = log(logits.map { exp($0 - largest) }.reduce(0, +)) + largest
      return logits.map { $0 - sum }
    }
    var surprises: [(policy: Double, full: Double)] = []
    for step in lab.steps {
      let (own, full) = (logarithms(step.next), logarithms(step.fullNext))
      let divergence = zip(full, own).map { exp($0) * ($0 - $1) }.reduce(0, +)
      #expect(abs(step.divergence - divergence) < 1e-9)
      guard step.length < ids.count else {
        #expect(step.surprise == nil)
        continue
      }
      surprises.append((-own[ids[step.length]], -full[ids[step.length]]))
      #expect(abs((step.surprise?.policy ?? .nan) - surprises[step.number - 1].policy) < 1e-9)
    }
    let total = try #require(LabTotal(lab.steps))
    #expect(surprises.count == 6 && lab.steps.contains { !$0.agrees })
    let surprise = try #require(total.surprise)
    let (policy, full) = (surprises.map(\.policy), surprises.map(\.full))
    #expect(abs(surprise.policy - policy.reduce(0, +) / 6) < 1e-9)
    #expect(abs(surprise.full - full.reduce(0, +) / 6) < 1e-9)
    let agreeing = lab.steps.count { $0.agrees }
    #expect(total.agreement == Double(agreeing) / 9)
    #expect(total.meanDivergence == lab.steps.map(\.divergence).reduce(0, +) / 9)
    #expect(
      total.cacheBytes == lab.steps[8].cacheBytes
        && total.cacheBytes * 9 == total.fullCacheBytes * 2)
  }

  @Test func whatHeadsSeeIsOneListWhereItIsTheSame() {
    #expect(KeptPositions([[[1, 2], [1, 2]], [[1, 2], [1, 2]]]) == .same([1, 2]))
    let parted = KeptPositions([[[1, 2], [1, 2]], [[1, 2], [0, 2]]])
    #expect(parted == .byHead([[[1, 2], [1, 2]], [[1, 2], [0, 2]]]))
    #expect(parted.shares(length: 4) == [0.25, 0.75, 1, 0])
    #expect(KeptPositions.same([0, 2]).shares(length: 3) == [1, 0, 1])
  }
}
