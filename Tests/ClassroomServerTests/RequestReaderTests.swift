import Base
import Testing

@testable import ClassroomServer

/// What the guard takes for a request does not depend on how its bytes come, and nothing traps.
@Suite struct RequestReaderTests {
  private static let sound =
    "POST /j/X7H2/vote HTTP/1.1\r\nHost: a:1\r\nX-Other: é\r\nContent-Length: 4\r\n"
    + "Content-Type:  application/json \r\nOrigin: http://a:1\r\nConnection: keep-alive\r\n\r\nbody"

  private func outcome(_ pieces: [[UInt8]]) -> RequestReader.Progress {
    var reader = RequestReader(ServerLimits()) { $0 == "a:1" }
    for piece in pieces {
      let progress = reader.take(piece[...])
      if progress != .unfinished { return progress }
    }
    return .unfinished
  }

  @Test func onlyWhatIsNeededIsPassedOn() {
    let passed =
      "POST /j/X7H2/vote HTTP/1.1\r\nhost: a:1\r\norigin: http://a:1\r\n"
      + "content-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbody"
    #expect(outcome([Array(Self.sound.utf8)]) == .whole(Array(passed.utf8)))
    #expect(outcome([Array((Self.sound + "GET / HTTP/1.1").utf8)]) == .whole(Array(passed.utf8)))
  }

  @Test func piecesMakeNoDifference() {
    var random = SplitMix64(seed: 7)
    let bytes = Array(Self.sound.utf8)
    #expect(outcome(bytes.map { [$0] }) == outcome([bytes]))
    for _ in 0..<2000 {
      var mutated = bytes
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let place = Int.random(in: mutated.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: mutated[place] = UInt8.random(in: 0...255, using: &random)
        case 1: mutated.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: mutated.remove(at: place)
        }
      }
      var (pieces, rest) = ([[UInt8]](), mutated[...])
      while !rest.isEmpty {
        let count = Int.random(in: 1...rest.count, using: &random)
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(outcome(pieces) == outcome([mutated]))
    }
  }

  @Test func limitsHoldToTheByte() {
    func head(_ count: Int) -> [UInt8] {
      let start = "GET / HTTP/1.1\r\nHost: a:1\r\nX: "
      let filler = String(repeating: "x", count: count - start.utf8.count - 4)
      return Array((start + filler + "\r\n\r\n").utf8)
    }
    let limit = ServerLimits().headBytes
    if case .whole = outcome([head(limit)]) {} else { Issue.record("a head of \(limit) bytes") }
    #expect(outcome([head(limit + 1)]) == .refused(.headTooLarge))
    #expect(outcome([Array(head(limit + 1).dropLast(4))]) == .unfinished)
    let post = "POST / HTTP/1.1\r\nHost: a:1\r\nContent-Length: "
    let body = [UInt8](repeating: 0x78, count: 1025)
    if case .whole = outcome([Array((post + "1024\r\n\r\n").utf8) + body.dropLast()]) {
    } else {
      Issue.record("a body of 1024 bytes")
    }
    #expect(
      outcome([Array((post + "1025\r\n\r\n").utf8) + body]) == .refused(.contentTooLarge))
  }

  @Test func addressesAreRead() throws {
    let cases: [(String, String, UInt16)] = [
      ("8080", "127.0.0.1", 8080), ("192.168.1.5:80", "192.168.1.5", 80),
      ("[::1]:8080", "::1", 8080), ("teacher.local:0", "teacher.local", 0),
      ("0.0.0.0:65535", "0.0.0.0", 65535),
    ]
    for (text, host, port) in cases {
      let address = try ServeAddress(parsing: text)
      #expect((address.host, address.port) == (host, port))
    }
    #expect(try ServeAddress(parsing: "[::1]:8080").authority == "[::1]:8080")
    #expect(try ServeAddress(parsing: "h:80").authority == "h")
    for text in [
      "", ":", ":8080", "host", "host:", "65536", "-1", "+80", "８０", "::1:80", "[::1]", "[]:80",
      "a b:80",
      "[a:80", "a]:80", "1e3", "10000000000000000000000", "host:80:90", "[[::1]]:80",
      "\u{1B}[2J:80",
    ] {
      #expect(throws: ServerError.badAddress(text)) { try ServeAddress(parsing: text) }
    }
  }

  @Test func failuresAreSaid() throws {
    let taken = SystemFailure(code: 98)
    let all: [ServerError] = [
      .badAddress("x"), .unknownHost("x"), .cannotListen(ServeAddress(port: 1), taken),
      .noFolder("/tmp", taken),
    ]
    for error in all {
      for language in Language.allCases { #expect(!error.sentence(language).isEmpty) }
    }
    let away = ServerSettings(
      address: ServeAddress(host: "203.0.113.7", port: 0), code: .random(), language: .english)
    #expect(throws: ServerError.self) { try ClassroomServer(away) }
  }
}

import Classroom
