internal import Base
import Testing

@testable import Lessons
internal import TestSupport

/// Options in a learner's own order, and numbers that are others at a new try.
@Suite struct DrawTests {
  private func quiz(_ yaml: String) throws -> Quiz {
    let lesson = try Classroom.parse(Classroom.text(body: Classroom.quiz("id: q1\n" + yaml)))
    return try #require(lesson.quizzes.first)
  }

  private static let options =
    "kind: choice\nask: 哪个？\noptions:\n"
    + (1...4).map { "  - {text: 第 \($0), if: step == \($0 == 2 ? 3 : 9)}\n" }.joined() + "why: 好"

  @Test("Without a seed options stand as in the file; a seed mixes them, always alike")
  func order() throws {
    let asked = try quiz(Self.options)
    #expect(asked.optionOrder(seed: nil) == [0, 1, 2, 3])
    var orders: Set<[Int]> = []
    for seed in 1...400 {
      let order = asked.optionOrder(seed: seed)
      #expect(order.sorted() == [0, 1, 2, 3])
      #expect(order == asked.optionOrder(seed: seed))
      orders.insert(order)
    }
    #expect(orders.count == 24, "every order comes")
  }

  @Test("Options with an order of their own are turned round at most")
  func ordered() throws {
    let asked = try quiz("ordered: true\n" + Self.options)
    let orders = Set((1...50).map { asked.optionOrder(seed: $0) })
    #expect(orders == [[0, 1, 2, 3], [3, 2, 1, 0]])
  }

  @Test("Two questions are not mixed alike")
  func own() throws {
    let lesson = try Classroom.parse(
      Classroom.text(
        body: Classroom.quiz("id: q1\n" + Self.options) + "\n"
          + Classroom.quiz("id: q2\n" + Self.options)))
    let isAlike = (1...20).allSatisfy { seed in
      Set(lesson.quizzes.map { $0.optionOrder(seed: seed) }).count == 1
    }
    #expect(!isAlike)
  }

  private static let drawn =
    "kind: number\nat: n\ndraw: {n: [4, 5, 6, 7]}\nask: 第 {{n}} 步几格？\nanswer: uncached.cells\n"
    + "replies: {n + n: 加错了}\nhints: [\"{{n}} 行\"]\nwhy: \"{{n}} × {{length}} = {{uncached.cells}}\""

  @Test("The first try has the first numbers, later ones all others before one comes again")
  func places() throws {
    let asked = try quiz(Self.drawn)
    #expect(asked.at == 4 && asked.values == ["n": 4])
    for seed in UInt64(0)..<20 {
      let places = (0..<8).map { asked.draw.place(ofTry: $0, seed: seed) }
      #expect(places[0] == 0 && Set(places.prefix(4)) == [0, 1, 2, 3])
      #expect(places.prefix(4) == places.suffix(4))
    }
  }

  @Test("A lesson's questions have the numbers of their tries")
  func lesson() throws {
    let lesson = try Classroom.parse(Classroom.text(body: Classroom.quiz("id: q1\n" + Self.drawn)))
    var seen: Set<Int> = []
    for number in 0..<4 {
      let quiz = try #require(lesson.drawn(tries: ["q1": number], seed: 5).quizzes.first)
      #expect(quiz.at.map(Double.init) == quiz.values["n"])
      seen.insert(quiz.at ?? 0)
    }
    #expect(seen == [4, 5, 6, 7])
  }

  @Test("The linter looks at every number")
  func lint() throws {
    let text = Classroom.text(
      body: Classroom.quiz("id: q1\n" + Self.drawn.replacing("n + n", with: "(n - 1) * 6")))
    // 18, 24, 30 and 36 are never n².
    let findings = Linter(Classroom.runs()).findings(in: try Classroom.parse(text))
    #expect(findings.map { $0.sentence(.english) } == [])
    let wrong = Classroom.text(
      body: Classroom.quiz("id: q1\n" + Self.drawn.replacing("n + n", with: "n * 7")))
    let found = Linter(Classroom.runs()).findings(in: try Classroom.parse(wrong))
    #expect(found.count == 1 && found[0].sentence(.english).contains("right answer"))
    let late = Classroom.text(
      body: Classroom.quiz("id: q1\n" + Self.drawn.replacing("6, 7]", with: "6, 8]")))
    let tooLate = Linter(Classroom.runs()).findings(in: try Classroom.parse(late))
    #expect(tooLate.count == 1 && tooLate[0].sentence(.english).contains("1 … 7"))
  }

  @Test(
    "What cannot be drawn is refused",
    arguments: [
      "draw: {length: [1, 2]}", "draw: {n: [1]}", "draw: {n: []}", "draw: {N: [1, 2]}",
      "draw: {n: [1, 2], m: [1]}",
      "draw: {n: [a, 2]}", "draw: 3", "draw: {}", "draw: {n: 3}", "draw: {n: [1e99, 2]}",
      "draw: {uncached: [1, 2]}",
      "draw: {n: [1.5, 2]}\nat: n", "draw: {n: [0, 2]}\nat: n", "draw: {n: [2, 900]}\nat: n",
      "at: n",
      "draw: {a: [1, 2], b: [1, 2], c: [1, 2], d: [1, 2], e: [1, 2]}",
      "draw: {n: [1,2,3,4,5,6,7,8,9,10,11,12,13]}",
    ])
  func refused(yaml: String) {
    #expect(throws: Finding.self) {
      try quiz("kind: number\nask: 几？\nanswer: '1'\nwhy: 好\n" + yaml)
    }
  }
}
