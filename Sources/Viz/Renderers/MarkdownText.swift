/// Text and blocks in Markdown.
///
/// Source: CommonMark 0.30; tables as in GitHub Flavored Markdown.
package enum MarkdownText {
  /// `text` as it is read, on one line: nothing of it is taken for markup.
  package static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      // Any ASCII punctuation may be escaped; a line feed would end the block.
      switch scalar {
      case "\n": escaped += " "
      case "!"..."/", ":"..."@", "["..."`", "{"..."~": escaped += quiet.contains(scalar) ? "" : "\\"
      default: break
      }
      if scalar != "\n" { escaped.unicodeScalars.append(scalar) }
    }
    return escaped
  }

  /// Punctuation that means nothing inside a line.
  private static let quiet: Set<Unicode.Scalar> = [
    ",", ".", ";", ":", "?", "/", "%", "'", "\"", "(", ")", "=", "@", "$", "^", "{", "}",
    "-", "+", "!",
  ]

  /// A paragraph's text: what would begin another block at its head is escaped as well.
  package static func paragraph(_ text: String) -> String {
    let line = escaped(text)
    let digits = line.prefix { ("0"..."9").contains($0) }
    guard !digits.isEmpty, let mark = line.dropFirst(digits.count).first, ".)".contains(mark) else {
      return line.first.map { "=-+".contains($0) } == true ? "\\" + line : line
    }
    return digits + "\\" + line.dropFirst(digits.count)
  }

  /// Text as it is within a line.
  static func code(_ text: String) -> String {
    let fence = String(repeating: "`", count: longestRun(ofBackticksIn: text) + 1)
    let isPadded = text.hasPrefix("`") || text.hasSuffix("`")
    return isPadded ? "\(fence) \(text) \(fence)" : fence + text + fence
  }

  private static func longestRun(ofBackticksIn text: String) -> Int {
    var (longest, run) = (0, 0)
    for scalar in text.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// Lines as they are, in a fence that is longer than any in them.
  package static func block(_ text: String, name: String = "text") -> String {
    let fence = String(repeating: "`", count: max(2, longestRun(ofBackticksIn: text)) + 1)
    return "\(fence)\(name)\n\(text)\n\(fence)\n"
  }

  /// A table, its numbers at the right.
  static func table(_ table: NumberTable) -> String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    return line([""] + table.heads.map(escaped))
      + line(["---"] + table.heads.map { _ in "---:" })
      + table.rows.map { line([escaped($0.name)] + $0.cells.map(escaped)) }.joined()
  }
}
