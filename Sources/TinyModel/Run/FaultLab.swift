internal import Base
public import Trace

/// Broken runs of a model, and rounds of the game in which one of them is to be found.
///
///     let lab = FaultLab(model: model, tokenizer: tokenizer)
///     let draw = try lab.draw(seed: 7)
///     print(draw.prompt, draw.fault, draw.hint(.maskOff))
///
/// A run is computed when it is asked for, and kept.
public final class FaultLab {
  private let model: Transformer
  private let tokenizer: Tokenizer
  /// Runs by prompt and fault.
  private var known: [String: [Fault?: FaultRun]] = [:]

  /// Prompts that rounds are drawn from: the bundled models go on with them as their texts do.
  public static let prompts = [
    "世界最高峰是", "床前明月光，", "白日依山尽，", "春眠不觉晓，", "红豆生南国，", "北京是中国的", "长江是中国最长的",
    "黄河是中国第二", "日本的首都是", "法国的首都是", "上海在长江口，", "松下问童子，",
  ]

  /// Tokens that are written in a round, where the model has room for them.
  private static let newTokens = 12
  /// How often is drawn again where two faults show the same.
  private static let tries = 64

  /// Nothing is computed yet.
  public init(model: Transformer, tokenizer: Tokenizer) {
    (self.model, self.tokenizer) = (model, tokenizer)
  }

  /// Runs a plan beside the sound run, step by step.
  ///
  /// - Parameters:
  ///   - fault: what is wrong with the cached run; nil for nothing.
  ///   - plan: which steps there are.
  ///   - goesOn: gets the run after each step; false ends it.
  /// - Returns: the run as far as it came.
  /// - Throws: `ModelError.notFinite`, where a logit is no finite number.
  public func run(
    _ fault: Fault?, _ plan: RunPlan, goesOn: (FaultRun) -> Bool = { _ in true }
  ) throws(ModelError) -> FaultRun {
    let runner = LockStep(
      model: model, tokenizer: tokenizer, plan: plan, lanes: FaultRun.lanes(fault))
    var run = FaultRun(runner.trace)
    while try runner.computeNextStep() != nil {
      run = FaultRun(runner.trace, after: run)
      guard goesOn(run) else { break }
    }
    return run
  }

  /// Draws a prompt and a fault until what the run shows is no other fault's, and runs all of them.
  ///
  /// - Parameters:
  ///   - seed: what both are drawn from; equal seeds draw the same.
  ///   - goesOn: told after each step how many runs over the drawn prompt are there; false ends it.
  /// - Returns: the round; nil where it was ended.
  /// - Throws: what cannot be run.
  public func draw(seed: UInt64, goesOn: (Int) -> Bool = { _ in true }) throws -> FaultDraw? {
    var random = SplitMix64(seed: seed)
    var draw: FaultDraw?
    for _ in 0..<Self.tries {
      let prompt = Self.prompts[Int(random.next() % UInt64(Self.prompts.count))]
      let fault = Fault.allCases[Int(random.next() % UInt64(Fault.allCases.count))]
      guard let runs = try runs(over: prompt, goesOn), let mended = runs[nil] else { return nil }
      let drawn = FaultDraw(
        seed: seed, prompt: prompt, fault: fault, runs: runs, mended: mended)
      draw = drawn
      if drawn.isTelling { break }
    }
    return draw
  }

  /// The run of each fault and the sound one; nil where they were ended.
  private func runs(
    over prompt: String, _ goesOn: (Int) -> Bool
  ) throws -> [Fault?: FaultRun]? {
    if let runs = known[prompt] { return runs }
    let plan = try plan(prompt)
    var runs: [Fault?: FaultRun] = [:]
    for fault in Self.all {
      let run = try run(fault, plan) { _ in goesOn(runs.count) }
      guard run.isComplete else { return nil }
      runs[fault] = run
    }
    known[prompt] = runs
    return runs
  }

  /// What a round runs: nothing broken, then each fault.
  public static let all: [Fault?] = [nil] + Fault.allCases

  /// The plan of a round over a prompt.
  private func plan(_ prompt: String) throws -> RunPlan {
    let ids = try tokenizer.encodeStart(prompt)
    let most = model.configuration.contextLength
    let plan = try RunPlan(
      start: .prompt, ids: ids, newTokens: max(1, min(Self.newTokens, most - ids.count + 1)),
      contextLength: most, candidates: 1)
    for fault in Self.all {
      try plan.requireMemory(of: model, use: .lanes(FaultRun.lanes(fault)))
    }
    return plan
  }
}
