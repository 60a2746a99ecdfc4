#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Terminal
internal import TinyModel
internal import Trace
internal import Viz

/// The main loop of a run: waits for keys and steps, updates the state, shows the frame.
final class InteractiveRun {
  private var session: RunSession
  private var state: ViewerState
  private var producer: StepProducer
  private let wake: WakePipe
  private var beat: ContinuousClock.Instant?
  /// Until then a first step that is still being computed leaves the screen as it is: most come at once.
  private var patienceEnd = ContinuousClock.now + InteractiveRun.patience

  /// Steps that are computed ahead of the viewer.
  private static let lookahead = 16
  private static let patience = Duration.milliseconds(60)
  /// How often the screen says how far a step has come that is waited for.
  private static let progressInterval = Duration.milliseconds(100)

  /// Begins to compute the run.
  init(session: RunSession, look: Look) throws {
    wake = try WakePipe()
    self.session = session
    let runner = session.runner()
    state = session.state(runner.trace, look)
    producer = StepProducer(runner, wake: wake)
    producer.want(Self.lookahead)
  }

  deinit { producer.cancel() }

  /// Runs until the viewer leaves or the terminal is gone.
  ///
  /// - Returns: how the last frame looked.
  func run(on screen: NcursesScreen) throws -> Look {
    defer {
      producer.cancel()
      screen.mayAsk = true
    }
    if !screen.isUTF8 { state.look = state.look.inASCII }
    var isOpen = true
    while isOpen {
      show(on: screen)
      producer.want(state.wantedStep + Self.lookahead)
      beat = state.isPlaying ? beat ?? .now + Self.pause(state.speed) : nil
      let inputs = screen.waitForInput(
        wake: wake.readEnd, timeoutMilliseconds: wakeTime.map(Self.milliseconds(until:)))
      for input in inputs where isOpen { isOpen = try handle(input) }
      if let due = beat, due <= .now {
        state.update(.tick)
        beat = nil
      }
      state.receive(try producer.trace(), progress: producer.progress.amount)
    }
    return state.look
  }

  private func show(on screen: NcursesScreen) {
    if !state.hasStep, patienceEnd > .now { return }
    let canvas = state.view(screen.size)
    // Whoever leaves while the first step is computed does not wait for a terminal's answer.
    screen.mayAsk = state.hasStep
    screen.show(canvas, theme: state.theme, cursor: canvas.caret)
  }

  /// When there is something to do without a key.
  private var wakeTime: ContinuousClock.Instant? {
    guard state.awaited != nil else { return beat }
    let next = ContinuousClock.now + Self.progressInterval
    let shown = !state.hasStep && patienceEnd > .now ? min(patienceEnd, next) : next
    return beat.map { min($0, shown) } ?? shown
  }

  private static func pause(_ speed: Int) -> Duration { .milliseconds(ViewerState.beats[speed]) }

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
      if case .run(let text) = state.request { restart(text) }
    case .paste(let text): state.paste(text)
    case .resized(let size): state.update(.resize(size))
    case .glyphsAreWide: state.look = state.look.narrowed
    case .woken: break
    case .gone: throw TerminalGone()
    }
    return true
  }

  /// Runs another text in place of this one; what cannot be run is said and nothing is lost.
  private func restart(_ text: String) {
    do throws(RunPlanError) {
      session = try session.session(over: text)
    } catch {
      state.refuse(error.sentence(state.language))
      return
    }
    producer.cancel()
    let runner = session.runner()
    state.restart(runner.trace, longest: session.plan.longest)
    producer = StepProducer(runner, wake: wake)
    patienceEnd = .now + Self.patience
  }
}

/// The terminal went away while it was in use.
struct TerminalGone: Explained {
  /// As if the hang-up signal had ended the program.
  var status: Int32 { 128 + SIGHUP }

  /// There is nobody to tell.
  func message(_ language: Language) -> String? { nil }
}
