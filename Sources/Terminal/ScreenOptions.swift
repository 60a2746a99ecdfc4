/// What the environment can change about the screen.
struct ScreenOptions: Hashable, Sendable {
  /// How long the bytes after an Escape may take, in milliseconds, before it counts as the key.
  var escapeDelay = 25
  /// Frames are sent as one piece (DEC mode 2026).
  var isSynchronised = true
  /// The terminal is asked how wide it draws ambiguous glyphs.
  var asksForWidths = true
  /// Colours may be used.
  var hasColour = true

  init() {}

  /// Reads `KVTUI_ESCDELAY`, `KVTUI_NO_SYNC`, `KVTUI_NO_PROBE` and `NO_COLOR`.
  init(environment: (String) -> String?) {
    if let text = environment("KVTUI_ESCDELAY"), let delay = Int(text) {
      escapeDelay = min(max(delay, 1), 5000)
    }
    isSynchronised = environment("KVTUI_NO_SYNC") != "1"
    asksForWidths = environment("KVTUI_NO_PROBE") != "1"
    hasColour = (environment("NO_COLOR") ?? "").isEmpty
  }
}
