/// A request up to its empty line, read strictly: what two readers could take for two different requests is none.
///
/// Source: RFC 9112, sections 2.2, 3 and 5.
struct RequestHead {
  /// Methods that are there; FlyingFox answers others without asking us.
  static let methods: Set = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
  ]

  let method: String
  let target: String
  private let fields: [(name: String, value: String)]

  /// Reads the lines in front of the empty one, each with its CR and LF; nil where they are malformed.
  init?(_ bytes: ArraySlice<UInt8>) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard lines.popLast()?.isEmpty == true, !lines.isEmpty,
      lines.allSatisfy({ $0.last == 0x0D })
    else { return nil }
    let texts = lines.map { $0.dropLast() }
    let words = texts[0].split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 3, words[0].allSatisfy(Self.isToken), !words[0].isEmpty,
      words[1].first == 0x2F, words[1].allSatisfy({ (0x21...0x7E).contains($0) }),
      ["HTTP/1.1", "HTTP/1.0"].contains(String(decoding: words[2], as: UTF8.self))
    else { return nil }
    method = String(decoding: words[0], as: UTF8.self)
    target = String(decoding: words[1], as: UTF8.self)
    var fields: [(name: String, value: String)] = []
    for line in texts.dropFirst() {
      guard let field = Self.field(line) else { return nil }
      fields.append(field)
    }
    self.fields = fields
  }

  /// The value of a field; nil where it is absent.
  ///
  /// - Throws: `badRequest` where it stands there twice.
  func value(_ name: String) throws(Refusal) -> String? {
    let values = fields.filter { $0.name == name }
    guard values.count < 2 else { throw .badRequest }
    return values.first?.value
  }

  /// How many bytes come behind it.
  ///
  /// - Throws: `badRequest` where that is not said by one number.
  func bodyLength() throws(Refusal) -> Int {
    guard try value("transfer-encoding") == nil else { throw .badRequest }
    guard let text = try value("content-length") else { return 0 }
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let length = Int(text)
    else { throw .badRequest }
    return length
  }

  /// The request as FlyingFox gets it: nothing that it need not know.
  func forwarded(_ body: ArraySlice<UInt8>) throws(Refusal) -> [UInt8] {
    var text = "\(method) \(target) HTTP/1.1\r\n"
    for name in ["host", "origin", "content-type"] {
      if let value = try value(name) { text += "\(name): \(value)\r\n" }
    }
    return Array((text + "content-length: \(body.count)\r\nconnection: close\r\n\r\n").utf8) + body
  }

  // MARK: Fields

  private static func field(_ line: ArraySlice<UInt8>) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: 0x3A) else { return nil }
    let name = line[..<colon]
    let value = line[line.index(after: colon)...]
    guard !name.isEmpty, name.allSatisfy(isToken), value.allSatisfy(isValue) else { return nil }
    return (String(decoding: name, as: UTF8.self).lowercased(), trimmed(value))
  }

  private static func trimmed(_ value: ArraySlice<UInt8>) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let rest = value.drop(while: isSpace)
    let end = rest.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? rest.startIndex
    return String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
  }

  private static let tokens = Set(
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  private static func isToken(_ byte: UInt8) -> Bool { tokens.contains(byte) }

  private static func isValue(_ byte: UInt8) -> Bool {
    byte == 0x09 || (byte >= 0x20 && byte != 0x7F)
  }
}
