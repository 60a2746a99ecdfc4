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
  static func live(
    _ destination: Destination, _ look: Look, _ services: Services,
    input: TerminalInput = .standardInput
  ) throws {
    // What the first screen needs is under way before the terminal is taken.
    var app = try App(opening: destination, look, services)
    let display = try NcursesDisplay(input: input)
    defer { display.close() }
    app.run(on: display)
    if display.isGone { throw TerminalGone() }
  }

  /// Prints the first frame of a screen, and the frame after each key.
  static func print(
    _ destination: Destination, _ look: Look, _ services: Services, size: Size, keys: [Key]
  ) throws {
    var app = try App(opening: destination, look, services)
    let display = ScriptDisplay(size: size, keys: keys)
    app.run(on: display)
    if let failure = app.failure { throw failure }
    let reel = Reel(display.frames, every: 1, language: look.language)
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
