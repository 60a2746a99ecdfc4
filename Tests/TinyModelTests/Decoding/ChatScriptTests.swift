internal import Base
import Testing

@testable import TinyModel

/// What a script of questions may hold, and what is said of one that is wrong.
@Suite struct ChatScriptTests {
  private func script(_ text: String) throws(ChatScriptError) -> ChatScript {
    try ChatScript(Array(text.utf8), file: "talk")
  }

  @Test func linesAreQuestionsOrObjects() throws {
    let script = try script(
      "你好！\r\n  blanks stay \n{\"edit\":2,\"question\":\"{\"}\n{\"question\":\"{\"}\n"
        + "{\"question\":\"x\",\"conversation\":\"new\"}\n{\"edit\":1,\"question\":\"y\",\"conversation\":null}"
    )
    #expect(
      script.lines.map(\.entry) == [
        .question("你好！"), .question("  blanks stay "), .edit(turn: 2, question: "{"),
        .question("{"), .begin(question: "x"), .edit(turn: 1, question: "y"),
      ])
    #expect(script.lines.map(\.number) == [1, 2, 3, 4, 5, 6] && script.hasSeveral)
    #expect(try !self.script("a").hasSeveral)
  }

  /// What is wrong, in which line, and words that its sentence must have.
  private static let flaws: [(text: String, line: Int?, words: [String])] = [
    ("", nil, ["no line"]),
    ("\n", 1, ["empty"]),
    ("a\n\nb", 2, ["empty"]),
    ("{", 1, ["not valid JSON"]),
    ("a\n{\"edit\":1}", 2, ["question"]),
    ("a\n{\"edit\":2,\"question\":\"b\"}", 2, ["turn 2", "1"]),
    ("a\n{\"edit\":0,\"question\":\"b\"}", 2, ["edit", "1"]),
    ("a\n{\"edit\":-1,\"question\":\"b\"}", 2, ["edit"]),
    ("a\n{\"edit\":1.5,\"question\":\"b\"}", 2, ["edit", "1.5"]),
    ("a\n{\"edit\":\"1\",\"question\":\"b\"}", 2, ["edit"]),
    ("a\n{\"edit\":1000000000000000,\"question\":\"b\"}", 2, ["1000000000000000"]),
    ("a\n{\"edit\":1000000000000000000000,\"question\":\"b\"}", 2, ["JSON"]),
    ("a\n{\"edit\":1,\"question\":\"\"}", 2, ["empty"]),
    ("a\n{\"edit\":1,\"question\":7}", 2, ["question", "7"]),
    ("a\n{\"edit\":1,\"question\":\"b\\nc\"}", 2, ["newline"]),
    ("{\"conversation\":\"old\",\"question\":\"b\"}", 1, ["conversation", "new"]),
    ("a\n{\"conversation\":\"new\",\"edit\":1,\"question\":\"b\"}", 2, ["conversation"]),
    ("{\"conversation\":\"new\"}", 1, ["question"]),
    ("{\"question\":\"a\",\"question\":\"b\"}", 1, ["JSON"]),
    ("{\"question\":\"a\",\"answer\":\"b\"}", 1, ["answer"]),
    (
      "a\nb\n{\"conversation\":\"new\",\"question\":\"c\"}\n{\"edit\":2,\"question\":\"b\"}", 4,
      ["2", "1"]
    ),
    ("{\"question\":\"a\"} b", 1, ["JSON"]),
  ]

  @Test func whatIsWrongIsNamedByItsLine() {
    for (text, line, words) in Self.flaws {
      do throws(ChatScriptError) {
        _ = try script(text)
        Issue.record("\(text) was taken")
      } catch {
        let sentence = error.sentence(.english)
        #expect(error.status == 65 && !error.sentence(.chinese).isEmpty)
        for word in words + ["talk"] { #expect(sentence.contains(word), "\(sentence)") }
        guard let line else { continue }
        #expect(
          sentence.contains("talk, line \(line):") || sentence.contains("talk:\(line)"),
          "\(sentence)")
      }
    }
  }

  @Test func whatIsNoTextIsRefused() throws {
    #expect(throws: ChatScriptError.line(file: "talk", line: 2, .notUTF8)) {
      _ = try ChatScript([0x61, 0x0A, 0xFF], file: "talk")
    }
    let folder = try TemporaryFolder()
    #expect(throws: ChatScriptError.file(.notARegularFile(file: folder.path))) {
      _ = try ChatScript(reading: folder.path)
    }
  }
}
