import Base
import Testing
import Trace
import Viz

@testable import Screens

/// Sessions that are kept, and performed again.
@Suite struct KeepingTests {
  /// A run on a display, and what was kept of it.
  private func kept(
    _ display: TimedDisplay, _ run: FakeRun
  ) throws -> (events: [KeptEvent], app: App) {
    var events: [KeptEvent] = []
    var app = try App(opening: .run, Look(language: .english), Services { run })
    app.run(on: KeepingDisplay(display) { events.append($0) })
    return (events, app)
  }

  private func session(_ events: [KeptEvent]) -> KeptSession {
    var session = KeptSession(
      KeptOpening(.run, []), Look(language: .english), Size(columns: 80, rows: 24))
    session.events = events
    return session
  }

  private func play(_ events: [KeptEvent], on display: TimedDisplay, _ run: FakeRun) throws {
    var app = try App(opening: .run, Look(language: .english), Services { run })
    app.run(on: PlayingDisplay(display, playing: session(events)))
  }

  @Test("Each key and paste is kept with the time since the last, and reaches the screen")
  func events() throws {
    let display = TimedDisplay([
      (1, [.key(.right)]), (1.25, [.key(.character("/"))]), (2, [.paste("床前")]),
    ])
    let (events, _) = try kept(display, FakeRun(try Material.trace()))
    #expect(
      events == [
        KeptEvent(after: 1000, .key(.right)), KeptEvent(after: 250, .key(.character("/"))),
        KeptEvent(after: 750, .paste("床前")),
      ])
    #expect(display.text.contains("床前"))
  }

  @Test("Of what comes at once, what stands behind the key that leaves is not kept")
  func behindTheEnd() throws {
    let display = TimedDisplay([(1, [.key(.right), .key(.character("q")), .key(.left)])])
    let (events, _) = try kept(display, FakeRun(try Material.trace()))
    #expect(events.map(\.input) == [.key(.right), .key(.character("q"))])
    #expect(events.map(\.milliseconds) == [1000, 0])
    #expect(display.frames.count == 1, "what comes at once is drawn once")
  }

  @Test("The time in which the model is waited for is in no pause")
  func waiting() throws {
    let run = FakeRun(try Material.trace())
    run.isSlow = true
    let display = TimedDisplay(keys: [(3, "Right"), (8, "Right")])
    display.meanwhile = { seconds in
      if seconds >= 2 { run.compute(1) }
      if seconds >= 6 { run.compute(3) }
    }
    let events = try kept(display, run).events
    #expect(abs(events[0].milliseconds - 1000) <= 200, "from 2 s on: \(events)")
    #expect(abs(events[1].milliseconds - 2000) <= 200, "from 6 s on: \(events)")
  }

  @Test(
    "A session leads to the same screen again, while a run plays too, and however long computing and drawing take",
    arguments: [(0, 0), (30, 0), (0, 40), (150, 120)])
  func again(drawing: Int, otherDrawing: Int) throws {
    let keys: [(Double, String)] = [
      (0.4, "t"), (0.9, "]"), (1.0, "Space"), (2.3, "["), (3.9, "}"), (5.71, "Space"), (6, "["),
      (6.2, "i"), (6.9, "Up"),
    ]
    let first = TimedDisplay(keys: keys)
    first.drawing = .milliseconds(drawing)
    let events = try kept(first, FakeRun(try Material.trace())).events
    let second = TimedDisplay([])
    second.drawing = .milliseconds(otherDrawing)
    let slow = FakeRun(try Material.trace())
    slow.isSlow = true
    // A machine that needs half a second for a step.
    second.meanwhile = { slow.compute(Int($0 / 0.5)) }
    try play(events, on: second, slow)
    #expect(events.count == keys.count)
    #expect(second.text == first.text)
    #expect(
      !first.text.contains("step 1/7") && !first.text.contains("step 7/7"), "it played in between")
  }

  @Test("What a script prints is what a session led to")
  func script() throws {
    let display = TimedDisplay(keys: [(0.4, "Space"), (2.9, "Space"), (3, "]")])
    let events = try kept(display, FakeRun(try Material.trace())).events
    let script = ScriptDisplay(size: Size(columns: 80, rows: 24), playing: events)
    let run = FakeRun(try Material.trace())
    var app = try App(opening: .run, Look(language: .english), Services { run })
    app.run(on: script)
    #expect(script.frames.count == 4)
    #expect(script.frames.last?.canvas.plainText == display.text)
    #expect(script.frames[0].canvas.plainText.contains("step 1/7"))
    #expect(!display.text.contains("step 1/7"), "beats came in the pause")
  }

  @Test("A pause has a longest, and none is shorter than nothing")
  func pauses() {
    #expect(KeptEvent(after: .max, .key(.up)).milliseconds == KeptEvent.longest)
    #expect(KeptEvent(after: -5, .key(.up)).milliseconds == 0)
    let late = KeptEvent(after: .seconds(Int64.max / 4), .key(.up))
    #expect(late?.milliseconds == KeptEvent.longest)
    #expect(KeptEvent(after: .microseconds(1001), .key(.up))?.milliseconds == 2)
    #expect(KeptEvent(after: .seconds(1), .tick) == nil)
  }
}
