import Testing

@testable import ClassroomServer

/// What is answered to what, over a real socket.
@Suite struct StatusTests {
  private struct Case: Sendable {
    let name: String
    let status: Int
    let request: @Sendable (Served) -> String
  }

  private static let cases: [Case] = [
    Case(name: "page", status: 200) { $0.request() },
    Case(name: "page, lower case", status: 200) { $0.request("GET", "/j/x7h2") },
    Case(name: "page, upper case", status: 200) { $0.request("GET", "/J/X7H2/") },
    Case(name: "page with a query", status: 200) { $0.request("GET", "/j/X7H2?from=chat") },
    Case(name: "state", status: 200) { $0.request("GET", "/J/x7h2/STATE") },
    Case(name: "localhost", status: 200) { $0.request(host: "LocalHost:\($0.port)") },
    Case(name: "a host that was named", status: 200) { $0.request(host: "Teacher.local:8080") },
    Case(name: "HTTP/1.0", status: 200) {
      $0.request().replacing("HTTP/1.1", with: "HTTP/1.0")
    },
    Case(name: "own origin", status: 204) {
      let origin = "Origin: http://127.0.0.1:\($0.port)"
      return $0.vote().replacing("Content-Type", with: origin + "\r\nContent-Type")
    },
    Case(name: "vote", status: 204) { $0.vote() },
    Case(name: "vote, type with a parameter", status: 204) {
      $0.vote(type: "Application/JSON; charset=utf-8")
    },
    // 421
    Case(name: "another host", status: 421) { $0.request(host: "evil.example") },
    Case(name: "another host, own port", status: 421) {
      $0.request(host: "evil.example:\($0.port)")
    },
    Case(name: "another port", status: 421) { $0.request(host: "127.0.0.1:1") },
    Case(name: "another address", status: 421) { $0.request(host: "10.0.0.9:\($0.port)") },
    Case(name: "an empty host", status: 421) { $0.request(host: "") },
    Case(name: "another host before all else", status: 421) {
      $0.request("BREW", "/x", host: "evil.example", ["Origin: http://evil.example"])
    },
    // 403
    Case(name: "another origin", status: 403) {
      $0.request("GET", "/j/X7H2/state", ["Origin: http://evil.example"])
    },
    Case(name: "null origin", status: 403) { $0.request("GET", "/j/X7H2", ["Origin: null"]) },
    Case(name: "own origin by https", status: 403) {
      $0.request("GET", "/j/X7H2", ["Origin: https://127.0.0.1:\($0.port)"])
    },
    Case(name: "another origin with a wrong method", status: 403) {
      $0.request("OPTIONS", "/j/X7H2/vote", ["Origin: http://evil.example"])
    },
    // 405
    Case(name: "delete", status: 405) { $0.request("DELETE") },
    Case(name: "head", status: 405) { $0.request("HEAD") },
    Case(name: "options", status: 405) { $0.request("OPTIONS", "/j/X7H2/vote") },
    Case(name: "a page that is posted", status: 405) { $0.request("POST", body: "{}") },
    Case(name: "a vote that is got", status: 405) { $0.request("GET", "/j/X7H2/vote") },
    Case(name: "a wrong method before a wrong code", status: 405) {
      $0.request("GET", "/j/2222/vote")
    },
    Case(name: "a method of nobody's", status: 405) { $0.request("BREW", "/nothing") },
    // 404
    Case(name: "nothing", status: 404) { $0.request("GET", "/") },
    Case(name: "icon", status: 404) { $0.request("GET", "/favicon.ico") },
    Case(name: "a wrong code", status: 404) { $0.request("GET", "/j/2222") },
    Case(name: "a code that is none", status: 404) { $0.request("GET", "/j/X7H") },
    Case(name: "a longer code", status: 404) { $0.request("GET", "/j/X7H2X") },
    Case(name: "no code", status: 404) { $0.request("GET", "/j/") },
    Case(name: "more than there is", status: 404) { $0.request("GET", "/j/X7H2/state/more") },
    Case(name: "another part", status: 404) { $0.request("GET", "/j/X7H2/present") },
    Case(name: "a way up", status: 404) { $0.request("GET", "/j/X7H2/../../etc/passwd") },
    Case(name: "an encoded way up", status: 404) { $0.request("GET", "/j/%2e%2e/%2fetc") },
    Case(name: "a wrong code of a vote", status: 404) {
      $0.vote().replacing("/j/X7H2/", with: "/j/2222/")
    },
    // 415
    Case(name: "a form", status: 415) {
      $0.vote(type: "application/x-www-form-urlencoded")
    },
    Case(name: "plain text", status: 415) { $0.vote(type: "text/plain") },
    Case(name: "no type", status: 415) {
      $0.request("POST", "/j/X7H2/vote", body: Served.ballot(device: "a"))
    },
    // 413
    Case(name: "a large body", status: 413) {
      $0.vote(#"{"question":"\#(String(repeating: "x", count: 1024))"}"#)
    },
    Case(name: "a body that is said to be large", status: 413) {
      $0.request("POST", "/j/X7H2/vote", ["Content-Length: 999999999999999999"])
    },
    // 431
    Case(name: "a large head", status: 431) {
      $0.request("GET", "/j/X7H2", ["X: " + String(repeating: "x", count: 8192)])
    },
    Case(name: "a long target", status: 431) {
      $0.request("GET", "/" + String(repeating: "x", count: 9000))
    },
    // 409
    Case(name: "another question", status: 409) {
      $0.vote(#"{"question":"p","round":1,"choice":0,"device":"a"}"#)
    },
    Case(name: "another round", status: 409) {
      $0.vote(#"{"question":"q","round":2,"choice":0,"device":"a"}"#)
    },
    Case(name: "a closed question before a wrong choice", status: 409) {
      $0.vote(#"{"question":"q","round":2,"choice":99,"device":"a"}"#)
    },
    // 400
    Case(name: "a choice that is not there", status: 400) {
      $0.vote(Served.ballot(choice: "3", device: "a"))
    },
    Case(name: "half a choice", status: 400) {
      $0.vote(Served.ballot(choice: "0.5", device: "a"))
    },
    Case(name: "a choice in words", status: 400) {
      $0.vote(Served.ballot(choice: #""0""#, device: "a"))
    },
    Case(name: "a choice beyond all numbers", status: 400) {
      $0.vote(Served.ballot(choice: "1e999", device: "a"))
    },
    Case(name: "no device", status: 400) {
      $0.vote(#"{"question":"q","round":1,"choice":0}"#)
    },
    Case(name: "an empty device", status: 400) { $0.vote(Served.ballot(device: "")) },
    Case(name: "a long device", status: 400) {
      $0.vote(Served.ballot(device: String(repeating: "x", count: 65)))
    },
    Case(name: "no JSON", status: 400) { $0.vote("choice=0") },
    Case(name: "half of JSON", status: 400) { $0.vote(#"{"question":"q","#) },
    Case(name: "deep JSON", status: 400) { $0.vote(String(repeating: "[", count: 1000)) },
    Case(name: "JSON that is no object", status: 400) { $0.vote("[]") },
    Case(name: "a field twice", status: 400) {
      $0.vote(#"{"question":"q","round":1,"choice":0,"choice":1,"device":"a"}"#)
    },
    Case(name: "no body", status: 400) { $0.vote("") },
    Case(name: "two lengths", status: 400) {
      $0.vote().replacing("Content-Length", with: "Content-Length: 1\r\nContent-Length")
    },
    Case(name: "a negative length", status: 400) {
      $0.request("POST", "/j/X7H2/vote", ["Content-Length: -1"])
    },
    Case(name: "a length in words", status: 400) {
      $0.request("POST", "/j/X7H2/vote", ["Content-Length: 0x10"])
    },
    Case(name: "chunks", status: 400) {
      $0.request("POST", "/j/X7H2/vote", ["Transfer-Encoding: chunked"]) + "0\r\n\r\n"
    },
    Case(name: "no host", status: 400) { _ in "GET / HTTP/1.1\r\n\r\n" },
    Case(name: "two hosts", status: 400) {
      $0.request("GET", "/", ["Host: 127.0.0.1:\($0.port)"])
    },
    Case(name: "a name with a space", status: 400) { $0.request("GET", "/", ["X : y"]) },
    Case(name: "a line that goes on", status: 400) { $0.request("GET", "/", ["X: y\r\n z"]) },
    Case(name: "a field without a colon", status: 400) { $0.request("GET", "/", ["X"]) },
    Case(name: "lines in LF", status: 400) { $0.request().replacing("\r\n", with: "\n") },
    Case(name: "another version", status: 400) {
      $0.request().replacing("HTTP/1.1", with: "HTTP/2.0")
    },
    Case(name: "a proxy's target", status: 400) { $0.request("GET", "http://127.0.0.1/") },
    Case(name: "a target with a space", status: 400) { $0.request("GET", "/j/X7H2 x") },
    Case(name: "a handshake of TLS", status: 400) { _ in "\u{16}\u{3}\u{1}\u{2}\u{0}" },
    Case(name: "zeros", status: 400) { _ in String(repeating: "\u{0}", count: 100) },
  ]

  @Test func everyRequestGetsItsStatus() async throws {
    let served = try Served { $0.manyWrongCodes = 100 }
    served.publish(1)
    try await apart {
      for test in Self.cases {
        let answer = served.answer(to: test.request(served))
        #expect(answer.status == test.status, "\(test.name): \(answer.prefix(200))")
      }
    }
    served.server.stop()
  }

  @Test func everyAnswerIsGuarded() async throws {
    let served = try Served { $0.manyWrongCodes = 100 }
    served.publish(1)
    try await apart {
      for test in Self.cases {
        let answer = served.answer(to: test.request(served)).lowercased()
        for field in [
          "cache-control: no-store", "x-content-type-options: nosniff", "connection: close",
          "frame-ancestors 'none'",
        ] {
          #expect(answer.contains(field), "\(test.name)")
        }
        for leak in ["x-powered-by", "server:", "set-cookie", "access-control", "flyingfox"] {
          #expect(!answer.contains(leak), "\(test.name)")
        }
      }
    }
  }

  @Test func methodsAreNamed() async throws {
    let served = try Served()
    try await apart {
      #expect(served.answer(to: served.request("DELETE")).contains("Allow: GET\r\n"))
      let vote = served.request("GET", "/j/X7H2/vote")
      #expect(served.answer(to: vote).contains("Allow: POST\r\n"))
    }
  }

  @Test func withoutAStateThereIsNone() async throws {
    let served = try Served()
    try await apart {
      #expect(served.answer(to: served.request("GET", "/j/X7H2/state")).status == 503)
      #expect(served.answer(to: served.vote()).status == 409)
      #expect(served.answer(to: served.request()).status == 200)
    }
  }

  @Test func wrongCodesSlowDown() async throws {
    let served = try Served { $0.manyWrongCodes = 3 }
    let clock = ContinuousClock()
    try await apart {
      let wrong = served.request("GET", "/j/2222")
      var times: [Duration] = []
      for _ in 0..<5 {
        times.append(clock.measure { #expect(served.answer(to: wrong).status == 404) })
      }
      #expect(times[3] >= .milliseconds(300) && times[4] >= .milliseconds(300))
      // Who has the right one is not slowed down.
      #expect(served.answer(to: served.request()).status == 200)
    }
  }
}
