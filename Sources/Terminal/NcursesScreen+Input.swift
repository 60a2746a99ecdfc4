import CTerminal
import Viz

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension NcursesScreen {
  /// Waits until there is something, and returns all of it; nothing when the time is over.
  ///
  /// - Parameters:
  ///   - wakes: descriptors, such as pipes' read ends, by which other threads end the wait. They are drained.
  ///   - timeoutMilliseconds: how long; nil waits without end.
  /// - Returns: everything in the order in which it came.
  public func waitForInput(
    wakes: [Int32] = [], timeoutMilliseconds: Int? = nil
  ) -> [ScreenInput] {
    let deadline = timeoutMilliseconds.map { ContinuousClock.now + .milliseconds($0) }
    while isOpen, !isGone {
      let inputs = waitOnce(wakes: wakes, until: earlier(deadline, patienceEnd))
      if !inputs.isEmpty { return inputs }
      if let deadline, ContinuousClock.now >= deadline { return [] }
    }
    return [.gone]
  }

  private func waitOnce(wakes: [Int32], until end: ContinuousClock.Instant?) -> [ScreenInput] {
    let keys = Watched(inputDescriptor)
    let signals = Watched(ct_guard_event_descriptor())
    let threads = wakes.filter { !closedWakes.contains($0) }.map { Watched($0) }
    let ready = Watched.wait([keys, signals] + threads, until: end)
    var inputs: [ScreenInput] = []
    if ready[1].isReadable { inputs += signalInputs() }
    for thread in ready.dropFirst(2) where thread.isReadable || thread.isHungUp {
      inputs += drainWake(thread)
    }
    if ready[0].isHungUp { return inputs + terminalIsGone() }
    if ready[0].isReadable { inputs += readKeys() }
    if let patienceEnd, ContinuousClock.now >= patienceEnd {
      inputs += translated(decoder.giveUp())
    }
    return inputs
  }

  private func terminalIsGone() -> [ScreenInput] {
    isGone = true
    return [.gone]
  }

  /// When bytes that are pending in the decoder are taken for all that comes.
  private var patienceEnd: ContinuousClock.Instant? {
    guard let lastByte else { return nil }
    switch decoder.pending {
    case .nothing: return nil
    case .escape: return lastByte + .milliseconds(options.escapeDelay)
    case .sequence: return lastByte + .milliseconds(max(500, options.escapeDelay))
    case .paste: return lastByte + .milliseconds(2000)
    }
  }

  private func earlier(
    _ one: ContinuousClock.Instant?, _ other: ContinuousClock.Instant?
  ) -> ContinuousClock.Instant? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
  }
}

// MARK: What was ready

extension NcursesScreen {
  private func signalInputs() -> [ScreenInput] {
    let events = ct_guard_take_events()
    if events & Int32(CT_EVENT_REENTER) != 0 {
      ct_await_foreground(1)
      ct_guard_reenter()
    }
    guard events != 0 else { return [] }
    // Even at the old size: terminals cut and reflow the picture on the way there and back.
    ct_screen_update_size()
    needsRepaint = true
    return [.resized(size)]
  }

  private func drainWake(_ wake: Watched) -> [ScreenInput] {
    let isAtEnd = !wake.isReadable || read(wake.descriptor, limit: 4096)?.isEmpty == true
    // It would be ready for ever.
    if isAtEnd { closedWakes.insert(wake.descriptor) }
    return [.woken]
  }

  /// All that is pending, so that a batch of keys is drawn once; bounded, so that a flood of bytes
  /// cannot keep the program from drawing.
  private func readKeys() -> [ScreenInput] {
    var burst = Burst(isTyping: shown?.cursor != nil)
    for _ in 0..<256 {
      guard let bytes = read(inputDescriptor, limit: 4096) else { break }
      if bytes.isEmpty { return translated(burst.outputs) + terminalIsGone() }
      lastByte = .now
      burst.append(decoder.decode(bytes))
      // What is pasted comes in pieces with short pauses.
      let end = ContinuousClock.now + (burst.mayContinue ? .milliseconds(20) : .zero)
      guard Watched.wait([Watched(inputDescriptor)], until: end)[0].isReadable else { break }
    }
    return translated(burst.outputs)
  }

  /// Returns what there is; empty is the end of input, nil is to be tried again later.
  private func read(_ descriptor: Int32, limit: Int) -> [UInt8]? {
    var error: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let got = systemRead(descriptor, buffer.baseAddress, limit)
      error = got < 0 ? errno : 0
      count = max(0, got)
    }
    return error == EINTR || error == EAGAIN ? nil : bytes
  }

  private func translated(_ outputs: [InputDecoder.Output]) -> [ScreenInput] {
    outputs.compactMap { output in
      switch output {
      case .key(.control(let letter)): control(letter)
      case .key(let key): .key(key)
      case .paste(let text): .paste(text)
      case .cursorReport(let row, let column): answer(row: row, column: column)
      }
    }
  }

  /// Keys that mean the same on every page; where another program has left a keyboard protocol on, those that raise
  /// signals come as keys.
  private func control(_ letter: Character) -> ScreenInput? {
    switch letter {
    case "c": raise(SIGINT)
    case "z": raise(SIGTSTP)
    case "\\": raise(SIGQUIT)
    case "l":
      ct_screen_update_size()
      needsRepaint = true
      return .resized(size)
    default: return .key(.control(letter))
    }
    return nil
  }

  private func answer(row: Int, column: Int) -> ScreenInput? {
    guard case .asked(row) = probe else { return nil }
    probe = .over
    ct_guard_expect_answer(0)
    guard column > 2 else { return nil }
    needsRepaint = true
    return .glyphsAreWide
  }
}

/// `read` of the C library, where a method of that name is in the way.
private func systemRead(
  _ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int
) -> Int {
  read(descriptor, buffer, count)
}
