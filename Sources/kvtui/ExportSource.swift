internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// What is exported: a run that is still to be computed, or one that was recorded.
enum ExportSource {
  case run(RunSession)
  case recording(Recording)

  /// The steps that there are at most.
  var mostSteps: Int {
    switch self {
    case .run(let session): session.plan.steps
    case .recording(let recording): recording.trace.steps.count
    }
  }

  /// The first layer and the first head that there are, from 1: a recording may lack some.
  var first: (layer: Int, head: Int) {
    guard case .recording(let recording) = self else { return (1, 1) }
    let trace = recording.trace
    let layer = (0..<trace.model.layers).first { trace.has(layer: $0) } ?? 0
    let head = (0..<trace.model.heads).first { trace.has(head: $0) } ?? 0
    return (layer + 1, head + 1)
  }

  /// The model's layers and heads.
  var shape: (layers: Int, heads: Int) {
    switch self {
    case .run(let session):
      (session.model.configuration.layers, session.model.configuration.heads)
    case .recording(let recording): (recording.trace.model.layers, recording.trace.model.heads)
    }
  }

  /// A viewer of it, with all its steps up to the wanted one; without one, of the whole run.
  func state(_ look: Look, upTo step: Int?) throws -> ViewerState {
    switch self {
    case .recording(let recording):
      return ViewerState(trace: recording.trace, longest: recording.longest, look: look)
    case .run(let session):
      let runner = session.runner()
      // How many steps were planned is what a viewer knows before the end.
      var state = session.state(runner.trace, look)
      let wanted = step ?? session.plan.steps
      let bar = ProgressLine(total: wanted, of: .steps, language: look.language)
      defer { bar.clear() }
      while runner.trace.steps.count < wanted, try runner.computeNextStep() != nil { bar.step() }
      state.receive(runner.trace)
      return state
    }
  }
}

extension RunOptions {
  /// An option that says what is to be run, if one was given: a recording is run already.
  var firstOption: String? {
    let given: [(String, String?)] = [
      ("--model", model.model), ("--random", model.random), ("--prompt", prompt), ("--text", text),
      ("--mla", model.mla.map { _ in "" }), ("--tokens", tokens), ("--temperature", temperature),
      ("--top-k", topK),
    ]
    return given.first { $0.1 != nil }?.0
  }
}
