/// Takes the bytes of one request as they come, and no more of them than the limits allow.
struct RequestReader {
  /// How far a request has come.
  enum Progress: Equatable {
    case unfinished
    /// It is whole; the bytes are what FlyingFox gets.
    case whole([UInt8])
    case refused(Refusal)
  }

  private let limits: ServerLimits
  private let isAllowed: (String) -> Bool
  private var bytes: [UInt8] = []
  /// How many bytes were searched for the end of the head.
  private var searched = 0
  /// The head, and how many bytes it has.
  private var head: (RequestHead, length: Int)?

  /// A reader that has got nothing yet; `isAllowed` says which hosts may be asked for.
  init(_ limits: ServerLimits, isAllowed: @escaping (String) -> Bool) {
    self.limits = limits
    self.isAllowed = isAllowed
  }

  /// Whether nothing has come.
  var isEmpty: Bool { bytes.isEmpty }

  /// Takes more bytes; what comes behind a request is not looked at.
  mutating func take(_ more: ArraySlice<UInt8>) -> Progress {
    bytes += more.prefix(max(0, limits.headBytes + limits.bodyBytes + 4 - bytes.count))
    do throws(Refusal) {
      return try progress()
    } catch {
      return .refused(error)
    }
  }

  private mutating func progress() throws(Refusal) -> Progress {
    // What begins like this is no HTTP: a handshake of TLS, as of browsers that try it first, gets its answer at once.
    guard let first = bytes.first else { return .unfinished }
    guard (0x41...0x5A).contains(first) || (0x61...0x7A).contains(first) else { throw .badRequest }
    guard let (head, length) = try readHead() else { return .unfinished }
    let bodyLength = try head.bodyLength()
    guard bodyLength <= limits.bodyBytes else { throw .contentTooLarge }
    guard bytes.count >= length + bodyLength else { return .unfinished }
    return .whole(try head.forwarded(bytes[length..<length + bodyLength]))
  }

  /// The head, once it is there.
  private mutating func readHead() throws(Refusal) -> (RequestHead, length: Int)? {
    if let head { return head }
    guard let end = endOfHead() else {
      guard bytes.count <= limits.headBytes else { throw .headTooLarge }
      return nil
    }
    guard end.upper <= limits.headBytes else { throw .headTooLarge }
    guard let read = RequestHead(bytes[..<end.lower]), let host = try read.value("host") else {
      throw .badRequest
    }
    guard isAllowed(host) else { throw .misdirected }
    guard RequestHead.methods.contains(read.method) else { throw .methodNotAllowed }
    head = (read, end.upper)
    return head
  }

  /// Where the empty line begins and ends; one that ends in LF alone ends the head too, which is malformed then.
  private mutating func endOfHead() -> (lower: Int, upper: Int)? {
    var index = max(0, searched - 3)
    defer { searched = bytes.count }
    while let feed = bytes[index...].firstIndex(of: 0x0A) {
      let rest = bytes[(feed + 1)...].prefix(2)
      if rest.first == 0x0A { return (feed + 1, feed + 2) }
      if rest.elementsEqual([0x0D, 0x0A]) { return (feed + 1, feed + 3) }
      index = feed + 1
    }
    return nil
  }
}
