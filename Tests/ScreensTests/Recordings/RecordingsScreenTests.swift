import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The list of recordings: what it says of each file, and the way to a recording and back.
@Suite struct RecordingsScreenTests {
  static let entries = [
    RecordingEntry(
      path: "run.kvtrace", name: "run.kvtrace",
      .run(RecordingEntry.Run(model: "tiny-zh", text: "中华人民共和国成立于1949年", tokens: 16, steps: 12))),
    RecordingEntry(
      path: "odd\u{1B}[2J.kvtrace", name: "odd\u{1B}[2J.kvtrace",
      .run(RecordingEntry.Run(model: "a\u{202E}b", text: "x\ny\u{7}", tokens: 9, steps: 3))),
    RecordingEntry(
      path: "home/broken.kvtrace", name: "home/broken.kvtrace",
      .unreadable([.chinese: "这个文件断了", .english: "the file is cut short"])),
  ]

  /// More files than lines, some with names that are longer than the screen or would change it.
  static let many = (1...50).map { number in
    let names = [
      String(repeating: "录像", count: 40) + "\(number)",
      String(repeating: "long-", count: 60) + "\(number)",
      "\u{1B}[31m\(number)\u{202E}\n\t", "run-\(number)",
    ]
    let name = names[number % 4] + ".kvtrace"
    return RecordingEntry(
      path: name, name: name,
      .run(
        RecordingEntry.Run(
          model: number % 3 == 0 ? String(repeating: "模型", count: 30) : "tiny-zh",
          text: "中华人民共和国", tokens: 7, steps: number % 5 == 0 ? 1_000_000 : 7)))
  }

  static func screen(
    _ look: Look = Look(), _ entries: [RecordingEntry] = entries, count: Int? = nil,
    size: Size = Size(columns: 80, rows: 24), keys: String = ""
  ) throws -> RecordingsScreen {
    var screen = RecordingsScreen(look)
    _ = screen.update(.resized(size))
    answer(&screen, entries, count: count)
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
      show(&screen)
    }
    return screen
  }

  static func answer(
    _ screen: inout RecordingsScreen, _ entries: [RecordingEntry], count: Int? = nil
  ) {
    guard case .recordings(.list(let round))? = screen.question else { return }
    let list = RecordingList(entries, folders: [".", "home"], count: count ?? entries.count)
    _ = screen.update(.findings(.recordings(.list(round: round, list))))
    show(&screen)
  }

  /// The run of whichever file is chosen.
  static func show(_ screen: inout RecordingsScreen) {
    guard case .recordings(.picture(let path))? = screen.question else { return }
    _ = screen.update(.findings(.recordings(.picture(path, try? Material.trace()))))
  }

  @Test("Each file has its model, steps and text, or says that it cannot be played")
  func lines() throws {
    let look = Look(language: .english)
    let size = Size(columns: 100, rows: 24)
    let text = try Self.screen(look, size: size).view(size, look).plainText
    let first = try #require(text.split(separator: "\n").first { $0.contains("run.kvtrace") })
    for part in ["tiny-zh", "12", "中华人民共和国成立于1949年"] { #expect(first.contains(part)) }
    #expect(text.contains("cannot be played") && text.contains("file 1 of 3"))
    #expect(text.contains("run.kvtrace: 12 steps, 16 tokens"))
    let last = try Self.screen(look, size: size, keys: "End").view(size, look).plainText
    #expect(last.contains("the file is cut short"))
  }

  @Test(
    "Heads stand apart over what there is: numbers end on one edge, and broken files have but names"
  )
  func heads() throws {
    let look = Look(language: .english)
    let runs = [("a", 7), ("b", 29), ("c", 1_000)].map { name, steps in
      RecordingEntry(
        path: name, name: name + ".kvtrace",
        .run(RecordingEntry.Run(model: "tiny", text: "中华人民共和国", tokens: 8, steps: steps)))
    }
    for columns in [60, 80, 120] {
      let size = Size(columns: columns, rows: 16)
      let lines = try Self.screen(look, runs, size: size).view(size, look).plainText
        .split(separator: "\n").map(String.init)
      let head = try #require(lines.first { $0.contains("model") })
      #expect(head.split(separator: " ") == ["file", "model", "steps", "text"], "\(head)")
      let ends = try [("a.", "7"), ("b.", "29"), ("c.", "1000")].map { name, steps in
        let line = try #require(lines.first { $0.contains(name) })
        #expect(line.contains("中华人民共和国"), "\(line)")
        return line.distance(
          from: line.startIndex, to: try #require(line.firstRange(of: steps + " ")).upperBound)
      }
      let end = head.distance(
        from: head.startIndex, to: try #require(head.firstRange(of: "steps ")).upperBound)
      #expect(Set(ends) == [end], "\(lines)")
      let broken = try Self.screen(look, [Self.entries[2]], size: size).view(size, look).plainText
      let heads = try #require(
        broken.split(separator: "\n").first { $0.contains("file") && !$0.contains("of") })
      #expect(heads.split(separator: " ") == ["file"], "\(broken)")
    }
    // Where no text fits there is no head for it.
    let narrow = Size(columns: 36, rows: 16)
    let text = try Self.screen(look, runs, size: narrow).view(narrow, look).plainText
    let head = try #require(text.split(separator: "\n").first { $0.contains("model") })
    #expect(head.contains("steps") && !head.contains("text"), "\(text)")
  }

  @Test("Every size draws whole rows, and no file's name or text gets through")
  func sizes() throws {
    var random = SplitMix64(seed: 3)
    for round in 0..<120 {
      let size = Size(
        columns: Int.random(in: 1...(round % 2 == 0 ? 80 : 300), using: &random),
        rows: Int.random(in: 1...(round % 3 == 0 ? 20 : 100), using: &random))
      let glyphs = GlyphSet.allCases[round % 3]
      let look = Look(language: round % 2 == 0 ? .chinese : .english, glyphs: glyphs)
      let entries = [[], Self.entries, Self.many][round % 5 % 3]
      let keys = ["", "Down", "End", "?"][round % 4]
      let canvas = try Self.screen(look, entries, size: size, keys: keys).view(size, look)
      #expect(canvas.flaw == nil, "\(size)")
      #expect(
        canvas.scalars { $0.value < 0x20 || $0.value == 0x202E }.isEmpty, "\(size)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Recordings/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
        let look = Look(language: language, glyphs: glyphs)
        let places = [
          ("list", Self.entries, "Down"), ("none", [], ""), ("many", Self.many, "PgDn"),
        ]
        for (name, entries, keys) in places {
          let canvas = try Self.screen(look, entries, size: size, keys: keys).view(size, look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  @Test("Of many files it says which is chosen, and that there are more above and below")
  func many() throws {
    let look = Look(language: .english)
    for size in [Size(columns: 60, rows: 16), Size(columns: 200, rows: 60)] {
      for (keys, place, marks) in [
        ("", 1, ["↓"]), ("PgDn PgDn Down", 22, ["↑", "↓"]), ("End", 50, ["↑"]),
      ] {
        let canvas = try Self.screen(look, Self.many, size: size, keys: keys).view(size, look)
        #expect(canvas.plainText.contains("file \(place) of 50"))
        let drawn = (0..<size.rows - 1).map { canvas.row($0).last?.text ?? "" }
        #expect(drawn.filter { $0 != " " } == marks, "\(size) \(keys)")
      }
    }
  }

  @Test("Where there is room the chosen run's last step is shown, of the file that is chosen alone")
  func picture() throws {
    let size = Size(columns: 120, rows: 36)
    var screen = try Self.screen(size: size)
    #expect(screen.view(size, Look()).plainText.contains("国+"))
    _ = screen.update(.key(.down))
    #expect(!screen.view(size, Look()).plainText.contains("国+"), "another file's is not shown")
    #expect(screen.question == .recordings(.picture(Self.entries[1].path)))
    _ = screen.update(.findings(.recordings(.picture(Self.entries[1].path, nil))))
    #expect(screen.question == nil, "a file that is gone has none")
    _ = screen.update(.key(.down))
    #expect(screen.question == nil, "what cannot be played has none")
  }

  @Test("It waits until all files are read, shows those that are, and looks again when it is back")
  func waiting() throws {
    var screen = RecordingsScreen(Look())
    #expect(screen.waits.isEmpty && screen.question != nil)
    Self.answer(&screen, [Self.entries[0]], count: 3)
    #expect(!screen.waits.isEmpty && screen.question != nil && screen.waits.refresh != nil)
    let size = Size(columns: 80, rows: 24)
    #expect(screen.view(size, Look()).plainText.contains("tiny-zh"))
    Self.answer(&screen, Self.entries)
    #expect(screen.question == nil && screen.waits == Waits())
    _ = screen.update(.uncovered)
    #expect(screen.question != nil)
    _ = screen.update(.failed(Refusal()))
    #expect(screen.question == nil && screen.view(size, Look()).plainText.contains("这不行"))
  }

  @Test(
    "Enter plays a recording above the list; its marks are its own recorder's; q comes back to the list"
  )
  func playing() throws {
    let file = Checkout.root + "/Tests/Fixtures/recordings/bundled.kvtrace"
    let recording = try Recording(file)
    let recorder = MarkKeeper()
    let work = FakeWork { question in
      switch question {
      case .recordings(.list(let round)):
        return .recordings(
          .list(
            round: round,
            RecordingList(Self.entries, folders: ["."], count: Self.entries.count)))
      case .recordings(.picture(let path)): return .recordings(.picture(path, nil))
      default: return .growth(Growth())
      }
    }
    var opened: [String] = []
    let services = Services(
      tool: { _, _ in OpenTool(RecordingsScreen(Look()), work) },
      recording: { path in
        opened.append(path)
        return (Replayed(recording), recorder)
      }, stamp: { _ in nil }
    ) { throw Refusal() }
    var app = try App(opening: .tool(ToolPlace(.recordings)), Look(), services)
    let display = StagedDisplay(.keys("End Enter Home Enter Right m Enter q Down q"))
    app.run(on: display)
    let texts = display.frames.map(\.canvas.plainText)
    #expect(texts[2].contains("这个文件断了"), "a file that cannot be played says why")
    #expect(opened == ["run.kvtrace"])
    #expect(texts[4].contains("录像 bundled") && texts[5].contains("第 2/"))
    #expect(recorder.marks.map(\.step) == [2])
    #expect(texts[8].contains("run.kvtrace") && texts[8].contains("▸ run.kvtrace"))
    #expect(display.frames.count == 10)
    #expect(work.asked.count { if case .recordings(.list) = $0 { true } else { false } } == 2)
  }

  /// A recording's run.
  private final class Replayed: RunService {
    let start: RunStart
    init(_ recording: Recording) {
      start = RunStart(
        trace: recording.trace, longest: recording.longest,
        replay: ReplayState(name: "bundled.kvtrace", marks: []))
    }
    var wake: Int32? { nil }
    var news: (trace: Trace, progress: StepProgress.Amount?) { (start.trace, nil) }
    func want(_ step: Int) {}
    func begin(over text: String) throws -> RunStart { throw Refusal() }
    func cancel() {}
  }

  private final class MarkKeeper: RecorderService {
    private(set) var marks: [Mark] = []
    func keep(
      _ start: RunStart, plannedSteps: Int, as name: String, replaces: Bool,
      progress: (Int, Int) -> Void
    ) throws -> Bool { true }
    func keep(_ marks: [Mark]) { self.marks = marks }
    func takeOver(from step: Int) throws -> any RunService { throw Refusal() }
  }
}
