internal import CQrencode

/// A text as a QR code.
///
/// Source: ISO/IEC 18004; libqrencode.
enum QRCode {
  /// The code of a URL in upper case, which takes fewer modules; the server answers in either case.
  ///
  /// Error correction is M: a code on a wall is whole, and larger modules are read from farther away.
  ///
  /// - Returns: rows of dark (true) and light modules, without the quiet zone; empty where a text is too long for a code.
  static func modules(of url: String) -> [[Bool]] {
    guard let code = QRcode_encodeString(url.uppercased(), 0, QR_ECLEVEL_M, QR_MODE_8, 0) else {
      return []
    }
    defer { QRcode_free(code) }
    let width = Int(code.pointee.width)
    guard let data = code.pointee.data else { return [] }
    return (0..<width).map { row in
      (0..<width).map { column in data[row * width + column] & 1 == 1 }
    }
  }

  /// Light modules around a code, without which it is not found.
  private static let quietZone = 4

  /// The code for a terminal, black on white in any theme; in ASCII twice as large.
  static func lines(of url: String, isASCII: Bool) -> [String] {
    let code = modules(of: url)
    guard !code.isEmpty else { return [] }
    let side = code.count + 2 * quietZone
    func isDark(_ row: Int, _ column: Int) -> Bool {
      let (row, column) = (row - quietZone, column - quietZone)
      return code.indices.contains(row) && code.indices.contains(column) && code[row][column]
    }
    if isASCII {
      return (0..<side).map { row in
        (0..<side).map { isDark(row, $0) ? "\u{1B}[40m  " : "\u{1B}[107m  " }.joined() + "\u{1B}[0m"
      }
    }
    return stride(from: 0, to: side, by: 2).map { row in
      let halves = (0..<side).map { column in
        switch (isDark(row, column), isDark(row + 1, column)) {
        case (true, true): "█"
        case (true, false): "▀"
        case (false, true): "▄"
        case (false, false): " "
        }
      }
      return "\u{1B}[30;107m" + halves.joined() + "\u{1B}[0m"
    }
  }
}
