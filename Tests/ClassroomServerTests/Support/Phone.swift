import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A peer on a bare socket, which can be as rude as a test needs it; its calls wait.
final class Phone: @unchecked Sendable {
  /// Seconds; other tests of the same process may keep FlyingFox from its work for long.
  static let patience = 300.0

  private let descriptor: Int32
  private var rest: [UInt8] = []
  private(set) var isReset = false

  init(_ port: UInt16, receiveBuffer: Int32? = nil) {
    #if canImport(Glibc)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, stream, 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    isReset = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
      }
    }
  }

  deinit { close(descriptor) }

  /// Sends all of it; false where the peer takes no more.
  @discardableResult
  func send(_ bytes: some Sequence<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      #if canImport(Glibc)
        let count = rest.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
      #else
        let count = rest.withUnsafeBytes { Darwin.send(descriptor, $0.baseAddress, $0.count, 0) }
      #endif
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(text.utf8) }

  /// Ends its own side.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Whether something can be read, or the end is there.
  private func isReadable(within seconds: Double) -> Bool {
    var own = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&own, 1, Int32(seconds * 1000)) > 0
  }

  /// Reads once; false at the end, or when nothing comes for so long.
  private func readMore(within seconds: Double) -> Bool {
    guard isReadable(within: seconds) else { return false }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 { isReset = true }
    guard count > 0 else { return false }
    rest += buffer[..<count]
    return true
  }

  /// All that comes until the peer ends.
  func receiveAll(within seconds: Double = Phone.patience) -> String {
    while readMore(within: seconds) {}
    return String(decoding: rest, as: UTF8.self)
  }

  /// What comes up to and with a text; nil where the peer ends before.
  func receive(upTo end: String, within seconds: Double = Phone.patience) -> String? {
    let end = Array(end.utf8)
    var start = 0
    while true {
      if let place = rest.place(of: end, from: start) {
        defer { rest.removeFirst(place + end.count) }
        return String(decoding: rest[..<(place + end.count)], as: UTF8.self)
      }
      start = max(0, rest.count - end.count + 1)
      guard readMore(within: seconds) else { return nil }
    }
  }

  /// Whether the peer ends, with nothing more to say.
  func isEnded(within seconds: Double) -> Bool {
    guard isReadable(within: seconds) else { return false }
    var byte: UInt8 = 0
    return recv(descriptor, &byte, 1, 0) <= 0
  }

  /// The number of the next state that comes.
  func nextSequence(within seconds: Double = Phone.patience) -> Int? {
    while let event = receive(upTo: "\n\n", within: seconds) {
      if let line = event.split(separator: "\n").first(where: { $0.hasPrefix("id: ") }) {
        return Int(line.dropFirst(4))
      }
    }
    return nil
  }
}

extension [UInt8] {
  /// Where some bytes stand, at a place or behind it.
  fileprivate func place(of wanted: [UInt8], from start: Int) -> Int? {
    guard count >= start + wanted.count else { return nil }
    return (start...(count - wanted.count)).first { place in
      self[place] == wanted[0] && self[place..<place + wanted.count].elementsEqual(wanted)
    }
  }
}

extension String {
  /// The number of an answer's status; 0 where there is none.
  var status: Int { Int(split(separator: " ").dropFirst().first ?? "") ?? 0 }
}

/// Work that waits, on a thread that nothing else needs.
func apart<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
  -> Result
{
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Swift.Result { try body() }) }.start()
  }
}

/// Somebody who listens at a Unix socket, and leaves it behind.
final class UnixListener {
  private let descriptor: Int32

  struct Failure: Error {}

  init(_ path: String) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard isBound, listen(descriptor, 8) == 0 else { throw Failure() }
  }

  deinit { close(descriptor) }
}
