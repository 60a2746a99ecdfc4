internal import Base
internal import Kernels
internal import Screens
internal import TinyModel
internal import Trace
internal import Viz

/// Keeps runs as recordings, keeps a recording's marks, and takes recordings over.
final class RunRecorder: RecorderService {
  /// The recording that is open.
  private let recording: (path: String, trace: Trace)?
  /// The checkpoint that a recording goes on with, as it was named; nil for the one of the recording's own name.
  private let model: String?
  private static let fewestNewTokens = 12

  /// Whether somebody looks on while a run is computed; else each step is computed where it is wanted.
  private let isLive: Bool

  /// Keeps runs that are computed.
  init() { (recording, model, isLive) = (nil, nil, true) }

  /// Serves a recording that is open.
  init(_ path: String, _ trace: Trace, model: String?, isLive: Bool = true) {
    recording = (path, trace)
    self.model = model
    self.isLive = isLive
  }

  func keep(
    _ start: RunStart, plannedSteps: Int, as name: String, replaces: Bool,
    progress: (Int, Int) -> Void
  ) throws -> Bool {
    if start.trace.lanes.contains(where: { $0.fault != nil }) { throw CommandError.brokenRun }
    let file = RecordingFile(name)
    guard replaces || !file.isThere else { return false }
    try file.write(
      start.trace, longest: start.longest, plannedSteps: plannedSteps, progress: progress)
    return true
  }

  func keep(_ marks: [Mark]) throws {
    guard let recording else { return }
    try MarksFile(beside: recording.path).write(marks)
  }

  func takeOver(from step: Int) throws -> any RunService {
    guard let trace = recording?.trace else { throw CommandError.recordingOnly }
    return try run(trace, from: step).service(isLive: isLive)
  }

  /// The name that a recording gives its model; a path in it is not followed.
  private static func named(_ model: ModelDescription) throws(CommandError) -> String {
    guard !model.name.isEmpty, !model.name.hasPrefix("."), !model.name.contains("/") else {
      throw .noModel(model.name)
    }
    return model.name
  }

  /// The recorded run with the model itself: its tokens are given up to the step, what follows the model writes.
  private func run(_ trace: Trace, from step: Int) throws -> OpenedRun {
    let source: ModelSource
    do {
      source = try ModelSource(
        model: model ?? Self.named(trace.model), random: nil, seed: 0,
        form: trace.model.latent?.form ?? .absorbed)
    } catch {
      throw CommandError.noModel(trace.model.name)
    }
    let type = trace.model.dtype.flatMap(WeightType.init(rawValue:)) ?? .f32
    let tokenizer = try source.tokenizer()
    let model = OpenedModel(source, type, .single)
    let transformer = try model.read()
    guard transformer.description.isSameModel(as: trace.model) else {
      throw CommandError.otherModel(trace.model.name)
    }
    let ids = trace.tokens.prefix(trace.step(step).length).map(\.id)
    guard ids.allSatisfy({ $0 < transformer.configuration.vocabulary }) else {
      throw CommandError.otherModel(trace.model.name)
    }
    let room = transformer.configuration.contextLength - ids.count
    let plan = try RunPlan(
      start: .prompt, ids: ids,
      newTokens: max(1, min(room, max(Self.fewestNewTokens, trace.steps.count - step + 1))),
      contextLength: transformer.configuration.contextLength, first: trace.step(1).length)
    try plan.requireMemory(of: transformer)
    return OpenedRun(model: model, tokenizer: tokenizer, plan: plan)
  }
}

extension ModelDescription {
  /// Whether a recording says the same of its model, as far as it says something.
  fileprivate func isSameModel(as recorded: ModelDescription) -> Bool {
    func agrees<Value: Equatable>(_ own: Value?, _ recorded: Value?) -> Bool {
      recorded == nil || own == recorded
    }
    return layers == recorded.layers && heads == recorded.heads && kvHeads == recorded.kvHeads
      && headDimension == recorded.headDimension && latent == recorded.latent
      && agrees(modelDimension, recorded.modelDimension)
      && agrees(vocabulary, recorded.vocabulary) && agrees(parameters, recorded.parameters)
      && agrees(architecture, recorded.architecture)
  }
}
