internal import Classroom

/// Decides what each of those who follow a presentation is told, and when.
///
/// The presenter's own terminals get everything; the others what concerns them. What only counts, votes, clocks and followers,
/// waits until a quarter of a second after what was told last.
struct PresentTeller {
  typealias Instant = ContinuousClock.Instant

  /// All of a presentation that somebody can be told.
  struct State: Equatable {
    /// Without its number, backstage and picture.
    var document: PresentationDocument
    var backstage: Backstage
    /// The picture for phones.
    var canvas: CanvasMarkup?
    var poll: Poll?

    /// The state without what only counts.
    fileprivate var still: State {
      var still = self
      still.document.question?.answered = 0
      still.backstage.counts = []
      still.backstage.values = nil
      still.backstage.timer = nil
      (still.backstage.phones, still.backstage.terminals) = (nil, nil)
      for index in still.backstage.items.indices { still.backstage.items[index].seconds = 0 }
      return still
    }
  }

  /// Who is told something.
  enum Listener: CaseIterable {
    /// The presenter's other terminals.
    case owner
    /// Terminals of others.
    case terminals
    case phones
  }

  /// What somebody is told.
  struct Telling: Equatable {
    let listener: Listener
    let document: PresentationDocument
    let poll: Poll?
  }

  /// The number of the newest document.
  private(set) var sequence: Int
  private var told: State?
  private var toldAt: Instant?
  private var waiting: State?

  /// Counts go out at most so often.
  static let pause = Duration.milliseconds(250)

  /// - Parameter sequence: the number of a document that somebody may have already.
  init(after sequence: Int = 0) { self.sequence = sequence }

  /// Takes what a presentation has become.
  mutating func take(_ state: State, at now: Instant) -> [Telling] {
    waiting = nil
    guard state != told else { return [] }
    if let told, let toldAt, now - toldAt < Self.pause, state.still == told.still {
      waiting = state
      return []
    }
    return tell(state, at: now)
  }

  /// What has waited long enough.
  mutating func due(at now: Instant) -> [Telling] {
    guard let waiting else { return [] }
    return take(waiting, at: now)
  }

  private mutating func tell(_ state: State, at now: Instant) -> [Telling] {
    let before = told
    (told, toldAt) = (state, now)
    sequence += 1
    return Listener.allCases.compactMap { listener in
      guard Self.concerns(listener, state, before) else { return nil }
      return Telling(
        listener: listener, document: document(state, for: listener),
        poll: listener == .phones ? state.poll : nil)
    }
  }

  private static func concerns(_ listener: Listener, _ state: State, _ before: State?) -> Bool {
    switch listener {
    case .owner: true
    case .terminals: state.document != before?.document
    case .phones:
      state.document != before?.document || state.canvas != before?.canvas
        || state.poll != before?.poll
    }
  }

  private func document(_ state: State, for listener: Listener) -> PresentationDocument {
    var document = state.document
    document.sequence = sequence
    document.backstage = listener == .owner ? state.backstage : nil
    document.canvas = listener == .phones ? state.canvas : nil
    return document
  }
}
