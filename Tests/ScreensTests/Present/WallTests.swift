import Base
import Classroom
import TestSupport
import Testing
import Viz

@testable import Lessons
@testable import Screens

/// What stands on the wall: all of it at every size, and nothing of an answer before it is revealed.
@Suite struct WallTests {
  private static let bodies = [Wall.number, Wall.short, Wall.long, Wall.marks]

  /// Keys that lead to each phase and over each page.
  private static let ways = [
    "", "Enter", "Enter Enter", "Enter Enter Enter", "x x", "Tab", "Tab Tab", "Tab Tab Down", "J",
    "?",
    ". .", "v", "v 3 Space 4 Space", "+ +", "Enter Tab .", "x x . .", "b", "i Left", "BSpace",
    "x x Enter", "x x Tab Tab",
  ]

  /// Sizes from 1 × 1 to 300 × 100, more of the small ones.
  private static let sizes: [Size] = {
    var random = SplitMix64(seed: 14)
    func number(_ most: Int) -> Int { Int(random.next() % UInt64(most)) + 1 }
    return [(1, 1), (39, 12), (40, 11), (40, 12), (60, 16), (80, 24), (200, 60), (300, 100)].map {
      Size(columns: $0.0, rows: $0.1)
    } + (0..<12).map { _ in Size(columns: 39 + number(80), rows: 11 + number(30)) }
      + (0..<6).map { _ in Size(columns: number(300), rows: number(100)) }
  }()

  // MARK: Every size

  @Test("Every page is whole at every size, in every set of glyphs", arguments: ways)
  func sizes(keys: String) throws {
    for (index, body) in Self.bodies.enumerated() {
      for (number, glyphs) in [GlyphSet.full, index < 2 ? .narrow : .ascii].enumerated() {
        let language = glyphs == .full && index % 2 == 0 ? Language.chinese : .english
        let look = Look(language: language, theme: .projector, glyphs: glyphs)
        for phones in [(index + number) % 2 == 0 ? nil : 40] {
          var wall = try Wall.asked(body, look, phones: phones)
          wall.vote([VoteCounts([0: 3, 1: 17, 16: 2])], phones: phones)
          try wall.press(keys)
          for size in Self.sizes {
            let canvas = wall.view(size)
            #expect(canvas.flaw == nil, "\(keys), \(size)")
          }
        }
      }
    }
  }

  @Test(
    "A run is whole at every size",
    arguments: ["", "Right Right . .", "i Left .", "o", "c", "p", "/ a", "?"])
  func runs(keys: String) throws {
    var wall = try Wall(run: Look(theme: .projector))
    _ = wall.update(.resized(Size(columns: 80, rows: 24)))
    try wall.press(keys)
    for size in Self.sizes { #expect(wall.view(size).flaw == nil, "\(keys), \(size)") }
  }

  @Test("Phones get a picture of any size")
  func phones() throws {
    for keys in ["", "x x", ". ."] {
      var wall = try Wall.asked(Wall.short, phones: 3)
      try wall.press(keys)
      for size in Self.sizes + [Size(columns: 48, rows: 18)] {
        let canvas = try #require(PresentView(state: wall.screen.state).picture(size))
        #expect(canvas.size == size && canvas.flaw == nil)
      }
    }
    var blank = try Wall.asked(Wall.short)
    try blank.press("b")
    #expect(PresentView(state: blank.screen.state).picture(Size(columns: 48, rows: 18)) == nil)
  }

  @Test("Below 40 × 12 it is said what is needed")
  func tooSmall() throws {
    let wall = try Wall.asked(Wall.short)
    #expect(wall.text(39, 12).contains("要 40 列"))
    #expect(wall.text(40, 11).contains("要 12 行"))
    #expect(!wall.text(40, 12).contains("要 40 列"))
  }

  // MARK: Question

  @Test("Question, options and what is to be done are read whole from 40 × 12 on")
  func question() throws {
    let size = [(40, 12), (60, 20), (80, 24), (120, 36), (200, 60)]
    for (columns, rows) in size {
      let wall = try Wall.asked(Wall.short)
      let text = wall.text(columns, rows)
      #expect(text.replacing(" ", with: "").contains("下一步一个头要算几格？"), "\(columns)")
      #expect(text.contains("想"))
      let long = try Wall.asked(Wall.long, phones: nil)
      var scrolled = long
      _ = scrolled.update(.resized(Size(columns: columns, rows: rows)))
      var seen = ""
      for _ in 0..<12 {
        seen += scrolled.text(columns, rows)
        try scrolled.press("Down")
      }
      let plain = seen.filter { !" \n".contains($0) }
      for part in ["留着", "不能", "用不上", "乘法"] {
        #expect(plain.contains(part), "\(columns): \(part)")
      }
    }
  }

  @Test("What is to be done is said for phones and for hands")
  func guides() throws {
    var phones = try Wall.asked(Wall.short, phones: 40)
    var hands = try Wall.asked(Wall.short)
    #expect(phones.text(80, 24).contains("先自己想"))
    try phones.press("Enter")
    try hands.press("Enter")
    #expect(phones.text(80, 24).contains("用手机投票") && phones.text(80, 24).contains("没有手机"))
    #expect(hands.text(80, 24).contains("举手") && !hands.text(80, 24).contains("手机"))
    try hands.press("Enter")
    #expect(hands.text(80, 24).contains("和邻座讨论"))
  }

  @Test("How many answered, of how many; never before the first vote")
  func answered() throws {
    var wall = try Wall.asked(Wall.short, phones: 40)
    wall.vote([VoteCounts([0: 20, 1: 3])], phones: 40)
    #expect(!wall.text(80, 24).contains("已答"))
    try wall.press("Enter")
    #expect(wall.text(40, 12).contains("23 人已答，共 40 人"))
    #expect(wall.text(120, 36).contains("人已答") && wall.text(120, 36).contains("共 40 人"))
  }

  @Test("A timer runs in large digits where there is room, and says its end")
  func timer() throws {
    var wall = try Wall.asked(Wall.short)
    let start = ContinuousClock.now
    _ = wall.update(.time(start))
    try wall.press("+ +")
    #expect(wall.text(40, 12).contains("1:00"))
    #expect(!wall.text(120, 36).contains("1:00") && wall.text(120, 36).contains("█"))
    _ = wall.update(.time(start + .seconds(61)))
    #expect(wall.text(40, 12).contains("0:00 时间到"))
    #expect(wall.text(120, 36).contains("时间到"))
    // Beside a picture it stands in the last row.
    var picture = try Wall.asked("")
    try picture.press("+")
    #expect(picture.text(80, 24).contains("0:30"))
  }

  @Test("The key that goes on is named from 40 × 12 on, in both languages")
  func footer() throws {
    for language in Language.allCases {
      var wall = try Wall.asked(Wall.short, Look(language: language), phones: 40)
      for keys in ["", "Enter", "Enter", "Enter", "x x"] {
        try wall.press(keys)
        let foot = wall.text(40, 12).split(separator: "\n").last ?? ""
        for key in ["Enter", "?", "q q"] { #expect(foot.contains(key), "\(foot)") }
      }
    }
  }

  @Test("Nothing touches the title's bar where there are rows enough")
  func title() throws {
    for body in [Wall.number, Wall.short, Wall.marks] {
      for rows in body == Wall.number ? [20, 24, 36] : [24, 36] {
        var wall = try Wall.asked(body, phones: 3)
        for keys in ["", "Enter", "Enter", "Enter", "x x"] {
          try wall.press(keys)
          let lines = wall.text(60, rows).split(separator: "\n", omittingEmptySubsequences: false)
          // The picture of a screen that asks nothing more has its title there.
          guard lines.contains(where: { $0.contains("揭晓") }) else { continue }
          #expect(lines[1].allSatisfy { $0 == " " }, "\(rows) after \(keys): \(lines[1])")
        }
      }
    }
  }

  @Test("A long name of a recording is no more than a mark at the title's edge")
  func header() throws {
    let start = RunStart(
      trace: try Material.trace(), longest: 7,
      replay: ReplayState(name: "a-rather-long-name.kvtrace", marks: []))
    let screen = RunScreen(start, Look(language: .english))
    for columns in 40...80 {
      var canvas = Canvas(Size(columns: columns, rows: 1))
      screen.state.drawHeader(on: &canvas)
      #expect(!canvas.plainText.contains("…step"), "\(canvas.plainText)")
    }
  }

  // MARK: Secrets

  /// Votes of one sum: nobody sees which of them it was.
  private static let secrets = [
    VoteCounts([0: 137, 1: 241, 16: 389]), VoteCounts([0: 389, 1: 137, 16: 241]),
  ]

  @Test(
    "Before the reveal no frame holds votes or the answer, in any lesson",
    arguments: TestSupport.Classroom.course.ids)
  func secret(id: String) throws {
    let runs = BundledRuns()
    for language in Language.allCases {
      let lesson = try TestSupport.Classroom.course.lesson(id, language)
      for step in lesson.steps where !step.quizzes.isEmpty {
        let look = Look(language: language, theme: .projector)
        let wall = try Wall(lesson, look, phones: 900, step: step.id, runs: runs)
        try check(wall)
      }
    }
  }

  private func check(_ start: Wall) throws {
    let quiz = try #require(start.screen.state.quiz)
    let lesson = try #require(start.screen.state.exhibit?.lesson)
    let why = lesson.plain(quiz.why, of: quiz).filter { $0 != " " }.prefix(12)
    for keys in ["", "Enter", "Enter Enter", "Enter Enter Enter", "Enter Tab", "Enter Tab Tab ."] {
      let walls = try Self.secrets.map { votes in
        var wall = start
        wall.vote([votes, votes], phones: 900)
        try wall.press(keys)
        return wall
      }
      guard walls[0].screen.state.isHolding else { continue }
      for (columns, rows) in [(40, 12), (80, 24), (120, 36)] {
        let size = Size(columns: columns, rows: rows)
        let canvas = walls[0].view(size)
        for other in walls.dropFirst() where other.view(size) != canvas {
          Issue.record("\(lesson.lesson.id) \(quiz.id) after \(keys) tells votes apart at \(size)")
        }
        #expect(!canvas.cells.contains { $0.style.role == .right || ["✓", "✗"].contains($0.text) })
        let text = canvas.plainText.filter { !" \n".contains($0) }
        #expect(!text.contains(why), "\(lesson.lesson.id) \(quiz.id) after \(keys) says \(why)")
      }
    }
  }

  // MARK: Reveal

  @Test("The reveal has both rounds in numbers, marks the right answer and says why")
  func reveal() throws {
    for (columns, rows) in [(40, 12), (60, 20), (80, 24), (120, 36), (200, 60)] {
      for body in [Wall.short, Wall.number] {
        var wall = try Wall.asked(body, phones: 40)
        let right: Double = body == Wall.short ? 2 : 16
        wall.vote([VoteCounts([0: 13, right: 9]), VoteCounts([0: 6, right: 27])], phones: 40)
        try wall.press("x x")
        let canvas = wall.view(Size(columns: columns, rows: rows))
        let text = canvas.plainText
        for number in ["13", "9", "6", "27", "22 人", "33 人", "✓", "16"] {
          #expect(text.contains(number), "\(number) at \(columns) × \(rows)")
        }
        #expect(text.contains("四行四列"))
        #expect(canvas.cells.contains { $0.style.role == .right })
      }
    }
  }

  @Test("Bars have one scale: as many columns as votes where there is room")
  func bars() throws {
    let bars = VoteBars(
      choices: [
        VoteBars.Choice(label: "A", text: "", votes: [10, 5], isRight: false),
        VoteBars.Choice(label: "B", text: "", votes: [0, 20], isRight: true),
      ], rounds: [["first", "1"], ["second", "2"]], glyphs: .full)
    var canvas = Canvas(Size(columns: 60, rows: 3))
    bars.draw(
      in: Area(x: 0, y: 0, columns: 60, rows: 3), hasWords: false, gap: 0, on: &canvas)
    func count(_ y: Int, _ columns: Range<Int>) -> Int {
      canvas.row(y).dropFirst(columns.lowerBound).prefix(columns.count).count { $0.text == "█" }
    }
    let full = count(2, 0..<60)
    #expect(full > 15)
    #expect(count(1, 0..<32) == (full + 1) / 2)
    #expect(count(1, 32..<60) == (full + 2) / 4 || count(1, 32..<60) == full / 4)
  }

  // MARK: Invitation

  @Test("The invitation is over all, and beside the question while it can be answered")
  func invitation() throws {
    var wall = try Wall.asked(Wall.short, phones: 40)
    func hasCode(_ columns: Int, _ rows: Int) -> Bool {
      wall.view(Size(columns: columns, rows: rows)).cells.contains { $0.style.role == .paper }
    }
    #expect(hasCode(60, 20) && hasCode(100, 30))
    try wall.press("Enter Enter")
    #expect(!hasCode(100, 30))
    try wall.press("J")
    #expect(hasCode(80, 24) && wall.text(80, 24).contains("192.168.31.208:8080/J/K7Q2"))
    #expect(!hasCode(40, 12))
    #expect(wall.text(40, 12).contains("放不下") && wall.text(40, 12).contains("192.168.31.208"))
    try wall.press("Escape")
    #expect(wall.text(80, 24).contains("和邻座讨论"))
    // Those who are in need it no more.
    try wall.press("Enter")
    #expect(!hasCode(100, 30))
    try wall.press("J")
    #expect(hasCode(100, 30))
  }

  @Test("A page that no phone can reach is no invitation, and the wall says what to do")
  func unreachable() throws {
    let opening = PresentOpening(
      Lecture(items: [LectureItem(.lesson("01-test", screens: []))]),
      obstacle: Bilingual("手机连不上：用 --serve", "no phone"))
    var screen = PresentScreen(opening, Look())
    #expect(screen.state.notice == "手机连不上：用 --serve")
    _ = screen.update(.key(.character("?")))
    _ = screen.update(.key(.character("?")))
    #expect(screen.state.notice == nil)
    _ = screen.update(.key(.character("J")))
    #expect(screen.state.notice == "手机连不上：用 --serve" && screen.state.mode == .show)
  }

  @Test("Without a phone nothing is said of phones; with both, hands are counted apart")
  func words() throws {
    var wall = try Wall.asked(Wall.number, phones: 0)
    try wall.press("Enter")
    #expect(wall.text(80, 24).contains("写在纸上") && !wall.text(80, 24).contains("在手机上"))
    try wall.press("v 1 6 : 3 5 Enter")
    for (columns, rows) in [(40, 12), (80, 24), (120, 36)] {
      let text = wall.text(columns, rows)
      #expect(!text.contains("共 0") && text.contains("人已答"), "\(text)")
    }
    wall.vote([VoteCounts([9: 40])], phones: 45)
    #expect(wall.text(40, 12).contains("75 人已答"))
    #expect(wall.text(80, 24).contains("举手 35，手机 40/45"), "\(wall.text(80, 24))")
    try wall.press("v")
    #expect(wall.text(80, 24).contains("已记 16:35") && wall.text(80, 24).contains("手机的票照算"))
  }

  // MARK: Spotlight

  @Test("Outside the light all of the picture is shaded, inside nothing is", arguments: [1, 2, 3])
  func spotlight(times: Int) throws {
    let light = [Light.cell, .row, .strip][times - 1]
    let keys = Array(repeating: ".", count: times).joined(separator: " ")
    for start in [try Wall(run: Look()), try Wall.asked("")] {
      for (columns, rows) in [(40, 12), (60, 16), (80, 24), (120, 36), (200, 60)] {
        let size = Size(columns: columns, rows: rows)
        var wall = start
        _ = wall.update(.resized(size))
        try wall.press("Right Right Right")
        let before = wall.view(size)
        try wall.press(keys)
        let after = wall.view(size)
        let lit = PresentView(state: wall.screen.state).lit(light, size).map(\.area)
        #expect(!lit.isEmpty, "\(size)")
        var shaded = 0
        for (index, cell) in after.cells.enumerated() where cell.width > 0 {
          let point = Point(index % columns, index / columns)
          if lit.contains(where: { $0.contains(point) }) {
            #expect(cell.style.role == before.cells[index].style.role || cell.text == "▸")
            #expect(cell.style.role != .shaded)
          } else if cell.style.role == .shaded {
            shaded += 1
          } else if cell.text != "▸", point.y > 0, point.y < rows - 1 {
            // Title and sentence are no part of the picture.
            #expect([.text, .heading].contains(cell.style.role))
          }
        }
        #expect(shaded > 100)
        try wall.press(Array(repeating: ".", count: 4 - times).joined(separator: " "))
        #expect(wall.view(size) == before)
      }
    }
  }

  // MARK: Snapshots

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Present/Snapshots")
    var names: [String] = []
    for (columns, rows) in [(40, 12), (60, 20), (80, 24), (120, 36)] {
      for (name, body, keys, language, glyphs) in Self.kept {
        let look = Look(language: language, theme: .projector, glyphs: glyphs)
        var wall = try Wall.asked(body, look, phones: 40)
        _ = wall.update(.resized(Size(columns: columns, rows: rows)))
        wall.vote([VoteCounts([0: 13, 2: 9, 16: 1]), VoteCounts([0: 6, 2: 27])], phones: 40)
        try wall.press(keys)
        names.append("\(name)-\(columns)x\(rows)")
        try kept.check(names[names.count - 1], wall.text(columns, rows))
      }
    }
    #expect(try kept.unused(names).isEmpty)
  }

  private static let kept: [(String, String, String, Language, GlyphSet)] = [
    ("picture", "", "", .chinese, .full),
    ("vote-short", Wall.short, "Enter", .chinese, .full),
    ("vote-long", Wall.long, "Enter", .english, .full),
    ("discuss", Wall.short, "Enter Enter + +", .chinese, .full),
    ("number", Wall.number, "Enter", .english, .ascii),
    ("reveal", Wall.short, "x x", .chinese, .full),
    ("marks", Wall.marks, "", .chinese, .full),
    ("marks-reveal", Wall.marks, "x x", .chinese, .full),
    ("join", Wall.short, "J", .english, .full),
    ("counting", Wall.short, "v 3 Space 4", .english, .full),
  ]
}
