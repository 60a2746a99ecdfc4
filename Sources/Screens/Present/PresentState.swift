internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// What keys mean while something is presented.
enum PresentMode: Hashable, Sendable {
  /// What is shown has the keys that the presentation leaves free.
  case show
  /// The screen is blank.
  case blank
  /// Counts of a show of hands are typed.
  case counting(TextField)
  /// The page of keys.
  case help
  /// How phones join, over all.
  case invitation
}

/// What a spotlight falls on; the rest is dimmed.
enum Spotlight: CaseIterable, Hashable, Sendable {
  case off
  /// The cell that the cursor is on, or the newest.
  case cell
  /// The newest row.
  case row
  /// The strip of keys.
  case strip

  /// The one that the key goes on to.
  var next: Spotlight {
    let all = Self.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}

/// What of a lesson stands on the wall.
enum LessonFace: Hashable, Sendable {
  /// The question that is held, else the picture.
  case front
  /// The picture, while a question is held.
  case picture
  /// The text.
  case text
}

/// Where in a part of the lecture it is opened.
enum PartPlace: Hashable, Sendable {
  /// At a screen of the lesson, or a step of the run.
  case at(screen: String?, step: Int)
  /// At the last screen.
  case end
}

/// A presentation: what is on the wall, the question that is held, and who follows; changed by messages only.
struct PresentState {
  let lecture: Lecture
  let invitation: JoinInvitation?
  /// Why no phone can join; nil where one can, or nobody asked for a page.
  let obstacle: Bilingual<String>?
  /// Where what is voted is kept; nil where it is not.
  let results: String?
  var look: Look
  /// The part of the lecture, counted from 0.
  var item = 0
  /// What stands before or behind the lecture's parts, while it is on the wall.
  var cover: ShownCover?
  /// Nil until it is open.
  var exhibit: Exhibit?
  /// Where an earlier start was left, with the questions as far as they had come.
  let resumed: PresentPlace?
  /// Where the part that is being opened is entered; nil for its beginning.
  var entrance: PartPlace?
  /// Where parts were left: who comes back finds them there.
  var exits: [Int: PartPlace] = [:]
  /// Questions that were asked, by the ids of theirs that are unlike those of other lessons.
  var questions: [String: HeldQuiz] = [:]
  var mode = PresentMode.show
  var spotlight = Spotlight.off
  /// What of a lesson stands on the wall.
  var face = LessonFace.front
  /// The line of the lesson's text that stands on top.
  var textLine = 0
  var clock: LectureClock
  var audience = AudienceNews()
  var help = HelpPage()
  var notice: String?
  /// Whether the key that ends the presentation was pressed once.
  var isLeaving = false
  /// The lesson as it was before it went to a screen whose scene is not there yet.
  var left: LessonState?
  /// The part that was left for one that is not open yet.
  var leftItem: Int?
  /// When a key came last, on a display that somebody sits at; nil elsewhere.
  var pressedAt: ContinuousClock.Instant?
  /// When that was a key that goes on.
  var wentOnAt: ContinuousClock.Instant?

  init(_ opening: PresentOpening, _ look: Look) {
    lecture = opening.lecture
    (invitation, obstacle) = (opening.invitation, opening.obstacle)
    results = opening.results
    notice = opening.notice ?? opening.obstacle?(look.language)
    self.look = look
    let items = lecture.items
    resumed = opening.place.flatMap { items.indices.contains($0.item) ? $0 : nil }
    clock = LectureClock(items: items.count, seconds: resumed?.seconds ?? [])
    guard let resumed else {
      if hasCovers { cover = .first }
      return
    }
    item = resumed.item
    entrance = .at(screen: resumed.screen, step: resumed.step)
  }

  /// Whether a first and a last screen stand around the parts: of what has a title.
  var hasCovers: Bool { !lecture.title(language).isEmpty }

  /// Whether something is on the wall, whole; not what is being opened.
  var isShown: Bool { (exhibit?.hasStep ?? false) && left == nil && leftItem == nil }

  var language: Language { look.language }
  var glyphs: GlyphSet { look.glyphs }

  /// What the keys mean.
  var keys: KeyMap<PresentAction> {
    switch mode {
    case .show:
      PresentView(state: self).hiddenLines(help.size) > 0
        ? PresentKeys.text.over(keysOfWall) : keysOfWall
    case .invitation: PresentKeys.invitation
    case .blank: PresentKeys.blank
    case .counting: PresentKeys.counting
    case .help: PresentKeys.help
    }
  }

  /// The keys beneath all that may stand over it.
  var keysOfWall: KeyMap<PresentAction> {
    if let cover { return PresentKeys.cover(cover) }
    let keys =
      held == nil ? PresentKeys.show : isHolding ? PresentKeys.asked : PresentKeys.revealed
    return tool == nil ? keys : PresentKeys.tool.over(keys)
  }

  /// The tool that the screen on the wall speaks of, or shows; nil where it does neither.
  var tool: ToolLink? {
    guard cover == nil, let lesson = exhibit?.lesson else { return nil }
    return lesson.step.scene.open ?? lesson.toolPlace
  }

  /// Whether phones vote; else hands are shown.
  var hasPhones: Bool { (audience.phones ?? 0) > 0 }

  /// Whether the class knows how to join, or has shown hands: a vote is over.
  var hasJoined: Bool {
    let isOver = questions.values.contains { held in
      held.ballots.isVoted && held.phase != .think && held.phase != .vote
    }
    return isOver && (hasPhones || questions.values.contains { $0.hasHands })
  }

  /// The part that is on the wall.
  var part: LectureItem { lecture.items[item] }

  // MARK: The question

  /// The quiz that stands on the wall, open or revealed; nil where none does.
  var quiz: Quiz? { cover == nil ? exhibit?.lesson?.presentedQuiz : nil }

  /// The question on the wall as far as it has come.
  var held: HeldQuiz? { quiz.flatMap { questions[id(of: $0)] } }

  /// Whether a question is on the wall that is not revealed yet.
  var isHolding: Bool { held.map { !$0.isRevealed } ?? false }

  /// An id that no other lesson of the lecture has.
  func id(of quiz: Quiz) -> String { (exhibit?.lesson?.lesson.id ?? "") + "/" + quiz.id }

  /// Begins to hold the quiz on the wall, as far as it had come.
  mutating func holdQuiz() {
    guard let lesson = exhibit?.lesson, let quiz = lesson.presentedQuiz else { return }
    let id = id(of: quiz)
    if questions[id] == nil {
      var held = HeldQuiz(id: id, lesson.ballots(of: quiz))
      if let known = resumed?.questions.first(where: { $0.id == id }) {
        held.restore(known)
      }
      questions[id] = held
    }
    if questions[id]?.isRevealed == true, lesson.openQuiz?.id == quiz.id { reveal(quiz) }
  }

  /// Shows the answer.
  mutating func reveal(_ quiz: Quiz) {
    guard var lesson = exhibit?.lesson else { return }
    lesson.reveal(quiz)
    exhibit = .lesson(lesson)
  }

  /// Changes the question on the wall.
  mutating func change(_ work: (inout HeldQuiz) -> Void) {
    guard var held else { return }
    work(&held)
    questions[held.id] = held
  }
}
