internal import ArgumentParser
internal import Screens

/// Where the growth screen begins, as it was typed.
struct GrowthPlaceOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("画面上先看几步（默认 7）", "the steps that the screen begins with (default: 7)"),
      valueName: "N"))
  var step: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "画面上先画什么：squares 方块（默认），或 cells、flops、bytes、seconds 的曲线",
        "what the screen begins with: squares (the default), or curves of cells, flops, bytes or seconds"
      ), valueName: "PICTURE"))
  var picture: Choice<GrowthPlace.Picture>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("曲线的两轴：log 对数（默认），或 linear 线性", "the axes of curves: log (the default) or linear"),
      valueName: "AXES"))
  var axes: Choice<GrowthPlace.Axes>?

  /// An option that was given, if there is one.
  var firstOption: String? {
    let given = [
      ("--step", step != nil), ("--picture", picture != nil), ("--axes", axes != nil),
    ]
    return given.first { $0.1 }?.0
  }

  /// The place, in a measurement of so many steps.
  func checked(steps: Int) throws(CommandError) -> GrowthPlace {
    var place = GrowthPlace()
    if let step { place.step = try NumberArgument.whole(step, of: "--step", in: 1...max(1, steps)) }
    if let picture { place.picture = try picture.value(of: "--picture") }
    if let axes { place.axes = try axes.value(of: "--axes") }
    return place
  }
}
