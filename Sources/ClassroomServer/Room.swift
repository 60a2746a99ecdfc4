internal import Base
internal import Classroom
internal import Synchronization

/// What the presenter's thread, the guard's and the answering of requests share.
final class Room: Sendable {
  private struct State {
    var event: Event?
    /// States that the guard has not fetched yet, oldest first.
    var pending: [Event] = []
    var poll: Poll?
    var box = BallotBox()
    var rates: VoteRates
    var wrongCodes: WrongCodes
    var followers = 0
    var pages = 0
    var isStopped = false
  }

  private let state: Mutex<State>
  /// Told when there is something for the guard.
  let guardWake: WakePipe
  /// Told when there is something for the presenter.
  let newsWake: WakePipe

  /// More states than these between two looks of the guard are not sent one by one.
  private static let mostPending = 16

  init(_ limits: ServerLimits) throws(SystemFailure) {
    (guardWake, newsWake) = (try WakePipe(), try WakePipe())
    state = Mutex(State(rates: VoteRates(limits), wrongCodes: WrongCodes(limits)))
  }

  // MARK: The presenter

  /// Makes a state the newest, and opens or closes the vote.
  func publish(_ document: [UInt8], sequence: Int, _ poll: Poll?) {
    state.withLock { state in
      let number = (state.event?.number ?? 0) + 1
      let event = Event(sequence: sequence, number: number, document: document)
      state.event = event
      state.poll = poll
      state.pending.append(event)
      if state.pending.count > Self.mostPending { state.pending.removeFirst() }
    }
    guardWake.wake()
  }

  /// What has come of it so far.
  var news: ServerNews {
    state.withLock { state in
      ServerNews(
        followers: state.followers, pages: state.pages,
        ballot: state.poll.flatMap { state.box.count(of: $0.question) })
    }
  }

  /// What the votes on any question of the lecture come to.
  func ballot(of question: String) -> BallotCount? {
    state.withLock { $0.box.count(of: question) }
  }

  /// Ends the guard.
  func stop() {
    state.withLock { $0.isStopped = true }
    guardWake.wake()
  }

  // MARK: The guard

  var isStopped: Bool { state.withLock { $0.isStopped } }

  /// The newest state.
  var event: Event? { state.withLock { $0.event } }

  /// The states that came since the last time.
  func takePending() -> [Event] {
    state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
  }

  /// Says how many get the states.
  func setFollowers(_ count: Int) {
    let isNew = state.withLock { state in
      defer { state.followers = count }
      return state.followers != count
    }
    if isNew { newsWake.wake() }
  }

  // MARK: Answers

  /// Counts a page that was asked for.
  func notePage() {
    state.withLock { $0.pages += 1 }
    newsWake.wake()
  }

  /// How long a wrong code has to wait for its answer.
  func waitForWrongCode(at now: ContinuousClock.Instant) -> Duration {
    state.withLock { $0.wrongCodes.wait(at: now) }
  }

  /// Counts a vote.
  func take(_ vote: Vote, at now: ContinuousClock.Instant) throws(Refusal) {
    let refusal: Refusal? = state.withLock { state in
      guard state.rates.allows(vote.device, at: now) else { return .tooManyRequests }
      guard let poll = state.poll else { return .conflict }
      do throws(Ballot.Refusal) {
        try state.box.cast(vote, in: poll)
        return nil
      } catch {
        return Refusal(error)
      }
    }
    if let refusal { throw refusal }
    newsWake.wake()
  }
}

extension Refusal {
  /// How a vote that does not count is answered.
  fileprivate init(_ refusal: Ballot.Refusal) {
    self =
      switch refusal {
      case .notOpen: .conflict
      case .noSuchChoice: .badRequest
      case .full: .tooManyRequests
      }
  }
}
