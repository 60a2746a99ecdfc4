internal import Base

/// What happens to a text before it is split.
///
/// Source: `normalizers` of huggingface/tokenizers. A new one is a case here.
indirect enum Normalizer: Sendable {
  case prepend([UInt8])
  case replace(Pattern, with: [UInt8])
  case form(NormalizationForm)
  case lowercase
  /// Without marks that combine; é as one character stays.
  case stripAccents
  /// Without white space at the ends.
  case strip(left: Bool, right: Bool)
  case bert(BertNormalizer)
  /// As translation at Google cleans its texts.
  case nmt
  case characterMap(CharacterMap)
  /// Bytes as characters.
  case byteLevel
  case sequence([Normalizer])

  /// Reads an object of `normalizer`.
  init(_ field: JSONField) throws(FileError) {
    let type = try field.stageType()
    if let form = NormalizationForm(rawValue: type) {
      self = .form(form)
      return
    }
    switch type {
    case "Prepend": self = .prepend(Array(try field.required("prepend").text().utf8))
    case "Replace":
      let content = Array(try field.required("content").text().utf8)
      self = .replace(try Pattern(field.required("pattern")), with: content)
    case "Lowercase": self = .lowercase
    case "StripAccents": self = .stripAccents
    case "Strip":
      self = .strip(
        left: try field.requiredFlag("strip_left"), right: try field.requiredFlag("strip_right"))
    case "BertNormalizer": self = .bert(try BertNormalizer(field))
    case "Nmt": self = .nmt
    case "Precompiled":
      self = .characterMap(try CharacterMap(field.required("precompiled_charsmap")))
    case "ByteLevel": self = .byteLevel
    case "Sequence":
      var parts: [Normalizer] = []
      for part in try field.required("normalizers").elements() {
        parts.append(try Normalizer(part))
      }
      self = .sequence(parts)
    default:
      throw field.unsupportedType(
        ["Prepend", "Replace"] + NormalizationForm.allCases.map(\.rawValue)
          + [
            "Lowercase", "StripAccents", "Strip", "BertNormalizer", "Nmt", "Precompiled",
            "ByteLevel", "Sequence",
          ])
    }
  }

  /// The text as the following stages get it.
  func apply(to text: [UInt8]) throws(FileError) -> [UInt8] {
    switch self {
    case .prepend(let prefix): return text.isEmpty ? text : prefix + text
    case .replace(let pattern, let content): return try pattern.replacing(in: text, with: content)
    case .form(let form): return form.apply(to: text)
    case .lowercase: return Self.lowercased(text)
    case .stripAccents: return Scalars.removing(from: text) { $0.isCombiningMark }
    case .strip(let left, let right): return Self.stripped(text, left, right)
    case .bert(let stage): return stage.apply(to: text)
    case .nmt: return Self.cleanedForTranslation(text)
    case .characterMap(let map): return try map.apply(to: text)
    case .byteLevel: return ByteAlphabet.encode(text)
    case .sequence(let parts):
      var text = text
      for part in parts { text = try part.apply(to: text) }
      return text
    }
  }

  /// Each character by itself, so that Σ becomes σ at the end of a word too.
  static func lowercased(_ text: [UInt8]) -> [UInt8] {
    Scalars.replacing(in: text) { $0.properties.lowercaseMapping }
  }

  private static func stripped(_ text: [UInt8], _ left: Bool, _ right: Bool) -> [UInt8] {
    var scalars = String(decoding: text, as: UTF8.self).unicodeScalars[...]
    if left { scalars = scalars.drop { $0.properties.isWhitespace } }
    while right, scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    return Array(String(scalars).utf8)
  }

  private static func cleanedForTranslation(_ text: [UInt8]) -> [UInt8] {
    let kept = Scalars.removing(from: text) { scalar in
      switch scalar.value {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: true
      default: false
      }
    }
    return Scalars.replacing(in: kept) { scalar in
      switch scalar.value {
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
        " "
      default: nil
      }
    }
  }
}
