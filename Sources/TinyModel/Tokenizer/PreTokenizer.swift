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
  case sequence([PreTokenizer])

  /// Reads an object of `pre_tokenizer`.
  init(_ field: JSONField) throws(FileError) {
    switch try field.stageType() {
    case "ByteLevel": self = .byteLevel(try ByteLevel(field))
    case "Metaspace": self = .metaspace(try Metaspace(field))
    case "Split": self = .split(try Split(field))
    case "Digits": self = .split(try Split(digits: field))
    case "Sequence":
      var parts: [PreTokenizer] = []
      for part in try field.required("pretokenizers").elements() {
        parts.append(try PreTokenizer(part))
      }
      self = .sequence(parts)
    default: throw field.unsupportedType(["ByteLevel", "Metaspace", "Split", "Digits", "Sequence"])
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
    case .split(let stage): try stage.split(word)
    case .sequence: try apply(to: [word])
    }
  }

  /// The decoder that undoes it, for files that name none.
  var inverse: [Decoder] {
    switch self {
    case .byteLevel: [.byteLevel]
    case .metaspace(let stage): [.metaspace(stage)]
    case .split: []
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

/// Words between, around or of the matches of a pattern.
struct Split: Sendable {
  /// What becomes of a match.
  enum Behavior: String, CaseIterable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"
  }

  private let pattern: Pattern
  private let behavior: Behavior
  /// Whether what lies between the matches is taken for the matches.
  private let isInverted: Bool

  init(_ field: JSONField) throws(FileError) {
    pattern = try Pattern(field.required("pattern"))
    let name = try field.required("behavior")
    guard let behavior = Behavior(rawValue: try name.text()) else {
      throw name.mustBe(.oneOf(Behavior.allCases.map(\.rawValue)))
    }
    self.behavior = behavior
    isInverted = try field.flag("invert")
  }

  /// Reads `Digits`, a split at numbers: each by itself, or a row of them as one word.
  init(digits field: JSONField) throws(FileError) {
    pattern = .number
    behavior = try field.requiredFlag("individual_digits") ? .isolated : .contiguous
    isInverted = false
  }

  func split(_ word: Word) throws(FileError) -> [Word] {
    let parts = try pattern.parts(of: word.bytes).map {
      Pattern.Part(range: $0.range, isMatch: $0.isMatch != isInverted)
    }
    return ranges(of: parts).filter { !$0.isEmpty }.map { range in
      Word(bytes: Array(word.bytes[range]), isAtStart: word.isAtStart && range.lowerBound == 0)
    }
  }

  private func ranges(of parts: [Pattern.Part]) -> [Range<Int>] {
    switch behavior {
    case .removed: parts.filter { !$0.isMatch }.map(\.range)
    case .isolated: parts.map(\.range)
    case .contiguous: Self.joined(parts) { $0.isMatch == $1 }
    case .mergedWithPrevious: Self.joined(parts) { $0.isMatch && !$1 }
    case .mergedWithNext: Self.joined(parts.reversed()) { $0.isMatch && !$1 }.reversed()
    }
  }

  /// Joins a part to the one before it where `joins` says so of it and of whether that one is a match.
  private static func joined(
    _ parts: [Pattern.Part], where joins: (Pattern.Part, Bool) -> Bool
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var previous = false
    for part in parts {
      if joins(part, previous), let last = ranges.popLast() {
        let (low, high) = (last.lowerBound, last.upperBound)
        ranges.append(min(low, part.range.lowerBound)..<max(high, part.range.upperBound))
      } else {
        ranges.append(part.range)
      }
      previous = part.isMatch
    }
    return ranges
  }
}
