internal import ArgumentParser
internal import Trace
internal import Viz

/// Which frames of a run are exported, as it was typed, each counted from 1.
struct ExportPlaces: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "第几步，从 1 起；默认 svg 为最后一步，其余每一步", "which step, from 1 (svg: the last; otherwise every step)"),
      valueName: "N"))
  var step: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("从第几步到第几步", "from which step to which"), valueName: "A..B"))
  var steps: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "第几层，从 1 起；默认 html 为每一层，其余第一层",
        "which layer, from 1 (html: every layer; otherwise the first)"),
      valueName: "L"))
  var layer: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "第几个头，从 1 起；默认 html 为每个头，其余第一个",
        "which head, from 1 (html: every head; otherwise the first)"),
      valueName: "H"))
  var head: String?
}

/// The frames of an export, checked against the run, each counted from 1.
struct ChosenPlaces {
  /// nil: the last step there is; an upper bound beyond the run is one of a run that has not begun.
  let steps: ClosedRange<Int>?
  /// Whether the steps were named, so that they must be there.
  let isNamed: Bool
  let layers: ClosedRange<Int>
  let heads: ClosedRange<Int>

  /// The last step that is needed; nil for the whole run.
  var lastStep: Int? { isNamed ? steps?.upperBound : nil }
}

extension ExportPlaces {
  /// An option that was given, if there is one: a lesson has its own steps.
  var firstOption: String? {
    let given = [("--step", step), ("--steps", steps), ("--layer", layer), ("--head", head)]
    return given.first { $0.1 != nil }?.0
  }

  /// Checks what was typed.
  ///
  /// - Parameters:
  ///   - format: what decides the rest.
  ///   - most: the steps that the run has at most.
  ///   - shape: its layers and heads.
  ///   - first: the layer and the head to show where none is named, from 1.
  /// - Returns: the frames.
  /// - Throws: what is outside the run, or given twice.
  func chosen(
    _ format: ExportFormat, steps most: Int, _ shape: (layers: Int, heads: Int),
    first: (layer: Int, head: Int)
  ) throws(CommandError) -> ChosenPlaces {
    let named = try namedSteps(most)
    let all = format == .html
    return ChosenPlaces(
      steps: named ?? (format == .svg ? nil : 1...most), isNamed: named != nil,
      layers: try Self.one(layer, "--layer", of: shape.layers)
        ?? (all ? 1...shape.layers : first.layer...first.layer),
      heads: try Self.one(head, "--head", of: shape.heads)
        ?? (all ? 1...shape.heads : first.head...first.head))
  }

  private func namedSteps(_ most: Int) throws(CommandError) -> ClosedRange<Int>? {
    if step != nil && steps != nil { throw .together("--step", "--steps") }
    guard let steps else { return try Self.one(step, "--step", of: most) }
    let ends = steps.components(separatedBy: "..")
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 1,
      first <= last, last <= most
    else {
      throw .badValue(
        option: "--steps", value: steps,
        expected: wording(
          "A..B，从 1 到 \(most)，如 1..\(min(most, 3))",
          "A..B from 1 to \(most), such as 1..\(min(most, 3))"))
    }
    return first...last
  }

  private static func one(
    _ text: String?, _ option: String, of most: Int
  ) throws(CommandError) -> ClosedRange<Int>? {
    guard let text else { return nil }
    let number = try NumberArgument.whole(text, of: option, in: 1...most)
    return number...number
  }
}

extension String {
  /// The parts between each `separator`.
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
