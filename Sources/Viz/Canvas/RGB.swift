/// A colour as red, green and blue of 0 to 255 (sRGB).
public struct RGB: Hashable, Sendable {
  /// Red.
  public let red: UInt8
  /// Green.
  public let green: UInt8
  /// Blue.
  public let blue: UInt8

  /// Creates a colour.
  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// The colour as pictures and pages write it: `#rrggbb`.
  public var hex: String { "#" + [red, green, blue].map(Self.digits).joined() }

  private static func digits(_ channel: UInt8) -> String {
    (channel < 16 ? "0" : "") + String(channel, radix: 16)
  }
}
