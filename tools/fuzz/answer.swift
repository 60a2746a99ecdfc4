@testable import Base
@testable import Lessons

/// Reads an input as answers to a question: the first line asks, the second is what was typed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let lines = LessonInput.text(start, count)
    .split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
  let (question, answer) = (String(lines[0]), String((lines.last ?? "").prefix(100)))
  let reader = AnswerReader(question: question)
  for number in reader.numbers(answer) {
    precondition(number.isFinite)
    let value = Value.number(number)
    precondition(value.shown.count < 400 && value.grouped.count < 600)
    precondition(Rounding.isExact(number, number, tolerance: 0))
    for truth in [0, 7, 3.846, 19_073, 1e15, -0.5] { _ = Rounding.isSensible(number, of: truth) }
  }
  if let sizes = reader.sizes(answer) { precondition((1...4).contains(sizes.count)) }
  if let value = ChineseNumeral.value(answer[...]) { precondition(value.isFinite) }
  _ = AnswerReader.isSum(answer)
  if let first = answer.first { _ = AnswerReader.begins(first) }
  return 0
}
