/// What another terminal of the same user can have a presentation do, a line each.
public enum PresentCommand: Hashable, Sendable {
  /// Goes on: through the phases of a question, else a step or a screen.
  case goOn
  /// Goes back.
  case goBack
  /// Skips to the reveal; twice in a row.
  case skip
  /// Blanks the screen, or shows it again.
  case blank
  /// Moves the spotlight.
  case spotlight
  /// Gives 30 seconds more.
  case moreTime
  /// Takes 30 seconds away.
  case lessTime
  /// The next screen or part of the lecture.
  case nextItem
  /// The screen or part of the lecture before.
  case previousItem
  /// A step forward in what is shown.
  case stepOn
  /// A step back in what is shown.
  case stepBack
  /// Counts of a show of hands, as they are typed.
  case hands(String)

  /// All that say nothing more.
  public static let plain: [PresentCommand] = [
    .goOn, .goBack, .skip, .blank, .spotlight, .moreTime, .lessTime, .nextItem, .previousItem,
    .stepOn, .stepBack,
  ]

  private static let handsName = "hands"

  /// Bytes that counts of hands may have: a line is short.
  public static let mostBytes = 200

  /// Its line.
  public var line: String {
    switch self {
    case .goOn: "go-on"
    case .goBack: "go-back"
    case .skip: "skip"
    case .blank: "blank"
    case .spotlight: "spotlight"
    case .moreTime: "more-time"
    case .lessTime: "less-time"
    case .nextItem: "next-item"
    case .previousItem: "previous-item"
    case .stepOn: "step-on"
    case .stepBack: "step-back"
    case .hands(let counts): ([Self.handsName] + Self.words(counts)).joined(separator: " ")
    }
  }

  /// What a line wants; nil where it is none of these.
  public init?(line: String) {
    let words = Self.words(line)
    if words.first == Self.handsName, line.utf8.count <= Self.mostBytes + 8 {
      self = .hands(words.dropFirst().joined(separator: " "))
    } else if let known = Self.plain.first(where: { $0.line == line }) {
      self = known
    } else {
      return nil
    }
  }

  private static func words(_ text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init)
  }
}
