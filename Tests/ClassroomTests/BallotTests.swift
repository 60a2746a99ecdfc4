import Base
import Testing

@testable import Classroom

/// One vote a device and round, of which the last counts; nothing else counts.
@Suite struct BallotTests {
  private let open = Poll(question: "cells", round: 1, options: 3, isOpen: true)

  private func vote(_ device: String, _ choice: Double, round: Int = 1) -> Vote {
    Vote(question: "cells", round: round, choice: choice, device: Device(id: device))
  }

  private func refusal(_ vote: Vote, in poll: Poll) -> Ballot.Refusal? {
    var box = BallotBox()
    do throws(Ballot.Refusal) {
      try box.cast(vote, in: poll)
      return nil
    } catch {
      return error
    }
  }

  @Test func theLastVoteOfADeviceCounts() throws {
    var box = BallotBox()
    for (device, choice) in [("a", 0.0), ("b", 2), ("a", 1), ("c", 2), ("b", 2)] {
      try box.cast(vote(device, choice), in: open)
    }
    let count = try #require(box.count(of: "cells"))
    #expect(count.counts == [[0, 1, 2]])
    #expect(count.values == nil)
    #expect(count.answered(in: 1) == 3)
    #expect(count.answered(in: 2) == 0)
    #expect(count.answered(in: 0) == 0)
  }

  @Test func roundsAreCountedApart() throws {
    var box = BallotBox()
    try box.cast(vote("a", 0), in: open)
    try box.cast(vote("b", 0), in: open)
    let again = Poll(question: "cells", round: 2, options: 3, isOpen: true)
    try box.cast(vote("a", 1, round: 2), in: again)
    #expect(box.count(of: "cells")?.counts == [[2, 0, 0], [0, 1, 0]])
  }

  @Test func numbersAreCountedWithTheirValues() throws {
    var box = BallotBox()
    let poll = Poll(question: "cells", round: 1, options: nil, isOpen: true)
    for (device, choice) in [("a", 16.0), ("b", -3.5), ("c", 16), ("d", -0.0), ("e", 0)] {
      try box.cast(vote(device, choice), in: poll)
    }
    let again = Poll(question: "cells", round: 2, options: nil, isOpen: true)
    try box.cast(vote("a", 4, round: 2), in: again)
    let count = try #require(box.count(of: "cells"))
    #expect(count.values == [-3.5, 0, 4, 16])
    #expect(count.counts == [[1, 2, 0, 2], [0, 0, 1, 0]])
  }

  @Test func whatIsNotAskedDoesNotCount() {
    let closed = Poll(question: "cells", round: 1, options: 3, isOpen: false)
    #expect(refusal(vote("a", 0), in: closed) == .notOpen)
    #expect(refusal(vote("a", 0, round: 2), in: open) == .notOpen)
    let other = Poll(question: "bytes", round: 1, options: 3, isOpen: true)
    #expect(refusal(vote("a", 0), in: other) == .notOpen)
    for choice in [-1, 3, 0.5, 1e300, .infinity, .nan] {
      #expect(refusal(vote("a", choice), in: open) == .noSuchChoice, "\(choice)")
    }
    let number = Poll(question: "cells", round: 1, options: nil, isOpen: true)
    #expect(refusal(vote("a", .nan), in: number) == .noSuchChoice)
    #expect(refusal(vote("a", .infinity), in: number) == .noSuchChoice)
    #expect(refusal(vote("a", 1e300), in: number) == nil)
    let hostile = Poll(question: "cells", round: .max, options: 3, isOpen: true)
    #expect(refusal(vote("a", 1, round: .max), in: hostile) == .notOpen)
  }

  @Test func memoryIsBounded() throws {
    var box = BallotBox()
    for index in 0..<Ballot.mostDevices { try box.cast(vote("device \(index)", 0), in: open) }
    #expect(throws: Ballot.Refusal.full) { try box.cast(vote("one more", 0), in: open) }
    try box.cast(vote("device 7", 1), in: open)
    #expect(box.count(of: "cells")?.counts == [[Ballot.mostDevices - 1, 1, 0]])
    for index in 0...BallotBox.mostQuestions {
      let poll = Poll(question: "\(index)", round: 1, options: 1, isOpen: true)
      let vote = Vote(question: "\(index)", round: 1, choice: 0, device: Device(id: "a"))
      try box.cast(vote, in: poll)
    }
    #expect(box.count(of: "cells") == nil)
    #expect(box.count(of: "1")?.counts == [[1]])
  }

  @Test func aQuestionWithOtherOptionsIsAnother() throws {
    var box = BallotBox()
    try box.cast(vote("a", 2), in: open)
    let shorter = Poll(question: "cells", round: 1, options: 2, isOpen: true)
    try box.cast(vote("b", 1), in: shorter)
    #expect(box.count(of: "cells")?.counts == [[0, 1]])
  }

  /// Against a dictionary of what was said last, over random votes.
  @Test func randomVotesComeToWhatWasSaidLast() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      var (box, last) = (BallotBox(), [Int: Int]())
      for _ in 0..<Int.random(in: 1...200, using: &random) {
        let device = Int.random(in: 0..<30, using: &random)
        let choice = Int.random(in: 0..<3, using: &random)
        try box.cast(vote("\(device)", Double(choice)), in: open)
        last[device] = choice
      }
      let expected = (0..<3).map { option in last.values.count { $0 == option } }
      #expect(box.count(of: "cells")?.counts == [expected])
    }
  }
}

@Suite struct JoinCodeTests {
  @Test func eitherCaseIsTaken() throws {
    let code = try #require(JoinCode("k7q2".replacing("k", with: "x").replacing("q", with: "h")))
    #expect(code.description == "X7H2")
    for text in ["X7H2", "x7h2", "x7H2"] { #expect(code.matches(text)) }
  }

  @Test func whatIsNoCodeIsNone() {
    for text in ["", "X7H", "X7H22", "A7H2", "07H2", "X 7H", "Ｘ7H2", "x7h\u{301}", "K7Q2\u{0}"] {
      #expect(JoinCode(text) == nil, "\(text)")
      #expect(throws: JoinCodeError(text: text)) { try JoinCode(parsing: text) }
    }
  }

  @Test func errorsSayWhatACodeIs() {
    for language in Language.allCases {
      #expect(JoinCodeError(text: "AEIO").sentence(language).contains("AEIO"))
      #expect(JoinCodeError(text: "").sentence(language).contains(JoinCode.letters))
    }
  }

  @Test func nothingElseMatches() throws {
    let code = try #require(JoinCode("X7H2"))
    for place in 0..<4 {
      for byte in UInt8.min...UInt8.max {
        var bytes = Array("X7H2".utf8)
        bytes[place] = byte
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(code.matches(text) == (text.uppercased() == "X7H2"), "\(bytes)")
      }
    }
    for text in ["", "X", "X7H", "X7H2 ", "X7H2X7H2", "\u{0}\u{0}\u{0}\u{0}"] {
      #expect(!code.matches(text))
    }
  }

  @Test func randomCodesUseAllLetters() {
    let codes = (0..<2000).map { _ in JoinCode.random().description }
    #expect(codes.allSatisfy { JoinCode($0) != nil })
    #expect(Set(codes.joined()).count == JoinCode.letters.count)
    #expect(Set(codes).count > 1900)
  }
}
