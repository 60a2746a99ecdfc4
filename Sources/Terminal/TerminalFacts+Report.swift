import Base
import CTerminal
public import Viz

/// What a report of the terminal has beside that.
extension TerminalFacts {
  /// Name and version of the library that draws the screen.
  public static var screenLibrary: String { String(cString: ct_screen_library()) }

  /// Name and version of the C library, which measures widths; nil where it has no number.
  public static var libraryOfC: String? {
    let name = CText.string(64) { ct_c_library($0, $1) }
    return name.isEmpty ? nil : name
  }

  /// How wide the C library takes a text to be in UTF-8; nil where it has no such locale.
  public static func libraryWidth(of text: String) -> Int? {
    let widths = text.unicodeScalars.map { Int(ct_width($0.value)) }
    return widths.contains(-2) ? nil : widths.reduce(0, +)
  }

  /// The description that is used: terminfo's of `TERM`, or the fallback's; nil where neither can place a cursor.
  public var description: String? { term.flatMap(Capabilities.init(term:))?.term }

  /// Whether it understands ANSI sequences: others are asked nothing.
  public var isANSI: Bool { term.flatMap(Capabilities.init(term:))?.isANSI ?? false }

  /// How many colours terminfo says that it has; nil where it says nothing.
  public var reportedColours: Int? {
    guard let description, ct_terminal_load(description) else { return nil }
    defer { ct_terminal_unload() }
    let colours = Int(ct_capability_number("colors"))
    return colours < 0 ? nil : colours
  }

  /// How many of them a screen uses: 256, 16, 8 or 0.
  public var usedColours: Int {
    guard ScreenOptions(environment: Environment.value).hasColour else { return 0 }
    return Ink.colours(reported: reportedColours ?? 0)
  }

  /// Whether the terminal may be asked something.
  public static var mayBeAsked: Bool { ScreenOptions(environment: Environment.value).asksForWidths }

  /// The size of the terminal that is standard output; nil where it is none, or says none.
  public static var size: Size? {
    var columns: Int32 = 0
    var rows: Int32 = 0
    return ct_size(&columns, &rows) ? Size(columns: Int(columns), rows: Int(rows)) : nil
  }
}
