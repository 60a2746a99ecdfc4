#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Terminal
internal import TinyModel
internal import Viz

/// The main loop: waits for keys and steps, updates the state, shows the frame.
final class InteractiveRun {
  private let look: Look
  private let input: TerminalInput
  private var session: RunSession
  private var state: ViewerState
  private var producer: StepProducer
  private let wakeRead: Int32
  private let wakeWrite: Int32

  /// Steps that are computed ahead of the viewer.
  private static let lookahead = 16

  init(session: RunSession, look: Look, input: TerminalInput) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else {
      throw CommandError.system(.last)
    }
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    (wakeRead, wakeWrite) = (ends[0], ends[1])
    self.session = session
    self.look = look
    self.input = input
    let runner = session.runner()
    _ = try runner.computeNextStep()
    state = session.state(runner.trace, look)
    producer = StepProducer(runner, wakeDescriptor: wakeWrite)
  }

  /// Runs until the viewer leaves or the terminal is gone.
  func run() throws {
    let screen = try NcursesScreen(input: input)
    defer { screen.close() }
    if !screen.isUTF8 { state.useASCII() }
    var isOpen = true
    var beat: ContinuousClock.Instant?
    while isOpen {
      let canvas = state.view(screen.size)
      screen.show(canvas, theme: state.theme, cursor: canvas.caret)
      producer.want(state.wantedStep + Self.lookahead)
      beat = state.isPlaying ? beat ?? nextBeat : nil
      let inputs = screen.waitForInput(
        wake: wakeRead, timeoutMilliseconds: beat.map(Self.milliseconds(until:)))
      for input in inputs where isOpen { isOpen = try handle(input) }
      if let due = beat, due <= .now {
        state.update(.tick)
        beat = nil
      }
      state.receive(try producer.trace())
    }
  }

  private var nextBeat: ContinuousClock.Instant {
    .now + .milliseconds(ViewerState.beats[state.speed])
  }

  private static func milliseconds(until instant: ContinuousClock.Instant) -> Int {
    let rest = instant - .now
    return max(0, Int(rest / .milliseconds(1)) + 1)
  }

  /// Returns whether the loop goes on.
  private func handle(_ input: ScreenInput) throws -> Bool {
    switch input {
    case .key(let key):
      state.update(.key(key))
      if state.request == .quit { return false }
      if case .run(let text) = state.request { try restart(text) }
    case .paste(let text): state.paste(text)
    case .resized(let size): state.update(.resize(size))
    case .glyphsAreWide:
      if state.glyphs == .full { state.glyphs = .narrow }
    case .woken: break
    case .gone: throw TerminalGone()
    }
    return true
  }

  /// Runs another text in place of this one; what cannot be run is said and nothing is lost.
  private func restart(_ text: String) throws {
    do throws(RunPlanError) {
      session = try session.session(over: text)
    } catch {
      state.refuse(error.sentence(state.language))
      return
    }
    producer.cancel()
    let runner = session.runner()
    _ = try runner.computeNextStep()
    state.restart(runner.trace, longest: session.plan.longest)
    producer = StepProducer(runner, wakeDescriptor: wakeWrite)
  }
}

/// The terminal went away while it was in use.
struct TerminalGone: Explained {
  /// As if the hang-up signal had ended the program.
  var status: Int32 { 128 + SIGHUP }

  /// There is nobody to tell.
  func message(_ language: Language) -> String? { nil }
}
