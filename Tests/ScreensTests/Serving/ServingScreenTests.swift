import Base
import Lessons
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The serving screen over what the bundled model's scheduler did.
@Suite struct ServingScreenTests {
  private static let stem = "问：你好！\n答：你好！我是一个很小的模型，只会几十句话。\n"
  private static let requests: [BundledServing.Request] = [
    (stem + "问：你是谁？\n答：", 19, 1), ("中华人民共和国", 22, 3), (stem + "问：谢谢！\n答：", 4, 6),
    (stem + "问：《静夜思》是谁写的？\n答：", 7, 7), ("世界最高峰", 22, 10),
  ]
  static let question = ServingQuestion(
    requests: requests.map {
      ServingRequest(prompt: $0.prompt, tokens: $0.tokens, arrives: $0.arrives)
    }, blockSize: 4, slots: 144, budget: 16)
  static let start = ServingStart(model: "tiny-zh", positions: 512, question: question)

  /// What was run, once for all tests.
  private static let served = Result { try BundledServing(requests) }
  static let board = Result { try make(Self.question) }
  /// Without sharing the pool is too small for all: some wait and some lose their blocks.
  static let crowded = Result {
    var question = Self.question
    question.shares = false
    return try make(question)
  }

  private static func make(_ question: ServingQuestion, steps: Int? = nil) throws -> ServingBoard {
    let served = try Self.served.get()
    func run(
      _ shares: Bool, _ batching: Batching = .continuous, steps: Int = .max
    ) throws -> ServingTrace {
      try served.run(
        blockSize: question.blockSize, blocks: 36, budget: question.budget, shares: shares,
        batching: batching, steps: steps)
    }
    var board = ServingBoard(
      question: question, prompts: served.prompts,
      trace: try run(question.shares, steps: steps ?? .max))
    guard steps == nil else { return board }
    board.wholeBatches = try run(question.shares, .whole)
    board.otherSharing = try run(!question.shares)
    return board
  }

  static func screen(
    _ look: Look = Look(), _ board: ServingBoard? = nil, keys: String = ""
  ) throws -> ServingScreen {
    let board = try board ?? Self.board.get()
    var screen = ServingScreen(
      ServingStart(model: "tiny-zh", positions: 512, question: board.question), look)
    _ = screen.update(.findings(.serving(board)))
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
    }
    return screen
  }

  @Test("It opens at a step, and says at which it stands")
  func place() throws {
    let board = try Self.board.get()
    let start = ServingStart(
      model: "tiny-zh", positions: 512, question: board.question, step: 5)
    var screen = ServingScreen(start, Look(language: .english))
    func isAt(_ step: Int) -> Bool {
      let title = screen.view(Self.size, Look(language: .english)).plainText.prefix(120)
      return title.contains("step \(step)/") && screen.place?.contains("\(step)") == true
    }
    _ = screen.update(.findings(.serving(board)))
    #expect(isAt(5))
    _ = screen.update(.key(.right))
    #expect(isAt(6))
    let place = try #require(screen.place)
    let link = ToolLink("lab", place)
    #expect(try ToolPlace(link).tool == .serving && link.option("--step") == "6")
  }

  private static let size = Size(columns: 120, rows: 36)

  private static func view(_ keys: String, _ board: ServingBoard? = nil) throws -> Canvas {
    try screen(Look(), board, keys: keys).view(size, Look())
  }

  // MARK: Numbers

  @Test("Every token of every step is on the timeline, in the colours of prefill and decode")
  func timeline() throws {
    for board in [try Self.board.get(), try Self.crowded.get()] {
      let screen = try Self.screen(Look(), board, keys: "End")
      let canvas = screen.view(Size(columns: 160, rows: 36), Look())
      for request in 1...5 {
        let y = 2 + (request - 1) * 2
        let row = Array(canvas.row(y)).dropFirst(20)
        let steps = board.trace.steps.flatMap(\.requests).filter { $0.request == request }
        let prefill = Self.numbers(row, .request(request - 1))
        #expect(prefill == Self.computed(steps, .prefill), "\(request)\n\(canvas.plainText)")
        let decode = Self.numbers(row, .requestDecode(request - 1))
        #expect(decode == Self.computed(steps, .decode), "\(request)\n\(canvas.plainText)")
        #expect(row.count { $0.text == "." } == 2 * steps.count { $0.state == .waiting })
        #expect(row.count { $0.text == "!" } == steps.count { $0.state == .preempted })
      }
      let line = canvas.row(12).map(\.text).joined()
      let sums = line.split(separator: " ").compactMap { Int($0) }
      #expect(sums == board.trace.steps.map(\.computed))
    }
    #expect(try Self.crowded.get().trace.preemptions > 0)
  }

  /// Numbers drawn in a role, from the left.
  private static func numbers(_ row: ArraySlice<Cell>, _ role: Role) -> [Int] {
    let line = row.map { $0.style.role == role ? $0.text : " " }.joined()
    return line.split(separator: " ").compactMap { Int($0) }
  }

  /// What was computed in a state, where anything was.
  private static func computed(_ steps: [RequestStep], _ state: RequestStep.State) -> [Int] {
    steps.filter { $0.state == state && $0.computed > 0 }.map(\.computed)
  }

  @Test("Every slot of the pool is drawn as it is: shared, filled, empty, findable or free")
  func pool() throws {
    for board in [try Self.board.get(), try Self.crowded.get()] {
      for place in board.trace.steps.indices {
        let keys = "Home" + String(repeating: " Right", count: place)
        let canvas = try Self.view(keys, board)
        let pool = board.trace.steps[place].pool
        // Behind the timeline, before the legend, left of the tables.
        let cells = (16..<27).flatMap { y in Array(canvas.row(y).prefix(72)) }
        func count(_ sign: String, _ isMeant: (Role) -> Bool = { _ in true }) -> Int {
          cells.count { $0.text == sign && isMeant($0.style.role) }
        }
        #expect(count("=") { $0 == .cached } == 4 * pool.shared)
        #expect(count("=") == pool.filledSlots, "step \(place + 1)\n\(canvas.plainText)")
        #expect(count("_") == pool.wastedSlots)
        #expect(count(":") == 4 * pool.cached)
        #expect(count("·") == 4 * pool.free)
      }
    }
  }

  @Test("Block tables are those of the step, each number once for each who holds the block")
  func tables() throws {
    for board in [try Self.board.get(), try Self.crowded.get()] {
      for place in [0, 5, 8, 13, 20] {
        let canvas = try Self.view("Home" + String(repeating: " Right", count: place), board)
        let step = board.trace.steps[place]
        let lines = (16..<27).map { y in canvas.row(y).dropFirst(74).map(\.text).joined() }
        let drawn = lines.joined(separator: " ").split(separator: " ").compactMap { Int($0) }
        let rows = step.requests.filter { !$0.blocks.isEmpty }
        let expected = rows.flatMap { [$0.held] + $0.blocks }
        #expect(drawn == expected, "step \(place + 1)\n\(canvas.plainText)")
      }
    }
  }

  @Test("What it comes to is what the three runs counted")
  func money() throws {
    let board = try Self.board.get()
    let text = try Self.screen(Look(language: .english), keys: "Home").view(
      Size(columns: 200, rows: 60), Look(language: .english)
    ).plainText
    let whole = try #require(board.wholeBatches)
    let other = try #require(board.otherSharing)
    #expect(whole.batching == .whole && !other.shares)
    for words in [
      "(join on arrival): \(board.trace.steps.count) steps",
      "batch by batch: \(whole.steps.count) steps",
      "sharing: \(board.trace.computed) tokens computed, at most \(board.trace.mostUsed) blocks",
      "without: \(other.computed) tokens, \(other.mostUsed) blocks, \(other.steps.count) steps",
      "512 kept for each request: 512 slots, \(512 - 16) empty",
      "4 blocks = 16 slots in use, 0 empty",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
    // Waited and served, from the arrival to the end.
    let mean = board.trace.served.reduce(0) { $0 + $1.finished - $1.arrives + 1 }
    #expect(text.contains("steps, on average \(Double(mean) / 5) steps a request"))
  }

  @Test(
    "Where a step is one or two columns wide, each has its last digit or the sign of more; words say the chosen step whole"
  )
  func narrow() throws {
    let look = Look(language: .english)
    for board in [try Self.board.get(), try Self.crowded.get()] {
      for (size, margin) in [
        (Size(columns: 60, rows: 16), 1), (Size(columns: 80, rows: 24), 2),
      ] {
        for place in [0, 5, 13, 20, 27] {
          let keys = "Home" + String(repeating: " Right", count: place)
          let canvas = try Self.screen(look, board, keys: keys).view(size, look)
          let rows = (0..<size.rows).map { canvas.row($0).map(\.text).joined() }
          let top = try #require(
            rows.firstIndex { $0.contains("# = 10 or more") || $0.contains("# 10+") })
          // The numbers of steps 1 and 5 stand over their columns.
          let axis = canvas.row(top).map(\.text)
          let (start, fifth) = (
            try #require(axis.firstIndex(of: "1")), try #require(axis.firstIndex(of: "5"))
          )
          #expect(margin + 4 <= start)
          func drawn(_ y: Int) -> [String] {
            let (row, count) = (Array(canvas.row(y)), board.trace.steps.count)
            return (0..<count).map { row[start + $0 * ((fifth - start) / 4)].text }
          }
          func sign(_ count: Int) -> String { count > 9 ? "#" : "\(count)" }
          let step = board.trace.steps[place]
          for request in 1...5 {
            let expected = board.trace.steps.map { step -> String in
              guard let row = step.requests.first(where: { $0.request == request }) else {
                return " "
              }
              return switch row.state {
              case .waiting: "."
              case .preempted: "!"
              case .done: " "
              case .prefill, .decode: row.computed > 0 ? sign(row.computed) : "·"
              }
            }
            #expect(drawn(top + request) == expected, "\(canvas.plainText)")
            guard let row = step.requests.first(where: { $0.request == request }) else { continue }
            let words: [RequestStep.State: String] = [
              .prefill: "prefill \(row.computed)", .decode: "decode \(row.computed)",
              .waiting: "waits", .preempted: "! lost blocks",
            ]
            if let words = words[row.state] {
              #expect(rows[top + request].contains(words), "\(canvas.plainText)")
            }
          }
          #expect(drawn(top + 6) == board.trace.steps.map { sign($0.computed) })
          #expect(rows[top + 6].contains(" \(step.computed) of 16"), "\(canvas.plainText)")
          #expect(rows[top + 7].contains("step \(step.number)"))
        }
      }
    }
  }

  @Test("In little room it says what is empty, of what pool, and what the signs are")
  func little() throws {
    let board = try Self.board.get()
    let whole = try #require(board.wholeBatches)
    let look = Look(language: .english)
    for place in [0, 5, 13, 20] {
      let keys = "Home" + String(repeating: " Right", count: place)
      let step = board.trace.steps[place]
      let reserved = step.reservedSlots - step.requests.reduce(0) { $0 + $1.held }
      func text(_ size: Size) throws -> String {
        try Self.screen(look, board, keys: keys).view(size, look).plainText
      }
      let (small, larger) = (
        try text(Size(columns: 60, rows: 16)), try text(Size(columns: 80, rows: 24))
      )
      let pool = step.pool
      for words in [
        "==== shared", "==__ not full", "···· free",
        ":::: cached", "join at once: \(board.trace.steps.count) steps",
        "wait for the batch: \(whole.steps.count) steps",
      ] { #expect(larger.contains(words), "\(words)\n\(larger)") }
      if larger.contains("used, ") {
        #expect(larger.contains(", \(pool.cached) cached, \(pool.free) free"), "\(larger)")
      }
      let empty = pool.wastedSlots == 1 ? "1 slot empty" : "\(pool.wastedSlots) slots empty"
      #expect(small.contains("36 blocks of 4  sharing on"), "\(small)")
      #expect(larger.contains("36 blocks × 4 tokens  sharing on"), "\(larger)")
      for text in [small, larger] {
        #expect(text.contains("\(empty) "), "\(text)")
        #expect(text.contains("512 slots kept for each: \(reserved) empty"), "\(text)")
      }
      #expect(larger.contains("sharing on  budget 16"), "\(larger)")
      #expect(larger.contains("\(pool.used) used"), "\(larger)")
      #expect(small.contains("  = full  _ not  · free  : kept"), "\(small)")
    }
  }

  @Test("One thing is one thing: no plural stands behind 1")
  func plurals() throws {
    let look = Look(language: .english)
    for board in [try Self.board.get(), try Self.crowded.get()] {
      for place in board.trace.steps.indices {
        let keys = "Home" + String(repeating: " Right", count: place) + " Down"
        for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
          let text = try Self.screen(look, board, keys: keys)
            .view(Size(columns: columns, rows: rows), look).plainText
          #expect(
            text.firstMatch(of: /\b1 (slots|blocks|tokens|steps|requests)\b/) == nil, "\(text)")
        }
      }
    }
  }

  @Test("A block says whose it is and what is in it")
  func block() throws {
    let text = try Self.view("i Right Right").plainText
    #expect(text.contains("第 3 块：A D，放了 4/4：你 好 ！ 我"), "\(text)")
    #expect(try Self.view("i End").plainText.contains("第 36 块：空"))
    #expect(try Self.view("End i Home").plainText.contains("第 1 块：没人用"))
    #expect(try Self.view("i Right Escape") == Self.view(""))
    // In the smallest room too each block that is chosen is to be seen.
    let look = Look(language: .english)
    let size = Size(columns: 60, rows: 16)
    for number in 1...36 {
      let keys = "i Home" + String(repeating: " Right", count: number - 1)
      let canvas = try Self.screen(look, keys: keys).view(size, look)
      let chosen = (10..<14).flatMap { canvas.row($0) }.filter { $0.style.role == .chosen }
      let holders = ServingBlock.all(try Self.board.get().trace.steps[13])[number - 1].holders
      let mark =
        holders.isEmpty
        ? "▸"
        : holders.count > 1 ? "\(holders.count)" : ServingLabels(glyphs: .full).name(holders[0])
      #expect(chosen.map(\.text) == [mark], "\(number)\n\(canvas.plainText)")
      #expect(
        canvas.plainText.contains(
          "block \(number): "
            + (holders.isEmpty ? "" : ServingLabels(glyphs: .full).name(holders[0]))))
    }
  }

  @Test("In the smallest room each slot is drawn as it is, and who holds a block stands before it")
  func smallPool() throws {
    let (look, size) = (Look(language: .english), Size(columns: 60, rows: 16))
    for board in [try Self.board.get(), try Self.crowded.get()] {
      for place in board.trace.steps.indices {
        let keys = "Home" + String(repeating: " Right", count: place)
        let canvas = try Self.screen(look, board, keys: keys).view(size, look)
        let cells = (10..<14).flatMap { canvas.row($0) }.map(\.text)
        let pool = board.trace.steps[place].pool
        let drawn = ["=", "_", ":", "·"].map { sign in cells.count { $0 == sign } }
        #expect(
          drawn == [pool.filledSlots, pool.wastedSlots, 4 * pool.cached, 4 * pool.free],
          "step \(place + 1)\n\(canvas.plainText)")
        let marks = ServingBlock.all(board.trace.steps[place]).compactMap { block -> String? in
          let holders = block.holders
          return holders.isEmpty
            ? nil
            : holders.count > 1
              ? "\(holders.count)" : ServingLabels(glyphs: .full).name(holders[0])
        }
        #expect(
          cells.filter { !["=", "_", ":", "·", " "].contains($0) } == marks,
          "step \(place + 1)\n\(canvas.plainText)")
      }
    }
  }

  @Test("Signs of the timeline that are on the screen are explained beside it, at each size")
  func signs() throws {
    let look = Look(language: .english)
    let board = try Self.crowded.get()
    for place in board.trace.steps.indices {
      let keys = "Home" + String(repeating: " Right", count: place)
      for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
        let text = try Self.screen(look, board, keys: keys)
          .view(Size(columns: columns, rows: rows), look).plainText
        #expect(text.contains(". waits  ! lost"), "\(text)")
      }
    }
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let text = try Self.screen(look).view(Size(columns: columns, rows: rows), look).plainText
      #expect(!text.contains("waits"), "\(text)")
    }
  }

  // MARK: Frames

  @Test("Every size draws whole rows, in every mode, with every look")
  func sizes() throws {
    var random = SplitMix64(seed: 22)
    let keys = ["", "End", "i", "i Right Down", "a", "a x 中", "?", "Home Down Down", "b"]
    let boards = [try Self.board.get(), try Self.crowded.get()]
    for round in 0..<120 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let look = Look(
        language: round % 2 == 0 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let screen = try Self.screen(look, boards[round % 2], keys: keys[round % keys.count])
      #expect(screen.view(size, look).flaw == nil, "\(size), \(keys[round % keys.count])")
    }
    for columns in stride(from: 1, through: 40, by: 3) {
      for rows in 1...18 {
        let size = Size(columns: columns, rows: rows)
        #expect(try Self.screen().view(size, Look()).flaw == nil)
      }
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Serving/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (name, board) in [("shared", try Self.board.get()), ("crowded", try Self.crowded.get())] {
        for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
          let look = Look(language: language, glyphs: glyphs)
          let canvas = try Self.screen(look, board).view(size, look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  // MARK: Keys

  @Test("Going back gives the same picture, and a step leaves the timeline as it is")
  func back() throws {
    let first = try Self.view("Home")
    #expect(try Self.view("Home Right Right Left Left") == first)
    #expect(try Self.view("Down Up Home") == first)
    // What cannot be is said, and is no other picture.
    for (keys, said) in [
      ("Home Left", "这是第一步"), ("End Right", "这是最后一步"), ("Up", "没有别的请求了"), ("i Home Left", "没有别的块了"),
      ("i End Right", "没有别的块了"), ("B B B", "不能再小了"),
    ] {
      #expect(try Self.view(keys).row(35).map(\.text).joined().contains(said), "\(keys)")
    }
    #expect(
      try Self.view("Home Left").plainText.split(separator: "\n").dropLast()
        == first.plainText.split(separator: "\n").dropLast())
    for y in 2..<11 {
      #expect(
        Array(try Self.view("Home Right").row(y).dropFirst(4))
          == Array(first.row(y).dropFirst(4)))
    }
  }

  @Test("A knob asks anew; what was run before is there at once")
  func knobs() throws {
    var screen = try Self.screen()
    #expect(screen.question == nil && screen.waits == Waits())
    _ = screen.update(.key(.character("s")))
    guard case .serving(let asked) = screen.question else {
      Issue.record("nothing is asked")
      return
    }
    #expect(!asked.shares && asked.requests == Self.question.requests)
    #expect(screen.waits.refresh != nil && !screen.waits.isEmpty)
    let before = screen.view(Self.size, Look())
    #expect(before.plainText.contains("共用 开"), "the old picture stands until the new one comes")
    _ = screen.update(.findings(.serving(try Self.make(asked, steps: 3))))
    #expect(screen.question != nil)
    #expect(screen.view(Self.size, Look()).plainText.contains("共用 关"))
    #expect(screen.view(Self.size, Look()).plainText.contains("已算 3 步"))
    _ = screen.update(.findings(.serving(try Self.crowded.get())))
    #expect(screen.question == nil)
    _ = screen.update(.key(.character("s")))
    #expect(screen.question == nil, "what was run is not run again")
    #expect(screen.view(Self.size, Look()).plainText.contains("共用 开"))
    for (key, expected) in [("b", 8), ("B", 2)] {
      guard case .serving(let other) = try Self.screen(keys: key).question else {
        Issue.record("\(key) asks nothing")
        return
      }
      #expect(other.blockSize == expected && other.slots == 144)
    }
    guard case .serving(let more) = try Self.screen(keys: "u u U").question else {
      Issue.record("u asks nothing")
      return
    }
    #expect(more.budget == 32)
  }

  @Test("A request that is typed waits from the next step on, and one can be removed")
  func typing() throws {
    let screen = try Self.screen(keys: "Home Right a 你 好 Enter")
    guard case .serving(let asked) = screen.question else {
      Issue.record("nothing is asked")
      return
    }
    #expect(asked.requests.last == ServingRequest(prompt: "你好", tokens: 16, arrives: 3))
    #expect(try Self.screen(keys: "a 你 Escape").question == nil)
    #expect(try Self.screen(keys: "a Enter").question == nil)
    guard case .serving(let fewer) = try Self.screen(keys: "Down x").question else {
      Issue.record("nothing is asked")
      return
    }
    #expect(fewer.requests == Array(Self.question.requests[...0] + Self.question.requests[2...]))
    // Those behind it are called otherwise, which is said.
    #expect(try Self.view("Down x").plainText.contains("去掉了 B，z 放回来；后面的往前改名：C 现在叫 B"))
    #expect(try Self.view("Down Down Down Down x").plainText.contains("去掉了 E"))
  }

  @Test("A knob leaves the step where it is, and going back shows it again")
  func stays() throws {
    let (board, crowded) = (try Self.board.get(), try Self.crowded.get())
    var screen = try Self.screen(Look(language: .english), board)
    func title() -> String {
      screen.view(Self.size, Look(language: .english)).row(0).map(\.text).joined()
    }
    let opened = title()
    func isSaid() -> Bool {
      screen.view(Self.size, Look(language: .english)).plainText.contains("most blocks in use")
    }
    #expect(isSaid())
    let place = try #require(opened.firstMatch(of: /step ([0-9]+)\//)).1
    _ = screen.update(.key(.character("s")))
    _ = screen.update(.findings(.serving(crowded)))
    #expect(!isSaid())
    #expect(title().contains("step \(place)/\(crowded.trace.steps.count)"), "\(title())")
    _ = screen.update(.key(.character("s")))
    #expect(title().contains("step \(place)/\(board.trace.steps.count)"), "\(title())")
  }

  @Test("What was removed or added is brought back, one after the other")
  func undone() throws {
    #expect(try Self.screen(keys: "x x z z").question == nil)
    guard case .serving(let one) = try Self.screen(keys: "x x z").question else {
      Issue.record("nothing is asked")
      return
    }
    #expect(one.requests == Array(Self.question.requests.dropFirst()))
    #expect(try Self.screen(keys: "a 中 Enter z").question == nil)
    #expect(try Self.view("x").plainText.contains("z 放回来"))
    #expect(try Self.view("x z").plainText.contains("和开始时一样"))
    #expect(try Self.view("z").plainText.contains("没有加过"))
  }

  @Test("Blocks wider than the screen are drawn in lines, each slot as it is")
  func wideBlocks() throws {
    var question = Self.question
    (question.blockSize, question.slots) = (128, 256)
    let served = try Self.served.get()
    var board = ServingBoard(
      question: question, prompts: served.prompts,
      trace: try served.run(
        blockSize: 128, blocks: 2, budget: 16, shares: true, batching: .continuous, steps: .max))
    (board.wholeBatches, board.otherSharing) = (board.trace, board.trace)
    for size in [Size(columns: 100, rows: 30), Size(columns: 120, rows: 36)] {
      let canvas = try Self.screen(Look(language: .english), board, keys: "Home Right").view(
        size, Look(language: .english))
      let pool = try #require(
        canvas.plainText.split(separator: "2 blocks × 128 tokens").last, "\(canvas.plainText)")
      let slots = pool.split(separator: "\n").filter { $0.contains(/^ +[=_·:]{8}/) }
        .joined().filter { "=_·".contains($0) }
      let step = board.trace.steps[1]
      #expect(
        slots.count { $0 == "=" } == step.requests.reduce(0) { $0 + $1.held }, "\(canvas.plainText)"
      )
      #expect(slots.count { $0 == "·" } == 128 * step.pool.free)
      #expect(slots.count == 256)
    }
  }

  @Test("What cannot be served is said, and the knobs go back")
  func refused() throws {
    var screen = try Self.screen(keys: "b")
    #expect(screen.question != nil)
    _ = screen.update(.failed(Refusal()))
    #expect(screen.question == nil)
    #expect(screen.view(Self.size, Look()).plainText.contains("这不行"))
    var first = ServingScreen(Self.start, Look())
    #expect(first.waits.isEmpty)
    _ = first.update(.failed(Refusal()))
    #expect(first.waits == Waits())
    #expect(first.view(Self.size, Look()).plainText.contains("这不行"))
  }

  @Test("It is left, and found again as it was")
  func kept() throws {
    let board = try Self.board.get()
    let work = FakeWork { _ in .serving(board) }
    let tool = OpenTool(ServingScreen(Self.start, Look()), work)
    var app = try App(opening: .tool(ToolPlace(.serving)), Look(), Services(tool))
    let display = ScriptDisplay(size: Self.size, keys: [.right, .character("q"), .left])
    app.run(on: display)
    #expect(work.asked == [.serving(Self.question)])
    #expect(try Self.screen().isKept)
    #expect(display.frames.count == 2)
  }
}
