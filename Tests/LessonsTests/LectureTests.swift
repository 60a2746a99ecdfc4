internal import Base
import Foundation
import TestSupport
import Testing

@testable import Lessons

/// A lecture file is read as it is written; what it names is looked up before a class, and what is wrong is said with its line.
@Suite struct LectureTests {
  private static let head = "format: 1\ntitle: T\nitems:\n"

  private func file(_ text: String) throws(Finding) -> LectureFile {
    try LectureReader(path: "plans/mine.yaml").file(text)
  }

  private func finding(_ text: String) -> Finding? {
    do throws(Finding) {
      _ = try file(text).lecture(Classroom.course) { _ in nil }
      return nil
    } catch {
      return error
    }
  }

  @Test("A whole lecture is read, in both languages")
  func wholeLecture() throws {
    let lecture = try file(
      """
      format: 1
      title: {zh: 一堂课, en: A lecture}
      items:
        - lesson: 3
          screens: [one-step, sum-up]
          minutes: 9
        - run: [--text, 中华人民, --tokens, 2]
          title: {zh: 走一遍, en: A run}
          minutes: 4
          notes:
            zh: [看左边, 再看右边]
            en: ["look left, then right", and wait]
        - recording: run.kvtrace
          title: Kept
          notes: [the same]
        - lesson: 13-finish
      """
    ).lecture(Classroom.course) { _ in nil }
    #expect(lecture.title(.chinese) == "一堂课" && lecture.title(.english) == "A lecture")
    #expect(lecture.minutes == 13)
    #expect(
      lecture.items.map(\.source) == [
        .lesson("03-recomputing", screens: ["one-step", "sum-up"]),
        .run(["--text", "中华人民", "--tokens", "2"]), .recording("plans/run.kvtrace"),
        .lesson("13-finish", screens: []),
      ])
    #expect(lecture.items.map { $0.title(.chinese) } == ["算了又算：140", "走一遍", "Kept", "结业"])
    #expect(lecture.items[1].title(.english) == "A run")
    #expect(lecture.items[1].notes(.english) == ["look left, then right", "and wait"])
    #expect(lecture.items[2].notes(.chinese) == ["the same"])
    #expect(lecture.items[0].minutes == 9 && lecture.items[3].minutes == nil)
  }

  @Test("Paths are from the lecture's folder, but for whole ones")
  func paths() throws {
    let parts = try file(
      Self.head + "  - recording: /tmp/a.kvtrace\n  - lesson: mine/lesson.zh.md\n"
    ).parts.map(\.item.source)
    #expect(
      parts == [.recording("/tmp/a.kvtrace"), .lesson("plans/mine/lesson.zh.md", screens: [])])
    let here = try LectureReader(path: "mine.yaml").file(Self.head + "  - recording: a.kvtrace\n")
    #expect(here.parts.map(\.item.source) == [.recording("a.kvtrace")])
  }

  @Test(
    "What a file cannot be is refused, with the line at which it stands",
    arguments: [
      ("", 1), ("[]", 1), ("format: 2\ntitle: T\nitems: [{lesson: 1}]", 1),
      ("title: T\nitems: [{lesson: 1}]", 1), ("format: 1\nitems: [{lesson: 1}]", 1),
      ("format: 1\ntitle: T", 1), ("format: 1\ntitle: T\nitems: []", 1),
      ("format: 1\ntitle: T\nitems: {}", 3), ("format: 1\ntitle: [T]\nitems: [{lesson: 1}]", 2),
      ("format: 1\ntitle: {zh: T}\nitems: [{lesson: 1}]", 2),
      ("format: 1\ntitle: ''\nitems: [{lesson: 1}]", 2),
      ("format: 1\ntitle: T\nitmes: []", 3), ("format: 1\n\ttitle: T", 2),
      (head + "  - minutes: 3", 4), (head + "  - lesson: 1\n    run: []", 5),
      (head + "  - run: []\n    screens: [a]", 5), (head + "  - run: --text", 4),
      (head + "  - run: [[a]]", 4), (head + "  - lesson: ''", 4), (head + "  - lesson: [1]", 4),
      (head + "  - lesson: 1\n    minutes: 0", 5), (head + "  - lesson: 1\n    minutes: 1.5", 5),
      (head + "  - lesson: 1\n    minutes: 1000", 5),
      (head + "  - lesson: 1\n    note: [a]", 5), (head + "  - run: []\n    notes: a", 5),
      (head + "  - run: []\n    notes: {zh: [a], en: []}", 5),
      (head + "  - run: []\n    notes: ['{{length}}']", 5),
      (head + "  - run: []\n    notes: {de: [a]}", 5), (head + "  - a", 4),
      (head + "  - run: &a []\n  - run: *a", 1),
      (head + "  - lesson: 1\n  - lesson: 1\n    x: y", 6),
    ])
  func refused(text: String, line: Int) throws {
    let finding = try #require(self.finding(text), "\(text)")
    #expect(finding.line == line, "\(text): \(finding.sentence(.english))")
    #expect(finding.sentence(.english).hasPrefix("plans/mine.yaml:\(line): "))
    #expect(finding.sentence(.chinese) != finding.sentence(.english))
    #expect(finding.status == 65)
  }

  @Test("A lecture asks for as much as a lecture needs")
  func limits() {
    func items(_ count: Int) -> String {
      Self.head + String(repeating: "  - lesson: 1\n", count: count)
    }
    #expect(finding(items(50)) == nil)
    #expect(finding(items(51))?.problem == .tooMany("items", most: 50))
    let options = Array(repeating: "a", count: 41).joined(separator: ", ")
    #expect(finding(Self.head + "  - run: [\(options)]")?.problem == .tooMany("run", most: 40))
    let long = String(repeating: "x", count: 2001)
    #expect(finding(Self.head + "  - run: [\(long)]") != nil)
    #expect(finding(Self.head + "  - recording: \(long)") != nil)
    #expect(finding("format: 1\ntitle: \(long)\nitems: [{lesson: 1}]") != nil)
  }

  @Test("A file that is too large, no text or not there is refused as a lesson is")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/lecture-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = Self.head + "  - lesson: 1\n"
    for (name, bytes, status) in [
      ("large", Data((text + String(repeating: "#\n", count: 40_000)).utf8), Int32(65)),
      ("bytes", Data([0xFF, 0xFE]), 65), ("missing", nil, 66),
    ] {
      try bytes?.write(to: URL(fileURLWithPath: folder + "/" + name))
      let error = #expect(throws: Finding.self) { try LectureFile(path: folder + "/" + name) }
      #expect(error?.status == status, "\(name)")
    }
    try text.write(toFile: folder + "/good", atomically: true, encoding: .utf8)
    #expect(try LectureFile(path: folder + "/good").parts.count == 1)
  }

  // MARK: What is named

  @Test("A lesson or a screen that is not there is said with those that are")
  func unknownNames() throws {
    let lesson = try #require(self.finding(Self.head + "  - lesson: 14-more"))
    #expect(lesson.line == 4)
    #expect(lesson.sentence(.english).contains("\"14-more\""))
    #expect(lesson.sentence(.english).contains("13-finish"))
    let screen = try #require(
      self.finding(Self.head + "  - lesson: 3\n    screens: [one-step, nope]"))
    #expect(screen.line == 5)
    #expect(screen.sentence(.english).contains("one-step, sum-up, same-again, last-row"))
  }

  @Test("Screens stand in the lesson's order, each once")
  func screensInOrder() {
    #expect(finding(Self.head + "  - lesson: 3\n    screens: [sum-up, one-step]") != nil)
    #expect(finding(Self.head + "  - lesson: 3\n    screens: [one-step, one-step]") != nil)
    #expect(finding(Self.head + "  - lesson: 3\n    screens: [one-step, last-row]") == nil)
  }

  @Test("Screens that are voted on once are among those that are shown")
  func once() throws {
    func items(_ fields: String) throws(Finding) -> [LectureItem] {
      try file(Self.head + "  - lesson: 3\n" + fields).lecture(Classroom.course) { _ in nil }.items
    }
    #expect(try items("").map(\.once) == [[]])
    #expect(
      try items("    screens: [one-step, sum-up]\n    once: [one-step]").map(\.once) == [
        ["one-step"]
      ])
    // Without a list of screens all of them are shown.
    #expect(try items("    once: [last-row, sum-up]").map(\.once) == [["sum-up", "last-row"]])
    for (fields, name) in [
      ("    screens: [one-step]\n    once: [sum-up]", "sum-up"), ("    once: [nope]", "nope"),
    ] {
      let refused = try #require(finding(Self.head + "  - lesson: 3\n" + fields))
      #expect(refused.line == 4 + fields.split(separator: "\n").count)
      #expect(
        refused.sentence(.english).contains("once")
          && refused.sentence(.english).contains("\"\(name)\""))
    }
  }

  @Test("Every part that cannot be shown is found, not the first alone")
  func findings() throws {
    let text = Self.head + "  - run: [bad]\n  - lesson: 3\n  - recording: none\n  - lesson: 99\n"
    let findings = try file(text).findings(Classroom.course) { source in
      if case .lesson = source { nil } else { RunFailure.tooLong(tokens: 9, most: 5) }
    }
    #expect(findings.map(\.line) == [4, 6, 7])
    #expect(findings[0].sentence(.english).contains("this part cannot be shown"))
  }

  // MARK: What is bundled

  @Test("The totals that notes of the bundled lectures speak of are the run's")
  func totals() throws {
    let evaluator = try Classroom.evaluator(step: 7)
    for path in Self.shelf.paths {
      let lecture = try LectureFile(path: path).lecture(Classroom.course) { _ in nil }
      for language in Language.allCases {
        let notes = try #require(lecture.items.last).notes(language).joined()
        for sum in ["sum(uncached.cells)", "sum(cached.cells)"] {
          #expect(notes.contains("\(Int(try evaluator.number(Expression(sum))))"))
        }
      }
    }
  }

  private static let shelf = LectureShelf(folder: Checkout.root + "/lectures")

  @Test("A bundled lecture is found by its name, its file's and its number")
  func shelf() {
    #expect(Self.shelf.names == ["45-minutes", "90-minutes"])
    for name in ["45", "45-minutes", "45-minutes.yaml"] {
      #expect(Self.shelf.path(matching: name) == Self.shelf.folder + "/45-minutes.yaml")
    }
    for name in ["", "4", "minutes", "../lectures/45-minutes"] {
      #expect(Self.shelf.path(matching: name) == nil)
    }
    #expect(LectureShelf(folder: "/nowhere").names == [])
  }

  @Test(
    "A bundled lecture takes as long as its name says, and has notes for whatever it shows",
    arguments: [("45", 45), ("90", 90)])
  func bundled(name: String, minutes: Int) throws {
    let path = try #require(Self.shelf.path(matching: name))
    let lecture = try LectureFile(path: path).lecture(Classroom.course) { _ in nil }
    #expect(lecture.minutes == minutes)
    for language in Language.allCases {
      #expect(!lecture.title(language).isEmpty)
      for item in lecture.items {
        #expect(item.minutes != nil && !item.title(language).isEmpty)
        guard case .lesson(let id, let screens) = item.source else {
          #expect((3...5).contains(item.notes(language).count))
          continue
        }
        #expect(!screens.isEmpty)
        let steps = try Classroom.course.lesson(id, language).steps
        #expect(steps.filter { screens.contains($0.id) }.allSatisfy { !$0.scene.notes.isEmpty })
      }
    }
  }
}
