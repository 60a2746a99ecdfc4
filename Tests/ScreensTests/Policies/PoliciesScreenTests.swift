import Base
import TestSupport
import Testing
import Trace
import Viz

@testable import Screens

/// The screen of cache policies over labs of the bundled model.
@Suite struct PoliciesScreenTests {
  /// A screen that has what it asks for, and may have got it in parts.
  static func screen(
    _ look: Look = Look(), policy: String = "sinks:4+8", model: String = "tiny-zh",
    keys: String = "", labs: BundledLabs = .shared
  ) throws -> PoliciesScreen {
    var screen = PoliciesScreen(try CachePolicy(policy), look)
    try answer(&screen, model, labs)
    for name in keys.split(separator: " ") {
      _ = screen.update(.key(try #require(Key(tmuxName: String(name)))))
      try answer(&screen, model, labs)
    }
    return screen
  }

  static func run(
    _ policy: CachePolicy, _ model: String, _ labs: BundledLabs, steps: Int = .max
  ) throws -> PolicyRun {
    let lab = try labs.lab(policy.text, model: model, steps: steps)
    return PolicyRun(trace: lab.trace, steps: lab.steps, longest: lab.longest)
  }

  /// What a session would answer, in one piece.
  static func answer(_ screen: inout PoliciesScreen, _ model: String, _ labs: BundledLabs) throws {
    guard case .policies(let question) = screen.question else { return }
    var answer = PolicyAnswer()
    var first: PolicyRun?
    if let policy = question.policy {
      let run = try run(policy, model, labs)
      answer.put(policy, .run(run))
      first = run
    }
    switch question.other {
    case nil: break
    case .policy(let other): answer.put(other, .run(try run(other, model, labs)))
    case .windowOfEqualBytes:
      let window = try #require(first?.windowOfEqualBytes)
      answer.put(window, .run(try run(window, model, labs)))
    }
    _ = screen.update(.findings(.policies(answer)))
    #expect(screen.question == nil)
  }

  private static let size = Size(columns: 100, rows: 30)

  private static func text(
    _ policy: String, _ keys: String = "", size: Size = size, look: Look = Look()
  ) throws -> String {
    try screen(look, policy: policy, keys: keys).view(size, look).plainText
  }

  // MARK: Numbers

  @Test("The table says each step's numbers, of both policies and of the full cache")
  func table() throws {
    let labs = BundledLabs.shared
    let (sinks, window) = (try labs.lab("sinks:4+8"), try labs.lab("window:12"))
    for step in 1...20 {
      let keys = "Home c " + Array(repeating: "Right", count: step - 1).joined(separator: " ")
      let text = try Self.text("sinks:4+8", keys)
      let lines = text.split(separator: "\n").map(String.init)
      func line(_ name: String) throws -> String {
        try #require(lines.last { $0.contains(name) && $0.contains("→") })
      }
      let full = try line("全部留着")
      #expect(full.contains(NumberText.bytes(sinks.steps[step - 1].fullCacheBytes)))
      for (name, lab) in [("sinks:4+8", sinks), ("window:12", window)] {
        let (line, here) = (try line(name), lab.steps[step - 1])
        let agreeing = lab.steps.prefix(step).count { $0.agrees }
        let best = try #require(here.next.first)
        for part in [
          best.text, NumberText.percent(best.probability, of: best.probability),
          NumberText.bytes(here.cacheBytes), "\(agreeing)/\(step)",
          PolicyNumber.divergence(here.divergence),
        ] {
          #expect(line.contains(part), "step \(step): \(part) in \(line)")
        }
        #expect(line.contains("✗") == !here.agrees)
        let marks = lab.steps.prefix(step).map { step in
          step.divergence >= 1
            ? "#" : step.divergence >= 0.1 ? "+" : step.divergence >= 0.01 ? "-" : "·"
        }
        #expect(line.hasSuffix(marks.joined()), "step \(step): \(line)")
      }
    }
  }

  @Test("Where there is room, the next candidates stand behind the first")
  func candidates() throws {
    let step = try BundledLabs.shared.lab("window:12").steps[16]
    let (wide, narrow) = (Size(columns: 200, rows: 60), Size(columns: 100, rows: 30))
    let keys = "Left Left Left"
    for (index, candidate) in step.next.prefix(3).enumerated() {
      let text =
        candidate.text + " "
        + NumberText.percent(candidate.probability, of: step.next[0].probability)
      #expect(try Self.text("window:12", keys, size: wide).contains(text))
      #expect(try Self.text("window:12", keys, size: narrow).contains(text) == (index == 0))
    }
  }

  @Test("A sentence says what is lost by the head that is shown")
  func lost() throws {
    let labs = BundledLabs.shared
    let lab = try labs.lab("window:12")
    let step = lab.steps[16]
    let head = LabHead(lab.trace, step: lab.trace.steps[16], layer: 1, head: 3)
    #expect(head.lost > 0.99 && !step.agrees)
    let text = try Self.text("window:12", "Left Left Left ] } } }")
    #expect(
      text.contains("这个头丢掉的注意力") && text.contains("共 16 个头")
        && text.contains(PolicyNumber.percent(head.lost)))
    // What it came to stands below it: here much, where less important tokens went next to nothing.
    #expect(text.contains("下一个字：KL " + PolicyNumber.divergence(step.divergence)))
    let sinks = try labs.lab("sinks:4+8").steps[16]
    #expect(sinks.divergence < 0.0005 && step.divergence > 1)
    #expect(try Self.text("sinks:4+8", "Left Left Left").contains("下一个字：KL <0.001"))
    #expect(try Self.text("window:12", "Left Left Left m").contains("层 2 头 4"))
    #expect(try Self.text("full").contains("全部留着"))
  }

  /// Cells of a row of the grid, at two columns each.
  private static func row(_ label: String, _ text: String, from x: Int = 5) -> [Character] {
    let line = text.split(separator: "\n").first { $0.dropFirst().hasPrefix(label) } ?? ""
    var columns: [Character] = []
    for character in line {
      columns.append(character)
      if ScalarWidth.of(String(character)) == 2 { columns.append(" ") }
    }
    return stride(from: x, to: min(columns.count, x + 40), by: 2).map { columns[$0] }
  }

  @Test("The grid has a dash where a query saw a key no more, and digits of the newest query")
  func grid() throws {
    let text = try Self.text("window:12", "Left Left Left")
    // 年 is the fifteenth token: it saw the fourth to the fifteenth.
    #expect(String(Self.row("年", text).prefix(16)) == "---============ ")
    let lab = try BundledLabs.shared.lab("window:12")
    let head = LabHead(lab.trace, step: lab.trace.steps[16], layer: 0, head: 0)
    let digits = head.weights.map { weight in
      weight.map { NumberText.weightDigit($0, .full) } ?? "-"
    }.joined()
    #expect(String(Self.row("0", text).prefix(17)) == digits)
  }

  @Test("Kept columns are scattered, and the sums of their weights stand above them")
  func heavyHitters() throws {
    let lab = try BundledLabs.shared.lab("h2o:4+8")
    let text = try Self.text("h2o:4+8")
    let last = try #require(lab.steps.last)
    guard case .byHead(let kept) = last.kept else {
      Issue.record("all heads keep the same")
      return
    }
    let sums = Self.row("Σ", text)
    for position in 0..<20 {
      let slot = kept[0][0].firstIndex(of: position)
      let sum = slot.flatMap { last.weightSums?[0][0][$0] }
      let sign = sum.map { $0 < 9.5 ? "\(Int($0.rounded()))" : "+" } ?? " "
      #expect(position >= sums.count || String(sums[position]) == sign, "\(position)")
    }
  }

  @Test("Errors of fewer bits are said, and bytes with their scales")
  func quantised() throws {
    let lab = try BundledLabs.shared.lab("int8")
    let text = try Self.text("int8")
    let head = LabHead(lab.trace, step: try #require(lab.trace.steps.last), layer: 0, head: 0)
    for (name, error) in [("K", head.keyError), ("V", head.valueError)] {
      #expect(text.contains("max |Δ\(name)| " + PolicyNumber.error(try #require(error))))
    }
    #expect(text.contains("10.0 位"), "8 bits, and a scale of 32 for 16 numbers")
    #expect(text.contains(NumberText.bytes(try #require(lab.steps.last).cacheBytes)))
    // As many floats as they are, in as many bytes: 10 of 32 bits each.
    let window = try Self.text("int8", "c c c")
    #expect(window.contains("window:6"), "20 tokens of 10 bits are 6 of 32\n\(window)")
  }

  @Test("Which rows read exactly, and why, is said of what keeps fewer bits")
  func exactRows() throws {
    let lab = try BundledLabs.shared.lab("fp8")
    // The first step that read anything but what was computed.
    let first = try #require(
      lab.trace.steps.firstIndex { step in
        step.lanes[1].reading?.layers.contains { !$0.changed.isEmpty } == true
      })
    #expect(first > 1)
    for (look, rows, none) in [
      (
        Look(language: .english), "rows 1-\(first) were exact: no scale then", "exact: no scale yet"
      ),
      (Look(language: .chinese), "前 \(first) 行读的是原数：那时还没有缩放", "还没有缩放，读的是原数"),
    ] {
      let wide = Size(columns: 120, rows: 36)
      #expect(try Self.text("fp8", size: wide, look: look).contains("E4M3"))
      #expect(try Self.text("fp8", size: wide, look: look).contains(rows))
      let early = try Self.text("fp8", "Home Right", size: wide, look: look)
      #expect(early.contains(none) && !early.contains(rows))
      // Rows that are out of view are not spoken of.
      let low = try Self.text("fp8", size: Size(columns: 80, rows: 24), look: look)
      #expect(low.contains("E4M3") && !low.contains(rows))
    }
    let english = Look(language: .english)
    let wide = Size(columns: 120, rows: 36)
    #expect(
      try Self.text("kivi:4", size: wide, look: english).contains(
        "newest 16 exact; K rounds 16 at a time"))
    #expect(try Self.text("int8", size: wide, look: english).contains("= read exactly"))
    // K waits for 16 to fill a group: until then there is no error to name.
    let kivi = try Self.text("kivi:4", size: wide, look: english)
    #expect(kivi.contains("no K rounded yet") && !kivi.contains("max |ΔK|"), "\(kivi)")
    let small = try Self.text("fp8", size: Size(columns: 100, rows: 30), look: english)
    #expect(small.contains("Δ tenths of the largest"), "\(small)")
    #expect(try Self.text("window:12", size: wide, look: english).contains("= from the cache"))
  }

  @Test("A cell says its score and its weight in both caches")
  func cell() throws {
    let lab = try BundledLabs.shared.lab("sinks:4+8")
    let head = LabHead(lab.trace, step: try #require(lab.trace.steps.last), layer: 0, head: 0)
    let newest = try Self.text("sinks:4+8", "i")
    let weight = try #require(head.weights[19])
    for number in [
      NumberText.fixed(Double(head.fullScores[19]), 3),
      NumberText.fixed(Double(head.fullWeights[19]), 4), NumberText.fixed(Double(weight), 4),
    ] {
      #expect(newest.contains(number), "\(number)")
    }
    let dropped = try Self.text(
      "sinks:4+8", "i " + Array(repeating: "Left", count: 12).joined(separator: " "))
    #expect(
      dropped.contains("已丢") && dropped.contains(PolicyNumber.percent(Double(head.fullWeights[7]))))
    #expect(try Self.text("sinks:4+8", "i Left Left Escape") == Self.text("sinks:4+8"))
  }

  // MARK: Frames

  @Test("Every size draws whole rows, with every kind of policy")
  func sizes() throws {
    var random = SplitMix64(seed: 13)
    let labs = BundledLabs.shared
    let screens = try ["", "c", "p", "p c", "p p", "p p c", "p p p p", "P P", "i", "?", "Home"]
      .flatMap { keys in
        try ["tiny-zh", "tiny-zh-gqa"].map { try Self.screen(model: $0, keys: keys, labs: labs) }
      }
    for round in 0..<160 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let look = Look(
        language: round % 2 == 0 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let canvas = screens[round % screens.count].view(size, look)
      #expect(canvas.flaw == nil, "\(size), \(round % screens.count)")
    }
    for columns in 1...24 {
      for rows in 1...14 {
        let size = Size(columns: columns, rows: rows)
        #expect(screens[(columns + rows) % screens.count].view(size, Look()).flaw == nil)
      }
    }
  }

  @Test(
    "A text that is wider than the screen keeps its first tokens in view where they are what is kept"
  )
  func longTexts() throws {
    let labs = BundledLabs.shared
    let lab = try labs.lab(
      "sinks:4+8", text: String(repeating: "春眠不觉晓，处处闻啼鸟。", count: 5), tokens: 0)
    var screen = PoliciesScreen(try CachePolicy("sinks:4+8"), Look())
    var answer = PolicyAnswer()
    answer.put(
      try CachePolicy("sinks:4+8"),
      .run(PolicyRun(trace: lab.trace, steps: lab.steps, longest: lab.longest)))
    _ = screen.update(.findings(.policies(answer)))
    for columns in [60, 80, 100] {
      let text = screen.view(Size(columns: columns, rows: 24), Look()).plainText
      let strip =
        text.split(separator: "\n").first { $0.contains("====") && $0.contains("+") } ?? ""
      #expect(strip.contains("====…") || strip.contains("===="), "\(text)")
      #expect(strip.contains("========") || strip.contains("=======+"), "\(text)")
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Policies/Snapshots")
    let labs = BundledLabs.shared
    let cases = [
      ("sinks", "sinks:4+8", "Left Left Left ] } } } c"), ("h2o", "h2o:4+8", ""),
      ("int8", "int8", "c"),
      ("paged", "paged:4", "Left"), ("cell", "window:12", "i Left Left"), ("help", "full", "?"),
    ]
    for (columns, rows) in [(60, 16), (80, 24), (120, 36), (200, 60)] {
      let size = Size(columns: columns, rows: rows)
      for (name, policy, keys) in cases where rows < 60 || name == "sinks" {
        for (language, glyphs) in [(Language.chinese, GlyphSet.full), (.english, .ascii)] {
          let look = Look(language: language, glyphs: glyphs)
          let canvas = try Self.screen(look, policy: policy, keys: keys, labs: labs).view(
            size, look)
          try kept.check("\(name)-\(columns)x\(rows)-\(language)", canvas.plainText)
        }
      }
    }
  }

  // MARK: Keys

  @Test("Back gives the same picture, through steps, kinds, sizes, heads and what is compared")
  func back() throws {
    let first = try Self.text("sinks:4+8")
    for keys in [
      "Left Right", "Home End", "p P", "+ -", "s S", "] [", "} {", "c c c", "i Escape", "? ?",
      "t t t L L", "L L",
    ] {
      #expect(try Self.text("sinks:4+8", keys) == first, "\(keys)")
    }
  }

  /// The footer's words after keys.
  private static func footer(
    _ policy: String, _ keys: String = "", size: Size = Size(columns: 140, rows: 30)
  ) throws -> String {
    String(try text(policy, keys, size: size).split(separator: "\n").last ?? "")
  }

  @Test("The footer names what has something to do: at the ends, while it plays, of each kind")
  func footers() throws {
    let end = try Self.footer("sinks:4+8")
    #expect(end.contains(" ←  走一步") && !end.contains("→") && end.contains("Home  从头看"))
    let first = try Self.footer("sinks:4+8", "Home")
    #expect(first.contains(" →  走一步") && !first.contains("←") && !first.contains("Home"))
    #expect(try Self.footer("sinks:4+8", "Left").contains("→ ←  走一步"))
    #expect(end.contains("+ -  大小") && end.contains("c  和谁比") && end.contains("m  丢得最多的头"))
    let int8 = try Self.footer("int8")
    #expect(!int8.contains("大小") && !int8.contains("丢得最多") && int8.contains("和谁比"))
    #expect(!(try Self.footer("full").contains("和谁比")))
    let playing = try Self.footer("sinks:4+8", "Space")
    #expect(playing.contains("Space  停") && playing.contains("q  返回"))
    #expect(try Self.text("sinks:4+8", "Space").contains("▶ 第 1/20 步"))
    #expect(try Self.text("sinks:4+8", "Right").contains("最后一步；← 往回走"))
    for columns in [60, 80] {
      let size = Size(columns: columns, rows: columns == 60 ? 16 : 24)
      let cell = try Self.footer("sinks:4+8", "i Left", size: size)
      #expect(cell.contains("→ ←  换一格") && cell.contains("Esc  返回") && !cell.contains("走一步"))
    }
  }

  @Test("On the lowest screens too a cell is said of every cache that is compared")
  func lowCells() throws {
    let size = Size(columns: 60, rows: 16)
    for (keys, names) in [
      ("i", ["全部留着", "sinks:4+8"]), ("c i", ["全部留着", "sinks:4+8", "window:12"]),
    ] {
      let lines = try Self.text("sinks:4+8", keys, size: size).split(separator: "\n")
      for name in names {
        #expect(
          lines.contains { $0.hasPrefix(" " + name) && $0.contains("权重 0.") }, "\(keys): \(name)")
      }
      #expect(lines.contains { $0.contains("看键「日」（第 20 个）") })
    }
  }

  @Test("What the digits of the last row are stands where nothing is lost")
  func digits() throws {
    let low = Size(columns: 80, rows: 24)
    #expect(try Self.text("sinks:4+8", size: low).contains("十分之几，' <.05"))
    #expect(!(try Self.text("sinks:4+8", "c", size: low).contains("十分之几")))
  }

  @Test("Every policy is told in words beside its name at 80 columns, in both languages")
  func captions() throws {
    let low = Size(columns: 80, rows: 24)
    for name in ["full", "window:12", "sinks:4+8", "h2o:4+8", "int8", "fp8", "kivi:4", "paged:4"] {
      for language in [Language.chinese, .english] {
        let words = PolicyWords(policy: try CachePolicy(name), language: language).explanations
        let text = try Self.text(name, size: low, look: Look(language: language))
        #expect(words.contains { text.contains("\(name)  \($0)") }, "\(name), \(language)")
      }
    }
  }

  @Test("The bits of a number say what is more than those of their type")
  func bits() throws {
    let low = Size(columns: 80, rows: 24)
    let english = Look(language: .english)
    let (wide, wider) = (Size(columns: 120, rows: 36), Size(columns: 200, rows: 60))
    #expect(try Self.text("int8", size: low).contains("每数 10.0 位：8 + 缩放 2.0"))
    #expect(
      try Self.text("int8", size: wide, look: english).contains(
        "10.0 bits per number: 8 + 2.0 of scales"))
    #expect(try Self.text("kivi:4", size: low).contains("每数 29.6 位，16 个原样"))
    #expect(
      try Self.text("kivi:4", size: wide, look: english).contains(": the newest 16 exact, 32"))
    #expect(
      try Self.text("kivi:4", size: wider, look: english).contains(
        "the newest 16 or more exact, 32"))
  }

  @Test("The digits of an error row are tenths of the largest, where no line says so")
  func tenths() throws {
    let low = Size(columns: 80, rows: 24)
    let lines = try Self.text("int8", "c c", size: low).split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.hasPrefix(" ΔK") && $0.contains("最大误差的") })
    #expect(lines.contains { $0.hasPrefix(" ΔV") && $0.contains("十分之几") })
  }

  @Test("A divergence has its name, above it or beside it")
  func names() throws {
    let head = try Self.text("window:5", size: Size(columns: 60, rows: 16))
    #expect(head.split(separator: "\n").contains { $0.contains(" KL ") && $0.contains("<.01") })
    let lines = try Self.text("window:5", size: Size(columns: 60, rows: 12)).split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix(" window:5") && $0.contains("KL ") })
  }

  @Test("In ASCII too each mark of a divergence is of its own")
  func marks() throws {
    let look = Look(language: .english, glyphs: .ascii)
    let text = try Self.text("window:5", look: look)
    #expect(text.contains(". <.01 - <.1 + <1 # >=1"))
    let marks = try BundledLabs.shared.lab("window:5").steps.map { step in
      step.divergence >= 1
        ? "#" : step.divergence >= 0.1 ? "+" : step.divergence >= 0.01 ? "-" : "."
    }
    #expect(Set(marks).count > 2 && text.contains(marks.joined()))
  }

  @Test("One block, one slot, one place")
  func plurals() throws {
    let look = Look(language: .english)
    let wide = Size(columns: 120, rows: 36)
    #expect(
      try Self.text("paged:4", "Home Right Right", size: wide, look: look).contains(
        "1 block, 1 slot empty"))
    #expect(try Self.text("paged:4", size: wide, look: look).contains("5 blocks, 0 slots empty"))
    #expect(try Self.text("window:1", look: look).contains("Which one stays?"))
  }

  @Test("What a run that is kept takes is counted: Q, K, V and the residual stream of both lanes")
  func bytes() throws {
    // 20 steps of 4 layers: 64 of Q, 64 of K, 64 of V; 64 · (1 + 2 · 4) of the stream.
    let run = try Self.run(.full, "tiny-zh", .shared)
    #expect(run.bytes == 2 * 20 * (4 * 3 * 64 + 64 * 9) * 4)
    #expect(PolicyRun.mostBytesKept == 128 << 20)
  }

  @Test("Keys go through all kinds, which keep their numbers")
  func kinds() throws {
    var seen: [String] = []
    for presses in 0...8 {
      let keys = Array(repeating: "p", count: presses).joined(separator: " ")
      let text = try Self.text("full", keys)
      seen.append(String(text.split(separator: "\n")[1].split(separator: " ")[0]))
    }
    #expect(
      seen == [
        "full", "window:12", "sinks:4+8", "h2o:4+8", "int8", "fp8", "kivi:4", "paged:4",
        "window:12",
      ], "the full cache is not stood beside itself")
    #expect(try Self.text("full", "P").contains("paged:4"))
    #expect(try Self.text("window:12", "P").contains("paged:4"))
    #expect(try Self.text("sinks:2+3", "p p p p p p + p").contains("sinks:2+4"))
    #expect(try Self.text("window:5", "+").contains("window:6"))
    #expect(try Self.text("window:5", "c").contains("sinks:4+1"))
    #expect(try Self.text("sinks:4+8", "s").contains("sinks:5+7"))
    #expect(try Self.text("kivi:2", "+").contains("kivi:3"))
    for (policy, keys) in [
      ("window:1", "-"), ("kivi:8", "+"), ("kivi:2", "-"), ("paged:1", "-"), ("sinks:1+1", "-"),
      ("sinks:1+4", "S"),
      ("window:9223372036854775807", "- + +"),
    ] {
      #expect(try Self.text(policy, keys).contains("到头了"), "\(policy) \(keys)")
    }
    #expect(try Self.text("int8", "+").contains("没有大小"))
    #expect(try Self.text("full", "c").contains("只和完整缓存比"))
  }

  @Test(
    "It asks for what it has not got, shows steps as they come, and what was run before at once")
  func questions() throws {
    let labs = BundledLabs.shared
    let (sinks, window) = (try CachePolicy("sinks:4+8"), try CachePolicy("window:12"))
    var screen = PoliciesScreen(sinks, Look())
    #expect(screen.question == .policies(PolicyQuestion(sinks)))
    #expect(screen.waits.isEmpty && screen.waits.refresh != nil)
    var answer = PolicyAnswer()
    answer.put(sinks, .run(try Self.run(sinks, "tiny-zh", labs, steps: 3)))
    _ = screen.update(.findings(.policies(answer)))
    #expect(screen.question == .policies(PolicyQuestion(sinks)) && !screen.waits.isEmpty)
    let part = screen.view(Self.size, Look()).plainText
    #expect(part.contains("第 3/20 步") && part.contains("已算 3/20 步"))
    try Self.answer(&screen, "tiny-zh", labs)
    #expect(screen.question == nil && screen.waits == Waits())
    _ = screen.update(.key(.character("c")))
    #expect(screen.question == .policies(PolicyQuestion(nil, .policy(window))))
    #expect(screen.view(Self.size, Look()).plainText.contains("正在算"))
    try Self.answer(&screen, "tiny-zh", labs)
    for key in [Key.character("p"), .character("P")] { _ = screen.update(.key(key)) }
    #expect(screen.question == nil, "both were run")
    for key in [Key.character("p"), .character("p")] { _ = screen.update(.key(key)) }
    let int8 = CachePolicy(format: .int8)
    #expect(screen.question == .policies(PolicyQuestion(int8, .windowOfEqualBytes)))
    _ = screen.update(.key(.character("c")))
    #expect(screen.question == .policies(PolicyQuestion(int8)))
  }

  @Test("It opens at a place, as far as the model has it")
  func place() throws {
    var place = PoliciesPlace()
    (place.step, place.layer, place.head, place.companion) = (17, 1, 3, .window)
    var screen = PoliciesScreen(try CachePolicy("sinks:4+8"), at: place, Look())
    try Self.answer(&screen, "tiny-zh", .shared)
    let text = screen.view(Self.size, Look()).plainText
    #expect(text == (try Self.text("sinks:4+8", "Left Left Left ] } } } c")))
    (place.step, place.layer, place.head) = (99, 99, 99)
    var beyond = PoliciesScreen(try CachePolicy("int8"), at: place, Look())
    try Self.answer(&beyond, "tiny-zh-gqa", .shared)
    #expect(beyond.view(Self.size, Look()).plainText.contains("层 4 头 4 (K2) · 第 20/20 步"))
  }

  @Test("What cannot be run is said, and another policy can be chosen")
  func refusals() throws {
    let labs = BundledLabs.shared
    var screen = PoliciesScreen(try CachePolicy("h2o:4+8"), Look())
    var answer = PolicyAnswer()
    answer.put(try CachePolicy("h2o:4+8"), .refused(Refusal()))
    _ = screen.update(.findings(.policies(answer)))
    #expect(screen.question == nil)
    #expect(screen.view(Self.size, Look()).plainText.contains("这不行"))
    _ = screen.update(.key(.character("P")))
    try Self.answer(&screen, "tiny-zh", labs)
    #expect(screen.view(Self.size, Look()).plainText.contains("sinks:4+8"))
  }

  @Test("What goes wrong ends the work")
  func failure() throws {
    var screen = PoliciesScreen(.full, Look())
    _ = screen.update(.failed(Refusal()))
    #expect(screen.question == nil && screen.waits == Waits())
    #expect(screen.view(Self.size, Look()).plainText.contains("这不行"))
  }

  @Test("It plays from the beginning to the end, and stops at a key")
  func plays() throws {
    var screen = try Self.screen()
    _ = screen.update(.key(.character(" ")))
    #expect(screen.waits.beat != nil)
    #expect(screen.view(Self.size, Look()).plainText.contains("第 1/20 步"))
    for _ in 0..<5 { _ = screen.update(.tick) }
    #expect(screen.view(Self.size, Look()).plainText.contains("第 6/20 步"))
    for _ in 0..<15 { _ = screen.update(.tick) }
    #expect(screen.waits.beat == nil)
    _ = screen.update(.key(.character(" ")))
    _ = screen.update(.key(.left))
    #expect(screen.waits.beat == nil)
  }

  @Test("Runs that were looked at longest ago make way")
  func bounds() throws {
    let labs = BundledLabs.shared
    var runs = PolicyRuns()
    let run = try Self.run(.full, "tiny-zh", labs)
    for window in 1...40 {
      var answer = PolicyAnswer()
      answer.put(CachePolicy(retention: .window(window)), .run(run))
      runs.take(answer)
      runs.use([CachePolicy(retention: .window(1))])
    }
    #expect(runs.run(CachePolicy(retention: .window(1))) != nil)
    #expect(runs.run(CachePolicy(retention: .window(2))) == nil)
    #expect(runs.run(CachePolicy(retention: .window(40))) != nil)
  }
}
