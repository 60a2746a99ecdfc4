import CTerminal

/// The terminal that is standard error, without echo: keys that are typed meanwhile wait for whoever reads next.
///
/// Whatever ends or stops the process gives the terminal back, as while a screen is open; not while one is.
public final class SilentTerminal {
  private var isSilent = true

  /// Switches the echo off; nil in the background, where the settings are the shell's business.
  ///
  /// - Parameter reset: is written when the terminal is given back.
  public init?(reset: String) {
    guard ct_is_foreground(2) else { return nil }
    ct_guard_silence(reset)
  }

  deinit { giveBack() }

  /// Gives the terminal back; more calls do nothing.
  public func giveBack() {
    guard isSilent else { return }
    isSilent = false
    ct_guard_release()
  }
}
