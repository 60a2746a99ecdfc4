import Testing

@testable import Terminal

@Suite("What a terminal answers")
struct AnswerTests {
  private static func read(_ text: String, samples: Int) -> TerminalAnswers {
    TerminalAnswers(reading: Array(text.utf8), samples: samples)
  }

  @Test("Widths are where the cursor is behind each sample; name and attributes as it says them")
  func whole() {
    let answers = Self.read(
      "\u{1B}[5;3R\u{1B}[5;2R\u{1B}P>|tmux 3.3a\u{1B}\\\u{1B}[?1;2;4c", samples: 2)
    #expect(answers.widths == [2, 1])
    #expect(answers.name == "tmux 3.3a")
    #expect(answers.attributes == "1;2;4")
  }

  @Test("Keys in between change nothing")
  func keys() {
    let answers = Self.read("ab\u{1B}[5;3Rq\u{1B}[A\u{1B}[5;2R\u{1B}[?6c", samples: 2)
    #expect(answers.widths == [2, 1] && answers.attributes == "6" && answers.name == nil)
  }

  @Test("A width that is missing could be any of them")
  func missing() {
    #expect(Self.read("\u{1B}[5;3R\u{1B}[?6c", samples: 2).widths == [nil, nil])
    let silent = Self.read("", samples: 1)
    #expect(silent.widths == [nil] && silent.name == nil && silent.attributes == nil)
  }

  @Test("A name passes the sanitiser, and is cut")
  func hostile() {
    let answers = Self.read(
      "\u{1B}P>|a\u{7F}\u{202E}b" + String(repeating: "x", count: 500) + "\u{1B}\\\u{1B}[?6c",
      samples: 0)
    #expect(answers.name?.hasPrefix("a^?<U+202E>bxxx") == true)
    #expect((answers.name?.count ?? 0) < 100)
  }
}
