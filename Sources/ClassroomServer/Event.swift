/// A state of the presentation, ready to be sent.
///
/// Source: HTML, section 9.2.6 (server-sent events).
struct Event: Sendable {
  /// The presenter's number of it.
  let sequence: Int
  /// Which state of this server it is; from 1, and never the same twice.
  let number: Int
  /// The document, JSON on one line.
  let document: [UInt8]
  /// The document as an event; its lines end in LF.
  let bytes: [UInt8]

  /// A state by its number and its document; between the tokens of JSON a line's end is as good as a space.
  init(sequence: Int, number: Int, document: [UInt8]) {
    self.sequence = sequence
    self.number = number
    self.document = document.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
    bytes = Array("id: \(sequence)\ndata: ".utf8) + self.document + Array("\n\n".utf8)
  }

  /// What a follower gets first: after how many milliseconds to come back when the connection is lost.
  static let beginning = Array("retry: 2000\n\n".utf8)

  /// A comment, by which a dead connection is noticed.
  static let heartbeat = Array(":\n\n".utf8)
}
