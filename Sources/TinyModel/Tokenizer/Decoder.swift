internal import Base

/// How tokens become text again.
///
/// Source: `decoders` of huggingface/tokenizers. A new one is a case here.
enum Decoder: Sendable {
  case byteLevel
  case byteFallback
  case fuse
  case metaspace(Metaspace)
  case replace([UInt8], with: [UInt8])
  case strip(Unicode.Scalar, start: Int, stop: Int)
  case wordPiece(prefix: [UInt8], cleansUp: Bool)
  /// A blank between tokens, where a file names no decoder.
  case separated

  /// Reads `decoder`, a sequence taken apart.
  static func stages(_ field: JSONField) throws(FileError) -> [Decoder] {
    guard try field.stageType() == "Sequence" else { return [try Decoder(field)] }
    var stages: [Decoder] = []
    for part in try field.required("decoders").elements() { stages += try Self.stages(part) }
    return stages
  }

  private init(_ field: JSONField) throws(FileError) {
    switch try field.stageType() {
    case "ByteLevel": self = .byteLevel
    case "ByteFallback": self = .byteFallback
    case "Fuse": self = .fuse
    case "Metaspace": self = .metaspace(try Metaspace(field))
    case "Replace":
      let content = Array(try field.required("content").text().utf8)
      guard case .literal(let literal) = try Pattern(field.required("pattern")) else {
        throw try field.required("pattern").unsupported(["{\"String\": …}"])
      }
      self = .replace(literal, with: content)
    case "Strip":
      let content = try field.required("content")
      guard
        let scalar = String(decoding: try content.character(), as: UTF8.self).unicodeScalars.first
      else { throw content.mustBe(.character) }
      self = .strip(
        scalar, start: try field.required("start").count(), stop: try field.required("stop").count()
      )
    case "WordPiece":
      self = .wordPiece(
        prefix: Array(try field.required("prefix").text().utf8),
        cleansUp: try field.requiredFlag("cleanup"))
    default:
      throw field.unsupportedType([
        "ByteLevel", "ByteFallback", "Fuse", "Metaspace", "Replace", "Strip", "WordPiece",
        "Sequence",
      ])
    }
  }

  /// The tokens of a whole sequence after this stage.
  func apply(to tokens: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .byteLevel:
      [Array(String(decoding: tokens.flatMap(ByteAlphabet.decode), as: UTF8.self).utf8)]
    case .byteFallback: Self.joiningBytes(tokens)
    case .fuse: [tokens.flatMap { $0 }]
    case .metaspace(let stage):
      tokens.enumerated().map { index, token in
        let blank = index == 0 && stage.prepending != .never ? [] : [UInt8(ascii: " ")]
        return Pattern.replacing(stage.replacement, in: token, with: blank)
      }
    case .replace, .strip: tokens.map(addition(of:))
    case .wordPiece(_, let cleansUp):
      tokens.prefix(1).map { cleansUp ? Self.cleanedUp($0) : $0 } + tokens.dropFirst().map(addition)
    case .separated: tokens.prefix(1) + tokens.dropFirst().map(addition)
    }
  }

  /// What a token by itself is after this stage, inside a sequence; bytes need not be whole characters.
  func addition(of token: [UInt8]) -> [UInt8] {
    switch self {
    case .byteLevel: ByteAlphabet.decode(token)
    case .byteFallback: Self.byte(of: token).map { [$0] } ?? token
    case .fuse: token
    case .metaspace(let stage):
      Pattern.replacing(stage.replacement, in: token, with: [UInt8(ascii: " ")])
    case .replace(let literal, let content): Pattern.replacing(literal, in: token, with: content)
    case .strip(let scalar, let start, let stop): Self.strip(token, of: scalar, start, stop)
    case .wordPiece(let prefix, let cleansUp): Self.wordPiece(token, prefix, cleansUp)
    case .separated: [UInt8(ascii: " ")] + token
    }
  }

  /// A token that goes on within a word, or begins one behind a blank.
  private static func wordPiece(
    _ token: [UInt8], _ prefix: [UInt8], _ cleansUp: Bool
  ) -> [UInt8] {
    let goesOn = token.starts(with: prefix)
    let added = goesOn ? Array(token.dropFirst(prefix.count)) : [UInt8(ascii: " ")] + token
    return cleansUp ? cleanedUp(added) : added
  }

  /// A token without the blanks that English has not before its signs.
  private static func cleanedUp(_ token: [UInt8]) -> [UInt8] {
    let replacements = [
      (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
      (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ]
    return replacements.reduce(token) { token, pair in
      Pattern.replacing(Array(pair.0.utf8), in: token, with: Array(pair.1.utf8))
    }
  }

  /// Whether the tokens are one from here on, so that later stages act on the whole text.
  var joinsAll: Bool {
    switch self {
    case .byteLevel, .fuse: true
    default: false
    }
  }

  /// The byte that a token such as `<0xE4>` stands for.
  private static func byte(of token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">")
    else { return nil }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }

  /// Neighbouring byte tokens as characters, or as U+FFFD each if they form none.
  private static func joiningBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var bytes: [UInt8] = []
    func flush() {
      let isText = String(validating: bytes, as: UTF8.self) != nil
      let replaced = Array(repeating: Array("\u{FFFD}".utf8), count: bytes.count)
      if !bytes.isEmpty { result += isText ? [bytes] : replaced }
      bytes = []
    }
    for token in tokens {
      if let byte = byte(of: token) {
        bytes.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }

  private static func strip(
    _ token: [UInt8], of scalar: Unicode.Scalar, _ start: Int, _ stop: Int
  ) -> [UInt8] {
    var scalars = Array(String(decoding: token, as: UTF8.self).unicodeScalars)[...]
    let leading = scalars.prefix(start).prefix { $0 == scalar }.count
    scalars = scalars.dropFirst(leading)
    let trailing = scalars.suffix(stop).reversed().prefix { $0 == scalar }.count
    return scalars.dropLast(trailing).flatMap { Array(String($0).utf8) }
  }
}
