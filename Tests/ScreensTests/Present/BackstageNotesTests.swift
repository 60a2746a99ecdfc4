import Base
import Classroom
import Lessons
import Testing
import Viz

@testable import Screens

/// What the presenter's other terminals are told to say.
@Suite struct BackstageNotesTests {
  @Test("Backstage has the screen's notes, else the part's in the language that is spoken")
  func backstage() throws {
    let part = LectureItem(
      .run([]), title: Bilingual("一遍", "a run"), minutes: 4, notes: Bilingual(["看一眼"], ["look"]))
    for (keys, notes, title) in [("Right", ["看一眼"], "一遍"), ("Right L", ["look"], "a run")] {
      let classroom = FakeClassroom(items: [part])
      let services = Services(course: FakeCourse(), classroom: classroom, stamp: { _ in nil }) {
        throw Refusal()
      }
      var app = try App(
        opening: .presentation, Look(language: .chinese, theme: .dark, glyphs: .full), services)
      app.run(on: StagedDisplay(.keys(keys)))
      let told = try #require(classroom.updates.last).backstage
      #expect(told.notes == notes && told.items.map(\.title) == [title])
    }
  }

  @Test("That a question is planned with one round is said until it is revealed, of no other")
  func once() throws {
    for (once, keys, isSaid) in [
      (Set(["two"]), "Enter", true), (["two"], "Enter Enter", true), (["two"], "Enter x x", false),
      (["one"], "Enter", false), ([], "Enter", false),
    ] {
      let part = LectureItem(.lesson("01-test", screens: []), once: once)
      let classroom = FakeClassroom(Wall.short, items: [part])
      let services = Services(course: FakeCourse(), classroom: classroom, stamp: { _ in nil }) {
        throw Refusal()
      }
      var app = try App(opening: .presentation, Look(language: .english), services)
      app.run(on: StagedDisplay(.keys(keys)))
      let notes = try #require(classroom.updates.last).backstage.notes
      #expect((notes.first?.hasPrefix("Planned with one round") ?? false) == isSaid, "\(keys)")
    }
  }
}
