import Base
import Classroom
import Testing

@testable import ClassroomServer

/// Votes are counted, told to the presenter, and cannot drown it.
@Suite struct VoteTests {
  @Test func votesAreCountedAndTold() async throws {
    let served = try Served()
    served.publish(1)
    try await apart {
      for (device, choice) in [("a", "0"), ("b", "2"), ("c", "2"), ("a", "1")] {
        let vote = served.vote(Served.ballot(choice: choice, device: device))
        #expect(served.answer(to: vote).status == 204)
      }
      var own = pollfd(fd: served.server.wake, events: Int16(POLLIN), revents: 0)
      #expect(poll(&own, 1, 0) == 1)
      #expect(served.server.news.ballot?.counts == [[0, 1, 2]])
      // A closed question takes none, and keeps what it has.
      served.publish(2, Poll(question: "q", round: 1, options: 3, isOpen: false))
      #expect(served.answer(to: served.vote()).status == 409)
      served.publish(3, Poll(question: "p", round: 1, options: nil, isOpen: true))
      #expect(served.server.news.ballot == nil)
      let number = #"{"question":"p","round":1,"choice":-2.5,"device":"a"}"#
      #expect(served.answer(to: served.vote(number)).status == 204)
      #expect(served.server.news.ballot?.values == [-2.5])
      #expect(served.server.ballot(of: "q")?.counts == [[0, 1, 2]])
    }
  }

  @Test func aDeviceVotesOnceASecond() async throws {
    let served = try Served { $0.voteInterval = .seconds(3600) }
    served.publish(1)
    try await apart {
      let statuses = (0..<100).map { _ in served.answer(to: served.vote()).status }
      #expect(statuses.first == 204)
      #expect(statuses.dropFirst().allSatisfy { $0 == 429 })
      // Others on the same address are not meant.
      let other = served.vote(Served.ballot(device: "b"))
      #expect(served.answer(to: other).status == 204)
      #expect(served.server.news.ballot?.answered(in: 1) == 2)
    }
  }

  @Test func aWholeClassVotesAtOnce() async throws {
    let served = try Served()
    served.publish(1)
    try await apart {
      let phones = (0..<300).map { index in
        let phone = Phone(served.port)
        phone.send(served.vote(Served.ballot(choice: "\(index % 3)", device: "\(index)")))
        return phone
      }
      #expect(phones.allSatisfy { $0.receiveAll().status == 204 })
      #expect(served.server.news.ballot?.counts == [[100, 100, 100]])
    }
  }

  @Test func aFloodIsHeldToItsRate() async throws {
    let served = try Served {
      $0.votesAtOnce = 50
      $0.votesPerSecond = 1
    }
    served.publish(1)
    try await apart {
      let follower = try served.follower()
      var statuses: [Int: Int] = [:]
      let began = ContinuousClock.now
      for index in 0..<300 {
        let vote = served.vote(Served.ballot(device: "flood \(index)"))
        statuses[served.answer(to: vote).status, default: 0] += 1
      }
      let most = 51 + Int((ContinuousClock.now - began) / .seconds(1))
      #expect((50...most).contains(statuses[204] ?? 0))
      #expect((statuses[204] ?? 0) + (statuses[429] ?? 0) == 300)
      served.publish(2)
      #expect(follower.nextSequence() == 1)
      #expect(follower.nextSequence() == 2)
    }
  }

  /// By the clock that the limits are given: at least a hundred votes a second pass in all.
  @Test func aHundredASecondPassInTheLongRun() {
    var rates = VoteRates(ServerLimits())
    let start = ContinuousClock.now
    var passed = 0
    for index in 0..<60_000 {
      let device = Device(id: "\(index % 900)")
      if rates.allows(device, at: start + .milliseconds(index)) { passed += 1 }
    }
    #expect(passed >= 60 * 100)
    #expect(passed <= 60 * 200 + 512)
  }

  @Test func aPhoneIsTriedBeforeClass() async throws {
    let settings = ServerSettings(
      address: ServeAddress(port: 0), code: try #require(JoinCode("X7H2")), language: .english,
      limits: Served.patient)
    let check = try PhoneCheck(settings)
    let port = check.server.address.port
    try await apart {
      func ask(_ text: String) -> String {
        let phone = Phone(port)
        phone.send(text)
        return phone.receiveAll()
      }
      let host = "Host: 127.0.0.1:\(port)\r\n"
      #expect(check.result == (0, 0, 0))
      #expect(ask("GET /j/X7H2 HTTP/1.1\r\n\(host)\r\n").status == 200)
      let state = ask("GET /j/X7H2/state HTTP/1.1\r\n\(host)\r\n")
      #expect(state.contains(check.words))
      let body = #"{"question":"check","round":1,"choice":0,"device":"a"}"#
      let vote =
        "POST /j/X7H2/vote HTTP/1.1\r\n\(host)Content-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
      #expect(ask(vote).status == 204)
      #expect(check.result == (1, 0, 1))
    }
    check.server.stop()
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
