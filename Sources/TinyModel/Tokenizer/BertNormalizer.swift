internal import Base

/// What BERT does to a text before it is split.
///
/// Source: `BertNormalizer` of huggingface/tokenizers, after `tokenization.py` of google-research/bert.
struct BertNormalizer: Sendable {
  private let cleansText: Bool
  private let separatesIdeographs: Bool
  private let stripsAccents: Bool
  private let lowercases: Bool

  init(_ field: JSONField) throws(FileError) {
    cleansText = try field.requiredFlag("clean_text")
    separatesIdeographs = try field.requiredFlag("handle_chinese_chars")
    lowercases = try field.requiredFlag("lowercase")
    stripsAccents = try field.flag("strip_accents", default: lowercases)
  }

  func apply(to text: [UInt8]) -> [UInt8] {
    var text = text
    if cleansText { text = Self.cleaned(text) }
    if separatesIdeographs {
      text = Scalars.replacing(in: text) { $0.isIdeograph ? " \($0) " : nil }
    }
    if stripsAccents {
      text = NormalizationForm.canonicalDecomposition.apply(to: text)
      text = Scalars.removing(from: text) { $0.isNonspacingMark }
    }
    return lowercases ? Normalizer.lowercased(text) : text
  }

  /// Without controls, and with every white space as a blank; tabs and ends of lines are white space here.
  private static func cleaned(_ text: [UInt8]) -> [UInt8] {
    let kept = Scalars.removing(from: text) { scalar in
      switch scalar {
      case "\t", "\n", "\r": false
      case "\0", "\u{FFFD}": true
      default: scalar.isControl
      }
    }
    return Scalars.replacing(in: kept) { $0.properties.isWhitespace ? " " : nil }
  }
}
