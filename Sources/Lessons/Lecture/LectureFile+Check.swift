public import Base

/// Why something that a lecture shows cannot be shown; nil where it can.
public typealias LectureRefusal = (LectureItem.Source) -> (any Explained)?

extension LectureFile {
  /// The lecture, each of its parts looked up, so that nothing is missed in the middle of a class.
  ///
  /// - Parameters:
  ///   - course: where lessons are found by name.
  ///   - refusal: why a run or a recording cannot be shown.
  /// - Returns: the lecture, in which lessons have their ids, and their titles where they were given none.
  /// - Throws: the first part that is not there.
  public func lecture(_ course: Course, refusal: LectureRefusal) throws(Finding) -> Lecture {
    var items: [LectureItem] = []
    for part in parts { items.append(try item(part, course, refusal)) }
    return Lecture(title: title, items: items)
  }

  /// Everything in it that is not there.
  public func findings(_ course: Course, refusal: LectureRefusal) -> [Finding] {
    parts.compactMap { part in
      do throws(Finding) {
        _ = try item(part, course, refusal)
        return nil
      } catch {
        return error
      }
    }
  }

  private func item(
    _ part: Part, _ course: Course, _ refusal: LectureRefusal
  ) throws(Finding) -> LectureItem {
    guard case .lesson(let name, let screens) = part.item.source else {
      guard let reason = refusal(part.item.source) else { return part.item }
      throw Finding(path, part.line, .cannotShow(.cannotCompute(reason)))
    }
    let id = try id(name, part, course)
    let lessons = (try lesson(id, course, .chinese), try lesson(id, course, .english))
    try check(screens, lessons.0, part)
    try check(screens, lessons.1, part)
    let shown = screens.isEmpty ? lessons.0.steps.map(\.id) : screens
    if let other = part.item.once.subtracting(shown).min() {
      throw problem("once", other, part.onceLine, expected: shown)
    }
    let isNamed = part.item.title != Bilingual("")
    return LectureItem(
      .lesson(id, screens: screens),
      title: isNamed ? part.item.title : Bilingual(lessons.0.title, lessons.1.title),
      minutes: part.item.minutes, notes: part.item.notes, once: part.item.once)
  }

  private func id(_ name: String, _ part: Part, _ course: Course) throws(Finding) -> String {
    if name.hasSuffix(".md") { return name }
    guard let id = course.id(matching: name) else {
      throw problem("lesson", name, part.line, expected: course.ids)
    }
    return id
  }

  private func lesson(
    _ id: String, _ course: Course, _ language: Language
  ) throws(Finding) -> Lesson {
    guard id.hasSuffix(".md") else { return try course.lesson(id, language) }
    return try Course.lesson(path: id, id: id, language: language)
  }

  /// Screens that the lesson has, in its order: a class goes through them as the lesson does.
  private func check(_ screens: [String], _ lesson: Lesson, _ part: Part) throws(Finding) {
    let known = lesson.steps.map(\.id)
    var last = -1
    for screen in screens {
      guard let index = known.firstIndex(of: screen), index > last else {
        throw problem("screens", screen, part.screensLine, expected: known)
      }
      last = index
    }
  }

  private func problem(
    _ field: String, _ value: String, _ line: Int, expected: [String]
  ) -> Finding {
    Finding(
      path, line,
      .badValue(
        field: field, value: "\"" + value.prefix(40) + "\"",
        expected: .notation(expected.joined(separator: ", "))))
  }
}
