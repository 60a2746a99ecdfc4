/// Where a question is asked.
public struct QuestionPlace: Hashable, Sendable {
  /// The question.
  public let id: QuestionID
  /// The lesson's number, as learners know it.
  public let number: String
  /// The lesson's title.
  public let lesson: String
  /// The screen's id.
  public let step: String
  /// The screen's place in the lesson, from 1.
  public let screen: Int
  /// The screen's title.
  public let title: String
  /// The misconceptions that it asks after.
  public let misconceptions: [Int]
}

/// How it stands with something that is asked after in several questions.
public enum Standing: String, Sendable {
  /// Not every question has been answered yet, and none wrongly of late.
  case open
  /// The last answer to one of them was not right at once.
  case held
  /// The last answer to each was right at once.
  case overcome
}

/// A learner's record held against the lessons of a course: what is known of each question, where, and what follows from it.
public struct CourseRecord: Sendable {
  /// A question of the course, and what is known of it.
  public struct Row: Hashable, Sendable {
    /// Where it is asked.
    public let place: QuestionPlace
    /// What is known of it.
    public let known: QuestionRecord?
    /// What the lesson says one can do afterwards.
    public let outcomes: [String]

    /// Whether the last answer to it was not right at once.
    public var isMissed: Bool { known?.last.map { $0 != .right } ?? false }
  }

  /// Every question, in the order of the course.
  public let rows: [Row]
  /// What is known of questions that the course does not have.
  public let others: [(id: QuestionID, known: QuestionRecord)]

  /// Holds a record against lessons.
  public init(_ record: LearnerRecord, _ lessons: [Lesson]) {
    rows = lessons.flatMap { lesson in
      Self.places(lesson).map { place in
        Row(place: place, known: record.questions[place.id], outcomes: lesson.outcomes)
      }
    }
    let asked = Set(rows.map(\.place.id))
    others = record.questions.filter { !asked.contains($0.key) }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func places(_ lesson: Lesson) -> [QuestionPlace] {
    lesson.steps.enumerated().flatMap { index, step in
      step.quizzes.map { quiz in
        QuestionPlace(
          id: QuestionID(lesson.id, quiz.id), number: lesson.number, lesson: lesson.title,
          step: step.id, screen: index + 1, title: step.title, misconceptions: quiz.misconceptions)
      }
    }
  }

  /// The questions that are to be asked again at a time, those that have waited longest first.
  ///
  /// - Parameter now: seconds since 1970.
  /// - Returns: where they stand.
  public func due(at now: Int) -> [QuestionPlace] {
    rows.filter { $0.known?.spacing?.isDue(at: now) ?? false }
      .enumerated().sorted { one, other in
        let waits = [one, other].map { $0.element.known?.spacing?.due ?? 0 }
        return (waits[0], one.offset) < (waits[1], other.offset)
      }.map(\.element.place)
  }

  /// The questions whose last answer was not right at once.
  public var missed: [QuestionPlace] { rows.filter(\.isMissed).map(\.place) }

  /// The misconceptions that questions ask after, each with how it stands.
  public var misconceptions: [(number: Int, standing: Standing, rows: [Row])] {
    Set(rows.flatMap(\.place.misconceptions)).sorted().map { number in
      let asking = rows.filter { $0.place.misconceptions.contains(number) }
      return (number, Self.standing(asking), asking)
    }
  }

  private static func standing(_ rows: [Row]) -> Standing {
    if rows.contains(where: \.isMissed) { return .held }
    return rows.allSatisfy { $0.known?.last == .right } ? .overcome : .open
  }

  /// What lessons say one can do afterwards, in their order, with the questions of these lessons.
  public var outcomes: [(name: String, rows: [Row])] {
    var names: [String] = []
    for row in rows {
      for name in row.outcomes where !names.contains(name) { names.append(name) }
    }
    return names.map { name in (name, rows.filter { $0.outcomes.contains(name) }) }
  }
}

extension Lesson {
  /// Its number without zeros before it; empty where it has none.
  public var number: String { String(id.prefix { $0.isNumber }.drop { $0 == "0" }) }
}
