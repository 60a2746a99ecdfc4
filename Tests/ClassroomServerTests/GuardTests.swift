import Base
import Classroom
import Testing

@testable import ClassroomServer

/// Hostile, slow and silent peers: refused or dropped, and nobody else feels them.
@Suite struct GuardTests {
  private func works(_ served: Served) -> Bool {
    served.answer(to: served.request("GET", "/j/X7H2/state")).status == 200
  }

  @Test func slowHeadsAreDropped() async throws {
    let served = try Served { $0.requestTime = .seconds(2) }
    served.publish(1)
    try await apart {
      let slow = Phone(served.port)
      slow.send("GET /j/X7H2 HTTP/1.1\r\nHost: 127")
      #expect(slow.receiveAll().status == 408)
      let silent = Phone(served.port)
      #expect(silent.receiveAll() == "")
      // One that sends a byte now and then gets no more time.
      let dripping = Phone(served.port)
      for byte in "GET /j/X7H2 HTTP/1.1\r\nX: 0123456789" {
        dripping.send(String(byte))
        usleep(80000)
      }
      #expect([0, 408].contains(dripping.receiveAll().status))
      let bodiless = Phone(served.port)
      bodiless.send(served.request("POST", "/j/X7H2/vote", ["Content-Length: 100"]))
      #expect(bodiless.receiveAll().status == 408)
      #expect(works(served))
    }
  }

  @Test func largeBodiesAreRefusedWhileTheyCome() async throws {
    let served = try Served { $0.lingerTime = .seconds(300) }
    served.publish(1)
    try await apart {
      let phone = Phone(served.port)
      phone.send(served.request("POST", "/j/X7H2/vote", ["Content-Length: 10485760"]))
      let chunk = [UInt8](repeating: 0x78, count: 1 << 16)
      // Who sends it all gets to read the answer: the connection is not torn down meanwhile.
      #expect((0..<160).allSatisfy { _ in phone.send(chunk) })
      phone.endSending()
      #expect(phone.receiveAll().status == 413)
      #expect(!phone.isReset)
      #expect(works(served))
      // But there is an end to it.
      let endless = Phone(served.port)
      endless.send(served.request("POST", "/j/X7H2/vote", ["Content-Length: 999999999"]))
      #expect(!(0..<2000).allSatisfy { _ in endless.send(chunk) })
    }
  }

  @Test func endlessHeadsAreRefused() async throws {
    let served = try Served()
    served.publish(1)
    try await apart {
      let phone = Phone(served.port)
      phone.send("GET / HTTP/1.1\r\n")
      for _ in 0..<10_000 where !phone.send("X: 0123456789\r\n") { break }
      #expect(phone.receiveAll().status == 431)
      #expect(works(served))
    }
  }

  @Test func halfClosedPeersAreAnswered() async throws {
    let served = try Served { $0.requestTime = .seconds(60) }
    served.publish(1)
    try await apart {
      let whole = Phone(served.port)
      whole.send(served.request())
      whole.endSending()
      #expect(whole.receiveAll().status == 200)
      let half = Phone(served.port)
      half.send("GET /j/X7H2 HTTP/1.1\r\n")
      half.endSending()
      #expect(half.isEnded(within: 10))
      let silent = Phone(served.port)
      silent.endSending()
      #expect(silent.isEnded(within: 10))
      let follower = try served.follower()
      follower.endSending()
      #expect(served.soon { served.server.news.followers == 0 })
    }
  }

  @Test func garbageReachesNobody() async throws {
    let served = try Served()
    served.publish(1)
    try await apart {
      var random = SystemRandomNumberGenerator()
      for _ in 0..<200 {
        let count = Int.random(in: 1...2000, using: &random)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let phone = Phone(served.port)
        phone.send(bytes)
        phone.endSending()
        #expect([0, 400].contains(phone.receiveAll().status))
      }
      #expect(works(served))
    }
  }

  @Test func oneTooManyIsTold() async throws {
    let served = try Served {
      $0.connections = 8
      $0.patience = .seconds(60)
    }
    served.publish(1)
    try await apart {
      let phones = (0..<8).map { _ in Phone(served.port) }
      #expect(served.soon { !works(served) })
      // One after the other: the refused one before it makes no room either.
      for _ in 0..<20 {
        let answer = served.answer(to: served.request())
        #expect(answer.status == 503)
        #expect(answer.contains("Retry-After"))
      }
      phones.forEach { $0.endSending() }
      #expect(served.soon { works(served) })
    }
  }

  @Test func whoSaysNothingMakesRoom() async throws {
    let served = try Served {
      $0.connections = 8
      $0.patience = .milliseconds(100)
      $0.requestTime = .seconds(60)
    }
    served.publish(1)
    try await apart {
      let followers = try (0..<4).map { _ in try served.follower() }
      let silent = (0..<4).map { _ in Phone(served.port) }
      usleep(300_000)
      #expect(works(served))
      #expect(silent[0].isEnded(within: 10))
      #expect(served.server.news.followers == followers.count)
    }
  }

  @Test func followersLeaveRoomForVotes() async throws {
    let served = try Served {
      $0.connections = 16
      $0.followers = 4
    }
    served.publish(1)
    try await apart {
      let followers = try (0..<4).map { _ in try served.follower() }
      let fifth = served.answer(to: served.request("GET", "/j/X7H2/events"))
      #expect(fifth.status == 503)
      #expect(served.answer(to: served.vote()).status == 204)
      #expect(followers.allSatisfy { $0.nextSequence() == 1 })
    }
  }

  /// Two thousand at once, of which the most are held: those that were there first go on.
  @Test func aCrowdIsHeldOff() async throws {
    #expect(OpenFiles.makeRoom(for: 2000) > 0)
    let served = try Served { $0.patience = .seconds(60) }
    served.publish(1)
    try await apart {
      let follower = try served.follower()
      #expect(follower.nextSequence() == 1)
      let crowd = (0..<2000).map { _ in Phone(served.port) }
      served.publish(2)
      #expect(follower.nextSequence() == 2)
      let held = crowd.count { !$0.isReset }
      #expect(held > 0)
      crowd.forEach { $0.endSending() }
      #expect(served.soon { works(served) })
      #expect(served.server.news.followers == 1)
    }
  }

  @Test func whatIsReachableIsSaid() async throws {
    let code = try #require(JoinCode("X7H2"))
    let everywhere = try ClassroomServer(
      ServerSettings(
        address: ServeAddress(host: "0.0.0.0", port: 0), code: code, language: .english,
        limits: Served.patient))
    let port = everywhere.address.port
    #expect(everywhere.urls.last == "http://127.0.0.1:\(port)/j/X7H2")
    #expect(Set(everywhere.urls).count == everywhere.urls.count)
    for host in ["127.0.0.1:\(port)", "localhost:\(port)"] {
      let status = try await apart {
        let phone = Phone(port)
        phone.send("GET /j/X7H2 HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        return phone.receiveAll().status
      }
      #expect(status == 200)
    }
    let named = try ClassroomServer(
      ServerSettings(
        address: ServeAddress(host: "localhost", port: 0), code: code, language: .english))
    #expect(named.urls.count == 1)
    #expect(["127.0.0.1", "::1"].contains(named.address.host))
  }

  /// What a killed process left is cleared away, what another one uses is not.
  @Test func leftFoldersAreCleared() throws {
    func age(_ folder: PrivateFolder) {
      var times = [timeval(tv_sec: 1, tv_usec: 0), timeval(tv_sec: 1, tv_usec: 0)]
      utimes(folder.socket, &times)
    }
    func exists(_ folder: PrivateFolder) -> Bool { access(folder.socket, F_OK) == 0 }
    let (used, left) = (try PrivateFolder(), try PrivateFolder())
    var facts = stat()
    #expect(stat(String(used.socket.dropLast(2)), &facts) == 0 && facts.st_mode & 0o777 == 0o700)
    let listener = try UnixListener(used.socket)
    do { _ = try UnixListener(left.socket) }
    age(left)
    age(used)
    let next = try PrivateFolder()
    #expect(exists(used) && !exists(left))
    withExtendedLifetime(listener) {}
    used.remove()
    next.remove()
    #expect(!exists(used))
  }

  @Test func thePortCanBeHadAgain() async throws {
    let first = try Served()
    first.publish(1)
    let port = first.port
    let settings = ServerSettings(
      address: ServeAddress(port: port), code: first.server.code, language: .english,
      limits: Served.patient)
    try await apart {
      #expect(throws: ServerError.self) { try ClassroomServer(settings) }
      let follower = try first.follower()
      #expect(follower.nextSequence() == 1)
      first.server.stop()
      #expect(follower.isEnded(within: 10))
      let second = try ClassroomServer(settings)
      second.publish(document: Array("{}".utf8), sequence: 7, poll: nil)
      let again = try first.follower()
      #expect(again.nextSequence() == 7)
      second.stop()
    }
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
