import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The run screen over runs that nobody computed: it needs no model.
@Suite struct RunScreenTests {
  @Test("A run made by hand is opened, stepped through and left", arguments: MadeUpRun.all.indices)
  func madeUp(index: Int) throws {
    let trace = MadeUpRun.all[index].trace(seed: 1)
    let run = FakeRun(trace)
    var app = try App(
      opening: .run, Look(language: .english), Services(stamp: { _ in nil }) { run })
    let size = Size(columns: 120, rows: 40)
    let keys = "Right Right Left End i Left Escape d d Left f o c ? Escape q Right"
    let display = ScriptDisplay(
      size: size, keys: keys.split(separator: " ").compactMap { Key(tmuxName: String($0)) })
    app.run(on: display)
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts.count == 16, "q leaves")
    #expect(texts[0].contains("step 1/\(trace.steps.count)"))
    #expect(texts[2].contains("step 3/") && texts[3].contains("step 2/"))
    #expect(texts[4].contains("step \(trace.steps.count)/"))
    #expect(run.isCancelled && app.failure == nil)
  }

  @Test("What a run screen waits for: nothing, a beat while it plays, news while it is behind")
  func waits() throws {
    let trace = MadeUpRun().trace(seed: 2)
    var screen = RunScreen(RunStart(trace: trace, longest: 9), Look())
    #expect(screen.waits == Waits())
    _ = screen.update(.key(.character(" ")))
    #expect(screen.waits.beat == .milliseconds(ViewerState.beats[2]))
    _ = screen.update(.key(.character("+")))
    #expect(screen.waits.beat == .milliseconds(ViewerState.beats[3]))
    let behind = RunScreen(FakeRun(trace).start, Look())
    #expect(behind.waits.isEmpty && behind.waits.refresh != nil)
  }

  private static let folder = KeptFolder("Tests/ScreensTests/Snapshots/Run")

  @Test(
    "What is said of a run at its beginning stands there until the first key, and not at the next run",
    arguments: Language.allCases)
  func notice(language: Language) throws {
    let trace = MadeUpRun().trace(seed: 4)
    let sentence = [
      Language.chinese:
        "generation_config.json 要求 do_sample true、temperature 0.6、top_p 0.9、repetition_penalty 1.3：kvtui 不照做",
      .english: "generation_config.json asks for do_sample true, temperature 0.6, top_p 0.9, "
        + "repetition_penalty 1.3: kvtui does not do so",
    ]
    let look = Look(language: language)
    var screen = RunScreen(RunStart(trace: trace, longest: 9, notice: sentence), look)
    func text() -> String { screen.view(Size(columns: 80, rows: 24), look).plainText }
    try Self.folder.check("notice-\(language.rawValue)", text())
    #expect(text().contains("repetition_penalty 1.3"))
    _ = screen.update(.key(.right))
    #expect(!text().contains("repetition_penalty"))
    _ = screen.update(.run(RunStart(trace: trace, longest: 9)))
    #expect(!text().contains("repetition_penalty"))
  }

  @Test("A key asks for the steps that it leads to, and leaving asks to go back")
  func effects() throws {
    let run = FakeRun(MadeUpRun().trace(seed: 3))
    run.compute(2)
    var screen = RunScreen(run.start, Look())
    #expect(Self.wanted(screen.update(.key(.end))) == 6)
    let effects = screen.update(.key(.character("q")))
    #expect(effects.contains { if case .back = $0 { true } else { false } })
  }

  private static func wanted(_ effects: [Effect]) -> Int? {
    for case .compute(let step) in effects { return step }
    return nil
  }
}
