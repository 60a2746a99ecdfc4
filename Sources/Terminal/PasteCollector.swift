/// The text of a bracketed paste.
struct PasteCollector: Sendable {
  static let begin = Array("\u{1B}[200~".utf8)
  private static let end = Array("\u{1B}[201~".utf8)

  private let limit: Int
  private var bytes: [UInt8] = []
  /// How many bytes of `end` the last bytes are.
  private var matched = 0
  private var isCut = false

  init(limit: Int) {
    self.limit = limit
  }

  /// Takes a byte; true when it ended the paste.
  mutating func take(_ byte: UInt8) -> Bool {
    if byte == PasteCollector.end[matched] {
      matched += 1
      return matched == PasteCollector.end.count
    }
    // Only the first byte of the end mark is an Escape, so nothing shorter can have begun within it.
    keep(PasteCollector.end[..<matched])
    matched = byte == ASCII.escape ? 1 : 0
    if matched == 0 { keep([byte]) }
    return false
  }

  private mutating func keep(_ more: ArraySlice<UInt8>) {
    let room = limit - bytes.count
    isCut = isCut || more.count > room
    bytes.append(contentsOf: more.prefix(room))
  }

  /// The text so far, line ends as `\n`; the collector is empty then.
  mutating func takeText() -> String {
    if isCut { dropCutCharacter() }
    defer { self = PasteCollector(limit: limit) }
    return String(decoding: PasteCollector.withLineFeeds(bytes), as: UTF8.self)
  }

  private mutating func dropCutCharacter() {
    while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
    if let last = bytes.last, last >= 0x80 { bytes.removeLast() }
  }

  /// Terminals send CR, some CR LF, where the text has an end of line.
  private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var previous: UInt8 = 0
    for byte in bytes {
      switch byte {
      case 0x0D: out.append(0x0A)
      case 0x0A where previous == 0x0D: break
      default: out.append(byte)
      }
      previous = byte
    }
    return out
  }
}
