#if canImport(Darwin)
  internal import Foundation
#else
  @_spi(_Unicode) internal import Swift
#endif
internal import Base

/// What happens to a text before it is split.
///
/// Source: `normalizers` of huggingface/tokenizers. A new one is a case here.
indirect enum Normalizer: Sendable {
  case prepend([UInt8])
  case replace(Pattern, with: [UInt8])
  case canonicalComposition
  case sequence([Normalizer])

  /// Reads an object of `normalizer`.
  init(_ field: JSONField) throws(FileError) {
    switch try field.stageType() {
    case "Prepend": self = .prepend(Array(try field.required("prepend").text().utf8))
    case "Replace":
      let content = Array(try field.required("content").text().utf8)
      self = .replace(try Pattern(field.required("pattern")), with: content)
    case "NFC": self = .canonicalComposition
    case "Sequence":
      var parts: [Normalizer] = []
      for part in try field.required("normalizers").elements() {
        parts.append(try Normalizer(part))
      }
      self = .sequence(parts)
    default: throw field.unsupportedType(["Prepend", "Replace", "NFC", "Sequence"])
    }
  }

  /// The text as the following stages get it.
  func apply(to text: [UInt8]) throws(FileError) -> [UInt8] {
    switch self {
    case .prepend(let prefix): return text.isEmpty ? text : prefix + text
    case .replace(let pattern, let content): return try pattern.replacing(in: text, with: content)
    case .canonicalComposition: return Self.composed(text)
    case .sequence(let parts):
      var text = text
      for part in parts { text = try part.apply(to: text) }
      return text
    }
  }

  private static func composed(_ text: [UInt8]) -> [UInt8] {
    let string = String(decoding: text, as: UTF8.self)
    #if canImport(Darwin)
      return Array(string.precomposedStringWithCanonicalMapping.utf8)
    #else
      return string._nfc.flatMap { Array(String($0).utf8) }
    #endif
  }
}
