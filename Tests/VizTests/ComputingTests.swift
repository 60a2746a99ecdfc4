internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// What is seen and what keys do before the first step is computed, and while others are awaited.
@Suite struct ComputingTests {
  /// A viewer of a run of which nothing is computed yet.
  private static func waiting(language: Language = .chinese) throws -> (ViewerState, TestRun) {
    let run = try Runs.prompt()
    return (ViewerState(trace: run.unbegun, longest: run.longest, language: language), run)
  }

  @Test(
    "Before the first step both passes are shown as far as they are done",
    arguments: Language.allCases)
  func bars(language: Language) throws {
    var (state, run) = try Self.waiting(language: language)
    let before = state.view(.standard).plainText
    #expect(before.contains("0/\(run.layers)"))
    let amount = StepProgress.Amount(
      step: 1,
      passes: [.init(rows: 2, layersDone: 1), .init(rows: 2, layersDone: run.layers)])
    state.receive(run.unbegun, progress: amount)
    let text = state.view(.standard).plainText
    #expect(text.contains("\(run.layers)/\(run.layers)") && text.contains("1/\(run.layers)"))
    #expect(text.contains("床前"))
    state.receive(run.computed(1))
    #expect(
      state.view(.standard).difference(
        from: ViewerState(
          trace: run.computed(1), longest: run.longest, language: language
        ).view(.standard)) == nil)
  }

  @Test("While weights are read the screen says how far, and stays in place behind that")
  func reading() throws {
    var (state, run) = try Self.waiting(language: .english)
    func picture(_ reading: StepProgress.Reading, _ passes: [StepProgress.Pass?]) -> [String] {
      state.receive(
        run.unbegun, progress: StepProgress.Amount(step: 1, passes: passes, reading: reading))
      return state.view(.standard).plainText.split(separator: "\n").map(String.init)
    }
    let all = 3 << 20
    let half = picture(StepProgress.Reading(read: all / 2, total: all), [])
    #expect(half.contains { $0.contains("Reading the weights") })
    let bar = try #require(half.first { $0.contains("1.5 MiB / 3 MiB") })
    let (full, empty) = (bar.count { $0 == "█" }, bar.count { $0 == "░" })
    #expect(full > 0 && (full...full + 1).contains(empty))
    // Fewer bytes were needed than the files have: then too the bar is full.
    let whole = picture(
      StepProgress.Reading(read: all, total: all, isOver: true), [nil, .init(rows: 2)])
    #expect(whole.contains { $0.contains("Computing step 1") })
    #expect(
      try #require(whole.first { $0.contains("3 MiB") }).count { $0 == "█" } == full + empty)
    func place(_ words: String, in picture: [String]) -> Int? {
      picture.firstIndex { $0.contains(words) }
    }
    for words in ["weights ", "with the KV cache", "without a cache", "床前"] {
      #expect(place(words, in: half) != nil && place(words, in: half) == place(words, in: whole))
    }
  }

  @Test("While weights are packed behind the first step, the line of who waits says how far")
  func packing() throws {
    var (state, run) = try Self.waiting(language: .english)
    state.receive(run.computed(1))
    state.update(.key(.right))
    state.update(.key(.right))
    let reading = StepProgress.Reading(read: 1 << 20, total: 3 << 20)
    func line(_ reading: StepProgress.Reading?) -> String? {
      let amount = StepProgress.Amount(step: 1, passes: [], reading: reading)
      state.receive(run.computed(1), progress: amount)
      return state.awaiting
    }
    #expect(line(reading)?.hasSuffix("weights 1 MiB / 3 MiB") == true)
    let read = StepProgress.Reading(read: 3 << 20, total: 3 << 20, isOver: true)
    #expect(line(read)?.contains("weights") == false && line(nil) == line(read))
    state.language = .chinese
    #expect(line(reading)?.hasSuffix("权重 1 MiB / 3 MiB") == true)
  }

  @Test(
    "The screen of a run that is not begun is whole at every size", arguments: GlyphSet.allCases)
  func sizes(glyphs: GlyphSet) throws {
    var (state, run) = try Self.waiting()
    state.glyphs = glyphs
    for language in Language.allCases {
      state.language = language
      let amount = StepProgress.Amount(
        step: 1, passes: [nil, .init(rows: 1500, layersDone: 2)],
        reading: StepProgress.Reading(read: .max / 2, total: .max))
      state.receive(run.unbegun, progress: amount)
      for columns in [1, 2, 59, 60, 61, 75, 80, 120, 300] {
        for rows in [1, 2, 15, 16, 17, 24, 36, 100] {
          #expect(
            state.view(Size(columns: columns, rows: rows)).flaw == nil, "\(columns) × \(rows)")
        }
      }
    }
  }

  @Test(
    "Keys before the first step do no harm, and say so where they do nothing",
    arguments: ViewerKeys.browse.rows.flatMap(\.keys) + [.escape, .tab, .character("Z")])
  func everyKey(key: Key) throws {
    var (state, run) = try Self.waiting()
    state.update(.key(key))
    state.update(.tick)
    state.paste("x")
    #expect(state.view(.standard).flaw == nil)
    #expect(state.wantedStep >= 1)
    state.update(.key(key))
    state.receive(run.trace)
    #expect(state.hasStep && state.awaited == nil)
    #expect(state.view(.standard).flaw == nil)
  }

  @Test("q leaves before the first step")
  func quit() throws {
    var (state, _) = try Self.waiting()
    state.press("q")
    #expect(state.request == .quit)
  }

  @Test("Three presses before the first step go three steps")
  func stepsBeforeTheFirst() throws {
    var (state, run) = try Self.waiting()
    state.press("Right Right Right")
    #expect(state.wantedStep == 4)
    for steps in 1...4 { state.receive(run.computed(steps)) }
    #expect(state.moment.step == 4 && state.awaited == nil)
  }

  @Test("Presses while a step is awaited all count, forwards and back", arguments: Depth.allCases)
  func everyPressCounts(depth: Depth) throws {
    let run = try Runs.china()
    for keys in ["Right Right Right", "Right Right Right Left", "Right Left Right Right"] {
      var state = ViewerState(trace: run.computed(1), longest: run.longest)
      while state.depth != depth { state.press("d") }
      let wanted = ViewerState(trace: run.trace, longest: run.longest)
        .after(String(repeating: "d ", count: depth.rawValue) + keys).moment
      state.press(keys)
      for steps in 1...run.prefixes.count { state.receive(run.computed(steps)) }
      #expect(state.moment == wanted, "\(keys)")
    }
  }

  @Test("Sixty presses in a burst go sixty steps, however few are computed")
  func burst() throws {
    let run = try Runs.long()
    var state = ViewerState(trace: run.computed(17), longest: run.longest)
    for _ in 0..<59 { state.press("Right") }
    #expect(state.wantedStep == 60)
    state.receive(run.trace)
    #expect(state.moment.step == 60)
  }

  @Test("A run typed in place of another begins with its own waiting")
  func restart() throws {
    let other = try Runs.prompt()
    var state = try Runs.china().start().after("End i / x Enter")
    state.restart(other.unbegun, longest: other.longest)
    #expect(!state.hasStep && state.wantedStep == 1)
    #expect(state.view(.standard).plainText.contains("prefill"))
    state.receive(other.computed(1))
    #expect(state.moment == Moment(endOf: 1, layers: other.layers) && state.awaited == nil)
  }

  @Test(
    "A field that is typed into says where its cursor is",
    arguments: ["g", "g 1", "/ a b", "p Right", "p Right 1 2 Enter 3"])
  func caret(keys: String) throws {
    let state = try Runs.china().state(step: 2).after(keys)
    for size in [Size.standard, .large, Size(columns: 60, rows: 16)] {
      let canvas = state.view(size)
      let caret = try #require(canvas.caret)
      let cell = canvas.row(caret.y)[canvas.row(caret.y).startIndex + caret.x]
      #expect(cell.text == "_" || cell.text == " ")
      #expect(cell.style.isReversed, "\(size)")
    }
  }
}
