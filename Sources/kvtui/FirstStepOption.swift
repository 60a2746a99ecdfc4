internal import ArgumentParser

/// The step that a screen begins at, as it was typed.
struct FirstStepOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("画面上从第几步看起（默认最后一步）", "the step that the screen begins at (default: the last)"),
      valueName: "N"))
  var step: String?

  /// The step, in a run of so many where that is known.
  func checked(steps: Int?) throws(CommandError) -> Int? {
    guard let step else { return nil }
    return try NumberArgument.whole(step, of: "--step", in: 1...max(1, steps ?? .max))
  }
}
