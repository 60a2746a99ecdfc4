import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// Every hint that is drawn, on every screen and in every mode, is pressed there: each is understood.
@Suite struct HintTests {
  /// A screen in a mode: how it begins, and the keys that lead there.
  struct Place: Sendable, CustomTestStringConvertible {
    let name: String
    var keys = ""
    let begin: @Sendable (Look) throws -> any Screen
    var testDescription: String { name }
    var isHelp: Bool { keys.hasSuffix("?") }

    func screen(_ look: Look) throws -> any Screen {
      var screen = try begin(look)
      _ = screen.update(.resized(HintTests.sizes[0]))
      for name in keys.split(separator: " ") {
        _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
      }
      return screen
    }
  }

  static let sizes = [
    Size(columns: 80, rows: 24), Size(columns: 200, rows: 60), Size(columns: 60, rows: 16),
  ]

  // MARK: Places

  static let places: [Place] =
    ["", "?"].map { Place(name: "the menu after \($0)", keys: "Down " + $0, begin: menu) }
    + walls
    + ["", "?"].map { keys in
      Place(name: "what is due in the menu after \(keys)", keys: keys) { look in
        HomeScreen(try HomeReviewTests.state(look, questions: 2))
      }
    }
    + ["", "?"].map { keys in
      Place(name: "what was missed after \(keys)", keys: keys) { look in
        LessonScreen(try LessonReviewTests.state(12, look))
      }
    }
    + ["", "?"].map { keys in
      Place(name: "the recordings after \(keys)", keys: "Down " + keys) { look in
        try RecordingsScreenTests.screen(look)
      }
    }
    + [
      "", "i Left Up", "g", "g 3", "/", "/ a", "p Right", "p Right Enter",
      "p Right Enter Enter Left",
      "p Right 1 Enter 2 Enter Enter", "?", "w", "w a",
    ].map { keys in
      Place(name: "a run after \(keys)", keys: "End Left Left Up ] } " + keys) { look in
        RunScreen(RunStart(trace: try Material.trace(), longest: 7), look)
      }
    }
    + ["Right", "Right ?"].map { keys in
      Place(name: "a run that has not begun, after \(keys)", keys: keys) { look in
        RunScreen(FakeRun(try Material.trace()).start, look)
      }
    }
    + ["", "m", "m a", "M", "/", "/ a", "i Left Up", "g", "d Left", "?"].map { keys in
      Place(name: "a recording after \(keys)", keys: "End Left Left Up ] } " + keys, begin: replay)
    }
    + ["", "m", "n Up", "e", "?", "x", "n 9", "b 0 Enter"].map { keys in
      Place(name: "the planner after \(keys)", keys: keys) { look in
        PlannerScreen(try PlannerState(look))
      }
    }
    + lessons
    + toolScenes + programs
    + ["", "g", "?"].map { keys in
      Place(name: "growth after \(keys)", keys: "Left " + keys) { look in
        try GrowthScreenTests.screen(look)
      }
    }
    + ["", "g", "?"].map { keys in
      Place(name: "prefill and decode after \(keys)", keys: keys) { look in
        try PhasesScreenTests.screen(look)
      }
    }
    + ["", "i Right", "a", "a 中", "?", "i ?"].map { keys in
      Place(name: "requests over a pool after \(keys)", keys: "Down Right " + keys) { look in
        try ServingScreenTests.screen(look)
      }
    }
    + ["", "/", "/ 中", "?"].map { keys in
      Place(name: "speculative decoding after \(keys)", keys: "] } Right " + keys) { look in
        try SpeculativeScreenTests.screen(look)
      }
    }
    + ["", "c", "p p", "i Left", "?"].map { keys in
      Place(name: "cache policies after \(keys)", keys: "Left Left ] } " + keys) { look in
        try PoliciesScreenTests.screen(look)
      }
    }
    + ["", "Tab", "?"].map { keys in
      Place(name: "forms of attention after \(keys)", keys: "Left " + keys) { look in
        try AttentionScreenTests.screen(look)
      }
    }
    + ["", "i Left", "?"].map { keys in
      Place(name: "a broken cache after \(keys)", keys: "Left " + keys) { look in
        try FaultsScreenTests.screen(look)
      }
    }
    + ["", "Left", "i Left", "g 2", "?", "i ?"].map { keys in
      Place(name: "a run that is followed, after \(keys)", keys: keys) { look in
        var follower = Following(FollowScreen(look), "", look)
        try follower.hear(Told.run(step: 5, layer: 2, head: 2))
        try follower.press("Up")
        return follower.screen
      }
    }
    + ["", "Left", "i Left Up", "?"].map { keys in
      Place(name: "a lesson that is followed, after \(keys)", keys: keys) { look in
        var follower = Following(FollowScreen(look), Told.choice, look)
        try follower.hear(Told.asking())
        return follower.screen
      }
    }
    + ["", "Tab", "?"].map { keys in
      Place(name: "the presenter's notes after \(keys)", keys: keys) { look in
        var notes = Following(NotesScreen(look), Told.choice, look)
        try notes.hear(Told.asking(Told.backstage([[1, 2], []])))
        return notes.screen
      }
    }
    + [
      Place(name: "a cache that is mended") { look in try FaultsScreenTests.screen(look, nil) }
    ]
    + ["", "b", "i", "h", "?", "b i", "h i", "i ?"].map { keys in
      Place(name: "a round of the game after \(keys)", keys: "Left " + keys) { look in
        try FaultsScreenTests.screen(look, isGame: true)
      }
    }
    + [
      ("", ""), ("p x", ""), ("Enter Enter Up", ""), ("Enter Enter Up", "?"), ("Enter Tab", ""),
      ("Enter Enter e x", ""), ("Enter Enter e x Enter", ""),
    ].map { answered, keys in
      Place(name: "a conversation after \(answered) \(keys)", keys: keys) { look in
        var talk = try ConversationScreenTests.Talk(look)
        talk.compares = false
        try talk.press(answered)
        return talk.screen
      }
    }

  /// Questions that are held, a lesson's picture and text, and a run, on a wall.
  private static let walls: [Place] =
    ["", "Tab", "?", ".", "i Left Up", "g"].map { keys in
      Place(name: "a lesson on the wall after \(keys)", keys: keys) { look in
        try Wall.asked("", look)
      }
    }
    + ["", "Enter", "Tab", "Tab Tab", "x x", "J", "v", "v 3", "?"].map { keys in
      Place(name: "a question on the wall after \(keys)", keys: keys) { look in
        try Wall.asked(Wall.short, look, phones: 40)
      }
    }
    + ["", "?", "> > > >", "> > > > ?"].map { keys in
      Place(name: "a lecture's first or last screen after \(keys)", keys: keys) { look in
        try Wall(Material.lesson("", language: look.language), look, phones: 40, title: "a lecture")
      }
    }
    + ["", "Enter", "x x", "?"].map { keys in
      Place(name: "cells to mark on the wall after \(keys)", keys: keys) { look in
        try Wall.asked(Wall.marks, look)
      }
    }
    + ["", "Right .", "i Left Up", "g", "/ a", "p Right", "?"].map { keys in
      Place(
        name: "a run on the wall after \(keys)", keys: "Right Right Right Right Left ] } " + keys
      ) { look in
        try Wall(run: look)
      }
    }

  @Sendable private static func replay(_ look: Look) throws -> any Screen {
    let file = Checkout.root + "/Tests/Fixtures/recordings/bundled.kvtrace"
    let recording = try Recording(file)
    let marks = [3, 10, 12].map { Mark(step: $0, layer: 0, head: 1, note: "note \($0)") }
    return RunScreen(
      RunStart(
        trace: recording.trace, longest: recording.longest,
        replay: ReplayState(name: "bundled.kvtrace", marks: marks)), look)
  }

  private static let choice = Classroom.quiz(
    "id: q1\nkind: choice\nask: 哪个？\noptions:\n  - text: 甲\n    if: length == 3\n    reply: 对\n"
      + "  - text: 乙\n    if: length == 4\n    reply: 错\nwhy: 好")
  private static let number = Classroom.quiz(
    "id: q1\nkind: number\nask: 几格？\nanswer: uncached.cells\nhints: [数一数]\nwhy: 好")
  private static let strip = Classroom.quiz(
    "id: q1\nkind: cells\nmark: new\npane: cached\nask: 标\nwhy: 好")
  private static let grid = Classroom.quiz(
    "id: q1\nkind: cells\nmark: computed\npane: uncached\nask: 标\nwhy: 好")

  private static let lessons: [Place] =
    [
      ("reading", "", ["", "g", "g 2", "i Left Up", "?", "d Left"]),
      ("a choice", choice, ["", "1", "i Left Up", "?"]),
      ("a number", number, ["", "9", "i Left Up", "i Left Up 9", "g", "?"]),
      ("tokens to mark", strip, ["Left", "Left ?"]),
      ("cells to mark", grid, ["Right Up", "Right Up ?"]),
    ].flatMap { name, body, keys in
      keys.map { keys in
        Place(name: "a lesson, \(name), after \(keys)", keys: keys) { look in
          try lesson(body, look)
        }
      }
    }

  /// A tool beside a lesson's text, looked at and gone into, with all keys and with some.
  private static let toolScenes: [Place] =
    [
      (ToolSceneTests.planner, "", ["", "o", "o ?", "o n 9"]),
      (ToolSceneTests.planner, "b, n", ["", "o", "o ?"]),
      (ToolSceneTests.lab, "", ["", "o", "o i Left", "o ?"]),
    ].flatMap { tool, knobs, keys in
      keys.map { keys in
        Place(name: "\(tool) in a lesson, after \(keys)", keys: keys) { look in
          try ToolSceneTests.Loop(
            ToolSceneTests.lesson(tool: tool, knobs: knobs, language: look.language), look)
        }
      }
    }

  /// A program with gaps in a lesson.
  private static let programs: [Place] = ["", "c", "c b", "a b Enter", "?"].map { keys in
    Place(name: "lines to choose in a lesson, after \(keys)", keys: keys) { look in
      try ToolSceneTests.Loop(ProgramScreenTests.lesson(look.language), look)
    }
  }

  @Sendable private static func menu(_ look: Look) throws -> any Screen {
    let entries = try (1...2).map { _ in HomeState.Entry(try Material.lesson(""), nil) }
    return HomeScreen(HomeState(entries, look: look))
  }

  private static func lesson(_ body: String, _ look: Look) throws -> any Screen {
    let lesson = try Material.lesson(body, language: look.language)
    var progress = LessonProgress()
    progress.current = "two"
    let runs = try BundledRuns().runs(of: lesson.steps[1].scene)
    return LessonScreen(LessonState(lesson, progress: progress, look: look, traces: runs))
  }

  // MARK: The walk

  @Test(
    "Each hint of the footer, of the line under a field and of the help page is understood",
    arguments: places)
  func walk(place: Place) throws {
    var pressed = 0
    for language in Language.allCases {
      for glyphs in GlyphSet.allCases where glyphs != .ascii || language == .english {
        let look = Look(language: language, glyphs: glyphs)
        let screen = try place.screen(look)
        if place.isHelp {
          pressed += try Self.sizes.map { try walk(help: screen, $0, look) }.reduce(0, +)
          continue
        }
        let canvases = Self.sizes.map { screen.view($0, look) }
        let names = canvases.flatMap { Self.hints($0, rows: 0..<$0.size.rows) }
        pressed += try press(Set(names), on: screen, look)
      }
    }
    #expect(pressed > 0)
  }

  /// The footer of a help page, which goes by the size, is about the page; the page is about the mode beneath it.
  private func walk(help: any Screen, _ size: Size, _ look: Look) throws -> Int {
    var help = help
    _ = help.update(.resized(size))
    var beneath = help
    _ = beneath.update(.key(.escape))
    let canvas = help.view(size, look)
    let bottom = size.rows - 1
    return try press(Set(Self.hints(canvas, rows: bottom..<size.rows)), on: help, look)
      + press(Set(Self.hints(canvas, rows: 0..<bottom)), on: beneath, look)
  }

  /// Presses every key of some hints; returns how many.
  private func press(_ names: Set<String>, on screen: any Screen, _ look: Look) throws -> Int {
    var pressed = 0
    for name in names {
      let keys = try Self.keys(name)
      if keys.isEmpty { Issue.record("\(name) names no key") }
      // What Ctrl-L does is done by the terminal's screen.
      for key in keys where key != .control("l") {
        pressed += 1
        if !isUnderstood(key, on: screen, look) {
          Issue.record("\(name) (\(key)) is not understood, \(look)")
        }
      }
    }
    return pressed
  }

  private func isUnderstood(_ key: Key, on screen: any Screen, _ look: Look) -> Bool {
    var after = screen
    let effects = after.update(.key(key))
    if effects.contains(where: { Self.leads($0, look) }) { return true }
    if after.question != screen.question { return true }
    let views = Self.sizes.map { (screen.view($0, look), after.view($0, look)) }
    let texts = views.map(\.1.plainText)
    let refused = texts.contains { $0.contains("没有这个键") || $0.contains("no such key") }
    return !refused && views.contains { $0.0 != $0.1 }
  }

  private static func leads(_ effect: Effect, _ look: Look) -> Bool {
    switch effect {
    case .setLook(let new): new != look
    case .compute, .keep: false
    default: true
    }
  }

  // MARK: Reading hints off the screen

  /// The names of keys that a canvas shows: those drawn as keys, and those in lines that say what Enter or Esc does.
  private static func hints(_ canvas: Canvas, rows: Range<Int>) -> [String] {
    rows.flatMap { y in
      let row = canvas.row(y).filter { $0.width > 0 }
      let keys = row.split { $0.style.role != .key }.map { $0.map(\.text).joined() }
      let dim = row.map { $0.style.role == .dim ? $0.text : "\u{0}" }.joined()
      return keys + dim.split(separator: "\u{0}").flatMap { line(String($0)) }
    }
  }

  /// `Enter goes   Esc stays`: the names before the words.
  private static func line(_ text: String) -> [String] {
    guard
      text.contains("Enter") || text.contains("Esc ") || text.contains("p 不再")
        || text.contains("p no more")
    else { return [] }
    let prose = ["数字，", "digits, ", "a digit chooses", "type a number or a sum"]
    let text = prose.reduce(text) { $0.replacing($1, with: "") }
    let parts = ["，", "：", "；", ", ", ": ", "; "].reduce(text) { $0.replacing($1, with: "  ") }
    return parts.split(separator: "  ").compactMap { part in
      let words = part.split(separator: " ").map(String.init)
      let names = words.prefix { isName($0) }
      // "a all": of letters only the first word is a key.
      return names.isEmpty
        ? nil
        : names.allSatisfy { $0.count == 1 && $0.first?.isLetter == true }
          ? names.first : names.joined(separator: " ")
    }
  }

  private static func isName(_ word: String) -> Bool {
    named[word] != nil || word.count == 1 && word.first?.isASCII == true
  }

  private static let named: [String: [Key]] = [
    "→": [.right], ">": [.right], "←": [.left], "<": [.left], "↑": [.up], "Up": [.up],
    "↓": [.down], "Down": [.down], "Dn": [.down], "Left": [.left], "Right": [.right],
    "Home": [.home], "End": [.end], "Enter": [.enter], "Esc": [.escape], "Bksp": [.backspace],
    "Tab": [.tab],
    "Space": [.character(" ")], "PgUp": [.pageUp], "PgDn": [.pageDown], "Ctrl-L": [.control("l")],
    "arrows": [.left, .right],
    "any": [.character("x")], "key": [.character("x")], "任意键": [.character("x")],
  ]

  private static func keys(_ name: String) throws -> [Key] {
    name.split(separator: " ").flatMap { word -> [Key] in
      named[String(word)] ?? (word.count == 1 ? word.first.map { [.character($0)] } ?? [] : [])
    }
  }
}
