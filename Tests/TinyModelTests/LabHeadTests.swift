import TestSupport
import Testing

@testable import Trace

/// One head of a lab, held against the definitions of what it says.
@Suite struct LabHeadTests {
  private let labs = BundledLabs.shared

  static let policies = [
    "full", "window:1", "window:5", "sinks:2+3", "h2o:1+2", "h2o:3+3", "int8", "fp8", "kivi:2",
    "paged:4",
  ]
  static let models = ["tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa"]

  private func heads(
    _ lab: BundledLabs.Lab, _ check: (LabStep, LabHead, Int) throws -> Void
  ) rethrows {
    let model = lab.trace.model
    for step in lab.steps {
      for layer in 0..<model.layers {
        for head in 0..<model.heads {
          let pass = lab.trace.steps[step.length - 1]
          try check(
            step, LabHead(lab.trace, step: pass, layer: layer, head: head), model.kvHead(of: head))
        }
      }
    }
  }

  private func kept(_ step: LabStep, _ layer: Int, _ kvHead: Int) -> [Int] {
    switch step.kept {
    case .same(let positions): positions
    case .byHead(let heads): heads[layer][kvHead]
    }
  }

  @Test(
    "Weights are of the kept positions and sum up to 1; what is lost is the full cache's on the others",
    arguments: policies)
  func weights(policy: String) throws {
    for model in Self.models {
      let lab = try labs.lab(policy, model: model, tokens: 9)
      var mostLost = 0.0
      heads(lab) { step, head, kvHead in
        let kept = kept(step, head.layer, kvHead)
        #expect((0..<step.length).filter { head.weights[$0] != nil } == kept)
        #expect((0..<step.length).filter { head.scores[$0] != nil } == kept)
        #expect(abs(head.weights.compactMap { $0 }.reduce(0, +) - 1) < 1e-5)
        #expect(abs(head.fullWeights.reduce(0, +) - 1) < 1e-5)
        let gone = Set(0..<step.length).subtracting(kept)
        let lost = gone.reduce(0.0) { $0 + Double(head.fullWeights[$1]) }
        #expect(abs(head.lost - lost) < 1e-12)
        mostLost = max(mostLost, head.lost)
      }
      let drops = policy.contains("window") || policy.contains("+")
      #expect(drops ? mostLost > 0.01 : mostLost == 0)
    }
  }

  /// Each older row is what its own step kept.
  @Test("The rows of the picture are what each query saw in its own step", arguments: policies)
  func rows(policy: String) throws {
    let lab = try labs.lab(policy, model: "tiny-zh-gqa", tokens: 9)
    let model = lab.trace.model
    let last = try #require(lab.trace.steps.last)
    for layer in 0..<model.layers {
      for head in 0..<model.heads {
        let seen = LabHead(lab.trace, step: last, layer: layer, head: head)
        let all = Array(0..<last.length)
        let cells = seen.cells(queries: all, keys: all)
        let full = seen.cells(queries: all, keys: all, isFull: true)
        for step in lab.steps {
          let kept = Set(kept(step, layer, model.kvHead(of: head)))
          for key in all {
            let cell = cells[step.length - 1][key]
            let isLater = key >= step.length
            #expect((cell == .hidden) == isLater)
            #expect((cell == .dropped) == (!isLater && !kept.contains(key)))
            #expect(full[step.length - 1][key] == (isLater ? .hidden : .exact))
          }
        }
      }
    }
  }

  /// Half a step of the widest grid that each format may have, by its definition.
  @Test(
    "Errors are within half a step of the format", arguments: ["int8", "fp8", "kivi:2", "kivi:8"])
  func errors(policy: String) throws {
    let lab = try labs.lab(
      policy, model: "tiny-zh-gqa", text: "床前明月光，疑是地上霜。举头望明月，低头思故乡。", tokens: 20)
    var quantised = 0
    heads(lab) { step, head, _ in
      for (errors, largest) in [
        (head.keyErrors, head.largest.key), (head.valueErrors, head.largest.value),
      ] {
        let bound: Float =
          switch policy {
          case "int8": largest / 254
          // Three bits behind the point; what is beyond the scale of the first tokens saturates.
          case "fp8": largest
          case "kivi:2": largest * 2 / 3 / 2
          default: largest * 2 / 255 / 2
          }
        for error in errors.compactMap({ $0 }) {
          quantised += 1
          #expect(error <= bound * 1.001)
        }
      }
      let seen = head.cells(queries: [step.length - 1], keys: Array(0..<step.length))[0]
      #expect(seen.map { $0 == .quantised } == head.keyErrors.map { $0 != nil })
    }
    #expect(quantised > 100)
  }

  @Test("What is exact has no error", arguments: ["full", "window:4", "sinks:1+3", "h2o:2+2"])
  func exact(policy: String) throws {
    for model in Self.models {
      heads(try labs.lab(policy, model: model, tokens: 6)) { _, head, _ in
        #expect(head.keyErrors.allSatisfy { $0 == nil } && head.keyError == nil)
        #expect(head.largest == (0, 0))
      }
    }
  }

  /// The store's own sums beside sums over the weights of all steps.
  @Test("Sums of weights are the sums of all queries' weights", arguments: models)
  func sums(model: String) throws {
    let lab = try labs.lab("h2o:3+4", model: model, tokens: 9)
    let shape = lab.trace.model
    for layer in 0..<shape.layers {
      for kvHead in 0..<shape.kvHeads {
        var sums = [Double](repeating: 0, count: lab.steps.count)
        for step in lab.steps {
          for head in 0..<shape.heads where shape.kvHead(of: head) == kvHead {
            let seen = LabHead(
              lab.trace, step: lab.trace.steps[step.length - 1], layer: layer, head: head)
            for (position, weight) in seen.weights.enumerated() {
              sums[position] += Double(weight ?? 0)
            }
          }
          let kept = kept(step, layer, kvHead)
          let own = try #require(step.weightSums)[layer][kvHead]
          #expect(own.count == kept.count)
          for (sum, position) in zip(own, kept) { #expect(abs(sum - sums[position]) < 1e-9) }
        }
      }
    }
    #expect(try labs.lab("window:4").steps.allSatisfy { $0.weightSums == nil })
  }
}
