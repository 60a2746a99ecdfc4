internal import Base
import Testing
import Viz

@testable import Lessons
internal import TestSupport

/// What the marks of a question about cells are said to be.
@Suite struct MarkedSetTests {
  private func grader(_ yaml: String) throws -> Grader {
    let lesson = try Classroom.parse(
      Classroom.text(
        scene: "id: one\nstep: 5", body: Classroom.quiz("id: q1\nkind: cells\n" + yaml)))
    let runs = try Classroom.runs().runs(of: lesson.steps[0].scene)
    var state = ViewerState(trace: runs.run, longest: 7, look: Look())
    state.open(step: 5, layer: 0, head: 0, depth: .token, cell: nil)
    return Grader(
      quiz: try #require(lesson.quizzes.first), evaluator: Evaluator(runs.run, step: 5),
      state: state)
  }

  private static let grid = (0..<5).flatMap { query in
    (0..<5).map { GridPoint(query: query, key: $0) }
  }

  /// Whether a place of the grid is meant, by hand: rows and columns from 0, the newest is 4.
  private static let meant: [String: @Sendable (GridPoint) -> Bool] = [
    "all": { _ in true }, "none": { _ in false }, "row": { $0.query == 4 },
    "column": { $0.key == 4 },
    "new": { $0.query == 4 || $0.key == 4 }, "corner": { $0.query == 4 && $0.key == 4 },
    "diagonal": { $0.query == $0.key }, "lower": { $0.key <= $0.query },
    "below": { $0.key < $0.query },
    "masked": { $0.key > $0.query }, "upper": { $0.key >= $0.query }, "computed": { $0.query == 4 },
  ]

  @Test("Each name of a grid means its cells", arguments: MarkedSet.ofGrid)
  func grid(set: MarkedSet) throws {
    let isMeant = try #require(Self.meant[set.rawValue])
    let grader = try grader("mark: masked\npane: cached\nask: 标\nwhy: 好")
    #expect(grader.places(set, .masked, .cached) == Set(Self.grid.filter(isMeant)))
    #expect(grader.places(.read, .masked, .cached) == nil)
  }

  @Test("Each name of a strip means its tokens", arguments: MarkedSet.ofStrip)
  func strip(set: MarkedSet) throws {
    let grader = try grader("mark: new\npane: uncached\nask: 标\nwhy: 好")
    let keys: [MarkedSet: ClosedRange<Int>] = [
      .all: 0...4, .new: 4...4, .read: 0...3, .cached: 0...3, .computed: 0...4, .first: 0...0,
    ]
    let meant = Set((keys[set].map(Array.init) ?? []).map { GridPoint(query: 0, key: $0) })
    #expect(grader.places(set, .new, .uncached) == meant)
    #expect(grader.places(.row, .new, .uncached) == nil)
  }

  private static let asked =
    "mark: masked\npane: uncached\nask: 标\nreplies:\n  below: 反了\n  none: 有的\n  else: 再看\nwhy: 好"

  @Test("Marks get the reply of the set that they are, and how far they are off")
  func judged() throws {
    let grader = try grader(Self.asked)
    let (below, masked) = (
      Set(Self.grid.filter { $0.key < $0.query }), Set(Self.grid.filter { $0.key > $0.query })
    )
    #expect(try grader.judge(.cells(masked)) == .right)
    let turned = try grader.judge(.cells(below))
    #expect(
      turned.reply == "反了" && !turned.isGeneral
        && turned.difference == MarkDifference(missed: 10, extra: 10))
    #expect(try grader.judge(.cells([])).reply == "有的")
    let other = try grader.judge(.cells(masked.subtracting([GridPoint(query: 0, key: 4)])))
    #expect(
      other.reply == "再看" && other.isGeneral
        && other.difference == MarkDifference(missed: 1, extra: 0))
  }

  @Test(
    "A name that means nothing here is refused",
    arguments: ["read: 不", "uncached.cells: 不", "rows: 不"])
  func refused(reply: String) {
    #expect(throws: Finding.self) {
      try grader("mark: masked\nask: 标\nreplies: {\(reply)}\nwhy: 好")
    }
  }

  @Test("A reply to what is right is found")
  func lint() throws {
    let text = Classroom.text(
      body: Classroom.quiz(
        "id: q1\nkind: cells\nmark: computed\npane: cached\nask: 标\nreplies: {row: 不}\nwhy: 好"))
    let findings = Linter(Classroom.runs()).findings(in: try Classroom.parse(text))
    #expect(findings.count == 1 && findings[0].sentence(.english).contains("row"))
  }
}
