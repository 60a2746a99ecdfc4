public import Base

extension PresentationDocument {
  /// One line of JSON; fields that must not be known yet, or say nothing, are not in it.
  public var json: String {
    var fields: [(String, JSONText)] = [
      ("sequence", .integer(sequence)), ("language", .string(language.rawValue)),
      ("show", place.json), ("sentence", .string(sentence)),
      ("question", question?.json ?? .null), ("canvas", canvas?.json ?? .null),
    ]
    if isBlank { fields.append(("blank", .boolean(true))) }
    if let cover { fields.append(("cover", .string(cover.rawValue))) }
    if let spotlight { fields.append(("spotlight", .string(spotlight.rawValue))) }
    if let backstage { fields.append(("backstage", backstage.json)) }
    return JSONText.object(fields).text
  }

  /// Reads a document that somebody else wrote.
  ///
  /// - Parameters:
  ///   - bytes: a line of JSON.
  ///   - source: where it comes from, for errors.
  /// - Throws: what is wrong with it, and in which field.
  public init(_ bytes: [UInt8], from source: String) throws(FileError) {
    let field = JSONField(file: source, value: try JSON.parse(bytes, file: source))
    let language = try field.required("language")
    guard let known = Language(rawValue: try language.text()) else {
      throw language.unsupported(Language.allCases.map(\.rawValue))
    }
    self.init(
      sequence: try field.required("sequence").count(), language: known,
      place: try ShownPlace(field.required("show")),
      sentence: try field.required("sentence").text())
    if let held = try field.optional("question") { question = try HeldQuestion(held) }
    if let frame = try field.optional("canvas") { canvas = try CanvasMarkup(frame) }
    isBlank = try field.flag("blank")
    if let part = try field.optional("cover") { cover = ShownCover(rawValue: try part.text()) }
    // One that only a later version knows costs nobody the picture.
    if let light = try field.optional("spotlight") {
      spotlight = ShownLight(rawValue: try light.text())
    }
    if let part = try field.optional("backstage") { backstage = try Backstage(part) }
  }
}

extension ShownPlace {
  fileprivate var json: JSONText {
    let cell = cell.map { JSONText.array([.integer($0.query), .integer($0.key)]) }
    return .object(
      source.fields + [
        ("step", .integer(step)), ("layer", .integer(layer)), ("head", .integer(head)),
        ("cell", cell ?? .null),
      ])
  }

  fileprivate init(_ field: JSONField) throws(FileError) {
    self.init(
      try Source(field), step: try field.size("step"), layer: try field.size("layer"),
      head: try field.size("head"))
    guard let place = try field.optional("cell") else { return }
    let parts = try place.elements()
    guard parts.count == 2 else { throw place.mustBe(.list) }
    cell = ShownCell(query: try parts[0].count(), key: try parts[1].count())
  }
}

extension ShownPlace.Source {
  fileprivate var fields: [(String, JSONText)] {
    switch self {
    case .run(let arguments):
      [("kind", .string("run")), ("arguments", .array(arguments.map(JSONText.string)))]
    case .lesson(let id, let screen):
      [("kind", .string("lesson")), ("lesson", .string(id)), ("screen", .string(screen))]
    case .recording(let path): [("kind", .string("recording")), ("path", .string(path))]
    }
  }

  fileprivate init(_ field: JSONField) throws(FileError) {
    let kind = try field.required("kind")
    switch try kind.text() {
    case "run":
      var arguments: [String] = []
      for argument in try field.required("arguments").elements() {
        arguments.append(try argument.text())
      }
      self = .run(arguments: arguments)
    case "lesson":
      self = .lesson(
        id: try field.required("lesson").text(), screen: try field.required("screen").text())
    case "recording": self = .recording(path: try field.required("path").text())
    default: throw kind.unsupported(["run", "lesson", "recording"])
    }
  }
}

extension HeldQuestion {
  fileprivate var json: JSONText {
    .object(
      [
        ("id", .string(id)), ("ask", .string(ask)),
        ("options", options.map { .array($0.map(JSONText.string)) } ?? .null),
        ("phase", .string(phase.rawValue)), ("answered", .integer(answered)),
        ("round", .integer(phase.round)),
      ] + (reveal?.fields ?? [])
        + [("said", said), ("why", why)].compactMap { name, text in
          text.map { (name, JSONText.string($0)) }
        })
  }

  fileprivate init(_ field: JSONField) throws(FileError) {
    let phase = try field.required("phase")
    guard let known = QuestionPhase(rawValue: try phase.text()) else {
      throw phase.unsupported(QuestionPhase.allCases.map(\.rawValue))
    }
    self.init(
      id: try field.required("id").text(), ask: try field.required("ask").text(),
      options: try field.optional("options")?.texts(), phase: known,
      answered: try field.required("answered").count())
    if field.has("answer") { reveal = try QuestionReveal(field) }
    said = try field.optional("said")?.text()
    why = try field.optional("why")?.text()
  }
}

extension QuestionReveal {
  fileprivate var fields: [(String, JSONText)] {
    let values = values.map { [("values", JSONText.array($0.map(JSONText.double)))] } ?? []
    return values + [
      ("counts", .array(counts.map { .array($0.map(JSONText.integer)) })),
      ("answer", .integer(answer)),
    ]
  }

  fileprivate init(_ field: JSONField) throws(FileError) {
    var counts: [[Int]] = []
    for round in try field.required("counts").elements() {
      var row: [Int] = []
      for count in try round.elements() { row.append(try count.count()) }
      counts.append(row)
    }
    self.init(
      values: try field.optional("values")?.numbers(), counts: counts,
      answer: try field.required("answer").count())
  }
}

extension CanvasMarkup {
  fileprivate var json: JSONText {
    let looks = styles.isEmpty ? [] : [("styles", JSONText.array(styles.map(\.json)))]
    return .object(
      [("columns", .integer(columns)), ("rows", .integer(rows)), ("html", .string(html))] + looks)
  }

  fileprivate init(_ field: JSONField) throws(FileError) {
    self.init(
      columns: try field.size("columns"), rows: try field.size("rows"),
      html: try field.required("html").text())
    for style in try field.optional("styles")?.elements() ?? [] { styles.append(try Style(style)) }
  }
}

extension CanvasMarkup.Style {
  fileprivate var json: JSONText {
    .array(colours.map(JSONText.string) + [.integer(isBold ? 1 : 0)])
  }

  fileprivate init(_ field: JSONField) throws(FileError) {
    let parts = try field.elements()
    guard parts.count == 5 else { throw field.mustBe(.list) }
    self.init(colours: [], isBold: try parts[4].count() == 1)
    for part in parts.prefix(4) { colours.append(try part.text()) }
  }
}

extension JSONField {
  func texts() throws(FileError) -> [String] {
    var texts: [String] = []
    for element in try elements() { texts.append(try element.text()) }
    return texts
  }

  func numbers() throws(FileError) -> [Double] {
    var numbers: [Double] = []
    for element in try elements() {
      guard let number = element.value.number else { throw element.mustBe(.number) }
      numbers.append(number)
    }
    return numbers
  }
}
