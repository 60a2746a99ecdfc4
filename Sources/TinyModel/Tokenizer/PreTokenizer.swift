internal import Base

/// A part of a text on its way to the model, which never joins across parts.
struct Word {
  var bytes: [UInt8]
  /// Whether the text begins with it.
  let isAtStart: Bool
}

/// How a text is split into words.
///
/// Source: `pre_tokenizers` of huggingface/tokenizers. A new one is a case here.
indirect enum PreTokenizer: Sendable {
  case byteLevel(ByteLevel)
  case metaspace(Metaspace)
  case split(Split)
  /// A split that drops what stands between words.
  case words(Split)
  /// Words of so many characters, the last of the rest.
  case fixedLength(Int)
  case sequence([PreTokenizer])

  /// Reads an object of `pre_tokenizer`.
  init(_ field: JSONField) throws(FileError) {
    switch try field.stageType() {
    case "ByteLevel": self = .byteLevel(try ByteLevel(field))
    case "Metaspace": self = .metaspace(try Metaspace(field))
    case "Split": self = .split(try Split(field))
    case "Digits": self = .split(try Split(digits: field))
    case "Punctuation": self = .split(try Split(punctuation: field))
    case "CharDelimiterSplit": self = .words(Split(try Pattern(delimiter: field), .removed))
    case "Whitespace": self = .words(Split(.word, .removed, isInverted: true))
    case "WhitespaceSplit": self = .words(Split(.character(.whitespace), .removed))
    case "BertPreTokenizer":
      self = .sequence([
        .words(Split(.character(.whitespace), .removed)),
        .split(Split(.character(.punctuation), .isolated)),
      ])
    case "FixedLength": self = .fixedLength(try field.optionalSize("length") ?? 5)
    case "Sequence":
      var parts: [PreTokenizer] = []
      for part in try field.required("pretokenizers").elements() {
        parts.append(try PreTokenizer(part))
      }
      self = .sequence(parts)
    default:
      throw field.unsupportedType([
        "ByteLevel", "Metaspace", "Split", "Digits", "Punctuation", "CharDelimiterSplit",
        "Whitespace", "WhitespaceSplit", "BertPreTokenizer", "FixedLength", "Sequence",
      ])
    }
  }

  /// The words of words.
  func apply(to words: [Word]) throws(FileError) -> [Word] {
    if case .sequence(let parts) = self {
      var words = words
      for part in parts { words = try part.apply(to: words) }
      return words
    }
    var result: [Word] = []
    for word in words { result += try split(word) }
    return result
  }

  private func split(_ word: Word) throws(FileError) -> [Word] {
    switch self {
    case .byteLevel(let stage): try stage.split(word)
    case .metaspace(let stage): stage.split(word)
    case .split(let stage), .words(let stage): try stage.split(word)
    case .fixedLength(let length): Self.chunks(of: word, length)
    case .sequence: try apply(to: [word])
    }
  }

  private static func chunks(of word: Word, _ length: Int) -> [Word] {
    var ends: [Int] = []
    Scalars.each(in: word.bytes) { _, range in ends.append(range.upperBound) }
    let bounds =
      [0] + stride(from: length - 1, to: ends.count, by: length).map { ends[$0] }
      + (ends.count % length == 0 ? [] : [word.bytes.count])
    return zip(bounds, bounds.dropFirst()).map { start, end in
      Word(bytes: Array(word.bytes[start..<end]), isAtStart: word.isAtStart && start == 0)
    }
  }

  /// The decoder that undoes it, for files that name none.
  var inverse: [Decoder] {
    switch self {
    case .byteLevel: [.byteLevel]
    case .metaspace(let stage): [.metaspace(stage)]
    case .split, .fixedLength: []
    case .words: [.separated]
    case .sequence(let parts): parts.reversed().flatMap(\.inverse)
    }
  }
}

/// Bytes as characters, each word of GPT-2's regular expression on its own.
struct ByteLevel: Sendable {
  private static let gpt2 =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  private let addsBlank: Bool
  /// What splits; nil where another stage has done so.
  private let pattern: Pattern?

  init(_ field: JSONField) throws(FileError) {
    addsBlank = try field.requiredFlag("add_prefix_space")
    let splits = try field.flag("use_regex", default: true)
    pattern = splits ? .expression(try RegularExpression(Self.gpt2, at: field)) : nil
  }

  func split(_ word: Word) throws(FileError) -> [Word] {
    var bytes = word.bytes
    if addsBlank, let first = bytes.first, first != UInt8(ascii: " ") {
      bytes.insert(UInt8(ascii: " "), at: 0)
    }
    let whole = [Pattern.Part(range: 0..<bytes.count, isMatch: false)]
    let parts = try pattern?.parts(of: bytes) ?? whole
    return parts.filter { !$0.range.isEmpty }.map { part in
      Word(
        bytes: ByteAlphabet.encode(bytes[part.range]),
        isAtStart: word.isAtStart && part.range.lowerBound == 0)
    }
  }
}

/// Blanks as a visible character, which begins a word.
struct Metaspace: Sendable {
  /// Where the character is put in front.
  enum Prepending: String, CaseIterable {
    case first, always, never
  }

  let replacement: [UInt8]
  let prepending: Prepending
  private let splits: Bool

  init(_ field: JSONField) throws(FileError) {
    replacement = try field.required("replacement").character()
    prepending = try Self.prepending(field)
    splits = try field.flag("split", default: true)
  }

  /// `prepend_scheme`, or what older files say instead.
  private static func prepending(_ field: JSONField) throws(FileError) -> Prepending {
    let addsBlank = try field.flag("add_prefix_space", default: true)
    guard let scheme = try field.optional("prepend_scheme") else {
      // The library asks for both fields where this one is false.
      return addsBlank ? .always : .never
    }
    guard let prepending = Prepending(rawValue: try scheme.text()) else {
      throw scheme.mustBe(.oneOf(Prepending.allCases.map(\.rawValue)))
    }
    guard addsBlank || prepending == .never else { throw scheme.mustBe(.oneOf(["never"])) }
    return prepending
  }

  func split(_ word: Word) -> [Word] {
    var bytes = Pattern.replacing([UInt8(ascii: " ")], in: word.bytes, with: replacement)
    if puts(before: bytes, isAtStart: word.isAtStart) { bytes = replacement + bytes }
    guard splits else { return [Word(bytes: bytes, isAtStart: word.isAtStart)] }
    let starts = Pattern.occurrences(of: replacement, in: bytes).map(\.lowerBound)
    let bounds = (starts.first == 0 ? starts : [0] + starts) + [bytes.count]
    return zip(bounds, bounds.dropFirst()).filter { $0 < $1 }.map { start, end in
      Word(bytes: Array(bytes[start..<end]), isAtStart: word.isAtStart && start == 0)
    }
  }

  private func puts(before bytes: [UInt8], isAtStart: Bool) -> Bool {
    guard !bytes.isEmpty, !bytes.starts(with: replacement) else { return false }
    return prepending == .always || prepending == .first && isAtStart
  }
}
