public import Classroom
public import Lessons
public import Viz

/// How phones join.
public struct JoinInvitation: Hashable, Sendable {
  /// Where the page is, as it is typed.
  public let url: String
  /// The four letters.
  public let code: String
  /// The URL as a QR code: rows of dark (true) and light modules, without the quiet zone; empty where there is none.
  public let modules: [[Bool]]

  /// Makes an invitation.
  public init(url: String, code: String, modules: [[Bool]]) {
    self.url = url
    self.code = code
    self.modules = modules
  }
}

/// Who follows, and what came from them.
public struct AudienceNews: Hashable, Sendable {
  /// Phones that follow now; nil where none can.
  public var phones: Int?
  /// Terminals that follow now; nil where none can.
  public var terminals: Int?
  /// Votes of phones by question and round.
  public var votes: [String: [VoteCounts]]
  /// What other terminals of the presenter want, in order.
  public var commands: [PresentCommand]

  /// Nobody.
  public init(
    phones: Int? = nil, terminals: Int? = nil, votes: [String: [VoteCounts]] = [:],
    commands: [PresentCommand] = []
  ) {
    self.phones = phones
    self.terminals = terminals
    self.votes = votes
    self.commands = commands
  }
}

/// Where a presentation stands: what is kept, so that the next start goes on there.
public struct PresentPlace: Hashable, Sendable {
  /// A question that was held, as far as it had come.
  public struct Question: Hashable, Sendable {
    /// Its id.
    public let id: String
    /// How far it had come.
    public let phase: QuestionPhase
    /// Votes of phones in both rounds.
    public let counts: [VoteCounts]
    /// Votes of hands in both rounds.
    public let hands: [VoteCounts]

    /// Names how far a question had come.
    public init(
      id: String, phase: QuestionPhase, counts: [VoteCounts], hands: [VoteCounts] = []
    ) {
      self.id = id
      self.phase = phase
      self.counts = counts
      self.hands = hands
    }

    /// Votes of phones and hands in both rounds.
    public var all: [VoteCounts] {
      (0..<max(counts.count, hands.count)).map { round in
        [counts, hands].map { $0.indices.contains(round) ? $0[round] : VoteCounts() }
          .reduce(VoteCounts(), +)
      }
    }
  }

  /// The part of the lecture, counted from 0.
  public var item: Int
  /// The screen of the lesson; nil for a run.
  public var screen: String?
  /// The step of the run, counted from 1.
  public var step: Int
  /// Questions that were asked so far, in the order of their ids.
  public var questions: [Question]
  /// Seconds that each part was on the wall; empty where nobody counted.
  public var seconds: [Int]
  /// Whether nothing of the lecture is left: who presents it again begins anew.
  public var isOver: Bool

  /// Names a place.
  public init(
    item: Int = 0, screen: String? = nil, step: Int = 1, questions: [Question] = [],
    seconds: [Int] = [], isOver: Bool = false
  ) {
    self.item = item
    self.screen = screen
    self.step = step
    self.questions = questions
    self.seconds = seconds
    self.isOver = isOver
  }
}

/// A presentation at its beginning.
public struct PresentOpening: Sendable {
  /// What is presented.
  public let lecture: Lecture
  /// Where it goes on; nil at its beginning.
  public let place: PresentPlace?
  /// How phones join; nil where they cannot.
  public let invitation: JoinInvitation?
  /// Why no phone can join; nil where one can, or nobody asked for a page.
  public let obstacle: Bilingual<String>?
  /// What is to be said of it first; nil where nothing is.
  public let notice: String?
  /// Where what is voted is kept, as the class reads it; nil where it is not.
  public let results: String?

  /// Makes a beginning.
  public init(
    _ lecture: Lecture, place: PresentPlace? = nil, invitation: JoinInvitation? = nil,
    obstacle: Bilingual<String>? = nil, notice: String? = nil, results: String? = nil
  ) {
    self.lecture = lecture
    self.place = place
    self.invitation = invitation
    self.obstacle = obstacle
    self.notice = notice
    self.results = results
  }
}

/// What a presentation says to all who follow it, each time it changes.
public struct PresentUpdate {
  /// The state; its sequence and its picture are whoever publishes it to fill in.
  public let document: PresentationDocument
  /// What only the presenter's other terminals get.
  public let backstage: Backstage
  /// What is asked, and whether votes count now.
  package let poll: Poll?
  /// The picture for phones, at a size.
  public let picture: (Size) -> Canvas?
  /// Where it stands, to be kept.
  public let place: PresentPlace
}

/// What is done for a presentation: it is shared, and what came of that is told.
public protocol ClassroomService: AnyObject {
  /// What is presented, and where it goes on.
  func opening(_ look: Look) throws -> PresentOpening
  /// Opens a part of the lecture.
  func exhibit(_ item: LectureItem, _ look: Look) throws -> OpenExhibit
  /// Tells all who follow.
  func publish(_ update: PresentUpdate)
  /// What came since it was last looked at; nil where nothing did.
  var news: AudienceNews? { get }
  /// Descriptors that are readable when there is news that cannot wait.
  var wakes: [Int32] { get }
}
