import Foundation
internal import Base
import Testing

internal import TestSupport
internal import TinyModel

@testable import Trace
@testable import Viz

/// A run that was kept and is replayed is the run.
@Suite struct ReplayTests {
  private static func runs() throws -> [TestRun] {
    try [
      Runs.china(), Runs.prompt(), Runs.early(), Runs.odd(), Runs.single(), Runs.gqa(), Runs.mqa(),
      Runs.window(), Runs.layers(),
    ]
  }

  /// Writes a run and opens the file.
  static func recording(of run: TestRun) throws -> Recording {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-\(run.name)-\(UInt64.random(in: 0...UInt64.max)).kvtrace").path
    let file = try FileReplacement(of: path, .named)
    let writer = RecordingWriter(
      run.trace, longest: run.longest, plannedSteps: run.plannedSteps)
    var written = 0
    try writer.write(to: file) { written = $0 }
    try file.putInPlace()
    // It stays open, and needs its name no longer.
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(written == writer.byteCount)
    return try Recording(path)
  }

  @Test("Its JSON is the run's, byte for byte")
  func json() throws {
    for run in try Self.runs() {
      let replayed = try Self.recording(of: run).trace
      #expect(
        StepFields.json(replayed.model).text == StepFields.json(run.trace.model).text, "\(run.name)"
      )
      for (own, other) in zip(replayed.steps, run.trace.steps) {
        #expect(StepFields.json(own).text == StepFields.json(other).text, "\(run.name)")
      }
      #expect(replayed.steps.count == run.trace.steps.count)
      #expect(StepFields.total(replayed).text == StepFields.total(run.trace).text, "\(run.name)")
    }
  }

  @Test("Every step, layer and head has the run's picture but for header and footer")
  func pictures() throws {
    for run in try Self.runs() {
      let recording = try Self.recording(of: run)
      let replay = ReplayState(name: "a.kvtrace", marks: [])
      for size in [Size.standard, .large] {
        for step in 1...run.trace.steps.count {
          for (layer, head) in places(run, step) {
            var live = ViewerState(trace: run.trace, longest: run.longest, layer: layer, head: head)
            var replayed = ViewerState(
              trace: recording.trace, longest: recording.longest, layer: layer, head: head,
              replay: replay)
            live.show(step: step)
            replayed.show(step: step)
            compare(live, replayed, size, run.name)
          }
        }
      }
    }
  }

  @Test("Keys of every kind lead to the run's pictures", arguments: 1...12 as ClosedRange<UInt64>)
  func keys(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let names =
      "Right Right Right Left Left d d [ ] { } f o c i Up Down Escape Home End p + - Space t L"
      .split(separator: " ").map(String.init)
    for run in try Self.runs() {
      let recording = try Self.recording(of: run)
      var live = ViewerState(trace: run.trace, longest: run.longest)
      var replayed = ViewerState(
        trace: recording.trace, longest: recording.longest,
        replay: ReplayState(name: "a.kvtrace", marks: []))
      for _ in 0..<60 {
        let name = names[random.below(names.count)]
        live.press(name)
        replayed.press(name)
        compare(live, replayed, .standard, "\(run.name), seed \(seed), \(name)")
      }
    }
  }

  /// All layers and heads at some steps, the first of each at the others.
  private func places(_ run: TestRun, _ step: Int) -> [(Int, Int)] {
    guard step == 1 || step == run.trace.steps.count || step == 5 else { return [(0, 0)] }
    return (0..<run.layers).flatMap { layer in (0..<run.heads).map { (layer, $0) } }
  }

  private func compare(
    _ live: ViewerState, _ replayed: ViewerState, _ size: Size, _ place: String
  ) {
    let (own, other) = (live.view(size), replayed.view(size))
    let timeline = size.rows - 2
    for row in 1..<size.rows - 1 where row != timeline {
      #expect(
        Array(own.row(row)) == Array(other.row(row)),
        "\(place), step \(live.moment.step), row \(row)")
    }
  }

  @Test("While a cell is selected a recording has its own keys, and no other's")
  func cell() throws {
    let recording = try Self.recording(of: Runs.chinaAlone())
    var state = ViewerState(
      trace: recording.trace, longest: recording.longest,
      replay: ReplayState(name: "a", marks: []))
    state.press("Right i w")
    #expect(state.mode == .cell(query: 1, key: 1) && state.notice != nil)
    state.press("m")
    #expect(state.mode == .note(TextField("", limit: Mark.longestNote)))
    state.press("a Enter")
    #expect(state.replay?.marks == [Mark(step: 2, layer: 0, head: 0, note: "a")])
    #expect(
      state.request
        == .keepMarks([Mark(step: 2, layer: 0, head: 0, note: "a")]))
  }

  @Test("What the Python recorder keeps of the bundled model is what the engine computes")
  func recorder() throws {
    let recorded = try Recording(Checkout.root + "/Tests/Fixtures/recordings/bundled.kvtrace").trace
    let (model, tokenizer) = try Runs.load("models/tiny-zh")
    let ids = recorded.tokens.prefix(try #require(recorded.steps.last).length).map(\.id)
    let plan = try RunPlan(
      start: .prompt, ids: ids, newTokens: 1, contextLength: model.configuration.contextLength)
    let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
    while try runner.computeNextStep() != nil {}
    var largest: Float = 0
    for layer in 0..<recorded.model.layers where recorded.has(layer: layer) {
      for head in 0..<recorded.model.heads {
        for position in ids.indices {
          for kind in RowKind.allCases {
            let own = runner.trace.row(kind, layer: layer, position: position, head: head)
            let other = recorded.row(kind, layer: layer, position: position, head: head)
            #expect(own.count == other.count)
            largest = zip(own, other).reduce(largest) { max($0, abs($1.0 - $1.1)) }
          }
        }
      }
    }
    #expect(largest > 0 && largest < 1e-4, "\(largest)")
    for (step, own) in zip(recorded.steps, runner.trace.tokens) {
      #expect(step.fed.last == own || step.number == 1)
    }
  }

  @Test("A recording that is cut or changed anywhere is refused with a sentence, or drawn")
  func damaged() throws {
    let run = try Runs.chinaAlone()
    let path = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-damaged-\(UInt64.random(in: 0...UInt64.max)).kvtrace").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try FileReplacement(of: path, .named)
    try RecordingWriter(run.trace, longest: run.longest, plannedSteps: run.plannedSteps)
      .write(to: file)
    try file.putInPlace()
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var random = SplitMix64(seed: 7)
    for count in Array(0..<4096) + stride(from: 4096, to: whole.count, by: 997) {
      try Data(whole.prefix(count)).write(to: URL(filePath: path))
      #expect(throws: FileError.self) { try Recording(path) }
    }
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0...random.below(3) {
        bytes[random.below(min(9_000, bytes.count))] = UInt8(random.below(256))
      }
      try Data(bytes).write(to: URL(filePath: path))
      guard let recording = try? Recording(path) else { continue }
      var state = ViewerState(
        trace: recording.trace, longest: recording.longest,
        replay: ReplayState(name: "a", marks: []))
      for key in ["Right", "End", "i", "Up", "d", "]", "}", "o"] {
        state.press(key)
        #expect(state.view(.standard).flaw == nil)
      }
    }
  }
}
