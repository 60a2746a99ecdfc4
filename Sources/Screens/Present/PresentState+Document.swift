internal import Base
internal import Classroom
internal import Lessons
internal import Trace
internal import Viz

/// All of a presentation that somebody follows: where it is equal, nobody is told anything.
struct PresentSummary: Equatable {
  let document: PresentationDocument
  let backstage: Backstage
  let poll: Poll?
  let place: PresentPlace
  /// What the picture depends on besides the place.
  let moment: Moment
  let panel: Panel
  let scrollBack: Int
  let theme: Theme
  /// Whether the tool that is shown has what it wants.
  let hasTool: Bool
}

extension PresentState {
  /// What there is to be told; nil while nothing is on the wall.
  var summary: PresentSummary? {
    guard isShown, let exhibit else { return nil }
    let viewer = exhibit.viewer
    return PresentSummary(
      document: document(exhibit), backstage: backstage, poll: poll, place: place(exhibit),
      moment: viewer.moment, panel: viewer.panel, scrollBack: viewer.scrollBack,
      theme: look.theme,
      hasTool: exhibit.lesson?.toolScreen != nil && exhibit.toolQuestion == nil)
  }

  /// What all who follow are told.
  func announcement(_ summary: PresentSummary) -> PresentUpdate {
    PresentUpdate(
      document: summary.document, backstage: summary.backstage, poll: summary.poll,
      picture: { size in PresentView(state: self).picture(size) }, place: summary.place)
  }

  // MARK: The document

  private func document(_ exhibit: Exhibit) -> PresentationDocument {
    var document = PresentationDocument(
      sequence: 0, language: language, place: shownPlace(exhibit), sentence: sentence(exhibit),
      question: heldQuestion)
    document.cover = cover
    document.isBlank = mode == .blank
    document.spotlight = spotlight.shown
    return document
  }

  private func shownPlace(_ exhibit: Exhibit) -> ShownPlace {
    let viewer = exhibit.viewer
    var place = ShownPlace(
      source(exhibit), step: viewer.moment.step, layer: viewer.layer + 1, head: viewer.head + 1)
    if case .cell(let query, let key) = viewer.mode {
      place.cell = ShownCell(query: query, key: key)
    }
    return place
  }

  private func source(_ exhibit: Exhibit) -> ShownPlace.Source {
    switch part.source {
    case .lesson(let name, _): .lesson(id: name, screen: exhibit.lesson?.step.id ?? "")
    case .run(let arguments): .run(arguments: arguments)
    case .recording(let path): .recording(path: path)
    }
  }

  /// What is on the wall, in a sentence.
  private func sentence(_ exhibit: Exhibit) -> String {
    if let cover { return sentence(of: cover) }
    let title = exhibit.lesson.map { Self.ended(glyphs.shown($0.step.title), language) } ?? ""
    // What the model will say next may be what is asked.
    if isHolding, case .token? = quiz?.kind { return title }
    // The run behind a tool is not what is shown.
    if exhibit.shownTool != nil { return title }
    return title + (exhibit.viewer.notes.caption ?? "")
  }

  /// A title as a sentence; one that ends by itself gets no other end.
  private static func ended(_ title: String, _ language: Language) -> String {
    guard let last = title.last, "。？！.?!…".contains(last) else {
      return title + language("。", ". ")
    }
    return title + language("", " ")
  }

  private var heldQuestion: HeldQuestion? {
    guard let quiz, let held, let lesson = exhibit?.lesson else { return nil }
    var question = HeldQuestion(
      id: held.id, ask: lesson.plain(quiz.ask, of: quiz), options: options(held),
      phase: held.phase, answered: held.answered)
    if held.isRevealed, let right = lesson.rightChoice(of: quiz) {
      question.reveal = reveal(held, right)
    }
    if held.isRevealed {
      question.said = said(quiz, held, lesson)
      question.why = lesson.plain(quiz.why, of: quiz)
    }
    return question
  }

  /// The answer to what is said aloud; nil of what is chosen, which shows it among the votes.
  private func said(_ quiz: Quiz, _ held: HeldQuiz, _ lesson: LessonState) -> String? {
    guard held.ballots == .aloud else { return nil }
    let answer = lesson.rightAnswer(to: quiz)
    if answer.isEmpty { return nil }
    if case .cells = quiz.kind { return language("\(answer) 个，见图", "\(answer), as shown") }
    return answer
  }

  /// Nil where a number is asked; what is said aloud has none to choose from.
  private func options(_ held: HeldQuiz) -> [String]? {
    switch held.ballots {
    case .options(let options): options
    case .number: nil
    case .aloud: []
    }
  }

  private func reveal(_ held: HeldQuiz, _ right: Double) -> QuestionReveal {
    let rounds = [held.counts(round: 1), held.counts(round: 2)]
    if case .options(let options) = held.ballots {
      return QuestionReveal(
        counts: rounds.map { $0.list(options: options.count) }, answer: Int(right))
    }
    let values = Self.values(rounds, right)
    return QuestionReveal(
      values: values, counts: rounds.map { round in values.map(round.of) },
      answer: values.firstIndex(of: right) ?? 0)
  }

  /// The numbers that were voted, and the right one.
  static func values(_ rounds: [VoteCounts], _ right: Double) -> [Double] {
    Set(rounds.flatMap { $0.votes.keys } + [right]).sorted()
  }

  // MARK: Votes

  private var poll: Poll? {
    guard let held, held.ballots.isVoted else { return nil }
    var count: Int?
    if case .options(let options) = held.ballots { count = options.count }
    return Poll(
      question: held.id, round: held.phase.round, options: count,
      isOpen: held.phase.openRound != nil)
  }

  // MARK: Backstage

  private var backstage: Backstage {
    var told = Backstage(
      items: lecture.items.enumerated().map { index, item in
        Backstage.Item(
          title: title(of: item), minutes: item.minutes,
          seconds: Int(clock.items[index] / .seconds(1)))
      }, item: item, notes: notes)
    told.timer = clock.secondsLeft
    (told.phones, told.terminals) = (audience.phones, audience.terminals)
    told.nextScreen = nextStep?.id
    if let lesson = exhibit?.lesson {
      (told.screen, told.screens) = number(of: lesson)
    }
    guard let quiz, let held, let lesson = exhibit?.lesson else { return told }
    told.answer = lesson.rightChoice(of: quiz)
    told.hands = held.hasHands ? held.hands.map(\.total) : []
    let rounds = [held.counts(round: 1), held.counts(round: 2)]
    if case .options(let options) = held.ballots {
      told.counts = rounds.map { $0.list(options: options.count) }
    } else if let right = told.answer {
      let values = Self.values(rounds, right)
      told.values = values
      told.counts = rounds.map { round in values.map(round.of) }
    }
    return told
  }

  /// What the presenter is told: of the lesson's screen, else of the part.
  private var notes: [String] {
    if let cover { return notes(of: cover) }
    let ofScreen = exhibit?.lesson?.notes ?? []
    return plan + (ofScreen.isEmpty ? part.notes(language).map(glyphs.shown) : ofScreen)
  }

  /// What is to be done before and behind the lecture's parts.
  private func notes(of cover: ShownCover) -> [String] {
    switch cover {
    case .first:
      [
        language(
          "标题页：等人到齐；第一次按 Enter 才开始计时。",
          "The title: wait for the class. The clock starts with Enter."),
        invitation == nil
          ? nil : language("让手机先扫码加入；J 把二维码放大。", "Let phones join; J shows the code large."),
      ].compactMap { $0 }
    case .last: [language("讲完了：投影上按 q q 结束。", "The end: q q on the projector ends it.")]
    }
  }

  /// How the lecture has planned the question on the wall; what its minutes hold for.
  private var plan: [String] {
    guard isHolding, held?.ballots.isVoted == true, let screen = exhibit?.lesson?.step.id,
      part.once.contains(screen)
    else { return [] }
    return [
      language(
        "时间只够一轮：想、投，再 x x 揭晓，不讨论。", "Planned with one round: think, vote, then x x; no discussion.")
    ]
  }

  /// What a part is called.
  func title(of item: LectureItem) -> String {
    if !item.title(language).isEmpty { return glyphs.shown(item.title(language)) }
    switch item.source {
    case .lesson(let name, _):
      let isOpen = item == part
      return isOpen ? exhibit?.lesson?.lesson.title ?? name : name
    case .run(let arguments): return (["run"] + arguments).joined(separator: " ")
    case .recording(let path): return path.split(separator: "/").last.map(String.init) ?? path
    }
  }

  private func place(_ exhibit: Exhibit) -> PresentPlace {
    PresentPlace(
      item: item, screen: exhibit.lesson?.step.id, step: exhibit.viewer.moment.step,
      questions: questions.values.sorted { $0.id < $1.id }.map { held in
        PresentPlace.Question(
          id: held.id, phase: held.phase, counts: held.votes,
          hands: held.hasHands ? held.hands : [])
      }, seconds: clock.kept, isOver: isOver(exhibit))
  }

  /// Whether the next start begins anew: the lecture is at its end, or nobody has begun it.
  private func isOver(_ exhibit: Exhibit) -> Bool {
    guard clock.isRunning || resumed != nil, cover != .last else { return true }
    guard item == lecture.items.count - 1 else { return false }
    switch exhibit {
    case .lesson(let lesson): return nextStep == nil && !isHolding && !lesson.hasNextQuiz
    case .run(let run):
      // A lecture's last run is left at any of its steps.
      return run.state.isAtEnd || item > 0 && run.state.moment.step > 1
    }
  }
}
