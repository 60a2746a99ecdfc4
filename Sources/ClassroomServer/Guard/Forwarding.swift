internal import Classroom
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A request on its way to FlyingFox, and the answer on its way back.
struct Forwarding {
  /// What came of it so far.
  enum Outcome {
    case unfinished
    case answered([UInt8])
    case failed
  }

  private let request: [UInt8]
  private var sent = 0
  private var answer: [UInt8] = []
  /// The connection to FlyingFox; negative while there is none.
  private(set) var descriptor: Int32 = -1

  /// No answer is longer; a state is some tens of kilobytes.
  private static let longestAnswer = 16 << 20
  /// After which one that was not let in knocks again.
  static let knock = Duration.milliseconds(20)

  init(_ request: [UInt8]) { self.request = request }

  /// What to wait for on its connection.
  var events: Int16 { Int16(sent < request.count ? POLLOUT : POLLIN) }

  var isConnected: Bool { descriptor >= 0 }

  mutating func connect(to path: String) {
    if !isConnected { descriptor = (try? Sockets.connect(to: path)) ?? -1 }
  }

  mutating func close() {
    if isConnected { closeDescriptor(descriptor) }
    descriptor = -1
  }

  /// Moves what can be moved.
  mutating func move(by buffer: inout [UInt8]) -> Outcome {
    if sent < request.count {
      switch Sockets.send(descriptor, request[sent...]) {
      case .bytes(let count): sent += count
      case .blocked: break
      case .ended, .failed: return .failed
      }
      return .unfinished
    }
    switch Sockets.receive(descriptor, into: &buffer) {
    case .bytes(let count):
      answer += buffer[..<count]
      return answer.count <= Self.longestAnswer ? .unfinished : .failed
    case .blocked: return .unfinished
    case .ended: return answer.isEmpty ? .failed : .answered(answer)
    case .failed: return .failed
    }
  }
}

/// The system's `close`, where a method of that name hides it.
func closeDescriptor(_ descriptor: Int32) { close(descriptor) }
