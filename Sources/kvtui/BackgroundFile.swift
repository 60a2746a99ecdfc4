internal import Base
internal import Dispatch
internal import Synchronization

/// A file that is replaced whole beside the screen; of several contents the newest is written.
final class BackgroundFile: Sendable {
  private struct State {
    var waiting: [UInt8]?
    var failure: SystemFailure?
  }

  let path: String
  private let kind: FileReplacement.Kind
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "kvtui.file", qos: .utility)

  init(_ path: String, _ kind: FileReplacement.Kind) { (self.path, self.kind) = (path, kind) }

  /// Why it was not written the last time; nil where it was.
  var failure: SystemFailure? { state.withLock { $0.failure } }

  /// Has it replaced before long.
  func replace(with text: String) {
    let isIdle = state.withLock { state in
      defer { state.waiting = Array(text.utf8) }
      return state.waiting == nil
    }
    if isIdle { queue.async { self.write() } }
  }

  /// Waits until everything is written.
  func finish() { queue.sync {} }

  private func write() {
    let content = state.withLock { state in
      defer { state.waiting = nil }
      return state.waiting
    }
    guard let content else { return }
    var failure: SystemFailure?
    do throws(SystemFailure) {
      let file = try FileReplacement(of: path, kind)
      try file.write(content)
      try file.putInPlace()
    } catch {
      failure = error
    }
    state.withLock { $0.failure = failure }
  }
}
