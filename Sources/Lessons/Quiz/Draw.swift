internal import Base

/// Numbers of a question that are others at a new try: what each name stands for, try by try.
public struct Draw: Hashable, Sendable {
  /// All lists are of one length.
  let numbers: [String: [Double]]

  /// Nothing is drawn.
  static let nothing = Draw(numbers: [:])

  /// How many questions there are: one where nothing is drawn.
  public var count: Int { numbers.values.first?.count ?? 1 }

  /// The numbers at a place of their lists.
  func values(_ place: Int) -> [String: Double] { numbers.mapValues { $0[place % count] } }

  /// The place of a try, counted from 0: the first try has the first numbers, later ones others in an order that a seed gives, and
  /// none comes again before all have been.
  func place(ofTry number: Int, seed: UInt64) -> Int {
    let turn = max(0, number) % count
    guard turn > 0 else { return 0 }
    return Self.mixed(Array(1..<count), seed: seed)[turn - 1]
  }

  /// A list in an order that a seed gives.
  static func mixed(_ list: [Int], seed: UInt64) -> [Int] {
    var (list, random) = (list, SplitMix64(seed: seed))
    for last in list.indices.dropFirst().reversed() {
      list.swapAt(last, Int(random.next() % UInt64(last + 1)))
    }
    return list
  }
}

extension Quiz {
  /// The question with the numbers of a place in its lists.
  package func drawn(_ place: Int) -> Quiz {
    var drawn = self
    drawn.values = draw.values(place)
    if let stepName { drawn.at = drawn.values[stepName].flatMap { Int(exactly: $0) } }
    return drawn
  }

  /// The places of the file's options in the order in which a learner sees them, each counted from 0.
  ///
  /// - Parameter seed: of the learner's way through the lesson; nil for the order of the file.
  /// - Returns: the places; empty where there are no options.
  package func optionOrder(seed: Int?) -> [Int] {
    let places: [Int]
    switch kind {
    case .choice(let choices): places = Array(choices.indices)
    case .lines(let gaps): places = Array(gaps.lines.indices)
    default: return []
    }
    guard let seed else { return places }
    let own = mixedSeed(seed)
    guard isOrdered else { return Draw.mixed(places, seed: own) }
    var random = SplitMix64(seed: own)
    return random.next() & 1 == 0 ? places : places.reversed()
  }

  /// The learner's seed and this question's own, so that two questions are not mixed alike.
  ///
  /// Source: FNV-1a, RFC 9923.
  fileprivate func mixedSeed(_ seed: Int) -> UInt64 {
    id.utf8.reduce(0xCBF2_9CE4_8422_2325 ^ UInt64(bitPattern: Int64(seed))) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
  }
}

extension Lesson {
  /// The lesson with the numbers that its questions have at a try.
  ///
  /// - Parameters:
  ///   - tries: how often each question was begun anew, by its id.
  ///   - seed: of the learner's way through the lesson.
  /// - Returns: the lesson.
  package func drawn(tries: [String: Int], seed: Int?) -> Lesson {
    guard quizzes.contains(where: { $0.draw.count > 1 }) else { return self }
    var drawn = self
    drawn.steps = steps.map { step in
      var step = step
      step.items = step.items.map { item in
        guard case .quiz(let quiz) = item else { return item }
        let place = quiz.draw.place(
          ofTry: tries[quiz.id] ?? 0, seed: quiz.mixedSeed(seed ?? 0))
        return .quiz(quiz.drawn(place))
      }
      return step
    }
    return drawn
  }
}
