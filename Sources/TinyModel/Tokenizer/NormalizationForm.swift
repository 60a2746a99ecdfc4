internal import CUtf8proc

/// One of Unicode's normalization forms, as of its version 9, which is what `tokenizers` knows.
enum NormalizationForm: String, CaseIterable, Sendable {
  case canonicalComposition = "NFC"
  case canonicalDecomposition = "NFD"
  case compatibilityComposition = "NFKC"
  case compatibilityDecomposition = "NFKD"

  /// The version of Unicode that the library's tables are of.
  private static let version = 9

  private var options: utf8proc_option_t {
    let options =
      switch self {
      case .canonicalComposition: [UTF8PROC_STABLE, UTF8PROC_COMPOSE]
      case .canonicalDecomposition: [UTF8PROC_STABLE, UTF8PROC_DECOMPOSE]
      case .compatibilityComposition: [UTF8PROC_STABLE, UTF8PROC_COMPOSE, UTF8PROC_COMPAT]
      case .compatibilityDecomposition: [UTF8PROC_STABLE, UTF8PROC_DECOMPOSE, UTF8PROC_COMPAT]
      }
    return utf8proc_option_t(rawValue: options.reduce(0) { $0 | $1.rawValue })
  }

  /// `text` in this form.
  ///
  /// A character younger than the library's tables is one of its own there: it neither changes nor combines.
  func apply(to text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 >= 0x80 }) else { return text }
    var result: [UInt8] = []
    var start = 0
    Scalars.each(in: text) { scalar, range in
      guard !scalar.isInUnicode(Self.version) else { return }
      result += mapped(text[start..<range.lowerBound]) + text[range]
      start = range.upperBound
    }
    return result + mapped(text[start...])
  }

  private func mapped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard !text.isEmpty else { return [] }
    var start: UnsafeMutablePointer<UInt8>?
    let count = text.withUnsafeBufferPointer { bytes in
      utf8proc_map(bytes.baseAddress, bytes.count, &start, options)
    }
    guard count >= 0, let start else {
      preconditionFailure("utf8proc: " + String(cString: utf8proc_errmsg(count)))
    }
    defer { kvtui_utf8proc_free(start) }
    return Array(UnsafeBufferPointer(start: start, count: count))
  }
}
