@testable import Base
@testable import Lessons

/// Reads an input as an expression and as a text with expressions, and asks the bundled model's run for their values.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = LessonInput.text(start, count)
  do throws(ExpressionError) {
    let value = try LessonInput.evaluator.value(of: Expression(text))
    precondition(value.shown.count < 1000 && value.grouped.count < 2000)
  } catch {
    precondition(!error.sentence(.english).isEmpty)
  }
  do throws(ExpressionError) {
    let filled = try Interpolation.fill(text, LessonInput.evaluator)
    precondition(Interpolation.isWhole(text) || !filled.isEmpty)
  } catch {
    precondition(!error.sentence(.english).isEmpty)
  }
  return 0
}
