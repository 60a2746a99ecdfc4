internal import Base
import Testing

@testable import Lessons
internal import TestSupport

/// The list of terms.
@Suite struct TermTests {
  private func list(_ item: String) throws(Finding) -> TermList {
    try TermList(path: "TERMS.yaml", text: "format: 1\nterms:\n" + item)
  }

  private static func item(
    id: String = "cell", zh: String = "[格, 格子]", en: String = "[cell, KV head]",
    meaning: String = "zh: 一格\n      en: a cell",
    at place: String = "01-a#b"
  ) -> String {
    "  - id: \(id)\n    zh: \(zh)\n    en: \(en)\n    meaning:\n      \(meaning)\n    introduced: \(place)\n"
  }

  @Test("A term has its spellings, its meaning and its place")
  func read() throws {
    let term = try #require(try list(Self.item()).terms.first)
    #expect(term.name(.chinese) == "格" && term.name(.english) == "cell")
    #expect(
      term.meaning(.english) == "a cell"
        && term.introduced == TermPlace(lesson: "01-a", screen: "b"))
  }

  @Test(
    "A term is met as a word, in either case and with a plural, but not within another word",
    arguments: [
      ("a cell", true), ("Cells are", true), ("cell", true), ("cells.", true), ("cellar", false),
      ("a subcell", false), ("KV heads", true),
      ("kv head", false), ("headKV head", false), ("excel", false), ("cell_a", false), ("", false),
    ])
  func met(text: String, isThere: Bool) throws {
    let term = try #require(try list(Self.item()).terms.first)
    #expect((term.range(in: text, .english) != nil) == isThere)
  }

  @Test("The terms of a text come in its order")
  func order() throws {
    let both = try list(Self.item() + Self.item(id: "row", zh: "[行]", en: "[row]"))
    #expect(both.terms(in: "行里的格", .chinese).map(\.id) == ["row", "cell"])
    #expect(both.terms(in: "cells of a row", .english).map(\.id) == ["cell", "row"])
    #expect(both.introduced(at: TermPlace(lesson: "01-a", screen: "b")).count == 2)
  }

  @Test(
    "What is no list is refused",
    arguments: [
      Self.item(id: "Cell"), Self.item(zh: "[]"), Self.item(zh: "格"), Self.item(en: "[\"\"]"),
      Self.item(meaning: "zh: 一格"),
      Self.item(meaning: "zh: 一格\n      en: " + String(repeating: "x", count: 200)),
      Self.item(at: "01-a"), Self.item(at: "a#b#c"),
      Self.item() + Self.item(), Self.item() + Self.item(id: "other"), "  - 3\n", "  []\n",
    ])
  func refused(item: String) {
    #expect(throws: Finding.self) { try list(item) }
  }

  @Test(
    "The course's own list names screens that are there, and has some forty terms in both languages"
  )
  func course() throws {
    let list = try TermList(path: TermList.path(in: Classroom.course.folder))
    #expect(list.terms.count >= 35)
    let places = Set(
      try Classroom.course.ids.flatMap { id in
        try Classroom.course.lesson(id, .english).steps.map { TermPlace(lesson: id, screen: $0.id) }
      })
    for term in list.terms { #expect(places.contains(term.introduced), "\(term.id)") }
  }
}
