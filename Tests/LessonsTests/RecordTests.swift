internal import Base
import Foundation
import TestSupport
import Testing

@testable import Lessons

/// Each answer is kept, whoever else writes and whenever the program ends.
@Suite struct RecordTests {
  /// A fresh state folder, removed at the end.
  static func inFolder(_ work: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-record-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try work(folder)
  }

  static func event(
    _ question: String, at seconds: Int, _ answer: String? = "16", right: Bool = true,
    hints: Int = 0, lesson: String = "03-a", result: QuizResult?
  ) -> RecordEvent {
    RecordEvent(
      seconds: seconds, lesson: lesson, question: question, answer: answer.map { .text($0) },
      isRight: right, hints: hints, result: result)
  }

  private static func data(_ folder: String) throws -> Data {
    try Data(contentsOf: URL(filePath: folder + "/record.jsonl"))
  }

  // MARK: What is known of a question

  @Test("The first result stays; tries, hints and wrong answers are those until then")
  func first() {
    var record = LearnerRecord()
    record.take(Self.event("q", at: 10, "10", right: false, result: nil))
    record.take(Self.event("q", at: 20, "16", hints: 1, result: .helped))
    record.take(Self.event("q", at: 30, "9", right: false, hints: 2, result: nil))
    record.take(Self.event("q", at: 40, nil, right: false, result: .shown))
    let known = record.questions[QuestionID("03-a", "q")]
    #expect(known?.first == .helped && known?.last == .shown && known?.asked == 2)
    #expect(known?.tries == 2 && known?.hints == 1 && known?.wrong == [.text("10")])
  }

  @Test("Who tried in vain before a break is not right at once")
  func doubtful() {
    var record = LearnerRecord()
    record.take(Self.event("q", at: 10, "10", right: false, result: nil))
    record.take(Self.event("q", at: 9000, result: .right))
    let known = record.questions[QuestionID("03-a", "q")]
    #expect(known?.first == .helped && known?.tries == 2)
  }

  // MARK: When it is asked again

  private static let day = 86_400

  @Test("The interval grows with each right answer, and begins anew behind a wrong one")
  func spacing() {
    #expect(Spacing.days == [1, 3, 7, 16, 35])
    var spacing = Spacing(after: nil, isRight: true, seconds: 0)
    var now = 0
    for days in [3, 7, 16, 35, 35] {
      #expect(!spacing.isDue(at: now + (days - 1) * Self.day))
      #expect(spacing.isDue(at: now + days * Self.day))
      now += days * Self.day
      spacing = Spacing(after: spacing, isRight: true, seconds: now)
    }
    spacing = Spacing(after: spacing, isRight: false, seconds: now)
    #expect(!spacing.isDue(at: now + Self.day / 2) && spacing.isDue(at: now + Self.day))
    #expect(Spacing(after: nil, isRight: false, seconds: 0).level == 0)
  }

  @Test("What is right before its time proves nothing; a clock that was wrong asks at once")
  func early() {
    let first = Spacing(after: nil, isRight: true, seconds: 0)
    #expect(Spacing(after: first, isRight: true, seconds: Self.day) == first)
    #expect(Spacing(level: 4, since: 99 * Self.day).isDue(at: 3 * Self.day))
    #expect(Spacing(level: 9, since: 0).level == 4)
  }

  @Test("What is due is a function of record and time, the longest waiting first")
  func due() throws {
    let lessons = try ["03-recomputing", "05-with-the-cache"].map {
      try Classroom.course.lesson($0, .english)
    }
    let quizzes = lessons.map { $0.quizzes.map(\.id) }
    var record = LearnerRecord()
    for (seconds, lesson, quiz, result) in [
      (0, 0, 0, QuizResult.right), (10, 0, 1, .shown), (5, 1, 0, .helped),
    ] {
      record.take(
        Self.event(
          quizzes[lesson][quiz], at: seconds, right: result != .shown,
          lesson: lessons[lesson].id, result: result))
    }
    record.take(Self.event("gone", at: 0, right: false, lesson: "99-x", result: .shown))
    let course = CourseRecord(record, lessons)
    #expect(course.due(at: Self.day / 2).isEmpty)
    let due = course.due(at: 2 * Self.day).map(\.id.question)
    #expect(due.contains(quizzes[0][1]) && due.contains(quizzes[1][0]))
    #expect(due.last == quizzes[0][1], "asked at 10, the others before")
    #expect(Set(course.missed.map(\.id.question)).isSuperset(of: [quizzes[0][1], quizzes[1][0]]))
    #expect(course.others.map(\.id.question) == ["gone"])
  }

  @Test("A misconception is held, overcome or open by the last answers to all that ask after it")
  func standings() throws {
    let lessons = try Classroom.course.ids.map { try Classroom.course.lesson($0, .english) }
    let asking = CourseRecord(LearnerRecord(), lessons).misconceptions
    #expect(asking.map(\.number) == Array(1...Linter.misconceptions))
    #expect(asking.allSatisfy { $0.standing == .open })
    let several = try #require(asking.first { $0.rows.count > 1 })
    var record = LearnerRecord()
    func answer(_ index: Int, _ result: QuizResult) -> Standing? {
      let id = several.rows[index].place.id
      record.take(
        Self.event(
          id.question, at: 1, right: result != .shown, lesson: id.lesson, result: result))
      return CourseRecord(record, lessons).misconceptions
        .first { $0.number == several.number }?.standing
    }
    #expect(answer(0, .right) == .open)
    #expect(answer(1, .shown) == .held)
    #expect(answer(1, .right) == .overcome || several.rows.count > 2)
  }

  @Test("Every misconception has words, those of the table of the lessons' README")
  func beliefs() throws {
    #expect(Misconception.count == Linter.misconceptions)
    for (file, language) in [("README.md", Language.english), ("README.zh.md", .chinese)] {
      let text = try String(contentsOfFile: Checkout.root + "/lessons/" + file, encoding: .utf8)
      for number in 1...Linter.misconceptions {
        let belief = try #require(Misconception.belief(number, language))
        #expect(text.contains("| \(number) | \(belief) |"), "\(file) \(number)")
      }
    }
    #expect(Misconception.belief(0, .english) == nil && Misconception.belief(20, .english) == nil)
  }

  @Test("Every outcome that a lesson names has words")
  func outcomes() throws {
    for id in Classroom.course.ids {
      for name in try Classroom.course.lesson(id, .english).outcomes {
        #expect(
          Outcome.words(name, .english) != nil && Outcome.words(name, .chinese) != nil, "\(name)")
      }
    }
  }

  // MARK: On disk

  private static func random(_ random: inout SplitMix64, _ writer: Int, _ step: Int) -> RecordEvent
  {
    let isRight = Bool.random(using: &random)
    let question = "q\(Int.random(in: 0..<4, using: &random))"
    let result: QuizResult? = isRight ? .right : Bool.random(using: &random) ? .shown : nil
    return event(question, at: step, "\(writer).\(step)", right: isRight, result: result)
  }

  @Test("Any interleaving of two windows loses nothing of either", arguments: 0..<40)
  func interleaved(seed: Int) throws {
    try Self.inFolder { folder in
      var random = SplitMix64(seed: UInt64(seed))
      let windows = [ProgressFile(folder: folder), ProgressFile(folder: folder)]
      var (all, steps): (LearnerRecord, Set<String>) = (LearnerRecord(), [])
      for step in 0..<30 {
        let writer = Int.random(in: 0...1, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: windows[writer].refresh()
        case 1:
          steps.insert("s\(step)")
          windows[writer].update("03-a") { $0.steps.insert("s\(step)") }
        default:
          let event = Self.random(&random, writer, step)
          all.take(event)
          windows[writer].add(LessonProgress(), to: "03-a", events: [event])
        }
      }
      let read = ProgressFile(folder: folder)
      #expect(read.record == all)
      #expect(read.progress.lessons["03-a"]?.steps ?? [] == steps)
      #expect(read.trouble == nil && windows.allSatisfy { $0.trouble == nil })
      for window in windows {
        window.refresh()
        #expect(window.record == all && window.progress == read.progress)
      }
    }
  }

  @Test("Programs that write at the same moment lose nothing")
  func atOnce() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-record-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          let file = ProgressFile(folder: folder)
          for step in 0..<12 {
            var done = LessonProgress()
            done.steps = ["s\(writer).\(step)"]
            let event = RecordTests.event("q\(writer).\(step)", at: step, result: .right)
            file.add(done, to: "03-a", events: [event])
          }
        }
      }
    }
    let read = ProgressFile(folder: folder)
    #expect(read.record.questions.count == 48)
    #expect(read.progress.lessons["03-a"]?.steps.count == 48)
  }

  @Test("A record that is cut at any byte loses its last line at most, and goes on from there")
  func cut() throws {
    let events = [
      Self.event("q1", at: 5, "10", right: false, result: nil),
      Self.event("q1", at: 6, "十六「」", result: .helped), Self.event("q2", at: 7, result: .right),
    ]
    let lines = events.map { Array(RecordLines.line($0).utf8) }
    let bytes = lines.flatMap { $0 }
    let next = Self.event("q3", at: 8, result: .right)
    for length in 0...bytes.count {
      try Self.inFolder { folder in
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes.prefix(length)).write(to: URL(filePath: folder + "/record.jsonl"))
        var expected = LearnerRecord()
        var end = 0
        for (event, line) in zip(events, lines) {
          end += line.count
          // A line whose newline alone is missing is whole.
          if end - 1 <= length { expected.take(event) }
        }
        let file = ProgressFile(folder: folder)
        #expect(file.record == expected, "\(length)")
        file.add(LessonProgress(), to: "03-a", events: [next])
        expected.take(next)
        #expect(ProgressFile(folder: folder).record == expected, "\(length)")
      }
    }
  }

  @Test(
    "A damaged line costs itself alone",
    arguments: [
      "", "{", "nonsense", "[]", "{\"at\":1}", "\u{0}\u{1}",
      #"{"at":-1,"lesson":"03-a","question":"q9","answer":"1","right":true,"result":"right"}"#,
      #"{"at":1,"lesson":"","question":"q9","result":"right"}"#,
      #"{"at":1,"lesson":"03-a","question":"q9","result":"guessed"}"#,
      #"{"at":1,"lesson":"03-a","question":"q9"}"#,
      #"{"lesson":"03-a","question":"q9","first":"right","tries":-1,"hints":0,"asked":1,"last":"right","wrong":[]}"#,
      String(repeating: "x", count: 10_000),
    ])
  func damaged(line: String) throws {
    try Self.inFolder { folder in
      let events = [1, 2].map { Self.event("q\($0)", at: $0, result: .right) }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let text = RecordLines.line(events[0]) + line + "\n" + RecordLines.line(events[1])
      try Data(text.utf8).write(to: URL(filePath: folder + "/record.jsonl"))
      let file = ProgressFile(folder: folder)
      #expect(file.record.questions.keys.map(\.question).sorted() == ["q1", "q2"])
      #expect(file.trouble == nil)
    }
  }

  @Test("What is read back is what was written, and a sum of it too")
  func roundTrip() {
    var random = SplitMix64(seed: 3)
    for round in 0..<50 {
      var (record, read) = (LearnerRecord(), LearnerRecord())
      let events = (0..<20).map { Self.random(&random, round, $0) }
      for event in events { record.take(event) }
      let text = events.map(RecordLines.line).joined()
      #expect(RecordLines.read(Array(text.utf8), into: &read) == 0)
      #expect(read == record)
      let sums = record.questions.map { RecordLines.line($0.key, $0.value) }.joined()
      var summed = LearnerRecord()
      #expect(RecordLines.read(Array(sums.utf8), into: &summed) == 0)
      #expect(summed == record)
      // What follows is the same behind a sum as behind the lines.
      let more = Self.random(&random, round, 9_000_000)
      record.take(more)
      summed.take(more)
      #expect(summed == record)
    }
  }

  @Test(
    "Bytes of any kind are read without harm, and what is understood of them is written the same")
  func anyBytes() throws {
    let seeds = [
      RecordLines.line(Self.event("q1", at: 5, "10", right: false, hints: 2, result: nil)),
      RecordLines.line(Self.event("q1", at: 6, nil, result: .shown)),
      #"{"lesson":"a","question":"b","first":"later","tries":2,"hints":1,"wrong":[{"answer":"\u0001\u200e汉"},{"option":3}],"asked":3,"last":"right","doubtful":true,"taken_over":false,"level":2,"since":1764179000}"#
        + "\n",
    ].joined()
    var random = SplitMix64(seed: 11)
    for _ in 0..<4000 {
      var bytes = Array(seeds.utf8)
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let at = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: at)
        default:
          bytes.insert(
            Array("0123456789\"{}[],:-e".utf8).randomElement(using: &random) ?? 0, at: at)
        }
      }
      var (record, again) = (LearnerRecord(), LearnerRecord())
      _ = RecordLines.read(bytes, into: &record)
      let sums = record.questions.map { RecordLines.line($0.key, $0.value) }.joined()
      #expect(RecordLines.read(Array(sums.utf8), into: &again) == 0)
      #expect(again == record)
    }
  }

  @Test("A record that grows is summed up, and loses nothing by it")
  func summedUp() throws {
    try Self.inFolder { folder in
      let file = ProgressFile(folder: folder)
      var all = LearnerRecord()
      for batch in 0..<30 {
        let events = (0..<100).map { step in
          Self.event(
            "question-\(step)", at: batch * 86_400, String(repeating: "1", count: 60),
            result: .right)
        }
        for event in events { all.take(event) }
        file.add(LessonProgress(), to: "03-a", events: events)
      }
      let bytes = try Self.data(folder).count
      #expect(bytes < 300 << 10)
      #expect(file.record == all && ProgressFile(folder: folder).record == all)
    }
  }

  @Test("Results that another version kept are taken over once, with the time of its file")
  func takenOver() throws {
    try Self.inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let old =
        #"{"format":1,"lessons":{"03-a":{"quizzes":{"q":"helped","r":"right"},"steps":["s"],"isDone":true}}}"#
      try Data(old.utf8).write(to: URL(filePath: folder + "/progress.json"))
      let now = Int(Date().timeIntervalSince1970)
      for _ in 0..<2 {
        let file = ProgressFile(folder: folder)
        #expect(file.progress.lessons["03-a"]?.isDone == true)
        let known = file.record.questions[QuestionID("03-a", "q")]
        #expect(known?.first == .helped && known?.isTakenOver == true && known?.asked == 1)
        #expect(abs((known?.spacing?.since ?? 0) - now) < 60)
        #expect(file.record.questions[QuestionID("03-a", "r")]?.tries == 1)
      }
      let lines = try String(decoding: Self.data(folder), as: UTF8.self).split(separator: "\n")
      #expect(lines.count == 2)
    }
  }

  @Test(
    "A lesson that is forgotten is forgotten by all windows, and what is done of it since stays")
  func forgotten() throws {
    try Self.inFolder { folder in
      let (one, other) = (ProgressFile(folder: folder), ProgressFile(folder: folder))
      one.add(LessonProgress(), to: "03-a", events: [Self.event("q", at: 1, result: .right)])
      one.update("03-a") { $0.steps = ["s"] }
      one.update("04-b") { $0.steps = ["t"] }
      other.reset("03-a")
      one.update("03-a") { $0.steps.insert("u") }
      let read = ProgressFile(folder: folder)
      #expect(read.progress.lessons["03-a"]?.steps == ["u"])
      #expect(read.progress.lessons["04-b"]?.steps == ["t"])
      #expect(read.record.questions.isEmpty)
    }
  }

  @Test("What is no record is set aside, and kept from then on")
  func irregular() throws {
    try Self.inFolder { folder in
      let path = folder + "/record.jsonl"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let makers: [() throws -> Void] = [
        { mkfifo(path, 0o600) }, { symlink("/etc/hostname", path) }, { mkdir(path, 0o700) },
        { try Data(repeating: 0x20, count: 9 << 20).write(to: URL(filePath: path)) },
      ]
      for make in makers {
        try make()
        let file = ProgressFile(folder: folder)
        guard case .setAside? = file.trouble else {
          Issue.record("\(String(describing: file.trouble))")
          continue
        }
        file.add(LessonProgress(), to: "03-a", events: [Self.event("q", at: 1, result: .right)])
        #expect(ProgressFile(folder: folder).record.questions.count == 1)
        try FileManager.default.removeItem(atPath: path)
      }
    }
  }
}
