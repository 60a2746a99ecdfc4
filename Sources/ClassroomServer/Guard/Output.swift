internal import Classroom

/// Bytes that one connection gets, as far as they have gone.
struct Output {
  private var bytes: [UInt8] = []
  private var sent = 0

  /// Whether all are gone.
  var isDone: Bool { sent == bytes.count }

  /// Begins with other bytes; what has not gone of the old ones goes first.
  mutating func append(_ more: [UInt8]) {
    // Whole states are shared by all followers, not copied.
    bytes = isDone ? more : Array(bytes[sent...]) + more
    sent = 0
  }

  /// Sends as much as goes; false where the connection is lost.
  mutating func flush(to descriptor: Int32) -> Bool {
    while !isDone {
      switch Sockets.send(descriptor, bytes[sent...]) {
      case .bytes(let count): sent += count
      case .blocked: return true
      case .ended, .failed: return false
      }
    }
    bytes = []
    sent = 0
    return true
  }
}
