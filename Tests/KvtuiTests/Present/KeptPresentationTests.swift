import Base
import Classroom
import ClassroomServer
import Foundation
import Lessons
import Screens
import TestSupport
import Testing

@testable import kvtui

/// What is kept of a presentation that was interrupted.
@Suite struct KeptPresentationTests {
  private static let lecture = Lecture(items: [
    LectureItem(.lesson("03", screens: ["a"])), LectureItem(.run(["--text", "中\t华"])),
  ])

  private var kept: KeptPresentation {
    let place = PresentPlace(
      item: 1, screen: "a", step: 4,
      questions: [
        PresentPlace.Question(
          id: "03/q", phase: .voteAgain, counts: [VoteCounts([0: 3, 2.5: 9]), VoteCounts([1: 1])])
      ])
    let question = HeldQuestion(
      id: "03/q", ask: "几个？\n", options: ["1", "4"], phase: .reveal, answered: 4,
      reveal: QuestionReveal(counts: [[3, 9], [0, 1]], answer: 1))
    return KeptPresentation(
      parts: Self.lecture.keptParts, seconds: 1000, code: JoinCode("X7H2"),
      address: ServeAddress(host: "192.168.1.5", port: 8080), sequence: 77, place: place,
      questions: [PutQuestion(question)])
  }

  /// Reads a file that holds this.
  private func read(_ text: String) throws -> KeptPresentation? {
    let path = FileManager.default.temporaryDirectory.path + "/kept-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return try KeptPresentation.read(path)
  }

  @Test("It reads back as it was written")
  func roundTrip() throws {
    #expect(try read(kept.json) == kept)
    var alone = kept
    (alone.code, alone.address, alone.place.screen) = (nil, nil, nil)
    #expect(try read(alone.json) == alone)
  }

  @Test("Nothing of a device is in it")
  func anonymous() throws {
    let names = try JSON.parse(Array(kept.json.utf8), file: "").fields?.map(\.key)
    #expect(
      names == [
        "format", "parts", "seconds", "code", "host", "port", "sequence", "item", "screen", "step",
        "held", "questions",
      ])
  }

  @Test(
    "The same lecture goes on for some hours; another, a part that is not there, or one long ago does not"
  )
  func continues() {
    #expect(kept.continues(Self.lecture, at: 1000) && kept.continues(Self.lecture, at: 22600))
    #expect(!kept.continues(Self.lecture, at: 22601))
    #expect(!kept.continues(Lecture(items: [LectureItem(.lesson("03", screens: []))]), at: 1000))
    var beyond = kept
    beyond.place.item = 2
    #expect(!beyond.continues(Self.lecture, at: 1000))
  }

  @Test("What is broken is refused with its field, and never trusted")
  func damage() throws {
    let text = kept.json
    for (old, new) in [
      (#""format":1"#, #""format":2"#), (#""item":1"#, #""item":-1"#),
      (#""item":1"#, #""item":1000000"#),
      (#""step":4"#, #""step":0"#), (#""step":4"#, #""step":9223372036854775807"#),
      (#""sequence":77"#, #""sequence":9223372036854775807"#),
      (#""code":"X7H2""#, #""code":"AAAA""#),
      (#""port":8080"#, #""port":65536"#), (#""phase":"vote-again""#, #""phase":"?""#),
      (#"[2.5,9]"#, "[2.5,-9]"), (#"[2.5,9]"#, "[2.5,9000000000]"), (#"[2.5,9]"#, "[2.5]"),
      (#"[2.5,9]"#, #"["a",9]"#), (#""rounds":[["#, #""rounds":[[],[],[["#),
    ] {
      let damaged = text.replacing(old, with: new)
      #expect(damaged != text)
      #expect(throws: FileError.self, "\(new)") { try read(damaged) }
    }
    var bytes = Array(text.dropLast().utf8)
    while bytes.popLast() != nil {
      #expect(throws: FileError.self) { try read(String(decoding: bytes, as: UTF8.self)) }
    }
    #expect(throws: FileError.self) { try read(String(repeating: " ", count: 17 << 20)) }
  }

  @Test("Where it lies: a start goes on, begins anew where it is told to, or says what is wrong")
  func beginnings() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/kept-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = PresentBeginning(of: Self.lecture, isAnew: false, folder: folder, now: 1000)
    #expect(first.kept == nil && first.sequence == 0 && first.notice(.english) == nil)
    let path = try #require(first.path)
    try Data(kept.json.utf8).write(to: URL(fileURLWithPath: path))
    let second = PresentBeginning(of: Self.lecture, isAnew: false, folder: folder, now: 2000)
    #expect(second.kept == kept && second.sequence > kept.sequence)
    #expect(second.notice(.english)?.contains("--from-start") == true)
    let anew = PresentBeginning(of: Self.lecture, isAnew: true, folder: folder, now: 2000)
    // Who follows still may have the old numbers.
    #expect(anew.kept == nil && anew.sequence > kept.sequence && anew.notice(.chinese) == nil)
    try Data("{".utf8).write(to: URL(fileURLWithPath: path))
    let broken = PresentBeginning(of: Self.lecture, isAnew: false, folder: folder, now: 2000)
    #expect(broken.kept == nil && broken.notice(.english)?.contains(path) == true)
  }

  @Test("Votes of an earlier start stay, and those of phones since come on top")
  func votes() {
    let record = PresentRecord(kept.parts, goingOnFrom: kept)
    #expect(
      record.all([VoteCounts(), VoteCounts([1: 2])], of: "03/q")
        == [VoteCounts([0: 3, 2.5: 9]), VoteCounts([1: 3])])
    #expect(record.all([VoteCounts([1: 2])], of: "other") == [VoteCounts([1: 2])])
  }

  @Test(
    "A question that is not on the wall again is neither lost to the next start nor to the results")
  func record() throws {
    var record = PresentRecord(kept.parts, goingOnFrom: kept)
    let isSame = !record.take(nil, kept.place)
    let number = HeldQuestion(
      id: "new", ask: "n?", options: nil, phase: .reveal, answered: 2,
      reveal: QuestionReveal(values: [16, 20], counts: [[1, 1], []], answer: 0))
    var place = PresentPlace(item: 0, screen: "b", step: 1)
    place.questions = [
      PresentPlace.Question(id: "new", phase: .reveal, counts: [VoteCounts([16: 1, 20: 1])])
    ]
    let isNew = record.take(number, place)
    let isAgain = record.take(number, place)
    #expect(isSame && isNew && !isAgain)
    let kept = record.kept(nil, nil, 5)
    #expect(kept.place.questions.map(\.id) == ["new", "03/q"])
    let results = try JSON.parse(Array(record.results.json.utf8), file: "")
    let questions = try #require(results["questions"]?.elements)
    #expect(questions.map { $0["id"]?.string } == ["03/q", "new"])
    #expect(questions.map { $0["answer"]?.number } == [1, 16])
    #expect(record.results.json.contains(#""values":[16.0,20.0],"rounds":[[1,1]]"#))
  }

  @Test("Results of the same lecture are known as such, and nothing else is")
  func results() throws {
    let path = FileManager.default.temporaryDirectory.path + "/results-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (text, isOwn) in [
      (PresentResults(parts: kept.parts).json, true), (PresentResults(parts: ["x"]).json, false),
      (kept.json, false), ("", false), ("[]", false),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      #expect(PresentResults.isOwn(path, of: kept.parts) == isOwn)
    }
    #expect(!PresentResults.isOwn("/nowhere", of: kept.parts))
  }
}
