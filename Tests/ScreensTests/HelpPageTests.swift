import Base
import Testing
import Viz

@testable import Screens

/// Help pages: whatever is said on one can be read at the smallest size.
@Suite struct HelpPageTests {
  private static let small = Size(columns: 60, rows: 16)
  /// As wide, and so high that nothing is scrolled away.
  private static let high = Size(columns: 60, rows: 300)

  @Test(
    "Every line of every help page is reached at 60 × 16, by pages and line by line",
    arguments: HintTests.places.filter(\.isHelp))
  func reached(place: HintTests.Place) throws {
    for language in Language.allCases {
      let look = Look(language: language)
      var screen = try place.screen(look)
      _ = screen.update(.resized(Self.high))
      let whole = Self.lines(screen.view(Self.high, look))
      #expect(whole.count > 5)
      _ = screen.update(.resized(Self.small))
      for (way, back) in [(Key.pageDown, Key.pageUp), (.down, .up), (.character(" "), .up)] {
        let seen = Self.read(&screen, by: way, look)
        for line in whole where !seen.contains(line) {
          Issue.record("\(line) is not reached by \(way) in \(language)")
        }
        // Back to the beginning.
        let first = Self.read(&screen, by: back, look)
        #expect(Set(whole.prefix(5)).isSubset(of: first))
      }
    }
  }

  @Test(
    "A page that goes on says so and by how much, and says that it ends",
    arguments: HintTests.places.filter(\.isHelp))
  func marked(place: HintTests.Place) throws {
    let look = Look(language: .english)
    var screen = try place.screen(look)
    _ = screen.update(.resized(Self.high))
    let all = screen.view(Self.high, look)
    // Where there is room blank lines stand between the keys.
    let keys = (0..<Self.high.rows - 1).count {
      all.row($0).dropFirst(2).first?.style.role == .key
    }
    let count = Self.lines(all, keepsBlanks: true).count - max(0, keys - 1)
    #expect(
      !all.plainText.contains("↓ Space") && !Self.text(all, Self.high.rows - 1).contains(" row"))
    _ = screen.update(.resized(Self.small))
    let footer = Self.text(screen.view(Self.small, look), Self.small.rows - 1)
    let rows = Self.small.rows - 2
    #expect(footer.contains("↓ \(count - rows) row") == (count > rows), "\(footer)")
    #expect(footer.contains("Esc"))
    _ = Self.read(&screen, by: .pageDown, look)
    let end = Self.text(screen.view(Self.small, look), Self.small.rows - 1)
    #expect(end.contains("there is no more") && end.contains("Esc"), "\(end)")
    let last = Self.lines(screen.view(Self.small, look))
    _ = screen.update(.key(.home))
    let first = Self.lines(screen.view(Self.small, look))
    #expect(first == Array(Self.lines(all).prefix(first.count)))
    _ = screen.update(.key(.end))
    #expect(Self.lines(screen.view(Self.small, look)) == last)
  }

  /// Presses a key until nothing moves; the lines that were to be seen on the way.
  private static func read(_ screen: inout any Screen, by key: Key, _ look: Look) -> Set<String> {
    var seen: Set<String> = []
    var before: Canvas?
    for _ in 0..<100 {
      let canvas = screen.view(small, look)
      if canvas == before { break }
      before = canvas
      seen.formUnion(lines(canvas))
      _ = screen.update(.key(key))
    }
    return seen
  }

  private static func text(_ canvas: Canvas, _ y: Int) -> String {
    canvas.row(y).map(\.text).joined()
  }

  /// What stands between title and footer; beside a lesson's text what stands at the right of it.
  private static func lines(_ canvas: Canvas, keepsBlanks: Bool = false) -> [String] {
    var lines = (1..<canvas.size.rows - 1).map { y in
      text(canvas, y).split(separator: "│", omittingEmptySubsequences: false).last.map {
        $0.split(separator: " ").joined(separator: " ")
      } ?? ""
    }
    guard keepsBlanks else { return lines.filter { !$0.isEmpty } }
    lines = Array(lines.drop(while: \.isEmpty))
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}
