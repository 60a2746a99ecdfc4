@testable import Base
@testable import Classroom
@testable import ClassroomServer

/// Reads an input as what a phone sends, in pieces as long as its first byte says, and its body as a vote.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start, count: count).dropFirst())
  let length = max(1, Int(start[0]))
  let pieces = stride(from: 0, to: bytes.count, by: length).map {
    bytes[$0..<min($0 + length, bytes.count)]
  }
  let outcome = read(pieces)
  precondition(outcome == read([bytes[...]]), "pieces make a difference")
  if case .whole(let request) = outcome { look(at: request) }
  return 0
}

private func read(_ pieces: [ArraySlice<UInt8>]) -> RequestReader.Progress {
  var reader = RequestReader(ServerLimits()) { $0 == "a:1" }
  for piece in pieces {
    let progress = reader.take(piece)
    if progress != .unfinished { return progress }
  }
  return .unfinished
}

/// What was let through is read again to the same, and goes no way but to a route and a ballot.
private func look(at request: [UInt8]) {
  // What is no UTF-8 has become longer by being told so.
  let again = read([request[...]])
  precondition(again == .whole(request) || again == .refused(.headTooLarge), "read otherwise")
  let path = request.split(separator: 0x20, maxSplits: 2).dropFirst().first ?? []
  if let (_, code) = Route.find(String(decoding: path, as: UTF8.self)) {
    precondition(!JoinCode.random().matches(code) || code.utf8.count == JoinCode.length)
  }
  var box = BallotBox()
  let body = Array(request.suffix(ServerLimits().bodyBytes))
  guard let vote = try? VoteReader.vote(body) else { return }
  for options in [3, nil] {
    let poll = Poll(question: vote.question, round: vote.round, options: options, isOpen: true)
    let isTaken = (try? box.cast(vote, in: poll)) != nil
    precondition(!isTaken || box.count(of: vote.question)?.answered(in: vote.round) == 1)
  }
}
