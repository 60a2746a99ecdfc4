/// Where the growth screen begins.
public struct GrowthPlace: Hashable, Sendable {
  /// What is drawn: squares, or the curves of an amount.
  public enum Picture: String, CaseIterable, Hashable, Sendable {
    case squares, cells, flops, bytes, seconds

    /// What the curves show; nil for squares.
    var amount: GrowthState.Amount? {
      switch self {
      case .squares: nil
      case .cells: .cells
      case .flops: .flops
      case .bytes: .bytes
      case .seconds: .seconds
      }
    }
  }

  /// The axes of curves.
  public enum Axes: String, CaseIterable, Hashable, Sendable {
    case logarithmic = "log"
    case linear
  }

  /// Steps that are shown, if there are so many; nil for as many as the screen begins with.
  public var step: Int?
  /// What is drawn.
  public var picture = Picture.squares
  /// The axes.
  public var axes = Axes.logarithmic

  /// The place where nothing else is said.
  public init() {}
}

extension GrowthState {
  /// What is drawn.
  private var picture: GrowthPlace.Picture {
    guard showsCurves else { return .squares }
    return GrowthPlace.Picture.allCases.first { $0.amount == amount } ?? .cells
  }

  /// What is shown, as options of the command; axes where they are not those of every beginning.
  var place: [String] {
    ["--step", "\(max(1, shown))", "--picture", picture.rawValue, "--axes"]
      + (showsCurves && !isLogarithmic ? [GrowthPlace.Axes.linear.rawValue] : [])
  }
}
