import Testing

@testable import kvtui

/// The QR code of a URL, read as ISO/IEC 18004 says how a phone reads it.
@Suite struct QRCodeTests {
  /// What a code says; for versions whose data is one block, at level M those up to 3.
  ///
  /// Errors are not corrected: a code on a screen has none.
  private struct Reader {
    let modules: [[Bool]]
    var side: Int { modules.count }
    var version: Int { (side - 17) / 4 }

    /// Level and mask, from around the finder pattern at the top left; section 7.9.
    var format: Int {
      let places =
        (0...5).map { (8, $0) } + [(8, 7), (8, 8), (7, 8)] + (0...5).reversed().map { ($0, 8) }
      let bits = places.reduce(0) { $0 << 1 | (modules[$1.0][$1.1] ? 1 : 0) }
      return (bits ^ 0b101_0100_0001_0010) >> 10
    }

    /// Whether a module belongs to a pattern and not to data.
    private func isPattern(_ row: Int, _ column: Int) -> Bool {
      let isFinder =
        (row < 9 && column < 9) || (row < 9 && column >= side - 8)
        || (row >= side - 8 && column < 9)
      let centre = side - 7
      let isAlignment = version > 1 && abs(row - centre) <= 2 && abs(column - centre) <= 2
      return isFinder || isAlignment || row == 6 || column == 6
    }

    /// Section 7.8.2.
    private func isMasked(_ row: Int, _ column: Int) -> Bool {
      switch format & 7 {
      case 0: (row + column) % 2 == 0
      case 1: row % 2 == 0
      case 2: column % 3 == 0
      case 3: (row + column) % 3 == 0
      case 4: (row / 2 + column / 3) % 2 == 0
      case 5: row * column % 2 + row * column % 3 == 0
      case 6: (row * column % 2 + row * column % 3) % 2 == 0
      default: ((row + column) % 2 + row * column % 3) % 2 == 0
      }
    }

    /// The bits in their order: two columns at a time from the right, up and down; section 7.7.3.
    private var bits: [Int] {
      var bits: [Int] = []
      var isUpwards = true
      var right = side - 1
      while right > 0 {
        if right == 6 { right -= 1 }
        for row in isUpwards ? (0..<side).reversed() : Array(0..<side) {
          for column in [right, right - 1] where !isPattern(row, column) {
            bits.append(modules[row][column] != isMasked(row, column) ? 1 : 0)
          }
        }
        isUpwards.toggle()
        right -= 2
      }
      return bits
    }

    /// The text of one segment in alphanumeric mode; nil in another; section 7.4.4.
    var text: String? {
      var rest = bits[...]
      func take(_ count: Int) -> Int {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reduce(0) { $0 << 1 | $1 }
      }
      let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
      guard take(4) == 0b0010 else { return nil }
      let count = take(9)
      var text = ""
      for _ in 0..<(count / 2) {
        let pair = take(11)
        guard pair < 45 * 45 else { return nil }
        text += [letters[pair / 45], letters[pair % 45]]
      }
      if count % 2 == 1 { text.append(letters[min(44, take(6))]) }
      return text
    }
  }

  @Test(
    "A code says its URL in upper case, alphanumeric, at level M",
    arguments: [
      "http://192.168.123.145:8080/j/X7H2", "http://10.0.0.7/j/2345",
      "http://teacher-of-the-class.local:18080/j/X7H2",
    ])
  func url(url: String) throws {
    let modules = QRCode.modules(of: url)
    let reader = Reader(modules: modules)
    #expect(modules.allSatisfy { $0.count == modules.count } && (1...3).contains(reader.version))
    // Level M is 00.
    #expect(reader.format >> 3 == 0)
    #expect(reader.text == url.uppercased())
  }

  @Test("On a terminal it has its quiet zone, and what no code holds is none")
  func lines() {
    let side = QRCode.modules(of: "http://10.0.0.7/j/2345").count
    let lines = QRCode.lines(of: "http://10.0.0.7/j/2345", isASCII: false)
    #expect(lines.count == (side + 9) / 2)
    #expect(lines[0].contains(String(repeating: " ", count: side + 8)))
    #expect(QRCode.lines(of: "http://10.0.0.7/j/2345", isASCII: true).count == side + 8)
    #expect(QRCode.modules(of: String(repeating: "x", count: 10_000)).isEmpty)
  }
}
