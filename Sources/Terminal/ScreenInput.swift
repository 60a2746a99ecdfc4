public import Viz

/// What the screen has to tell its owner.
public enum ScreenInput: Hashable, Sendable {
  /// A key, as it was typed: full-width forms are not folded.
  case key(Key)
  /// Text that was pasted, line ends as `\n`; what passes `InputDecoder.pasteLimit` is cut off.
  case paste(String)
  /// The terminal has this size, or has to be drawn anew at its old one: `show` draws everything.
  case resized(Size)
  /// The wake descriptor was readable; it has been drained.
  case woken
  /// The terminal draws `·` two columns wide: use ASCII decoration from now on and draw.
  case glyphsAreWide
  /// The terminal is no more: end the program. From now on every wait says so at once.
  case gone
}
