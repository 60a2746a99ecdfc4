internal import Base
internal import Kernels
import TestSupport
import Testing

@testable import TinyModel
internal import Trace

/// Lanes with cache policies, over models of random shapes.
@Suite struct PolicyTests {
  private static let calibration = 5
  static let policies = [
    "full", "window:1", "window:7", "sinks:1+1", "sinks:3+5", "h2o:1+1", "h2o:2+6", "int8", "fp8",
    "kivi:2", "kivi:5",
  ]
  /// Those that keep latents; no head of which can choose tokens of its own.
  static let latentPolicies = policies.filter { !$0.hasPrefix("h2o") } + ["paged:3", "paged:16"]

  private func session(_ model: Transformer, _ policy: String, capacity: Int) throws
    -> DecodeSession
  {
    DecodeSession(
      model, lane: Lane(name: "policy", cache: try CachePolicy(policy)), rows: nil,
      capacity: capacity, calibration: Self.calibration)
  }

  private func model(_ seed: Int, window: Int? = nil) throws -> (Transformer, SeededGenerator) {
    var generator = SeededGenerator(seed: seed)
    return (try unevenModel(&generator, isRotary: seed % 2 == 0, window: window), generator)
  }

  private func tokens(
    _ count: Int, _ model: Transformer, _ generator: inout SeededGenerator
  ) -> [Int] {
    (0..<count).map { _ in
      .random(in: 0..<model.configuration.vocabulary, using: &generator)
    }
  }

  /// What a lane holds, to the bit, and says of it.
  private struct State: Equatable {
    let kept: [Positions]
    let keptByHead: [[Positions]]?
    let bytes: Int
    let contents: [StoreContents]

    init(_ session: DecodeSession) {
      kept = session.kept
      keptByHead = session.keptByHead
      bytes = session.usedBytes
      let shape = session.model.configuration
      contents = (0..<shape.layers).map { StoreContents(session.store, shape, layer: $0) }
    }
  }

  @Test(arguments: ["window", "sinks", "h2o"], 0..<12)
  func aBudgetThatTheTextDoesNotReachIsTheFullCache(name: String, seed: Int) throws {
    let window = name == "sinks" || seed % 3 > 0 ? nil : 6
    var (model, generator) = try model(seed, window: window)
    let ids = tokens(30, model, &generator)
    let first = Int.random(in: 1...29, using: &generator)
    let numbers = name == "window" ? "30" : "\(first)+\(30 - first)"
    let other = try session(model, "\(name):\(numbers)", capacity: 30)
    let full = DecodeSession(model, capacity: 30)
    for id in ids {
      #expect(other.feed([id]).logits.floats == full.feed([id]).logits.floats)
      #expect(other.kept == full.kept && other.usedBytes == full.usedBytes)
      let heads = other.keptByHead ?? []
      #expect(heads.joined().allSatisfy { $0 == full.kept[0] })
    }
    #expect(State(other).contents == State(full).contents)
  }

  @Test(
    arguments: ["window:30", "sinks:4+26", "sinks:30+1", "paged:1", "paged:7", "paged:16"], 70..<76)
  func latentsThatAreAllKeptAreTheFullCache(policy: String, seed: Int) throws {
    for form in LatentForm.allCases {
      let model = try latentModel(seed: seed, form)
      var generator = SeededGenerator(seed: seed)
      let other = try session(model, policy, capacity: 30)
      let full = DecodeSession(model, capacity: 30)
      for id in tokens(30, model, &generator) {
        #expect(other.feed([id]).logits.floats == full.feed([id]).logits.floats, "\(form)")
      }
    }
  }

  @Test(arguments: latentPolicies, 70..<76)
  func latentsAreCutBackAsOtherRowsAre(policy: String, seed: Int) throws {
    let form = LatentForm.allCases[seed % 2]
    try cutBackAndFeedAgain(
      policy, seed: seed, latentModel(seed: seed, form), SeededGenerator(seed: seed))
  }

  @Test(arguments: policies, 0..<12)
  func cuttingBackAndFeedingAgainIsNeverHavingFed(policy: String, seed: Int) throws {
    let (model, generator) = try model(seed)
    try cutBackAndFeedAgain(policy, seed: seed, model, generator)
  }

  private func cutBackAndFeedAgain(
    _ policy: String, seed: Int, _ model: Transformer, _ generator: SeededGenerator
  ) throws {
    var generator = generator
    let ids = tokens(40, model, &generator)
    let session = try session(model, policy, capacity: 45)
    let count = Int.random(in: 1...40, using: &generator)
    let position = Int.random(in: 0...count, using: &generator)
    // Others behind the position, in one go or one by one.
    let fed = ids[..<position] + tokens(count - position, model, &generator)
    if seed % 2 == 0 { session.feed(fed) } else { fed.forEach { session.feed([$0]) } }
    let kept = session.truncate(to: position)
    #expect((0...position).contains(kept) && session.tokens == kept)
    if ["full", "int8"].contains(policy) { #expect(kept == position) }
    let fresh = try self.session(model, policy, capacity: 45)
    if kept > 0 { fresh.feed(ids[..<kept]) }
    #expect(State(session) == State(fresh))
    for end in kept..<40 {
      let logits = fresh.feed([ids[end]]).logits.floats
      #expect(session.feed([ids[end]]).logits.floats == logits, "token \(end)")
    }
    #expect(State(session) == State(fresh))
  }

  /// A store goes back only where it must.
  @Test(arguments: [
    ("window:8", 8, 3, 3), ("window:8", 9, 8, 0), ("window:8", 9, 9, 9), ("sinks:2+6", 8, 1, 1),
    ("sinks:2+6", 9, 8, 0), ("h2o:9+9", 4, 3, 0), ("h2o:9+9", 4, 4, 4), ("int8", 30, 11, 11),
    ("fp8", 9, 5, 5), ("fp8", 9, 4, 0), ("fp8", 4, 2, 2), ("kivi:2", 16, 7, 7),
    ("kivi:2", 17, 16, 0), ("full", 9, 2, 2), ("int8", 3, 9, 3),
  ])
  func aStoreThatIsCutBackSaysHowFar(
    policy: String, tokens: Int, position: Int, kept: Int
  ) throws {
    var (model, generator) = try model(2)
    let session = try session(model, policy, capacity: 40)
    session.feed(self.tokens(tokens, model, &generator)[...])
    #expect(session.truncate(to: position) == kept && session.tokens == kept)
  }

  @Test(arguments: policies) func aPassThatIsStoppedLeavesNothingHalf(policy: String) throws {
    struct Stopped: Error {}
    var generator = SeededGenerator(seed: 3)
    let model = try randomModel(&generator, layers: 3, isRotary: true)
    let ids = tokens(30, model, &generator)
    for fed in [0, 4, 5, 12, 17] {
      for layer in 0..<3 {
        let session = try session(model, policy, capacity: 30)
        if fed > 0 { session.feed(ids[..<fed]) }
        var done = 0
        #expect(throws: Stopped.self) {
          _ = try session.feed([ids[fed]], observer: RowRecorder(model.configuration)) {
            () throws(Stopped) in
            if done == layer { throw Stopped() }
            done += 1
          }
        }
        let kept = session.tokens
        #expect(kept <= fed)
        let fresh = try self.session(model, policy, capacity: 30)
        if kept > 0 { fresh.feed(ids[..<kept]) }
        #expect(State(session) == State(fresh), "\(policy), \(fed) tokens, layer \(layer)")
        #expect(
          session.feed(ids[kept...]).logits.floats == fresh.feed(ids[kept...]).logits.floats)
      }
    }
  }

  private func run(_ model: Transformer, _ policy: String, ids: [Int]) throws -> Trace {
    let tokenizer = try Checkpoint(folder: Repository.fixtures + "/llama/gqa").tokenizer()
    let plan = try RunPlan(start: .text, ids: ids, newTokens: 0, contextLength: 90)
    let lanes = PolicyLab.lanes(try CachePolicy(policy))
    let run = LockStep(model: model, tokenizer: tokenizer, plan: plan, lanes: lanes)
    while try run.computeNextStep() != nil {}
    return run.trace
  }

  /// The heavy ones are told again from the weights that a viewer sees.
  @Test(arguments: -2..<12) func heavyHittersAreThoseWithMostWeight(seed: Int) throws {
    var (model, generator) = try model(seed)
    if seed < 0 {
      let name = seed == -1 ? "tiny-zh-gqa" : "tiny-zh"
      model = try LoadedModel(folder: Repository.root + "/models/" + name).model
    }
    let (heavy, newest) = (1 + abs(seed) % 5, 1 + abs(seed) % 4)
    let trace = try run(
      model, "h2o:\(heavy)+\(newest)", ids: tokens(30, model, &generator))
    let shape = model.configuration
    let group = shape.heads / shape.kvHeads
    if seed < 0 {
      let last = trace.steps.last?.lanes[1].keptByHead ?? []
      #expect(last.contains { Set($0.map(\.all)).count > 1 }, "heads of a trained model part")
    }
    for layer in 0..<shape.layers {
      for kvHead in 0..<shape.kvHeads {
        var (kept, sums) = ([Int](), [Double](repeating: 0, count: 30))
        for (position, step) in trace.steps.enumerated() {
          kept.append(position)
          let older = kept.filter { $0 <= position - newest }
          if older.count > heavy {
            let least = older.map { sums[$0] }.min() ?? 0
            kept.removeAll { $0 == older.last { sums[$0] == least } }
          }
          #expect(
            step.lanes[1].keptByHead?[layer][kvHead].all == kept, "step \(position + 1)")
          #expect(step.lanes[1].kept(layer: layer, kvHead: kvHead)?.all == kept)
          for head in kvHead * group..<(kvHead + 1) * group {
            let attention = HeadAttention(trace, lane: 1, step: step, layer: layer, head: head)
            let weights = attention.weights(ofRow: position)
            for (slot, weight) in weights.enumerated() {
              #expect(attention.position(ofSlot: slot) == kept[slot])
              sums[kept[slot]] += Double(weight)
            }
          }
        }
        #expect(kept.count == min(30, heavy + newest))
      }
    }
  }

  @Test(arguments: policies) func thePlanHasRoomForWhatIsWrittenDown(policy: String) throws {
    var generator = SeededGenerator(seed: 8)
    for isRotary in [true, false] {
      let model = try randomModel(&generator, layers: 3, isRotary: isRotary)
      let ids = tokens(60, model, &generator)
      let trace = try run(model, policy, ids: ids)
      let plan = try RunPlan(start: .text, ids: ids, newTokens: 0, contextLength: 90)
      let layers = trace.steps.compactMap { $0.lanes[1].reading }.flatMap(\.layers)
      let bytes = layers.reduce(0) { sum, layer in
        let ranges = ([layer.positions] + layer.positionsByHead).reduce(0) { $0 + $1.runs.count }
        return sum + 4 * (layer.keys.count + layer.values.count) + 8 * layer.changed.count
          + 16 * ranges
      }
      let planned = ReadingRecorder.bytes(trace.lanes[1], model.configuration, plan).count
      #expect(planned >= bytes && (planned == 0) == layers.isEmpty, "\(bytes) of \(planned)")
    }
  }

  @Test func whatNoStoreKeepsIsRefused() throws {
    var generator = SeededGenerator(seed: 1)
    let (rotary, learned) = (
      try randomModel(&generator, isRotary: true, window: 9).configuration,
      try randomModel(&generator, isRotary: false, window: 9).configuration
    )
    func refusal(
      _ policy: String, _ shape: ModelConfiguration, _ fault: Fault? = nil
    ) throws -> PolicyRefusal? {
      Stores.refusal(Lane(name: "policy", cache: try CachePolicy(policy), fault: fault), shape)
    }
    for policy in Self.policies { #expect(try refusal(policy, rotary) == nil) }
    for text in ["window:4,int8", "sinks:2+2,kivi:2", "h2o:1+1,fp8"] {
      #expect(try refusal(text, rotary) == .noStore(CachePolicy(text)))
    }
    let wide = try CachePolicy("sinks:4+6")
    #expect(try refusal("sinks:4+6", rotary) == .beyondWindow(wide, window: 9))
    #expect(try refusal("sinks:4+5", rotary) == nil && refusal("sinks:4+6", learned) == nil)
    let largest = "sinks:\(Int.max)+\(Int.max)"
    #expect(try refusal(largest, rotary) == .beyondWindow(CachePolicy(largest), window: 9))
    let int8 = try CachePolicy("int8")
    #expect(try refusal("int8", rotary, .keysOnly) == .faulty(int8))
    #expect(try refusal("full", rotary, .keysOnly) == nil)
    let latent = try latentModel(seed: 1, .absorbed).configuration
    let heavy = try CachePolicy("h2o:1+1")
    #expect(try refusal("h2o:1+1", latent) == .sharedLatent(heavy))
    for policy in Self.latentPolicies { #expect(try refusal(policy, latent) == nil) }
    for error in [
      PolicyRefusal.noStore(int8), .beyondWindow(wide, window: 9), .faulty(int8),
      .sharedLatent(heavy),
    ] {
      for language in Language.allCases { #expect(!error.sentence(language).isEmpty) }
      #expect(error.status == 64)
    }
  }
}
