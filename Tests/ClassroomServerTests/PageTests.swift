import Base
import Testing

@testable import ClassroomServer

/// The page is small, needs nothing else, and its policy lets nothing else run.
@Suite struct PageTests {
  private let page = PhonePage(language: .chinese)

  private func element(_ name: String) throws -> String {
    let start = try #require(page.text.ranges(of: "<\(name)>").first).upperBound
    let end = try #require(page.text[start...].ranges(of: "</\(name)>").first).lowerBound
    return String(page.text[start..<end])
  }

  @Test func itIsSmall() { #expect(page.text.utf8.count <= 30 * 1024) }

  @Test func itsPolicyNamesWhatItHolds() throws {
    #expect(page.policy.contains("script-src '\(SHA256.source(of: try element("script")))'"))
    #expect(page.policy.contains("style-src '\(SHA256.source(of: try element("style")))'"))
    for part in [
      "default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
      "frame-ancestors 'none'",
    ] {
      #expect(page.policy.contains(part))
    }
    #expect(!page.policy.contains("unsafe"))
  }

  @Test func itAsksForNothingElse() {
    for text in ["http:", "https:", "//", "src=", "@import", "url(", "localStorage", "cookie"] {
      let rest = page.text.split(separator: "\n").filter { line in
        // Comments of the script.
        !line.drop { $0 == " " }.hasPrefix("//")
      }
      #expect(!rest.contains { $0.contains(text) }, "\(text)")
    }
  }

  @Test func bothLanguagesSayTheSame() throws {
    let script = try element("script")
    let parts = script.split(separator: " zh: {").last?.split(separator: " en: {") ?? []
    func keys(_ text: some StringProtocol) -> Set<String> {
      let found = text.split { ",{\n".contains($0) }.compactMap { part -> String? in
        let words = part.split(separator: ":", maxSplits: 1)
        let name = String(words[0].filter { $0 != " " && $0 != "\"" })
        return words.count == 2 && !name.isEmpty && name.allSatisfy(isOfAName) ? name : nil
      }
      return Set(found)
    }
    func isOfAName(_ letter: Character) -> Bool {
      letter.isASCII && letter.isLetter || letter == "-"
    }
    try #require(parts.count == 2)
    let (chinese, english) = (keys(parts[0]), keys(parts[1].split(separator: "};")[0]))
    #expect(chinese == english)
    #expect(chinese.count > 20)
    #expect(PhonePage(language: .english).text.contains("<html lang=\"en\">"))
    #expect(page.text.contains("<html lang=\"zh-CN\">"))
  }
}
