internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// Keys move the viewer through a run.
@Suite struct PlayerTests {
  // MARK: Steps

  @Test("Right and Left go a step on and back, and so do a clicker's keys and h and l")
  func nextAndBack() throws {
    for (next, back) in [("Right", "Left"), ("l", "h"), ("NPage", "PPage")] {
      var state = try Runs.china().start()
      state.press("\(next) \(next) \(next)")
      #expect(state.moment.step == 4)
      state.press(back)
      #expect(state.moment.step == 3)
    }
  }

  @Test("Home and End go to the ends")
  func ends() throws {
    let run = try Runs.china()
    var state = run.start()
    state.press("End")
    #expect(state.moment == Moment(endOf: 16, layers: run.layers))
    state.press("Home")
    #expect(state.moment == Moment(endOf: 1, layers: run.layers))
  }

  @Test("At the end the right key says so and stays")
  func atTheEnd() throws {
    let state = try Runs.china().start().after("End Right")
    #expect(state.moment.step == 16)
    // Why it ends there, and what goes further.
    #expect(state.notice?.contains("16 步") ?? false)
    #expect(state.notice?.contains("--tokens") ?? false)
    let beyond = try Runs.china().start().after("g 9 9 Enter")
    #expect(beyond.moment.step == 16)
    #expect(beyond.notice?.contains("只有第 1 到 16 步") ?? false)
  }

  @Test("The code marks the call of the prompt while what was given is fed, then that of the loop")
  func calls() throws {
    for (step, isPrompt) in [(2, true), (4, true), (16, false)] {
      let text = try Runs.china().state(step: step).after("c").view(
        Size(columns: 100, rows: 30)
      ).plainText
      #expect(text.contains(/▸ +t = argmax\(forward\(prompt/) == isPrompt, "\(step)\n\(text)")
      #expect(text.contains(/▸ +t = argmax\(forward\(\[t/) != isPrompt, "\(step)\n\(text)")
    }
  }

  @Test("At the beginning the left key says so and stays")
  func atTheBeginning() throws {
    let state = try Runs.china().start().after("Left")
    #expect(state.moment.step == 1)
    #expect(state.notice != nil)
  }

  @Test(
    "A step's number leads to it, within the run",
    arguments: [
      ("g 5 Enter", 5), ("g 1 2 Enter", 12), ("g 0 Enter", 1), ("g 9 9 9 9 9 9 9 9 Enter", 16),
      ("g 1 2 BSpace Enter", 1), ("g Enter", 3), ("g 5 Escape", 3), ("g 5 x", 3),
      ("g BSpace 7 Enter", 7),
    ])
  func jump(keys: String, step: Int) throws {
    let state = try Runs.china().state(step: 3).after(keys)
    #expect(state.moment.step == step)
    #expect(state.mode == .browse)
  }

  @Test("Layers and heads stay within the model")
  func bounds() throws {
    let run = try Runs.china()
    var state = run.start()
    state.press("[ [ [ [ [ [ { {")
    #expect((state.layer, state.head) == (0, 0))
    state.press("] ] ] ] ] ] ] ] } } } } } } } }")
    #expect((state.layer, state.head) == (run.layers - 1, run.heads - 1))
  }

  @Test("A state asked for a layer or a head beyond the model shows the last")
  func startBounds() throws {
    let run = try Runs.china()
    let state = ViewerState(trace: run.trace, longest: run.longest, layer: 99, head: 99)
    #expect((state.layer, state.head) == (run.layers - 1, run.heads - 1))
  }

  @Test("Leaving operation depth in the middle of a step goes to the end of that step")
  func depthMidStep() throws {
    let run = try Runs.china()
    var state = run.state(step: 3).after("d d Right Right Right Right")
    #expect(state.moment == Moment(step: 4, layer: 0, operation: .mask))
    state.press("d")
    #expect(state.depth == .token)
    #expect(state.moment == Moment(endOf: 4, layers: run.layers))
  }

  @Test("Within a step the layer that is passed is the layer that is shown")
  func layerFollows() throws {
    var state = try Runs.china().state(step: 3).after("d d")
    for _ in 0..<40 {
      state.press("Right")
      #expect(state.layer == state.moment.layer)
    }
  }

  // MARK: Steps that are not computed yet

  @Test("A step that is not computed is awaited and arrived at once it is")
  func awaited() throws {
    let run = try Runs.china()
    var state = ViewerState(trace: run.computed(1), longest: run.longest)
    let before = state.view(.standard)
    state.press("Right")
    #expect(state.moment.step == 1)
    #expect(state.awaited?.step == 2)
    #expect(state.wantedStep == 2)
    #expect(state.view(.standard).difference(from: before) != nil, "waiting is shown")
    state.receive(run.computed(1))
    #expect(state.moment.step == 1)
    state.receive(run.computed(2))
    #expect(state.moment.step == 2)
    #expect(state.awaited == nil && state.notice == nil)
    #expect(state.view(.standard).difference(from: run.state(step: 2).view(.standard)) == nil)
    #expect(before.difference(from: run.state(step: 1).view(.standard)) == nil)
  }

  @Test("Escape gives up waiting")
  func stopWaiting() throws {
    let run = try Runs.china()
    var state = ViewerState(trace: run.computed(1), longest: run.longest)
    state.press("End Escape")
    #expect(state.awaited == nil && state.wantedStep == 1)
    state.receive(run.trace)
    #expect(state.moment.step == 1)
  }

  @Test("Going elsewhere gives up waiting", arguments: ["Home", "Left", "g 2 Enter", "Right"])
  func goElsewhere(keys: String) throws {
    let run = try Runs.china()
    var state = ViewerState(trace: run.computed(3), longest: run.longest)
    state.show(step: 2)
    state.press("End " + keys)
    let step = state.moment.step
    state.receive(run.trace)
    #expect(state.moment.step == step)
  }

  @Test("A question that is open when an awaited step comes stays about the next step")
  func awaitedUnderQuestion() throws {
    let run = try Runs.china()
    var state = ViewerState(trace: run.computed(2), longest: run.longest)
    state.press("End p Right")
    state.receive(run.trace)
    guard case .predict(let prediction) = state.mode else {
      Issue.record("no question")
      return
    }
    // The end of the run was asked for before the question: it must not pull the run away under it.
    #expect(state.moment.step == 1 && prediction.step == 2 && state.awaited == nil)
  }

  @Test("Playing does not run ahead of what is computed")
  func playWaits() throws {
    let run = try Runs.china()
    var state = ViewerState(trace: run.computed(1), longest: run.longest)
    state.press("Space")
    for _ in 0..<5 { state.update(.tick) }
    #expect(state.moment.step == 1 && state.awaited?.step == 2)
    state.receive(run.computed(2))
    #expect(state.moment.step == 2 && state.isPlaying)
  }

  // MARK: A run that ends early

  @Test("That a run ends early shows at its end and not before")
  func earlyEnd() throws {
    let run = try Runs.early()
    let end = run.trace.plannedSteps
    try #require(end < run.plannedSteps && end > 3)
    var state = ViewerState(trace: run.computed(1), longest: run.longest)
    state.receive(run.trace)
    for step in 1..<end {
      #expect(state.moment.step == step && state.knownSteps == run.plannedSteps)
      state.press("Right")
    }
    #expect(state.moment.step == end && state.knownSteps == end)
    state.press("Right")
    #expect(state.moment.step == end && state.notice != nil)
  }

  @Test("A jump beyond the early end arrives at the end", arguments: ["End", "g 5 9 Enter"])
  func jumpBeyondEarlyEnd(keys: String) throws {
    let run = try Runs.early()
    var state = ViewerState(trace: run.computed(2), longest: run.longest)
    state.press(keys)
    for steps in 3...run.prefixes.count { state.receive(run.computed(steps)) }
    #expect(state.moment.step == run.trace.plannedSteps)
    #expect(state.awaited == nil)
  }

  // MARK: Play

  @Test("Playing takes a step a beat and stops at the end")
  func play() throws {
    var state = try Runs.china().start().after("Space")
    for beat in 1...15 {
      state.update(.tick)
      #expect(state.moment.step == beat + 1 && state.isPlaying)
    }
    state.update(.tick)
    #expect(state.moment.step == 16 && !state.isPlaying)
  }

  @Test("A beat moves nothing while the run does not play")
  func noPlay() throws {
    var state = try Runs.china().start()
    state.update(.tick)
    #expect(state.moment.step == 1)
  }

  @Test("The speed stays within its beats")
  func speed() throws {
    var state = try Runs.china().start()
    for _ in 0..<20 { state.press("+") }
    #expect(state.speed == ViewerState.beats.count - 1)
    for _ in 0..<20 { state.press("-") }
    #expect(state.speed == 0)
    #expect(ViewerState.beats == ViewerState.beats.sorted(by: >))
  }

  // MARK: Cells

  @Test("In cell mode the arrows move within the grid, Home and End along the row")
  func cells() throws {
    var state = try Runs.china().state(step: 4).after("i")
    #expect(state.mode == .cell(query: 3, key: 3))
    state.press("Up Left")
    #expect(state.mode == .cell(query: 2, key: 2))
    state.press("End")
    #expect(state.mode == .cell(query: 2, key: 3))
    state.press("Right Down Down Down Home Left")
    #expect(state.mode == .cell(query: 3, key: 0))
    state.press("Escape")
    #expect(state.mode == .browse)
  }

  @Test("A selected cell stays in the grid when one goes back to a shorter sequence")
  func cellShrinks() throws {
    var state = try Runs.china().state(step: 7).after("i End PPage PPage PPage")
    #expect(state.moment.step == 4)
    #expect(state.mode == .cell(query: 3, key: 3))
    state.press("g 1 Enter")
    #expect(state.view(.standard).flaw == nil)
  }

  // MARK: Another prompt, help, panels

  @Test("A prompt is edited, pasted into and asked for")
  func prompt() throws {
    var state = try Runs.china().start().after("/ a b Left c Home Delete End")
    state.paste("你好\n")
    state.press("BSpace Enter")
    #expect(state.request == .run("cb你好"))
    state.refuse("no")
    #expect(state.request == nil && state.notice == "no")
    #expect(state.view(.standard).plainText.contains("cb你好"))
  }

  @Test("A paste where no text is typed is no key")
  func strayPaste() throws {
    var state = try Runs.china().start()
    state.paste("q")
    #expect(state.request == nil && state.mode == .browse)
  }

  @Test("A new run begins at its first step with nothing left over")
  func restart() throws {
    let run = try Runs.china()
    let other = try Runs.prompt()
    var state = run.start().after("End i / x Enter")
    state.restart(other.trace, longest: other.longest)
    #expect(state.moment == Moment(endOf: 1, layers: other.layers))
    #expect(state.view(.standard).difference(from: other.start().view(.standard)) == nil)
  }

  @Test("f goes through the FLOP tables, o to the overview, each back to the totals")
  func panels() throws {
    var state = try Runs.china().state(step: 4)
    var seen: [Panel] = []
    for key in ["f", "f", "f", "o", "o"] {
      state.press(key)
      seen.append(state.panel)
    }
    #expect(seen == [.partsOfStep, .partsSoFar, .totals, .overview, .totals])
  }

  @Test("A key that means nothing says so")
  func unknownKey() throws {
    let state = try Runs.china().start().after("Z")
    #expect(state.notice != nil)
    #expect(state.after("]").notice == nil)
  }

  @Test(
    "What is said is seen, whatever stands below the panes",
    arguments: ["Z", "i Z", "o Z", "f Z", "p Left Right Enter Enter Enter Z", "/ x Enter"])
  func noticeIsSeen(keys: String) throws {
    var state = try Runs.china().start().after("End " + keys)
    if state.request != nil { state.refuse("太长") }
    let notice = try #require(state.notice)
    for size in [Size.standard, .large, Size(columns: 60, rows: 16)] {
      #expect(state.view(size).plainText.contains(notice), "\(size)")
    }
  }

  @Test(
    "q asks to leave, from the help page and from a question too",
    arguments: ["q", "? q", "p Right q", "i q"])
  func quit(keys: String) throws {
    #expect(try Runs.china().start().after(keys).request == .quit)
  }

  @Test("The help page scrolls down to its last line and back")
  func helpScroll() throws {
    let small = Size(columns: 60, rows: 16)
    var state = try Runs.china().start(language: .english).after("?")
    state.update(.resize(small))
    let top = state.view(small)
    for _ in 0..<60 { state.press("Down") }
    let bottom = state.view(small).plainText
    let last = try #require(ViewerKeys.browse.rows.last(where: { $0.help != nil })?.help?(.english))
    #expect(bottom.contains(last))
    state.press("Up")
    #expect(state.view(small).plainText != bottom)
    for _ in 0..<60 { state.press("Up") }
    // The footer says that this is all.
    for y in 0..<small.rows - 1 { #expect(state.view(small).row(y) == top.row(y)) }
    #expect(state.view(small).plainText.contains("there is no more"))
  }

  @Test("Language and theme change on the spot")
  func languageAndTheme() throws {
    let state = try Runs.china().start(language: .chinese)
    #expect(state.after("L").language == .english)
    #expect(state.after("t").theme == .light)
    #expect(state.after("t t t").theme == .dark)
  }
}
