public import Viz

/// Turns the bytes that a terminal sends into keys, pastes and reports.
///
///     var decoder = InputDecoder()
///     decoder.decode(Array("\u{1B}[C".utf8))  // [.key(.right)]
///
/// ncurses could do this, but its `wget_wch` delivers nothing any more after a cut character, and its
/// `wgetch` waits by itself and lets sequences that it does not know through as letters. Here nothing
/// waits, no sequence leaks, and any bytes lead back to the ground state.
public struct InputDecoder: Sendable {
  /// What the bytes meant.
  public enum Output: Hashable, Sendable {
    /// A key.
    case key(Key)
    /// Text between the marks of a bracketed paste.
    case paste(String)
    /// The answer to `CSI 6n`, 1-based.
    case cursorReport(row: Int, column: Int)
  }

  /// What more bytes may still belong to.
  public enum Pending: Hashable, Sendable {
    /// To nothing: what comes next stands for itself.
    case nothing
    /// To an Escape, which alone is a key.
    case escape
    /// To a begun sequence or character.
    case sequence
    /// To a paste.
    case paste
  }

  /// How many bytes of a paste are kept.
  public static let pasteLimit = 1 << 20

  private enum State {
    case ground, escape, control, shifted, linuxFunction, mouse(missing: Int)
    case text, textEscape, paste
  }

  private var state = State.ground
  private var sequence: [UInt8] = []
  private var character = UTF8Assembler()
  private var pasted = PasteCollector(limit: InputDecoder.pasteLimit)
  private let known: [[UInt8]: Key]

  /// Creates a decoder that knows the keys of common terminals.
  ///
  /// - Parameter known: what other keys send, each beginning with an Escape.
  public init(known: [[UInt8]: Key] = [:]) {
    self.known = known
  }

  /// What is still open.
  public var pending: Pending {
    switch state {
    case .ground: character.isEmpty ? .nothing : .sequence
    case .escape: .escape
    case .paste: .paste
    default: .sequence
    }
  }

  /// Decodes all that can be decided; the rest waits for more bytes or for `giveUp`.
  public mutating func decode(_ bytes: some Sequence<UInt8>) -> [Output] {
    var outputs: [Output] = []
    for byte in bytes { take(byte, &outputs) }
    return outputs
  }

  /// Decides what is pending, as nothing more came for a while.
  public mutating func giveUp() -> [Output] {
    defer { toGround() }
    switch state {
    case .escape: return [.key(.escape)]
    case .paste: return [.paste(pasted.takeText())]
    default: return []
    }
  }

  private mutating func toGround() {
    state = .ground
    sequence.removeAll(keepingCapacity: true)
    character = UTF8Assembler()
  }

  private mutating func take(_ byte: UInt8, _ outputs: inout [Output]) {
    switch state {
    case .ground: takeGround(byte, &outputs)
    case .escape: takeAfterEscape(byte, &outputs)
    case .control: takeControl(byte, &outputs)
    case .shifted: takeShifted(byte, &outputs)
    case .linuxFunction: toGround()
    case .mouse(let missing): takeMouse(missing)
    case .text: takeText(byte)
    case .textEscape: takeTextEscape(byte)
    case .paste: takePaste(byte, &outputs)
    }
  }
}

// MARK: Characters and control keys

extension InputDecoder {
  private mutating func takeGround(_ byte: UInt8, _ outputs: inout [Output]) {
    switch character.push(byte) {
    case .incomplete, .invalid: return
    case .scalar(let scalar):
      if scalar.value == UInt32(ASCII.escape) {
        begin()
      } else if let key = InputDecoder.key(for: scalar) {
        outputs.append(.key(key))
      }
    }
  }

  private mutating func begin() {
    toGround()
    state = .escape
    sequence = [ASCII.escape]
  }

  private static func key(for scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 0x09: .tab
    case 0x0A, 0x0D: .enter
    case 0x08, 0x7F: .backspace
    case 0x01...0x1A: control(scalar.value)
    case 0x00...0x1F, 0x80...0x9F: nil
    default: .character(Character(scalar))
    }
  }

  private static func control(_ value: UInt32) -> Key? {
    Unicode.Scalar(value + 0x60).map { .control(Character($0)) }
  }
}

// MARK: Sequences

extension InputDecoder {
  private mutating func takeAfterEscape(_ byte: UInt8, _ outputs: inout [Output]) {
    sequence.append(byte)
    switch byte {
    case UInt8(ascii: "["): state = .control
    case UInt8(ascii: "O"): state = .shifted
    case UInt8(ascii: "P"), UInt8(ascii: "]"), UInt8(ascii: "_"), UInt8(ascii: "^"),
      UInt8(ascii: "X"):
      state = .text
    case ASCII.escape:
      outputs.append(.key(.escape))
      begin()
    default: finishTwoBytes(byte, &outputs)
    }
  }

  /// Escape and another key typed at once, or Alt and a key: both count, nothing is lost.
  private mutating func finishTwoBytes(_ byte: UInt8, _ outputs: inout [Output]) {
    let key = known[sequence]
    toGround()
    if let key {
      outputs.append(.key(key))
    } else {
      outputs.append(.key(.escape))
      takeGround(byte, &outputs)
    }
  }

  private mutating func takeControl(_ byte: UInt8, _ outputs: inout [Output]) {
    guard isWithinSequence(byte, &outputs) else { return }
    append(byte)
    guard byte >= 0x40 else { return }
    let finished = sequence
    toGround()
    if let key = known[finished] ?? KeySequence.key(control: finished) {
      outputs.append(.key(key))
    } else {
      finishOther(finished, &outputs)
    }
  }

  private mutating func finishOther(_ finished: [UInt8], _ outputs: inout [Output]) {
    switch (finished.count, finished.last) {
    case (3, UInt8(ascii: "[")): state = .linuxFunction
    case (3, UInt8(ascii: "M")): state = .mouse(missing: 3)
    case (_, UInt8(ascii: "R")):
      guard let (row, column) = KeySequence.position(report: finished) else { return }
      outputs.append(.cursorReport(row: row, column: column))
    case (6, UInt8(ascii: "~")) where finished == PasteCollector.begin: state = .paste
    default: return
    }
  }

  private mutating func takeShifted(_ byte: UInt8, _ outputs: inout [Output]) {
    guard isWithinSequence(byte, &outputs) else { return }
    append(byte)
    guard byte >= 0x40 || sequence.count > KeySequence.longestShifted else { return }
    let finished = sequence
    toGround()
    guard let key = known[finished] ?? KeySequence.key(shifted: finished) else { return }
    outputs.append(.key(key))
  }

  /// Control characters and bytes beyond ASCII end a sequence and stand for themselves.
  private mutating func isWithinSequence(_ byte: UInt8, _ outputs: inout [Output]) -> Bool {
    if (0x20...0x7E).contains(byte) { return true }
    toGround()
    takeGround(byte, &outputs)
    return false
  }

  /// Old mouse reports have three bytes of any value after their `M`.
  private mutating func takeMouse(_ missing: Int) {
    if missing > 1 { state = .mouse(missing: missing - 1) } else { toGround() }
  }

  /// What is longer than any known sequence is read to its end without being kept.
  private mutating func append(_ byte: UInt8) {
    if sequence.count < KeySequence.longest { sequence.append(byte) }
  }
}

// MARK: Strings and pastes

extension InputDecoder {
  /// Answers to questions that an earlier program asked, ended by BEL or by Escape and a backslash.
  private mutating func takeText(_ byte: UInt8) {
    switch byte {
    case ASCII.bell: toGround()
    case ASCII.escape: state = .textEscape
    default: return
    }
  }

  private mutating func takeTextEscape(_ byte: UInt8) {
    switch byte {
    case ASCII.backslash: toGround()
    case ASCII.escape: return
    default: state = .text
    }
  }

  private mutating func takePaste(_ byte: UInt8, _ outputs: inout [Output]) {
    guard pasted.take(byte) else { return }
    toGround()
    outputs.append(.paste(pasted.takeText()))
  }
}

/// Bytes with a name.
enum ASCII {
  static let bell: UInt8 = 0x07
  static let escape: UInt8 = 0x1B
  static let backslash = UInt8(ascii: "\\")
}
