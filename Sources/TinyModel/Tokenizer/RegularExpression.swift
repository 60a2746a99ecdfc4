internal import Base
internal import COniguruma

/// A regular expression as `tokenizers` runs them: with Oniguruma, in its own syntax, over UTF-8.
///
/// Backtracking is bounded: an expression that takes too many steps on a text is an error, not a long wait.
final class RegularExpression: @unchecked Sendable {
  /// Steps back at one place of a text; what Oniguruma itself, and so `tokenizers`, allows.
  private static let retriesAtOnePlace: UInt = 10_000_000
  /// Steps back on the way to one match.
  private static let retriesToOneMatch: UInt = 20_000_000
  /// Open alternatives; each takes some 50 bytes.
  private static let openAlternatives: UInt32 = 1 << 22
  /// Real expressions have some hundred bytes.
  private static let longest = 10_000

  // Compiled once and only read from then on, which Oniguruma allows on several threads.
  private let compiled: OnigRegex
  private let field: JSONField

  /// Compiles `pattern`, which stands at `field`.
  init(_ pattern: String, at field: JSONField) throws(FileError) {
    let utf8 = Array(pattern.utf8)
    guard utf8.count <= Self.longest else {
      throw field.mustBe(.regularExpression(reason: "longer than \(Self.longest) bytes"))
    }
    var message = [UInt8](repeating: 0, count: Int(ONIG_MAX_ERROR_MESSAGE_LEN))
    let compiled = utf8.withUnsafeBufferPointer { bytes -> OnigRegex? in
      guard let start = bytes.baseAddress else {
        return kvtui_onig_compile(message, message, &message)
      }
      return kvtui_onig_compile(start, start + bytes.count, &message)
    }
    guard let compiled else {
      throw field.mustBe(.regularExpression(reason: Self.text(message)))
    }
    self.compiled = compiled
    self.field = field
  }

  deinit { onig_free(compiled) }

  /// Every match, leftmost first; no empty one right behind another match.
  ///
  /// Source: `FindMatches` of the crate `onig`.
  func matches(in text: [UInt8]) throws(FileError) -> [Range<Int>] {
    var matches: [Range<Int>] = []
    let code = text.withUnsafeBufferPointer { bytes in
      let search = Search(compiled, bytes)
      return search.all { matches.append($0) }
    }
    guard code == ONIG_MISMATCH else { throw failure(code) }
    return matches
  }

  private func failure(_ code: CInt) -> FileError {
    var message = [UInt8](repeating: 0, count: Int(ONIG_MAX_ERROR_MESSAGE_LEN))
    kvtui_onig_describe(code, &message)
    return .expressionFailed(
      file: field.file, field: field.path, value: field.value.summary, reason: Self.text(message))
  }

  private static func text(_ message: [UInt8]) -> String {
    String(decoding: message.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// A search through one text.
  private final class Search {
    private let compiled: OnigRegex
    private let bytes: UnsafeBufferPointer<UInt8>
    private let region = onig_region_new()
    private let limits = onig_new_match_param()

    init(_ compiled: OnigRegex, _ bytes: UnsafeBufferPointer<UInt8>) {
      self.compiled = compiled
      self.bytes = bytes
      onig_initialize_match_param(limits)
      onig_set_retry_limit_in_match_of_match_param(limits, RegularExpression.retriesAtOnePlace)
      onig_set_retry_limit_in_search_of_match_param(limits, RegularExpression.retriesToOneMatch)
      onig_set_match_stack_limit_size_of_match_param(limits, RegularExpression.openAlternatives)
    }

    deinit {
      onig_region_free(region, 1)
      onig_free_match_param(limits)
    }

    /// Calls `body` with each match, and says why there is no further one.
    func all(_ body: (Range<Int>) -> Void) -> CInt {
      guard let start = bytes.baseAddress else { return ONIG_MISMATCH }
      let end = start + bytes.count
      var place = 0
      var lastEnd: Int?
      while place <= bytes.count {
        let code = onig_search_with_param(
          compiled, start, end, start + place, end, region, ONIG_OPTION_NONE, limits)
        guard code >= 0, let region else { return code }
        let (first, behind) = (Int(region.pointee.beg[0]), Int(region.pointee.end[0]))
        // `\K` can put a match's beginning behind its end, or before the end of the match before.
        guard first <= behind, first >= lastEnd ?? 0 else { return ONIGERR_INVALID_ARGUMENT }
        if first == behind && first == lastEnd {
          place = placeBehindCharacter(at: place)
        } else {
          body(first..<behind)
          (place, lastEnd) = (behind, behind)
        }
      }
      return ONIG_MISMATCH
    }

    private func placeBehindCharacter(at place: Int) -> Int {
      var next = place + 1
      while next < bytes.count, bytes[next] & 0xC0 == 0x80 { next += 1 }
      return next
    }
  }
}
