import Base
import Testing

@testable import Classroom

struct DocumentTests {
  private static let place = ShownPlace(
    .lesson(id: "03-recomputing", screen: "all-rows"), step: 4, layer: 2, head: 1,
    cell: ShownCell(query: 3, key: 0))

  private static func document(_ phase: QuestionPhase, _ reveal: QuestionReveal? = nil)
    -> PresentationDocument
  {
    PresentationDocument(
      sequence: 17, language: .chinese, place: place, sentence: "第 4 步\n，\u{1B}[31m",
      question: HeldQuestion(
        id: "cells-at-4", ask: "几个？", options: ["4", "10", "16"], phase: phase, answered: 12,
        reveal: reveal),
      canvas: CanvasMarkup(columns: 80, rows: 24, html: "<i>\"</i>"))
  }

  @Test("A document reads back as it was written", arguments: QuestionPhase.allCases)
  func roundTrip(phase: QuestionPhase) throws {
    let reveal = QuestionReveal(values: [16, 0.5], counts: [[1, 2], [3, 0]], answer: 0)
    var styled = Self.document(phase)
    styled.canvas?.styles = [
      CanvasMarkup.Style(colours: ["#1a1a1a", "#fff", "#eee", "#000"], isBold: true)
    ]
    #expect(styled.json.contains(##""styles":[["#1a1a1a","#fff","#eee","#000",1]]"##))
    for document in [Self.document(phase), Self.document(phase, reveal), styled] {
      #expect(try PresentationDocument(Array(document.json.utf8), from: "x") == document)
    }
    for light in ShownLight.allCases + [nil] {
      var pointed = Self.document(phase)
      (pointed.isBlank, pointed.spotlight) = (light != .row, light)
      #expect(try PresentationDocument(Array(pointed.json.utf8), from: "x") == pointed)
    }
    for source in [
      ShownPlace.Source.run(arguments: ["--prompt", "a b"]), .recording(path: "/tmp/a.kvtrace"),
    ] {
      let document = PresentationDocument(
        sequence: 1, language: .english, place: ShownPlace(source, step: 1), sentence: "")
      #expect(try PresentationDocument(Array(document.json.utf8), from: "x") == document)
    }
  }

  @Test(
    "Counts and answer are absent, not null, before the reveal", arguments: QuestionPhase.allCases)
  func secrets(phase: QuestionPhase) throws {
    let question = try #require(
      JSON.parse(Array(Self.document(phase).json.utf8), file: "")["question"])
    let names = question.fields?.map(\.key)
    #expect(names == ["id", "ask", "options", "phase", "answered", "round"])
    #expect(question["round"]?.integer == (phase == .voteAgain || phase == .reveal ? 2 : 1))
  }

  @Test("The names are those of the contract")
  func names() {
    let reveal = QuestionReveal(counts: [[9, 5, 7], [2, 1, 18]], answer: 2)
    #expect(
      Self.document(.reveal, reveal).json
        == #"{"sequence":17,"language":"zh","show":{"kind":"lesson","lesson":"03-recomputing","screen":"all-rows","#
        + #""step":4,"layer":2,"head":1,"cell":[3,0]},"sentence":"第 4 步\n，\u001b[31m","#
        + #""question":{"id":"cells-at-4","ask":"几个？","options":["4","10","16"],"phase":"reveal","answered":12,"#
        + #""round":2,"counts":[[9,5,7],[2,1,18]],"answer":2},"#
        + #""canvas":{"columns":80,"rows":24,"html":"<i>\"</i>"}}"#)
  }

  @Test("A blank wall and a spotlight are fields of their own, absent where there is neither")
  func pointed() throws {
    var document = Self.document(.vote)
    for name in ["blank", "spotlight"] { #expect(!document.json.contains("\"\(name)\"")) }
    (document.isBlank, document.spotlight) = (true, .strip)
    #expect(document.json.hasSuffix(#","blank":true,"spotlight":"strip"}"#))
    // Fields of another version of the program are passed over.
    let newer = document.json.replacing(#""blank":true"#, with: #""blank":true,"later":[1]"#)
    #expect(try PresentationDocument(Array(newer.utf8), from: "x") == document)
    let other = document.json.replacing(#""strip""#, with: #""room""#)
    #expect(try PresentationDocument(Array(other.utf8), from: "x").spotlight == nil)
    for (old, new) in [(#""blank":true"#, #""blank":1"#), (#""strip""#, "1")] {
      #expect(throws: FileError.self) {
        try PresentationDocument(
          Array(document.json.replacing(old, with: new).utf8), from: "socket")
      }
    }
  }

  @Test("What is no document is refused with its field")
  func damage() throws {
    let text = Self.document(.reveal, QuestionReveal(counts: [[1]], answer: 0)).json
    for (old, new) in [
      (#""zh""#, #""fr""#), (#""sequence":17"#, #""sequence":-1"#),
      (#""kind":"lesson""#, #""kind":"?""#),
      (#"[3,0]"#, "[3]"), (#""step":4"#, #""step":0"#), (#""phase":"reveal""#, #""phase":"late""#),
      (#"[[1]]"#, "[[-1]]"), (#""columns":80"#, #""columns":"80""#),
    ] {
      let damaged = text.replacing(old, with: new)
      #expect(damaged != text)
      #expect(throws: FileError.self) {
        try PresentationDocument(Array(damaged.utf8), from: "socket")
      }
    }
    var bytes = Array(text.utf8)
    while bytes.popLast() != nil {
      #expect(throws: FileError.self) { try PresentationDocument(bytes, from: "socket") }
    }
  }

  @Test("A question goes through its phases in order, and votes belong to two rounds")
  func phases() {
    var order: [QuestionPhase] = [.think]
    while let next = order.last?.next { order.append(next) }
    #expect(order == [.think, .vote, .discuss, .voteAgain, .reveal])
    #expect(order.map(\.openRound) == [nil, 1, nil, 2, nil])
    #expect(order.dropFirst().map(\.previous) == Array(order.dropLast()))
    #expect(QuestionPhase.think.previous == nil)
  }
}
