internal import Base
internal import Trace

/// Times a forward pass alone: its clock stands still while an observer looks.
///
///     let (logits, seconds) = PassTimer(recorder, now: now).time { model.forward(…, observer: $0) }
final class PassTimer: ForwardObserver {
  private let observer: any ForwardObserver
  private let now: () -> Duration
  private var watched: Duration = .zero

  /// - Parameters:
  ///   - observer: who looks at the pass.
  ///   - now: the time since some moment.
  init(_ observer: any ForwardObserver, now: @escaping () -> Duration) {
    self.observer = observer
    self.now = now
  }

  /// Calls `pass` with the observer that it must tell, and times it in seconds.
  func time<Result, Failure: Error>(
    _ pass: (any ForwardObserver) throws(Failure) -> Result
  ) throws(Failure) -> (result: Result, seconds: Double) {
    watched = .zero
    let start = now()
    let result = try pass(self)
    return (result, (now() - start - watched).inSeconds)
  }

  func saw(queryKeyValue: UnsafePointer<Float>, rows: Int, layer: Int) {
    watch { observer.saw(queryKeyValue: queryKeyValue, rows: rows, layer: layer) }
  }

  var seesAttention: Bool { observer.seesAttention }

  func saw(stored: StoredLayer, positions: Positions, layer: Int) {
    watch { observer.saw(stored: stored, positions: positions, layer: layer) }
  }

  func saw(attention: UnsafePointer<Float>, rows: Int, layer: Int) {
    watch { observer.saw(attention: attention, rows: rows, layer: layer) }
  }

  func roomForWeights(rows: Int, length: Int, layer: Int) -> UnsafeMutablePointer<Float>? {
    observer.roomForWeights(rows: rows, length: length, layer: layer)
  }

  func saw(residual: UnsafePointer<Float>, rows: Int) {
    watch { observer.saw(residual: residual, rows: rows) }
  }

  private func watch(_ look: () -> Void) {
    let start = now()
    look()
    watched += now() - start
  }

  /// The time since this was called first.
  static let wallClock: @Sendable () -> Duration = {
    let start = ContinuousClock.now
    return { ContinuousClock.now - start }
  }()
}
