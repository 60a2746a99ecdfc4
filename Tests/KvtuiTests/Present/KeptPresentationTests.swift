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
  private static let lecture = Lecture(
    title: Bilingual("复习", "Review"),
    items: [LectureItem(.lesson("03", screens: ["a"])), LectureItem(.run(["--text", "中\t华"]))])

  private var kept: KeptPresentation {
    let place = PresentPlace(
      item: 1, screen: "a", step: 4,
      questions: [
        PresentPlace.Question(
          id: "03/q", phase: .voteAgain, counts: [VoteCounts([0: 3, 2.5: 9]), VoteCounts([1: 1])],
          hands: [VoteCounts([0: 2])])
      ], seconds: [310, 20])
    let question = HeldQuestion(
      id: "03/q", ask: "几个？\n", options: ["1", "4"], phase: .reveal, answered: 4,
      reveal: QuestionReveal(counts: [[3, 9], [0, 1]], answer: 1))
    return KeptPresentation(
      parts: Self.lecture.keptParts, seconds: 1000, code: JoinCode("X7H2"),
      address: ServeAddress(host: "192.168.1.5", port: 8080), sequence: 77, place: place,
      questions: [PutQuestion(question)], began: 900, results: "/tmp/votes-2.json")
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
    (alone.code, alone.address, alone.place.screen, alone.results) = (nil, nil, nil, nil)
    #expect(try read(alone.json) == alone)
  }

  @Test("Nothing of a device is in it")
  func anonymous() throws {
    let names = try JSON.parse(Array(kept.json.utf8), file: "").fields?.map(\.key)
    #expect(
      names == [
        "format", "parts", "seconds", "code", "host", "port", "sequence", "item", "screen", "step",
        "spent", "began", "results", "held", "questions",
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
      (#"[2.5,9]"#, #"["a",9]"#), (#"[310,20]"#, "[310,-1]"), (#"[310,20]"#, "[1e9]"),
      (#""began":900"#, #""began":-1"#), (#""hands":[["#, #""hands":[[],[],[["#),
      (#""rounds":[["#, #""rounds":[[],[],[["#),
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
  func votes() throws {
    let record = try record(of: kept)
    #expect(
      record.all([VoteCounts(), VoteCounts([1: 2])], of: "03/q")
        == [VoteCounts([0: 3, 2.5: 9]), VoteCounts([1: 3])])
    #expect(record.all([VoteCounts([1: 2])], of: "other") == [VoteCounts([1: 2])])
  }

  @Test(
    "A question that is not on the wall again is neither lost to the next start nor to the results")
  func record() throws {
    var record = try record(of: kept)
    let isSame = record.take(nil, kept.place) == (false, false)
    var later = kept.place
    later.seconds = [320, 20]
    let isLater = record.take(nil, later) == (true, false)
    let number = HeldQuestion(
      id: "new", ask: "n?", options: nil, phase: .reveal, answered: 2,
      reveal: QuestionReveal(values: [16, 20], counts: [[1, 1], []], answer: 0))
    var place = PresentPlace(item: 0, screen: "b", step: 1)
    place.questions = [
      PresentPlace.Question(id: "new", phase: .reveal, counts: [VoteCounts([16: 1, 20: 1])])
    ]
    let isNew = record.take(number, place) == (true, true)
    let isAgain = record.take(number, place) != (false, false)
    #expect(isSame && isLater && isNew && !isAgain && record.hasVotes)
    let kept = record.kept(nil, nil, 5, results: nil)
    #expect(kept.place.questions.map(\.id) == ["new", "03/q"])
    let text = record.results(.english).json
    let results = try JSON.parse(Array(text.utf8), file: "")
    let questions = try #require(results["questions"]?.elements)
    #expect(questions.map { $0["id"]?.string } == ["03/q", "new"])
    #expect(text.contains(#""answer":{"index":1,"letter":"B","text":"4"}"#))
    #expect(text.contains(#""answer":{"value":16},"values":[16,20],"rounds":[[1,1]],"hands":[]"#))
    #expect(text.contains(#""rounds":[[5,0],[0,1]],"hands":[[2,0]]"#))
    #expect(text.contains(#""title":"Review""#))
    #expect(
      try #/"date":"19(69|70)-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"/#.firstMatch(in: text) != nil)
  }

  /// The record of a lecture that goes on.
  private func record(of kept: KeptPresentation) throws -> PresentRecord {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = KeptPresentation.path(of: Self.lecture, in: folder)
    try Data(kept.json.utf8).write(to: URL(fileURLWithPath: path))
    return PresentRecord(
      Self.lecture, PresentBeginning(of: Self.lecture, isAnew: false, folder: folder, now: 1000))
  }

  private func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.path + "/kept-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return folder
  }

  @Test("Each lecture is kept in a file of its own, and what nobody goes on with is removed")
  func others() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let other = Lecture(items: [LectureItem(.lesson("04", screens: []))])
    let paths = [Self.lecture, other].map { KeptPresentation.path(of: $0, in: folder) }
    #expect(paths[0] != paths[1])
    for path in paths { try Data(kept.json.utf8).write(to: URL(fileURLWithPath: path)) }
    let now = Int(Date().timeIntervalSince1970)
    _ = PresentBeginning(of: other, isAnew: false, folder: folder, now: now)
    #expect(FileManager.default.fileExists(atPath: paths[0]))
    _ = PresentBeginning(
      of: other, isAnew: false, folder: folder, now: now + KeptPresentation.longest + 60)
    #expect(!FileManager.default.fileExists(atPath: paths[0]))
  }

  @Test(
    "Results are written beside those that are there, unless they are those of the lecture that goes on"
  )
  func results() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/votes.json"
    func file(_ kept: KeptPresentation?) throws -> String {
      String(
        try ResultsFile(path, Self.lecture, goingOnFrom: kept).path.dropFirst(folder.count + 1))
    }
    func write(_ text: String, _ name: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    var kept = kept
    #expect(try file(nil) == "votes.json" && file(kept) == "votes.json")
    try write("{}", "votes.json")
    #expect(try file(nil) == "votes-2.json" && file(kept) == "votes-2.json")
    try write(try record(of: kept).results(.english).json, "votes-2.json")
    // It goes on, but never had a file.
    kept.results = nil
    #expect(try file(nil) == "votes-3.json" && file(kept) == "votes-3.json")
    kept.results = folder + "/votes-2.json"
    #expect(try file(kept) == "votes-2.json" && file(nil) == "votes-3.json")
    kept.results = folder + "/votes.json"
    #expect(try file(kept) == "votes-3.json")
    let notice = try ResultsFile(path, Self.lecture, goingOnFrom: nil).notice(.english)
    #expect(notice?.contains("votes-3.json") == true)
    #expect(throws: CommandError.self) {
      try ResultsFile(folder, Self.lecture, goingOnFrom: nil)
    }
  }
}
