internal import Base
internal import Trace

extension ViewerState {
  /// What the step is: prefill, all at once or token by token, or decode.
  ///
  /// A text that was given is prefilled, however it is fed; what the model writes behind it is decoded.
  var phaseName: String {
    guard isInPrompt else { return step.phase.rawValue }
    return language("prefill，逐字", "prefill one by one")
  }

  /// Whether the step feeds one of the tokens that were given, one by one.
  var isInPrompt: Bool { isPrefilledOneByOne && step.length <= trace.givenTokens }

  /// Whether what was given is fed token by token, where a server has it in one pass.
  var isPrefilledOneByOne: Bool {
    trace.steps.first.map { $0.length < trace.givenTokens } ?? false
  }
}
