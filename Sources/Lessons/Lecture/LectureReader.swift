internal import Base

/// Reads a lecture file: YAML with a title and a list of lessons, runs and recordings.
package struct LectureReader {
  let path: String

  /// Reads the file of a lecture.
  package init(path: String) { self.path = path }

  private static let fields = ["format", "title", "items"]
  private static let itemFields = [
    "lesson", "screens", "once", "run", "recording", "title", "minutes", "notes",
  ]
  private static let languages = ["zh", "en"]

  /// The lecture; the first thing that is wrong is thrown.
  package func file(_ text: String) throws(Finding) -> LectureFile {
    let fields = try YAMLFields(text, path: path, lineOffset: 0, known: Self.fields)
    guard try fields.string("format") == "1" else {
      throw fields.problem("format", expected: .notation("1"))
    }
    guard fields.has("title") else { throw Finding(path, fields.line, .missingField("title")) }
    let title = try title(fields)
    let items = try fields.mappings("items", known: Self.itemFields, most: LectureLimits.items)
    guard !items.isEmpty else { throw Finding(path, fields.line, .missingField("items")) }
    var parts: [LectureFile.Part] = []
    for item in items { parts.append(try part(item)) }
    return LectureFile(path: path, title: title, parts: parts)
  }

  private func part(_ fields: YAMLFields) throws(Finding) -> LectureFile.Part {
    let (source, name) = try source(fields)
    let item = LectureItem(
      source, title: try title(fields),
      minutes: try fields.optionalInt("minutes", in: 1...LectureLimits.minutes),
      notes: try notes(fields),
      once: Set(try fields.strings("once", most: LessonLimits.steps)))
    return LectureFile.Part(
      item: item, line: fields.line(of: name), screensLine: fields.line(of: "screens"),
      onceLine: fields.line(of: "once"))
  }

  // MARK: What is shown

  /// What a part shows, and the field that says so: one of three.
  private func source(
    _ fields: YAMLFields
  ) throws(Finding) -> (source: LectureItem.Source, field: String) {
    let given = ["lesson", "run", "recording"].filter(fields.has)
    guard let field = given.first else {
      throw Finding(path, fields.line, .missingField("lesson / run / recording"))
    }
    if given.count > 1 {
      throw fields.problem(given[1], expected: .notation(given.joined(separator: " / ")))
    }
    for other in ["screens", "once"] where field != "lesson" && fields.has(other) {
      throw fields.problem(other, expected: .notation("lesson"))
    }
    return (try source(fields, field), field)
  }

  private func source(
    _ fields: YAMLFields, _ field: String
  ) throws(Finding) -> LectureItem.Source {
    switch field {
    case "lesson":
      let name = try name(fields, field)
      let screens = try fields.strings("screens", most: LessonLimits.steps)
      return .lesson(name.hasSuffix(".md") ? besides(name) : name, screens: screens)
    case "run":
      let options = try fields.strings(field, most: LectureLimits.options)
      guard options.allSatisfy({ $0.count <= LessonLimits.text }) else {
        throw fields.problem(field, expected: .short(LessonLimits.text))
      }
      return .run(options)
    default: return .recording(besides(try name(fields, field)))
    }
  }

  private func name(_ fields: YAMLFields, _ field: String) throws(Finding) -> String {
    let name = try fields.string(field)
    guard !name.isEmpty, name.count <= LectureLimits.name else {
      throw fields.problem(field, expected: .short(LectureLimits.name))
    }
    return name
  }

  /// A file that is named from where the lecture lies.
  private func besides(_ name: String) -> String {
    guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
    return path[...slash] + name
  }

  // MARK: Words

  private func title(_ fields: YAMLFields) throws(Finding) -> Bilingual<String> {
    guard let both = try fields.optionalMapping("title", known: Self.languages) else {
      return Bilingual(try title(fields, "title") ?? "")
    }
    return Bilingual(try title(both, "zh", isNeeded: true), try title(both, "en", isNeeded: true))
  }

  private func title(
    _ fields: YAMLFields, _ field: String, isNeeded: Bool
  ) throws(Finding) -> String {
    guard let title = try title(fields, field) else {
      throw Finding(path, fields.line, .missingField("title: \(field)"))
    }
    return title
  }

  private func title(_ fields: YAMLFields, _ field: String) throws(Finding) -> String? {
    guard let title = try fields.optionalString(field) else { return nil }
    guard !title.isEmpty, title.count <= LectureLimits.title else {
      throw fields.problem(field, expected: .short(LectureLimits.title))
    }
    return title
  }

  private func notes(_ fields: YAMLFields) throws(Finding) -> Bilingual<[String]> {
    guard let both = try fields.optionalMapping("notes", known: Self.languages) else {
      return Bilingual(try plainNotes(fields, "notes"))
    }
    let (chinese, english) = (try plainNotes(both, "zh"), try plainNotes(both, "en"))
    guard chinese.count == english.count else {
      throw Finding(
        path, both.line,
        .languagesDiffer(
          what: "notes", chinese: "\(chinese.count)", english: "\(english.count)"))
    }
    return Bilingual(chinese, english)
  }

  /// Notes as they stand: no scene is there that an expression could be asked of.
  private func plainNotes(_ fields: YAMLFields, _ field: String) throws(Finding) -> [String] {
    let notes = try fields.notes(field)
    guard !notes.contains(where: { $0.contains("{{") }) else {
      throw Finding(path, fields.line(of: field), .notSupported("{{…}}"))
    }
    return notes
  }
}

/// How much a lecture file can ask for; its size is a lesson's.
enum LectureLimits {
  /// Parts of a lecture.
  static let items = 50
  /// Minutes that are planned for a part.
  static let minutes = 240
  /// Options of a run, and their values.
  static let options = 40
  /// Characters of a lesson's or a file's name.
  static let name = 1000
  /// Characters of a title.
  static let title = 80
}
