import Testing

@testable import Lessons
internal import TestSupport

/// Expressions ask the run; what they cannot ask they say.
@Suite struct ExpressionTests {
  @Test(
    "Arithmetic binds as it does on paper",
    arguments: [
      ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("2 * 32 * 32 * 128 * 2", 524_288),
      ("24_000_000_000 / 2", 12e9), ("6.74e9 * 2", 13.48e9), ("1e-3 + 0", 0.001), ("7 - 2 - 1", 4),
      ("2 ^ 10", 1024), ("-3 + 5", 2),
      ("7 % 4", 3), ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("round(2.6)", 3), ("floor(2.6)", 2),
      ("ceil(2.1)", 3), ("sqrt(16)", 4), ("abs(2 - 5)", 3), ("percent(1, 4)", 25),
    ])
  func arithmetic(text: String, value: Double) throws {
    #expect(try Classroom.evaluator(step: 4).number(Expression(text)) == value)
  }

  @Test(
    "The run answers for its fields",
    arguments: [
      (4, "uncached.cells", 16.0), (4, "cached.cells", 4), (4, "uncached.masked", 6),
      (7, "sum(uncached.cells)", 140), (7, "sum(cached.cells)", 28),
      (7, "sum(uncached.kv_computed)", 28),
      (7, "sum(cached.kv_computed)", 7), (4, "cached.kv_read", 3), (4, "cached.cache_bytes", 8192),
      (2, "at(7, uncached.cells)", 49), (4, "length", 4), (4, "heads * layers", 16),
      (4, "max_abs_difference", 0),
    ])
  func fields(step: Int, text: String, value: Double) throws {
    #expect(try Classroom.evaluator(step: step).number(Expression(text)) == value)
  }

  @Test(
    "Comparisons and their joins are true or false",
    arguments: [
      ("length == 4", true), ("length != 4", false), ("cached.rows < uncached.rows", true),
      ("length >= 4 and not (length > 4)", true), ("length == 1 or length == 4", true),
      ("next.text == '共'", true), ("token == '民'", true), ("text(1) == '中'", true),
      ("length == 1 and 1 / 0 > 1", false), ("true", true), ("false or false", false),
    ])
  func truths(text: String, truth: Bool) throws {
    #expect(try Classroom.evaluator(step: 4).truth(Expression(text)) == truth)
  }

  @Test(
    "What cannot be read is refused",
    arguments: [
      "", "1 +", "(1", "1)", "uncached.", "1 2", "'open", "a & b", "at(1", "min()", "１",
      String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200),
      String(repeating: "-", count: 10_000) + "1",
    ])
  func unreadable(text: String) {
    #expect(throws: ExpressionError.self) {
      _ = try Classroom.evaluator(step: 1).value(of: Expression(text))
    }
  }

  @Test(
    "What the run does not have is named",
    arguments: [
      ("uncached.cels", ExpressionError.unknownField("uncached.cels", nearest: "uncached.cells")),
      ("lenght", .unknownField("lenght", nearest: "length")),
      ("at(8, length)", .noStep(8, steps: 7)),
      ("at(0, length)", .noStep(0, steps: 7)), ("1 / 0", .divisionByZero),
      ("1 % 0", .divisionByZero),
      ("key_change(1, 1)", .noComparison), ("sine(1)", .unknownFunction("sine")),
      ("sqrt(1, 2)", .arguments(of: "sqrt")), ("'a' + 1", .notANumber("a")),
      ("weight(9, 1, 1, 1)", .arguments(of: "weight")), ("text(99)", .arguments(of: "text")),
    ])
  func noValue(text: String, error: ExpressionError) {
    #expect(throws: error) { try Classroom.evaluator(step: 3).value(of: Expression(text)) }
  }

  @Test(
    "No number of a lesson traps",
    arguments: [
      "at(1e30, length)", "text(2 ^ 70)", "weight(2^80,1,1,1)", "at(0 / 1 - 2^90, length)",
    ])
  func hugeNumbers(text: String) {
    #expect(throws: ExpressionError.self) {
      try Classroom.evaluator(step: 3).value(of: Expression(text))
    }
  }

  @Test("A changed token moves its own K in layer 1 and later ones from layer 2 on")
  func change() throws {
    let scene = "id: one\ntext: 中华人民\nchange: 中国人民\nstep: 4\npanes: change"
    let lesson = try Classroom.parse(Classroom.text(scene: scene))
    let runs = try Classroom.runs().runs(of: lesson.steps[0].scene)
    let evaluator = Evaluator(runs.run, comparison: runs.comparison, step: 4)
    func isTrue(_ text: String) throws -> Bool { try evaluator.truth(Expression(text)) }
    for layer in 1...4 {
      #expect(try isTrue("key_change(\(layer), 1) == 0"), "nothing earlier moves")
      #expect(try isTrue("key_change(\(layer), 2) > 0"))
    }
    #expect(try isTrue("key_change(1, 3) == 0 and value_change(1, 4) == 0"))
    #expect(try isTrue("key_change(2, 3) > 0 and value_change(4, 4) > 0"))
  }

  @Test(
    "Numbers in prose are written for reading",
    arguments: [
      (Value.number(16), "16"), (.number(99.8637), "99.86"), (.number(0.5), "0.5"),
      (.number(-2.25), "-2.25"), (.number(1e-7), "1e-7"), (.number(2.0001), "2"),
      (.truth(true), "true"), (.text("和"), "和"),
    ])
  func shown(value: Value, text: String) {
    #expect(value.shown == text)
  }

  @Test("Expressions in braces are filled in, the rest stays")
  func interpolation() throws {
    let evaluator = try Classroom.evaluator(step: 4)
    let filled = try Interpolation.fill(
      "{{length}} 行 × {{length}} 列 = {{uncached.cells}}，{ }", evaluator)
    #expect(filled == "4 行 × 4 列 = 16，{ }")
    #expect(Interpolation.expressions(in: "{{a}} b {{c") == ["a"])
    #expect(Interpolation.isWhole("{{a}} b") && !Interpolation.isWhole("{{a}} b {{c"))
  }
}
