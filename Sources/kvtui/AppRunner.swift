#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Screens
internal import Terminal
internal import Viz

extension App {
  /// Opens a screen on the terminal and runs until the learner leaves.
  ///
  /// What is pressed is kept by `keeper`; what stands in front of the terminal says whose keys these are.
  static func live(
    _ destination: Destination, _ look: Look, _ services: Services,
    input: TerminalInput = .standardInput, keeper: SessionKeeper? = nil,
    inFront: (any Display) -> any Display = { $0 }
  ) throws {
    // What the first screen needs is under way before the terminal is taken.
    var app = try App(opening: destination, look, services)
    let file = try keeper?.open()
    let display: NcursesDisplay
    do throws(TerminalError) {
      display = try NcursesDisplay(input: input)
    } catch {
      file?.remove()
      throw error
    }
    defer { display.close() }
    file?.write(look, display.size)
    let front: any Display = file?.kept(display) ?? inFront(display)
    app.run(on: front)
    if display.isGone { throw TerminalGone() }
    try file?.end()
  }

  /// Prints the first frame of a screen, and the frame after each key.
  static func print(
    _ destination: Destination, _ look: Look, _ services: Services, size: Size, keys: [Key]
  ) throws {
    try print(frames(destination, look, services, size: size, keys: keys), look.language)
  }

  /// What a screen shows after all keys.
  static func lastFrame(
    _ destination: Destination, _ look: Look, _ services: Services, size: Size, keys: [Key]
  ) throws -> Frame? {
    try frames(destination, look, services, size: size, keys: keys).last
  }

  private static func frames(
    _ destination: Destination, _ look: Look, _ services: Services, size: Size, keys: [Key]
  ) throws -> [Frame] {
    var app = try App(opening: destination, look, services)
    let display = ScriptDisplay(size: size, keys: keys)
    app.run(on: display)
    if let failure = app.failure { throw failure }
    return display.frames
  }

  /// Prints frames as text.
  static func print(_ frames: [Frame], _ language: Language) throws(CommandError) {
    let reel = Reel(frames, every: 1, language: language)
    try Output.standard.say(TextRenderer().render(reel))
  }
}

/// The terminal went away while it was in use.
struct TerminalGone: Explained {
  /// As if the hang-up signal had ended the program.
  var status: Int32 { 128 + SIGHUP }

  /// There is nobody to tell.
  func message(_ language: Language) -> String? { nil }
}
