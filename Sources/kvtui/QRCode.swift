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
}
