import Viz

@testable import Screens

/// A display with a clock of its own: what is to come comes at its time, and nobody waits for it.
final class TimedDisplay: Display {
  /// When something comes, in seconds from the beginning.
  typealias Coming = (seconds: Double, what: [Message])

  private(set) var size: Size
  private(set) var now = ContinuousClock.now
  private(set) var frames: [(seconds: Double, frame: Frame)] = []
  private let start: ContinuousClock.Instant
  private var coming: [Coming]
  /// Is called every tenth of a second with the seconds that have passed: something else goes on.
  var meanwhile: ((Double) -> Void)?
  /// How long the loop takes for a frame.
  var drawing = Duration.zero

  init(_ coming: [Coming], size: Size = Size(columns: 80, rows: 24)) {
    self.coming = coming.reversed()
    self.size = size
    start = now
  }

  /// Keys by their names as tmux writes them, each at its time.
  convenience init(keys: [(Double, String)], size: Size = Size(columns: 80, rows: 24)) {
    self.init(
      keys.map { seconds, name in (seconds, Key(tmuxName: name).map { [.key($0)] } ?? []) },
      size: size)
  }

  var seconds: Double { (now - start) / .seconds(1) }

  func fitted(_ look: Look) -> Look { look }

  func show(_ frame: Frame, isSettled: Bool) {
    now += drawing
    frames.append((seconds, frame))
  }

  /// Time goes to what comes first.
  func wait(wakes: [Int32], until end: ContinuousClock.Instant?) -> [Message]? {
    meanwhile?(seconds)
    let due = coming.last.map { start + .seconds($0.seconds) }
    guard let first = [end, due].compactMap({ $0 }).min(), seconds < 100 else { return nil }
    now = max(now, meanwhile == nil ? first : min(first, now + .milliseconds(100)))
    guard let due, due <= now else { return [] }
    return coming.removeLast().what
  }

  /// What the last frame reads.
  var text: String { frames.last?.frame.canvas.plainText ?? "" }

  /// What stood in the last row at a time.
  func lastRow(at seconds: Double) -> String {
    let frame = frames.last { $0.seconds <= seconds }?.frame.canvas.plainText ?? ""
    return String(frame.split(separator: "\n", omittingEmptySubsequences: false).last ?? "")
  }
}
