import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The screen of broken caches over real runs of the bundled model.
@Suite struct FaultsScreenTests {
  /// What a session answers.
  static func findings(_ question: Question) throws -> Findings {
    guard case .faults(let asked) = question else { throw Refusal() }
    switch asked {
    case .run(let fault): return .faults(.run(try BrokenRuns.run(fault)))
    case .draw(let seed): return .faults(.draw(try BrokenRuns.draw(seed)))
    }
  }

  /// A screen after some keys, which has what it asked for after each.
  static func screen(
    _ look: Look = Look(), _ fault: Fault? = .positionNotAdvanced, seed: UInt64 = 3,
    isGame: Bool = false, size: Size = Size(columns: 80, rows: 24), keys: String = ""
  ) throws -> FaultsScreen {
    var screen = FaultsScreen(
      FaultsStart(model: "tiny-zh", fault: fault, seed: seed, isGame: isGame), look)
    _ = screen.update(.resized(size))
    try answer(&screen)
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
      try answer(&screen)
    }
    return screen
  }

  static func answer(_ screen: inout FaultsScreen) throws {
    guard let question = screen.question else { return }
    _ = screen.update(.findings(try findings(question)))
  }

  private static func text(
    _ keys: String = "", _ fault: Fault? = .positionNotAdvanced, isGame: Bool = false,
    seed: UInt64 = 3, _ size: Size = Size(columns: 100, rows: 30),
    _ look: Look = Look(language: .english)
  ) throws -> String {
    try screen(look, fault, seed: seed, isGame: isGame, size: size, keys: keys)
      .view(size, look).plainText
  }

  // MARK: The picture

  @Test("It opens where the text changes, and says where the runs part and how sure it is")
  func picture() throws {
    let run = try BrokenRuns.run(.positionNotAdvanced)
    let text = try Self.text()
    let change = try #require(run.textChange)
    for part in [
      "position not advanced", "step \(change.number)/16", "position due", "position given", "5 !",
      "They part at step 2: K of \"珠\" in layer 1 is off by 0.53.",
      "First wrong at step 11: the broken run says \"8\", 99.8% sure; right is \"4\".",
      "Steps 2 to 10 had the right text",
      "17.2",
      "Positions went wrong in a real project too, tiny-llm PR 46: from 6 to 12",
    ] { #expect(text.contains(part), "\(part)\n\(text)") }
  }

  @Test("Each fault has its cause, its name and, where a thread was read, a project")
  func everyFault() throws {
    let causes: [Fault: (String, String)] = [
      .stalePrefix: ("K, V are of", "丘 !"), .appendedTwice: ("copies kept", "2 !"),
      .keysOnly: ("was read", "0 !"), .positionNotAdvanced: ("position given", "5 !"),
      .positionRestarted: ("position given", "0 !"), .maskTopLeft: ("keys seen", "1 !"),
      .maskOff: ("keys seen", "6 !"),
    ]
    let same: Set<Fault> = [.positionRestarted, .maskTopLeft, .maskOff]
    var frames: Set<String> = []
    for (place, fault) in Fault.allCases.enumerated() {
      let text = try Self.text("Home Right \(place + 1)", nil)
      let cause = try #require(causes[fault])
      #expect(text.contains(fault.title(.english)), "\(text)")
      #expect(text.contains(cause.0) && text.contains(cause.1), "\(text)")
      #expect(text.contains("a real project") == (fault != .keysOnly), "\(text)")
      #expect(text.contains("The same in a real project") == same.contains(fault), "\(text)")
      frames.insert(text)
    }
    #expect(frames.count == Fault.allCases.count)
  }

  @Test("Mended, nothing differs")
  func mended() throws {
    let text = try Self.text("0")
    #expect(text.contains("mended") && text.contains("not one bit differs"), "\(text)")
    #expect(
      !text.contains("!") && !text.contains("█") && !text.contains("a real project"), "\(text)")
    #expect(try Self.text("0 0").contains("this is the one"))
    #expect(try Self.text("0 b").contains("another first token"))
  }

  @Test("Steps add columns and change no past one; there is no step beyond the ends")
  func steps() throws {
    let first = try Self.text("Home")
    let marked = first.split(separator: "\n").filter { $0.contains("*") || $0.contains("!") }
    #expect(
      first.contains("step 1/16") && marked.allSatisfy { $0.contains("* at least") }, "\(first)")
    #expect(try Self.text("Home Left").contains("this is the first step"))
    #expect(try Self.text("End Right").contains("there are 16 steps"))
    #expect(try Self.text("Home Right Left") == first)
    func cells(_ keys: String) throws -> [Substring] {
      try Self.text(keys, size: Size(columns: 200, rows: 30)).split(separator: "\n").filter {
        $0.contains("layer") && $0.contains("=")
      }
    }
    let (short, long) = (try cells("Home Right Right"), try cells("Home Right Right Right"))
    for (one, more) in zip(short, long) {
      #expect(more.hasPrefix(one) && more.count > one.count, "\(one)\n\(more)")
    }
    #expect(try Self.text("End b 6").contains("step 16/16"), "a key moves one thing")
  }

  private static func text(_ keys: String, size: Size) throws -> String {
    try text(keys, .positionNotAdvanced, size)
  }

  @Test("Every number of the table is the run's, at every step and size")
  func numbers() throws {
    for fault in [Fault.stalePrefix, .keysOnly, .maskOff] {
      let run = try BrokenRuns.run(fault)
      for size in [Size(columns: 200, rows: 30), Size(columns: 80, rows: 24)] {
        for step in [1, 2, 5, 16] {
          let keys = (["Home"] + Array(repeating: "Right", count: step - 1)).joined(separator: " ")
          let text = try Self.text(keys, fault, size)
          let columns = run.columns(through: step)
          for (part, letter) in [(FaultColumn.Part.keys, "K"), (.values, "V")] {
            for layer in 0..<4 {
              let row = try #require(
                text.split(separator: "\n").first { $0.contains(" \(letter) layer \(layer + 1) ") },
                "\(text)")
              let found = row.split(separator: " ").dropFirst(3).map(String.init)
              let largest = run.largest(part)
              let expected = columns.suffix(found.count).map { column in
                let gap = column.gap(part, layer..<layer + 1)
                let cell = size.columns == 200 ? 8 : 5
                let text = FaultsNumbers.marked(gap, cell, .full)
                let isLarge = 2 * (gap ?? 0) >= largest && gap != nil
                return text + (isLarge ? "*" : "")
              }
              #expect(found == expected && !found.isEmpty, "\(fault), step \(step)\n\(text)")
            }
          }
        }
      }
    }
  }

  @Test("A cell's numbers are exact, and its row's weights are the run's")
  func cell() throws {
    let run = try BrokenRuns.run(.maskTopLeft)
    let text = try Self.text("6 i", nil)
    let column = run.columns(through: 2)[6]
    let gap = try #require(column.keys[1])
    #expect(text.contains("layer 2, \"珠\" (position 6): K differs by \(gap)"), "\(text)")
    #expect(text.contains("sound:") && text.contains("broken:  世 100.0%"), "\(text)")
    #expect(try Self.text("6 i Left", nil).contains("\"是\" (position 5): K differs by 0, V by 0"))
    #expect(try Self.text("6 i Up", nil).contains("layer 1, \"珠\""))
    #expect(try Self.text("6 i Up Up", nil).contains("there is no other row"))
    #expect(try Self.text("6 i Down Down Down", nil).contains("layer 1, \"珠\""), "V of layer 1")
    #expect(try Self.text("Home Right 6 i Right", nil).contains("there is no other token"))
    #expect(try Self.text("6 i i", nil) == Self.text("6", nil))
    #expect(try Self.text("6 Up", nil).contains("i shows a cell first"))
  }

  @Test(
    "At a cell braces go through the heads, m finds the one that differs most, brackets the layer")
  func heads() throws {
    let run = try BrokenRuns.run(.maskTopLeft)
    let first = run.look(ofRow: 6, layer: 1, most: 6)
    let at = "layer 2, \"珠\""
    func words(_ keys: String) throws -> String { try Self.text(keys, nil) }
    let farthest = try words("6 i")
    #expect(farthest.contains("head \(first.head + 1), which differs most of 4,"), "\(farthest)")
    let heads = ["6 i { { { {", "6 i { { { { }", "6 i } } } } {", "6 i } } } }"]
    for (keys, head) in zip(heads, 0..<4) {
      let text = try words(keys)
      #expect(text.contains("head \(head + 1)") && text.contains(at), "\(keys)\n\(text)")
      let look = run.look(ofRow: 6, layer: 1, head: head, most: 6)
      for key in look.sound.prefix(2) {
        let percent = NumberText.percent(Double(key.weight), of: 1)
        #expect(text.contains("\(run.trace.tokens[key.position].text) \(percent)"), "\(text)")
      }
      #expect(try words(keys + " m") == farthest)
    }
    #expect(
      try words("6 i { { { {").contains("(head \(first.head + 1) differs most)") || first.head == 0)
    #expect(try words("6 i { { { { {").contains("there is no other head"))
    #expect(
      try words("6 i ]").contains("layer 3, \"珠\"") && words("6 i [ [").contains("no other layer"))
    #expect(try words("6 i } } } } Left ]").contains("head 4"), "a head that was picked stays")
    #expect(
      try words("6 i } Escape i") == farthest && words("6 }").contains("i shows a cell first"))
    let mended = try words("0 i")
    #expect(mended.contains(", cache: ") && !mended.contains("broken:"), "\(mended)")
    for look in [Look(), Look(language: .english)] {
      for (columns, rows) in [(60, 16), (80, 24)] {
        let text = try Self.text("6 i", nil, Size(columns: columns, rows: rows), look)
        let footer = String(text.split(separator: "\n").last ?? "")
        #expect(footer.contains("{ }  ") && footer.contains("Esc"), "\(footer)")
      }
    }
  }

  // MARK: The game

  @Test("The name and the cause are nowhere on the screen until they are found")
  func hidden() throws {
    for seed in UInt64(0)..<20 {
      let draw = try BrokenRuns.draw(seed)
      for size in [Size(columns: 60, rows: 16), Size(columns: 120, rows: 36)] {
        for keys in ["", "Home", "i", "End i Up"] {
          let text = try Self.text(keys, isGame: true, seed: seed, size)
          #expect(text.contains("round \(seed)"), "\(text)")
          for word in [
            "position given", "keys seen", "copies", "K, V are of", "was read", "a real project",
            "given",
          ] { #expect(!text.contains(word), "\(text)") }
          // Each of the seven is named once: as a letter's, or nowhere where a cell's numbers have no room beside them.
          let isLittle = size.rows == 16 && keys.contains("i")
          for fault in Fault.allCases {
            let times = text.components(of: fault.title(.english))
            #expect(times == (isLittle ? 0 : 1), "\(fault)\n\(text)")
          }
          #expect(!text.contains(draw.fault.rawValue))
        }
      }
    }
  }

  @Test(
    "A wrong guess is told what to look at, and stays where it was; a right one reveals; the score counts"
  )
  func guessing() throws {
    for seed in UInt64(0)..<20 {
      let draw = try BrokenRuns.draw(seed)
      let right = try #require(Fault.allCases.firstIndex(of: draw.fault))
      let wrong = (right + 1) % Fault.allCases.count
      let letters = Array("abcdefg")
      let hint = try #require(draw.hint(Fault.allCases[wrong]))
      let size = Size(columns: 120, rows: 36)
      let missed = try Self.text("\(letters[wrong])", isGame: true, seed: seed, size)
      let before = try Self.text("", isGame: true, seed: seed, size)
      let step = try #require(before.firstMatch(of: /step \d+\/\d+ · decode/)).output
      #expect(missed.contains("0 of 1 right") && missed.contains(step), "\(missed)")
      let number = FaultsNumbers.text(hint.shown, 7, .full)
      let fact = hint.shown == nil ? "equal bit for bit" : "off by \(number)"
      #expect(missed.contains("at step \(hint.step) "), "\(missed)")
      #expect(missed.contains(" is \(fact), and would be "), "\(missed)")
      let again = try Self.text(
        "\(letters[wrong]) \(letters[wrong])", isGame: true, seed: seed, size)
      #expect(again.contains("guessed already") && again.contains("0 of 1 right"))
      let found = try Self.text(
        "\(letters[wrong]) \(letters[right])", isGame: true, seed: seed, size)
      #expect(found.contains("1 of 2 right"), "\(found)")
      #expect(found.contains("Right: \(draw.fault.title(.english))."), "\(found)")
      let given = try Self.text("h", isGame: true, seed: seed, size)
      #expect(given.contains("It was: \(draw.fault.title(.english))."), "\(given)")
      #expect(!given.contains("of 0 right"))
    }
  }

  @Test(
    "Over a hundred seeds a hint says a number of the picture, and names no fault but the one that was guessed"
  )
  func hints() throws {
    for seed in UInt64(0)..<100 {
      let draw = try BrokenRuns.draw(seed)
      for language in [Language.chinese, .english] {
        let state = FaultsState(
          FaultsStart(model: "m", fault: nil, seed: seed, isGame: true),
          look: Look(language: language))
        for guess in Fault.allCases where guess != draw.fault {
          let hint = try #require(draw.hint(guess))
          for width in [56, 76, 116] {
            let words = FaultsWords(state, draw.drawn, width: width)
            let sentences = FaultsHint(words, guess, hint).sentences
            // The fact, and what to look at.
            #expect(sentences.count == 2, "\(sentences)")
            let text = sentences.joined(separator: " ")
            for fault in Fault.allCases where fault != guess {
              #expect(!text.contains(fault.title(language)), "\(text)")
            }
            guard case .cell(let layer, let position, let part) = hint.place else {
              Issue.record("\(hint.place)")
              continue
            }
            let (number, token) = ("\(layer + 1)", draw.drawn.trace.tokens[position].text)
            for said in ["\(hint.step)", number, token, part == .keys ? "K" : "V"] {
              #expect(text.contains(said), "\(said): \(text)")
            }
            for gap in [hint.shown, hint.guessed].compactMap({ $0 }) {
              #expect(text.contains(FaultsNumbers.text(gap, 7, .full)), "\(text)")
            }
          }
        }
      }
    }
  }

  @Test("n draws the next round and keeps the score; h leaves the game as it was entered")
  func rounds() throws {
    let next = try Self.text("a n", isGame: true, seed: 3)
    #expect(next.contains("round 4") && next.contains("/1 right") == false)
    #expect(next.contains("of 1 right"), "\(next)")
    let picture = try Self.text()
    #expect(try Self.text("h").contains("round 3"))
    let back = try Self.text("h h h")
    #expect(back == picture, "\(back)")
    #expect(try Self.text("h h n").contains("round 4"))
  }

  // MARK: The screen

  @Test("It asks for what it shows, once, and says how far a round has come")
  func questions() throws {
    var screen = FaultsScreen(
      FaultsStart(model: "m", fault: .keysOnly, seed: 7, isGame: false), Look(language: .english))
    #expect(screen.question == .faults(.run(.keysOnly)) && screen.waits.isEmpty && screen.isKept)
    let size = Size(columns: 80, rows: 24)
    #expect(screen.view(size, Look(language: .english)).plainText.contains("computing step 1"))
    try Self.answer(&screen)
    #expect(screen.question == nil && screen.waits == Waits())
    _ = screen.update(.key(.character("0")))
    #expect(screen.question == .faults(.run(nil)))
    try Self.answer(&screen)
    _ = screen.update(.key(.character("3")))
    #expect(screen.question == nil, "what was worked out is kept")
    _ = screen.update(.key(.character("h")))
    #expect(screen.question == .faults(.draw(seed: 7)) && screen.waits.isEmpty)
    _ = screen.update(.findings(.faults(.drawing(runs: 5))))
    #expect(
      screen.view(size, Look(language: .english)).plainText.contains("5 of 8 runs computed"))
    _ = screen.update(.failed(Refusal()))
    #expect(screen.waits == Waits())
    #expect(screen.view(size, Look(language: .english)).plainText.contains("that will not do"))
    // Another question is asked and waited for.
    _ = screen.update(.key(.character("n")))
    #expect(screen.question == .faults(.draw(seed: 8)) && screen.waits.isEmpty)
  }

  @Test("A run that is still computed is shown as far as it has come")
  func partial() throws {
    let whole = try BrokenRuns.run(.maskTopLeft)
    var trace = whole.trace
    trace.steps = Array(trace.steps.prefix(4))
    var screen = FaultsScreen(
      FaultsStart(model: "m", fault: .maskTopLeft, seed: 7, isGame: false), Look(language: .english)
    )
    _ = screen.update(.findings(.faults(.run(FaultRun(trace)))))
    #expect(screen.question != nil && screen.waits.refresh != nil && !screen.waits.isEmpty)
    _ = screen.update(.key(.end))
    _ = screen.update(.key(.right))
    let text = screen.view(Size(columns: 80, rows: 24), Look(language: .english)).plainText
    #expect(text.contains("step 4/16") && text.contains("step 5 is not computed yet"), "\(text)")
  }

  @Test("Leaving goes back, and what was found stays")
  func leaving() throws {
    let work = FakeWork { question in (try? Self.findings(question)) ?? .faults(.drawing(runs: 0)) }
    let start = FaultsStart(model: "m", fault: .keysOnly, seed: 7, isGame: false)
    var app = try App(
      opening: .tool(ToolPlace(.faults)), Look(),
      Services(OpenTool(FaultsScreen(start, Look()), work)))
    let display = ScriptDisplay(
      size: Size(columns: 80, rows: 24), keys: [.character("0"), .character("q"), .left])
    app.run(on: display)
    #expect(display.frames.count == 2, "q leaves")
    #expect(work.asked == [.faults(.run(.keysOnly)), .faults(.run(nil))] && app.failure == nil)
  }

  @Test("In the game digits guess as letters do, and Esc leads to the picture with its name")
  func digitsAndEscape() throws {
    let size = Size(columns: 120, rows: 36)
    #expect(
      try Self.text("2", isGame: true, size) == Self.text("b", isGame: true, size))
    for keys in ["Escape", "2 Escape", "h Escape"] {
      let text = try Self.text(keys, isGame: true, size)
      #expect(text.contains("a broken cache: position not advanced"), "\(text)")
    }
    #expect(try Self.text("", isGame: true, size).contains("Esc  leave"))
    #expect(try Self.text("h", isGame: true, size).contains("Esc  end the game"))
  }

  @Test("Who comes back finds the round with its guesses and the score")
  func kept() throws {
    let size = Size(columns: 120, rows: 36)
    let look = Look(language: .english)
    var screen = try Self.screen(look, seed: 3, isGame: true, size: size, keys: "b i Left")
    let before = screen.view(size, look)
    #expect(before.plainText.contains("0 of 1 right"))
    #expect(
      screen.update(.key(.character("q"))).contains { if case .back = $0 { true } else { false } })
    #expect(screen.isKept && screen.view(size, look) == before && screen.question == nil)
  }

  @Test(
    "In the smallest room a round keeps its signs' legend, the key that reveals, and whole names")
  func smallest() throws {
    let size = Size(columns: 60, rows: 16)
    for seed in UInt64(0)..<20 {
      for keys in ["", "End", "a"] {
        let text = try Self.text(keys, isGame: true, seed: seed, size)
        guard text.contains("what is wrong") else { continue }
        #expect(text.contains("= none, * ") && text.contains("; ! wrong"), "\(text)")
        #expect(text.contains("h  reveal"), "\(text)")
        #expect(!text.contains("<e"), "\(text)")
      }
    }
    let help = try Self.text("?", isGame: true, Size(columns: 120, rows: 36))
    #expect(help.contains("b to g the others") && help.contains("1 to 7"), "\(help)")
    #expect(try Self.text("?", size: Size(columns: 120, rows: 36)).contains("1 to 7"))
  }

  @Test("In 24 rows the columns of logits are as high as the run's numbers, to the eighth of a row")
  func heights() throws {
    let run = try BrokenRuns.run(.positionNotAdvanced)
    let look = Look(language: .english)
    let canvas = try Self.screen(look).view(Size(columns: 80, rows: 24), look)
    let rows = (0..<24).map { canvas.row($0).map(\.text) }
    let ground = try #require(rows.firstIndex { $0.joined().contains("no cache →") }) - 1
    let eighths = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    // The second column of each bar, in cells of five columns.
    let heights = stride(from: 25, to: 79, by: 5).map { x in
      (0..<3).reduce(0) { sum, up in
        sum + (eighths.firstIndex(of: rows[ground - up][x]).map { $0 + 1 } ?? 0)
      }
    }
    let expected = run.steps.prefix(11).map { step in
      Int((Double((step.logitGap ?? 0) / run.largestLogit) * 24 + 0.5).rounded(.down))
    }
    #expect(heights == Array(expected), "\(canvas.plainText)")
    #expect(expected[1] < expected[6])
  }

  @Test("At a cell the footer names its keys; Esc leaves the cell, then the screen")
  func cellKeys() throws {
    for isGame in [false, true] {
      let at = try Self.text("i", isGame: isGame).split(separator: "\n").last ?? ""
      for words in ["token", "layer", "Esc  leave", "help"] { #expect(at.contains(words), "\(at)") }
      for words in ["a step", "another fault", "draw", "reveal"] {
        #expect(!at.contains(words), "\(at)")
      }
      #expect(try Self.text("i Escape", isGame: isGame) == Self.text("", isGame: isGame))
    }
  }

  @Test(
    "Without a mask it says in one line whose prompt looks both ways, and what it is like")
  func scope() throws {
    for (columns, rows) in [(60, 16), (80, 24), (120, 36)] {
      for fault in Fault.allCases {
        let lines = try Self.text("Home Right", fault, Size(columns: columns, rows: rows))
          .split(separator: "\n")
        let says = lines.contains { $0.contains("cached run") && $0.contains("prefix LM") }
        #expect(says == (fault == .maskOff), "\(lines)")
      }
    }
  }

  @Test("Large is large beside the whole run, wherever there is room to say so")
  func largest() throws {
    for (columns, rows) in [(80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      #expect(
        try Self.text("", .maskTopLeft, size).contains("* at least half the run's largest; ! wrong")
      )
    }
    let small = try Self.text("", .maskTopLeft, Size(columns: 60, rows: 16))
    #expect(small.contains("* large for the run; ! wrong"))
    for (columns, rows) in [(60, 16), (80, 24), (120, 36)] {
      let text = try Self.text(
        "", .maskTopLeft, Size(columns: columns, rows: rows), Look(language: .chinese))
      #expect(text.contains("* 不小于全程最大的一半；! 错"), "\(text)")
    }
  }

  @Test("Every size draws whole rows, with every look, and a row ends before the next begins")
  func sizes() throws {
    var random = SplitMix64(seed: 13)
    let modes = [
      ("", false), ("5", false), ("0 i", false), ("?", false), ("", true), ("a", true),
      ("b i", true),
      ("h", true), ("x", true),
    ]
    for round in 0..<180 {
      let size = Size(
        columns: Int.random(in: 1...(round % 2 == 0 ? 300 : 40), using: &random),
        rows: Int.random(in: 1...(round % 2 == 0 ? 100 : 18), using: &random))
      let look = Look(
        language: round % 4 < 2 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let (keys, isGame) = modes[round % modes.count]
      let canvas = try Self.screen(look, isGame: isGame, size: size, keys: keys).view(size, look)
      #expect(canvas.flaw == nil, "\(size)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Faults/Snapshots")
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (name, isGame, keys) in [
        ("picture", false, ""), ("mask", false, "7"), ("cell", false, "2 i"), ("round", true, ""),
        ("hint", true, "b"),
      ] {
        for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
          let look = Look(language: language, glyphs: glyphs)
          let canvas = try Self.screen(look, isGame: isGame, size: size, keys: keys).view(
            size, look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }
}

extension String {
  /// How often a text stands in this one.
  fileprivate func components(of text: String) -> Int {
    var (count, rest) = (0, self[...])
    while let found = rest.firstRange(of: text) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
