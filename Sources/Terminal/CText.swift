/// Strings that C functions write into a buffer.
enum CText {
  /// What `write` put into a buffer of `capacity` bytes, up to the first NUL.
  static func string(
    _ capacity: Int32, _ write: (UnsafeMutablePointer<CChar>, Int32) -> Void
  ) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(capacity)) { buffer in
      buffer.initialize(repeating: 0)
      guard let base = buffer.baseAddress else { return "" }
      write(base, capacity)
      buffer[Int(capacity) - 1] = 0
      return String(cString: base)
    }
  }
}
