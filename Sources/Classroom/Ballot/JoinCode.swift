/// The four letters on the projector that let a phone in.
package struct JoinCode: Hashable, Sendable, CustomStringConvertible {
  /// What it is made of: nothing that is taken for another, and no vowel, so that no word comes out.
  package static let letters = "23456789CFGHJMPQRVWX"
  /// How many letters it has.
  package static let length = 4

  private let bytes: [UInt8]

  /// A code that is given, in upper or lower case; nil if it is none.
  package init?(_ text: String) {
    let bytes = text.utf8.map(Self.upperCase)
    guard bytes.count == Self.length, bytes.allSatisfy(Self.letters.utf8.contains) else {
      return nil
    }
    self.bytes = bytes
  }

  /// A code that nobody can guess better than by trying.
  package static func random() -> JoinCode {
    var numbers = SystemRandomNumberGenerator()
    let letters = Array(letters.utf8)
    return JoinCode(
      bytes: (0..<length).map { _ in letters[Int.random(in: letters.indices, using: &numbers)] })
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// The code in upper case.
  package var description: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether a text is this code, in upper or lower case.
  ///
  /// How long it takes says nothing of how much of it is right.
  package func matches(_ text: some StringProtocol) -> Bool {
    let given = Array(text.utf8.prefix(Self.length + 1))
    var difference: UInt8 = given.count == Self.length ? 0 : 1
    for (index, byte) in bytes.enumerated() {
      difference |= byte ^ (index < given.count ? Self.upperCase(given[index]) : 0)
    }
    return difference == 0
  }

  private static func upperCase(_ byte: UInt8) -> UInt8 {
    (0x61...0x7A).contains(byte) ? byte & ~0x20 : byte
  }
}
