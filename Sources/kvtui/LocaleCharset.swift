#if canImport(Glibc)
  internal import Glibc
#endif
internal import Base
internal import Terminal
internal import Viz

/// The locale's character set where it is not UTF-8: what people read is put into it, what programs read is not.
struct LocaleCharset {
  private let name: String

  /// That of the environment; nil for UTF-8, and for C and POSIX, which say nothing about who reads.
  static let current: LocaleCharset? = {
    let codeset = TerminalFacts.current().codeset
    let isUTF8 = codeset.uppercased().filter { $0 != "-" } == "UTF8"
    let saysNothing = ["ANSI_X3.4-1968", "US-ASCII", ""].contains(codeset)
    return isUTF8 || saysNothing ? nil : LocaleCharset(name: codeset)
  }()

  /// Whether it has the characters of the Chinese wording; Big5, for one, has others.
  private var hasChinese: Bool { convert("缓存与课，这个头的层数") != nil }

  /// The language for people who read in this character set.
  func language(_ wanted: Language) -> Language { hasChinese ? wanted : .english }

  /// The glyphs for them: most of the decorations are in no other character set, or wider there.
  func glyphs(_ wanted: GlyphSet) -> GlyphSet {
    hasChinese && wanted != .ascii ? .narrow : .ascii
  }

  /// The text in this character set; what it has not is spelled in ASCII.
  func bytes(of text: String) -> [UInt8] {
    if let bytes = convert(text) { return bytes }
    return text.unicodeScalars.flatMap { scalar in
      convert(String(scalar)) ?? Array(GlyphSet.ascii.shown(String(scalar)).utf8)
    }
  }

  #if canImport(Glibc)
    /// nil if a character is not in the set.
    private func convert(_ text: String) -> [UInt8]? {
      let converter = iconv_open(name, "UTF-8")
      guard converter != iconv_t(bitPattern: -1) else { return text.asciiBytes }
      defer { iconv_close(converter) }
      var input = text.utf8.map { CChar(bitPattern: $0) }
      var output = [CChar](repeating: 0, count: input.count * 4 + 16)
      var (unread, room) = (input.count, output.count)
      let isConverted = input.withUnsafeMutableBufferPointer { from in
        output.withUnsafeMutableBufferPointer { to in
          var (read, write) = (from.baseAddress, to.baseAddress)
          // What is converted in another way than back is no conversion.
          return iconv(converter, &read, &unread, &write, &room) == 0
        }
      }
      guard isConverted, unread == 0 else { return nil }
      return output.dropLast(room).map { UInt8(bitPattern: $0) }
    }
  #else
    private func convert(_ text: String) -> [UInt8]? { text.asciiBytes }
  #endif
}

extension String {
  fileprivate var asciiBytes: [UInt8]? { utf8.allSatisfy { $0 < 0x80 } ? Array(utf8) : nil }
}

extension Look {
  /// As people can read it in their locale.
  var inLocale: Look {
    guard let charset = LocaleCharset.current else { return self }
    return Look(
      language: charset.language(language), theme: theme, glyphs: charset.glyphs(glyphs))
  }
}

extension Language {
  /// As people can read it in their locale.
  var inLocale: Language { LocaleCharset.current?.language(self) ?? self }
}
