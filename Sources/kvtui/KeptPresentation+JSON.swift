internal import Base
internal import Classroom
internal import ClassroomServer
internal import Screens

extension KeptPresentation {
  private static let format = 1
  private static let mostBytes = 16 << 20
  private static let mostParts = 256
  private static let mostQuestions = 256
  private static let mostVotes = 100_000
  /// Seconds that a part can have been on the wall: a week.
  private static let longestPart = 7 * 86_400
  private static let largestSequence = 1 << 52

  /// What is written.
  var json: String {
    JSONText.object([
      ("format", .integer(Self.format)), ("parts", .array(parts.map(JSONText.string))),
      ("seconds", .integer(seconds)), ("code", .optional(code?.description)),
      ("host", .optional(address?.host)),
      ("port", address.map { .integer(Int($0.port)) } ?? .null),
      ("sequence", .integer(sequence)), ("item", .integer(place.item)),
      ("screen", .optional(place.screen)), ("step", .integer(place.step)),
      ("spent", .array(place.seconds.map(JSONText.integer))), ("began", .integer(began)),
      ("results", .optional(results)),
      ("held", .array(place.questions.map(\.json))),
      ("questions", .array(questions.map(\.json))),
    ]).text + "\n"
  }

  /// Reads what was kept; nil where nothing is there.
  ///
  /// - Throws: what is wrong with the file, and in which field.
  static func read(_ path: String) throws(FileError) -> KeptPresentation? {
    let file: RegularFile
    do throws(FileError) {
      file = try RegularFile(path, followsLinks: false)
    } catch {
      if case .cannotOpen(_, let reason) = error, reason.isAbsence { return nil }
      throw error
    }
    let bytes = try file.allBytes(limit: mostBytes)
    return try KeptPresentation(JSONField(file: path, value: try JSON.parse(bytes, file: path)))
  }

  private init(_ field: JSONField) throws(FileError) {
    let version = try field.required("format")
    guard try version.count() == Self.format else { throw version.unsupported(["\(Self.format)"]) }
    self.init(
      parts: try field.required("parts").texts(atMost: Self.mostParts),
      seconds: try field.required("seconds").count(upTo: Self.largestSequence),
      sequence: try field.required("sequence").count(upTo: Self.largestSequence),
      place: try Self.place(field), questions: [],
      began: try field.required("began").count(upTo: Self.largestSequence))
    results = try field.optional("results")?.text()
    if let text = try field.optional("code") {
      guard let known = JoinCode(try text.text()) else { throw text.unsupported([]) }
      code = known
    }
    if let host = try field.optional("host") {
      address = ServeAddress(
        host: try host.text(), port: UInt16(try field.required("port").count(upTo: 65535)))
    }
    for question in try field.required("questions").elements(atMost: Self.mostQuestions) {
      questions.append(try PutQuestion(question))
    }
  }

  private static func place(_ field: JSONField) throws(FileError) -> PresentPlace {
    var place = PresentPlace(
      item: try field.required("item").count(upTo: mostParts), step: try field.size("step"))
    place.screen = try field.optional("screen")?.text()
    for seconds in try field.required("spent").elements(atMost: mostParts) {
      place.seconds.append(try seconds.count(upTo: longestPart))
    }
    for held in try field.required("held").elements(atMost: mostQuestions) {
      place.questions.append(try PresentPlace.Question(held, most: mostVotes))
    }
    return place
  }
}

extension PresentPlace.Question {
  fileprivate var json: JSONText {
    .object([
      ("id", .string(id)), ("phase", .string(phase.rawValue)),
      ("rounds", .array(counts.map(\.json))), ("hands", .array(hands.map(\.json))),
    ])
  }

  fileprivate init(_ field: JSONField, most: Int) throws(FileError) {
    let phase = try field.required("phase")
    guard let known = QuestionPhase(rawValue: try phase.text()) else {
      throw phase.unsupported(QuestionPhase.allCases.map(\.rawValue))
    }
    func rounds(_ name: String) throws(FileError) -> [VoteCounts] {
      var rounds: [VoteCounts] = []
      for round in try field.required(name).elements(atMost: 2) {
        rounds.append(try VoteCounts(round, most: most))
      }
      return rounds
    }
    self.init(
      id: try field.required("id").text(), phase: known, counts: try rounds("rounds"),
      hands: try rounds("hands"))
  }
}

extension VoteCounts {
  /// Pairs of a choice and its votes.
  fileprivate var json: JSONText {
    .array(
      votes.sorted { $0.key < $1.key }.map { .array([.double($0.key), .integer($0.value)]) })
  }

  fileprivate init(_ field: JSONField, most: Int) throws(FileError) {
    var votes: [Double: Int] = [:]
    // Several starts may each have had as many devices as vote.
    for pair in try field.elements(atMost: 4 * Ballot.mostDevices) {
      let parts = try pair.elements()
      guard parts.count == 2, let choice = parts[0].value.number, choice.isFinite else {
        throw pair.mustBe(.list)
      }
      votes[choice] = try parts[1].count(upTo: most)
    }
    self.init(votes)
  }
}

extension JSONText {
  /// A text, or null.
  static func optional(_ text: String?) -> JSONText { text.map(JSONText.string) ?? .null }
}

extension JSONField {
  /// A whole number from 0.
  func count(upTo most: Int) throws(FileError) -> Int {
    let count = try count()
    guard count <= most else { throw mustBe(.size(0...most)) }
    return count
  }

  /// The elements of a list that is not longer than this.
  func elements(atMost most: Int) throws(FileError) -> [JSONField] {
    let elements = try elements()
    guard elements.count <= most else { throw mustBe(.list) }
    return elements
  }

  /// The texts of a list that is not longer than this.
  func texts(atMost most: Int) throws(FileError) -> [String] {
    var texts: [String] = []
    for element in try elements(atMost: most) { texts.append(try element.text()) }
    return texts
  }
}
