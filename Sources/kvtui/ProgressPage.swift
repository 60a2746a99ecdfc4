internal import Base
internal import Lessons
internal import Screens
internal import Viz

/// What `progress` prints for people: a table of the lessons, then what follows from the answers.
struct ProgressPage {
  let record: CourseRecord
  let course: StoredCourse
  let look: Look

  private var language: Language { look.language }

  /// The page.
  func text(_ lessons: [Lesson]) -> String {
    let blocks = [table(lessons), outcomes, misconceptions, due]
    return blocks.filter { !$0.isEmpty }
      .map { $0.map { look.glyphs.shown($0) + "\n" }.joined() }.joined(separator: "\n")
  }

  // MARK: Lessons

  private static let titleColumns = 30

  private func table(_ lessons: [Lesson]) -> [String] {
    let head = line(
      language("课", "lesson"), language("屏", "screens"),
      [
        language("一次答对", "at once"), language("后来答对", "later"), language("看了答案", "shown"),
        language("没答", "open"), language("到期", "due"),
      ])
    let rows = lessons.map { row($0) }
    return [head] + rows + [total]
  }

  private func row(_ lesson: Lesson) -> String {
    let entry = HomeState.Entry(lesson, course.done.lessons[lesson.id])
    let rows = record.rows.filter { $0.place.id.lesson == lesson.id }
    return line(
      "\(lesson.number.padded(to: 2, right: true))  \(lesson.title)", entry.screens(look),
      counts(rows))
  }

  private var total: String {
    line(language("一共", "all"), "", counts(record.rows))
  }

  private func counts(_ rows: [CourseRecord.Row]) -> [String] {
    let due = Set(record.due(at: course.now))
    let results: [QuizResult?] = [.right, .helped, .shown, nil]
    let counts = results.map { result in rows.count { $0.known?.first == result } }
    return (counts + [rows.count { due.contains($0.place) }]).map { $0 == 0 ? dash : "\($0)" }
  }

  private var dash: String { look.glyphs.dash }

  private func line(_ title: String, _ screens: String, _ columns: [String]) -> String {
    let width = language == .chinese ? 10 : 9
    return
      (title.padded(to: Self.titleColumns) + screens.padded(to: 8, right: true)
      + columns.map { $0.padded(to: width, right: true) }.joined())
  }

  // MARK: What follows

  private var outcomes: [String] {
    let begun = record.outcomes.filter { $0.rows.contains { $0.known?.last != nil } }
    let lines = begun.map { name, rows in
      let right = rows.count { $0.known?.last == .right }
      let asked = rows.count { $0.known?.last != nil }
      let words = Outcome.words(name, language) ?? name
      return "  " + words.padded(to: 52)
        + language(
          "\(right)/\(rows.count) 题答对" + (asked < rows.count ? "，\(rows.count - asked) 题没答" : ""),
          "\(right)/\(rows.count) right"
            + (asked < rows.count ? ", \(rows.count - asked) open" : ""))
    }
    let rest = record.outcomes.count - begun.count
    let more = language("  还有 \(rest) 项没开始", "  \(rest) more are not begun")
    return [language("学完能做的事（按最后一次回答）", "What one can do (by the last answer)")] + lines
      + (rest > 0 ? [more] : [])
  }

  private var misconceptions: [String] {
    let all = record.misconceptions
    let held = all.filter { $0.standing == .held }
    let over = all.count { $0.standing == .overcome }
    let open = all.count { $0.standing == .open }
    let head = language(
      "误解：\(over) 条已破，\(held.count) 条上次还答错，\(open) 条没问完",
      "Misconceptions: \(over) overcome, \(held.count) held by the last answer, \(open) not asked to the end"
    )
    return [head]
      + held.map { number, _, rows in
        let belief = Misconception.belief(number, language) ?? ""
        let places = rows.filter(\.isMissed).map { "\($0.place.number).\($0.place.screen)" }
        return "  \("\(number)".padded(to: 2, right: true))  \(belief)  "
          + language(
            "第 \(places.joined(separator: "、")) 屏", "screen \(places.joined(separator: ", "))")
      }
  }

  private static let mostDue = 10

  private var due: [String] {
    let due = record.due(at: course.now)
    guard !due.isEmpty else {
      return [language("没有到期的题", "Nothing is due")]
    }
    let head = language(
      "到期：\(due.count) 题（在目录里按 Enter 复习）",
      "Due: \(counted(due.count, "question")) (Enter in the menu asks them)")
    let lines = due.prefix(Self.mostDue).map { place in
      "  " + language("第 \(place.number) 课", "lesson \(place.number)") + "  \(place.title)"
    }
    guard due.count > Self.mostDue else { return [head] + lines }
    let rest = due.count - Self.mostDue
    return [head] + lines + ["  " + language("还有 \(rest) 题", "and \(rest) more")]
  }
}

/// What a class's exports come to, for people.
struct SumPage {
  let sum: ClassSum
  let course: CourseRecord
  let look: Look

  private var language: Language { look.language }
  private static let mostWrong = 3

  /// The page.
  var text: String {
    let lines = [head, columns] + sum.rows.map { row($0) } + [""] + misconceptions
    return lines.map { look.glyphs.shown($0) + "\n" }.joined()
  }

  private var head: String {
    language("\(sum.learners) 份导出", "\(counted(sum.learners, "export"))")
  }

  private var columns: String {
    line(
      language("题", "question"),
      [
        language("人数", "n"), language("一次答对", "at once"), language("后来", "later"),
        language("看答案", "shown"),
      ], language("常见的错", "common wrong answers"))
  }

  private func row(_ row: ClassSum.Row) -> String {
    let results: [QuizResult] = [.right, .helped, .shown]
    let counts = [row.count] + results.map { row.results[$0] ?? 0 }
    let wrong = row.commonWrong.prefix(Self.mostWrong).map { "\(words($0.answer)) ×\($0.count)" }
    return line(
      "\(row.id.lesson)#\(row.id.question)",
      counts.map { $0 == 0 ? look.glyphs.dash : "\($0)" },
      wrong.joined(separator: language("，", ", ")))
  }

  private func words(_ answer: GivenAnswer) -> String {
    switch answer {
    case .option(let place): language("第 \(place) 项", "option \(place)")
    case .text(let text): text
    }
  }

  private func line(_ title: String, _ columns: [String], _ tail: String) -> String {
    let cells = columns.map { $0.padded(to: 9, right: true) }.joined()
    return title.padded(to: 44) + cells + (tail.isEmpty ? "" : "  " + tail)
  }

  private var misconceptions: [String] {
    let asked = sum.misconceptions.filter { $0.count > 0 }
    guard !asked.isEmpty else { return [] }
    return [
      language("误解：几人答过，几人都一次答对", "Misconceptions: how many answered, how many right at once")
    ]
      + asked.map { number, count, right in
        let belief = Misconception.belief(number, language) ?? ""
        let share = "\(right)/\(count)".padded(to: 9, right: true)
        return "\(share)  \("\(number)".padded(to: 2, right: true))  \(belief)"
      }
  }
}
