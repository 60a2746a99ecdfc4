import TestSupport
import Testing
internal import Trace

@testable import Viz

/// What a viewer predicts is judged by the run.
@Suite struct PredictionTests {
  private func verdict(_ state: ViewerState) throws -> Prediction {
    guard case .verdict(let prediction) = state.mode else {
      throw PredictionMissing(mode: state.mode)
    }
    return prediction
  }

  private struct PredictionMissing: Error { let mode: Mode }

  private func judged(_ prediction: Prediction, _ state: ViewerState) -> [Bool] {
    Prediction.Field.allCases.map { prediction.isRight($0, in: state.step) }
  }

  @Test("Asking holds the step back until the last answer")
  func asking() throws {
    var state = try Runs.china().state(step: 3).after("p Right")
    #expect(state.moment.step == 3)
    #expect(state.mode != .browse)
    state.press("1 6 Enter 4 Enter")
    #expect(state.moment.step == 3)
    state.press("Space Enter")
    #expect(state.moment.step == 4)
  }

  @Test("Right answers are right")
  func right() throws {
    let state = try Runs.china().state(step: 3).after("p Right 1 6 Enter 4 Enter Space Enter")
    #expect(judged(try verdict(state), state) == [true, true, true])
  }

  @Test("Wrong answers are wrong, each on its own")
  func wrong() throws {
    let state = try Runs.china().state(step: 3).after("p Right 1 0 Enter 4 Enter a Enter")
    #expect(judged(try verdict(state), state) == [false, true, false])
  }

  @Test("No answer is a wrong answer")
  func empty() throws {
    let state = try Runs.china().state(step: 3).after("p Right Enter Enter Enter")
    #expect(judged(try verdict(state), state) == [false, false, false])
    #expect(state.view(.standard).flaw == nil)
  }

  @Test("Absurd answers are cut short and wrong")
  func absurd() throws {
    let digits = Array(repeating: "9", count: 40).joined(separator: " ")
    let state = try Runs.china().state(step: 3).after(
      "p Right x \(digits) - Enter \(digits) Enter Enter")
    let prediction = try verdict(state)
    #expect(prediction.uncachedCells.count <= 9)
    #expect(judged(prediction, state) == [false, false, false])
  }

  @Test("Answers can be gone back to and mended")
  func mend() throws {
    let keys =
      "p Right 9 9 Down 4 Up BSpace BSpace BSpace 1 6 Tab Tab Left Space Space Right Space Enter"
    let state = try Runs.china().state(step: 3).after(keys)
    #expect(judged(try verdict(state), state) == [true, true, true])
  }

  @Test("Full-width digits count")
  func fullWidth() throws {
    var state = try Runs.china().state(step: 3).after("p Right")
    for key in "１６" { state.update(.key(.character(key))) }
    state.press("Enter 4 Enter")
    state.update(.key(.character("\u{3000}")))
    state.press("Enter")
    #expect(judged(try verdict(state), state) == [true, true, true])
  }

  @Test("The marking cursor stays within the sequence")
  func cursor() throws {
    var state = try Runs.china().state(step: 3).after(
      "p Right Enter Enter Right Right Space Home Left Space")
    state.press("Enter")
    #expect(try verdict(state).marks == [0, 3])
  }

  @Test("Every token marked, and marked again, is none")
  func markAll() throws {
    let all = try Runs.china().state(step: 3).after("p Right Enter Enter a Enter")
    #expect(try verdict(all).marks == [0, 1, 2, 3])
    let none = try Runs.china().state(step: 3).after("p Right Enter Enter a a Enter")
    #expect(try verdict(none).marks.isEmpty)
  }

  @Test("The next key after a verdict leads to the next question, p ends the questions")
  func onwards() throws {
    let state = try Runs.china().state(step: 3).after("p Right Enter Enter Enter")
    guard case .predict(let next) = state.after("Right").mode else {
      Issue.record("no next question")
      return
    }
    #expect(next.step == 5)
    let ended = state.after("p Right")
    #expect(ended.mode == .browse && ended.moment.step == 5)
  }

  @Test("A step that is not computed yet is judged when it comes")
  func awaited() throws {
    let run = try Runs.china()
    var state = ViewerState(trace: run.computed(1), longest: run.longest)
    state.press("p Right 4 Enter 2 Enter Space Enter")
    #expect(state.moment.step == 1)
    state.receive(run.computed(2))
    #expect(state.moment.step == 2)
    #expect(judged(try verdict(state), state) == [true, true, true])
  }

  @Test("At operation depth a question comes before a new step only")
  func depth() throws {
    var state = try Runs.china().state(step: 3).after("d d p Left Left Right Right")
    #expect(state.mode == .browse)
    state.press("Right Enter Enter Enter")
    #expect(state.moment == Moment(step: 4, layer: 0, operation: .embed))
  }

  @Test("At the end nothing is asked any more")
  func end() throws {
    let state = try Runs.china().start().after("End p Right")
    #expect(state.mode == .browse && state.notice != nil)
  }
}
