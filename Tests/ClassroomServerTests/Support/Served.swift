import Base
import Classroom
import Testing

@testable import ClassroomServer

/// A server on a port of its own, and what is said to it.
struct Served: Sendable {
  let server: ClassroomServer
  var port: UInt16 { server.address.port }

  /// Limits for a process whose processors other tests take.
  static let patient: ServerLimits = {
    var limits = ServerLimits()
    limits.answerTime = .seconds(300)
    return limits
  }()

  init(_ adjust: (inout ServerLimits) -> Void = { _ in }) throws {
    var limits = Self.patient
    limits.wrongCodeTime = .milliseconds(20)
    limits.manyWrongCodesTime = .milliseconds(300)
    limits.voteInterval = .zero
    adjust(&limits)
    let code = try #require(JoinCode("X7H2"))
    server = try ClassroomServer(
      ServerSettings(
        address: ServeAddress(port: 0), code: code, language: .chinese,
        hosts: ["teacher.local:8080"], limits: limits))
  }

  static let open = Poll(question: "q", round: 1, options: 3, isOpen: true)

  func publish(_ sequence: Int, _ poll: Poll? = Self.open, filler: Int = 0) {
    let text = #"{"sequence":\#(sequence),"filler":"\#(String(repeating: "x", count: filler))"}"#
    server.publish(document: Array(text.utf8), sequence: sequence, poll: poll)
  }

  /// A request's text.
  func request(
    _ method: String = "GET", _ path: String = "/j/X7H2", host: String? = nil,
    _ fields: [String] = [], body: String? = nil
  ) -> String {
    let length = body.map { ["Content-Length: \($0.utf8.count)"] } ?? []
    let lines = ["Host: \(host ?? "127.0.0.1:\(port)")"] + fields + length
    return "\(method) \(path) HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
      + (body ?? "")
  }

  /// A vote's request.
  func vote(
    _ body: String = #"{"question":"q","round":1,"choice":0,"device":"a"}"#,
    type: String = "application/json"
  ) -> String {
    request("POST", "/j/X7H2/vote", ["Content-Type: \(type)"], body: body)
  }

  static func ballot(choice: String = "0", device: String) -> String {
    #"{"question":"q","round":1,"choice":\#(choice),"device":"\#(device)"}"#
  }

  /// What is answered.
  func answer(to request: String) -> String {
    let phone = Phone(port)
    phone.send(request)
    return phone.receiveAll()
  }

  /// A phone that follows, its answer's head read.
  func follower(receiveBuffer: Int32? = nil) throws -> Phone {
    let phone = Phone(port, receiveBuffer: receiveBuffer)
    phone.send(request("GET", "/j/X7H2/events"))
    let head = try #require(phone.receive(upTo: "\r\n\r\n"))
    try #require(head.hasPrefix("HTTP/1.1 200"))
    return phone
  }

  /// Whether something comes true before long.
  func soon(_ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(Phone.patience)
    while !condition() {
      if ContinuousClock.now > end { return false }
      usleep(5000)
    }
    return true
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
