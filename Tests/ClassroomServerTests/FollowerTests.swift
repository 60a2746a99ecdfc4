import Classroom
import Testing

@testable import ClassroomServer

/// Who follows gets every state, or the newest, in order; whoever comes late is right at once.
@Suite struct FollowerTests {
  @Test func theFirstEventIsTheNewestState() async throws {
    let served = try Served()
    served.publish(1)
    served.publish(2)
    try await apart {
      let phone = try served.follower()
      #expect(phone.receive(upTo: "\n\n") == "retry: 2000\n\n")
      #expect(phone.receive(upTo: "\n\n") == "id: 2\ndata: {\"sequence\":2,\"filler\":\"\"}\n\n")
      served.publish(3)
      #expect(phone.nextSequence() == 3)
    }
  }

  @Test func whoCameBeforeAnyStateGetsTheFirst() async throws {
    let served = try Served()
    try await apart {
      let phone = try served.follower()
      #expect(served.soon { served.server.news.followers == 1 })
      served.publish(1)
      #expect(phone.nextSequence() == 1)
    }
  }

  @Test func whoComesAmidStatesGetsNoneTwice() async throws {
    let served = try Served()
    served.publish(1)
    async let published: Void = apart {
      for sequence in 2...2000 {
        served.publish(sequence)
        usleep(500)
      }
    }
    try await apart {
      for _ in 0..<100 {
        let phone = try served.follower()
        let got = (0..<3).compactMap { _ in phone.nextSequence(within: 0.1) }
        #expect(!got.isEmpty)
        #expect(zip(got, got.dropFirst()).allSatisfy { $0 < $1 })
        if got.last == 2000 { break }
      }
    }
    try await published
  }

  @Test func linesEndInLFAndADocumentIsOneLine() async throws {
    let served = try Served()
    let document = Array("{\r\n  \"sequence\": 5\n}".utf8)
    served.server.publish(document: document, sequence: 5, poll: nil)
    try await apart {
      let phone = try served.follower()
      _ = phone.receive(upTo: "\n\n")
      let event = try #require(phone.receive(upTo: "\n\n"))
      #expect(!event.contains("\r"))
      #expect(event == "id: 5\ndata: {    \"sequence\": 5 }\n\n")
    }
  }

  @Test func fiftyFollowersGetEveryState() async throws {
    let served = try Served { $0.sendTime = .seconds(300) }
    served.publish(1)
    try await apart {
      let phones = try (0..<50).map { _ in try served.follower() }
      #expect(phones.allSatisfy { $0.nextSequence() == 1 })
      for sequence in stride(from: 2, to: 45, by: 2) {
        // Two at once: none is left out while a phone takes them.
        served.publish(sequence, filler: 4000)
        served.publish(sequence + 1, filler: 4000)
        for phone in phones {
          #expect(phone.nextSequence() == sequence)
          #expect(phone.nextSequence() == sequence + 1)
        }
      }
      #expect(served.server.news.followers == 50)
    }
  }

  @Test func hastyStatesArriveInOrderTheLastOneToo() async throws {
    let served = try Served { $0.sendTime = .seconds(300) }
    served.publish(1)
    try await apart {
      let phones = try (0..<8).map { _ in try served.follower() }
      for sequence in 2...500 { served.publish(sequence, filler: 20000) }
      for phone in phones {
        var got: [Int] = []
        while got.last != 500, let sequence = phone.nextSequence() { got.append(sequence) }
        #expect(zip(got, got.dropFirst()).allSatisfy { $0 < $1 })
        #expect(got.last == 500)
      }
    }
  }

  @Test func aSlowReaderGetsTheNewestOrIsDropped() async throws {
    let served = try Served {
      $0.sendBuffer = 16 * 1024
      $0.sendTime = .seconds(3)
    }
    served.publish(1)
    try await apart {
      let asleep = try served.follower(receiveBuffer: 4096)
      let awake = try served.follower()
      for sequence in 2...60 {
        served.publish(sequence, filler: 100_000)
        #expect(awake.nextSequence() == (sequence == 2 ? 1 : sequence - 1))
      }
      #expect(awake.nextSequence() == 60)
      #expect(served.soon { served.server.news.followers == 1 })
      _ = asleep.receiveAll(within: 1)
    }
  }

  @Test func aReaderThatWakesUpGoesOnWithTheNewest() async throws {
    let served = try Served {
      $0.sendBuffer = 16 * 1024
      $0.sendTime = .seconds(300)
    }
    served.publish(1)
    try await apart {
      let phone = try served.follower(receiveBuffer: 4096)
      #expect(phone.nextSequence() == 1)
      for sequence in 2...30 {
        served.publish(sequence, filler: 100_000)
        usleep(5000)
      }
      var got: [Int] = []
      while got.last != 30, let sequence = phone.nextSequence() { got.append(sequence) }
      #expect(got.last == 30)
      #expect(got.count < 20)
      #expect(zip(got, got.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func heartbeatsCome() async throws {
    let served = try Served { $0.heartbeat = .milliseconds(100) }
    served.publish(1)
    try await apart {
      let phone = try served.follower()
      #expect(phone.nextSequence() == 1)
      for _ in 0..<3 { #expect(phone.receive(upTo: "\n\n") == ":\n\n") }
    }
  }

  @Test func aClosedPeerIsNoticedAtOnce() async throws {
    let served = try Served()
    served.publish(1)
    try await apart {
      do {
        let phones = try (0..<20).map { _ in try served.follower() }
        #expect(served.soon { served.server.news.followers == 20 })
        _ = phones
      }
      // No state and no heartbeat has been sent since.
      #expect(served.soon { served.server.news.followers == 0 })
    }
  }

  @Test func theStateIsTheSameDocument() async throws {
    let served = try Served()
    served.publish(9, filler: 200_000)
    try await apart {
      let answer = served.answer(to: served.request("GET", "/j/X7H2/state"))
      #expect(answer.contains("Content-Type: application/json"))
      #expect(answer.hasSuffix("x\"}"))
      #expect(answer.utf8.count > 200_000)
    }
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
