import Base
import Classroom
import TestSupport
import Testing
import Viz

@testable import Screens

/// What who follows a presentation sees, and how far he can look around.
@Suite struct FollowStateTests {
  private func following(
    _ body: String = Told.choice, _ look: Look = Look()
  ) -> Following<FollowScreen> { Following(FollowScreen(look), body, look) }

  private func viewer(_ following: Following<FollowScreen>) throws -> ViewerState {
    try #require(following.screen.state.mirror.exhibit).viewer
  }

  // MARK: Following

  @Test("Who follows is at the presenter's step, layer, head and cell, from the first state on")
  func place() throws {
    var late = following()
    try late.hear(Told.run(step: 6, layer: 2, head: 2, cell: ShownCell(query: 3, key: 1)))
    let viewer = try viewer(late)
    #expect(viewer.moment.step == 6 && viewer.layer == 1 && viewer.head == 1)
    #expect(viewer.mode == .cell(query: 3, key: 1))
    try late.hear(Told.run(step: 2))
    #expect(try self.viewer(late).moment.step == 2)
    #expect(try self.viewer(late).mode == .browse)
    #expect(late.opened == 1)
  }

  @Test("On a lecture's first and last screen there is its sentence, and nothing to look around in")
  func covers() throws {
    var follower = following()
    var document = Told.lesson("one", step: 2)
    (document.cover, document.sentence) = (.first, "一堂课")
    try follower.hear(document)
    for keys in ["", "Right Right", "i", "g 4 Enter"] {
      try follower.press(keys)
      #expect(follower.text().contains("一堂课") && !follower.text().contains("头一屏"), "\(keys)")
      #expect(!follower.screen.state.isAway)
    }
    #expect(try viewer(follower).moment.step == 2)
    try follower.hear(Told.lesson("one", step: 2))
    #expect(follower.text().contains("头一屏") && !follower.text().contains("一堂课"))
  }

  @Test(
    "A screen of a lesson is opened where it is, another of the same lesson without opening it anew"
  )
  func screens() throws {
    var follower = following()
    try follower.hear(Told.lesson("one", step: 2))
    try follower.hear(Told.lesson("three", step: 4, layer: 2))
    #expect(follower.opened == 1)
    #expect(try viewer(follower).moment.step == 4)
    #expect(try viewer(follower).layer == 1)
    #expect(follower.text().contains("第三屏"))
    try follower.hear(Told.run(step: 3))
    #expect(follower.opened == 2)
    #expect(try viewer(follower).moment.step == 3)
  }

  @Test("A step that is not computed yet is gone to as soon as it is")
  func computing() throws {
    var follower = following()
    follower.isSlow = true
    try follower.hear(Told.run(step: 4, head: 2, cell: ShownCell(query: 2, key: 2)))
    #expect(try !viewer(follower).hasStep)
    try follower.compute(2)
    try follower.compute(4)
    #expect(try viewer(follower).moment.step == 4)
    #expect(try viewer(follower).mode == .cell(query: 2, key: 2))
    #expect(!follower.screen.state.isAway)
  }

  // MARK: What the presenter does to the wall

  @Test("A blank wall is a blank page with a sentence; who looks around keeps his picture")
  func blank() throws {
    for start in [Told.run(step: 3), Told.lesson(step: 3, Told.question(.vote))] {
      var blank = start
      blank.isBlank = true
      var follower = following()
      try follower.hear(start)
      let picture = follower.text()
      try follower.hear(blank)
      let text = follower.text()
      #expect(text.contains("投影黑屏") && text.contains("先看老师"))
      #expect(!text.contains("Q K") && !text.contains("下一步有几行"), "\(text)")
      try follower.press("Left")
      #expect(follower.text().contains("随便看") && !follower.text().contains("先看老师"))
      try follower.press("Enter")
      #expect(follower.text().contains("先看老师"))
      try follower.hear(start)
      #expect(follower.text() == picture)
      try follower.hear(blank)
      try follower.lose()
      #expect(!follower.text().contains("先看老师"), "nothing says when it ends")
    }
  }

  @Test(
    "The presenter's spotlight shades the picture here, and nothing of who looks around",
    arguments: ShownLight.allCases)
  func spotlight(light: ShownLight) throws {
    for start in [Told.run(step: 4), Told.lesson("three", step: 4)] {
      for size in [(60, 16), (80, 24), (120, 36)].map({ Size(columns: $0.0, rows: $0.1) }) {
        var lit = start
        lit.spotlight = light
        var follower = following()
        try follower.hear(start)
        func shaded() -> Int {
          follower.screen.view(size, Look()).cells.count { $0.style.role == .shaded }
        }
        #expect(shaded() == 0)
        try follower.hear(lit)
        #expect(shaded() > 100, "\(size)")
        #expect(follower.screen.view(size, Look()).flaw == nil)
        try follower.press("Left")
        #expect(shaded() == 0)
        try follower.press("Enter")
        #expect(shaded() > 100)
        try follower.hear(start)
        #expect(shaded() == 0)
      }
    }
  }

  // MARK: Looking around

  @Test(
    "Who looks around stays there, is told so, and one key leads back",
    arguments: ["Enter", "Escape"])
  func around(key: String) throws {
    var follower = following()
    try follower.hear(Told.run(step: 3))
    try follower.press("Right Right ]")
    #expect(follower.screen.state.isAway)
    #expect(follower.text().contains("随便看"))
    try follower.hear(Told.run(step: 4))
    #expect(try viewer(follower).moment.step == 5)
    #expect(follower.text().contains("老师在第 4 步"))
    try follower.press(key)
    #expect(try viewer(follower).moment.step == 4)
    #expect(try viewer(follower).layer == 0)
    #expect(!follower.text().contains("随便看"))
    try follower.hear(Told.run(step: 5))
    #expect(try viewer(follower).moment.step == 5)
  }

  @Test("Keys that move nothing leave nobody behind; the way back by foot counts as well")
  func still() throws {
    for keys in ["t", "L", "o", "?", "? Escape", "Right Left", "g Escape", "i Escape", "] ["] {
      var follower = following()
      try follower.hear(Told.run(step: 3))
      try follower.press(keys)
      #expect(!follower.screen.state.isAway, "\(keys)")
      try follower.hear(Told.run(step: 6))
      #expect(try viewer(follower).moment.step == 6, "\(keys)")
    }
  }

  @Test("A part that the presenter opened meanwhile is opened on the way back, not before")
  func elsewhere() throws {
    var follower = following()
    try follower.hear(Told.run(step: 3))
    try follower.press("Left")
    try follower.hear(Told.lesson("three", step: 4))
    #expect(follower.opened == 1)
    #expect(follower.text().contains("老师在别处"))
    try follower.press("Enter")
    #expect(follower.opened == 2)
    #expect(follower.text().contains("第三屏"))
  }

  @Test("What would keep, run or ask something is no key here")
  func refused() throws {
    var follower = following()
    try follower.hear(Told.run(step: 3))
    for key in ["w", "/", "p", "Space", "m", "T"] {
      try follower.press(key)
      #expect(follower.text().contains("没有这个键"), "\(key)")
      #expect(try viewer(follower).mode == .browse)
    }
    try follower.press("q")
    #expect(follower.isLeft)
  }

  // MARK: Questions

  @Test("Nobody sees the step that is asked about before its reveal, whatever is pressed")
  func held() throws {
    for phase in QuestionPhase.allCases where phase != .reveal {
      for body in [Told.choice, Told.number] {
        let id = body == Told.choice ? "rows" : "cells"
        var follower = following(body)
        try follower.hear(Told.lesson(step: 3, Told.question(phase, id)))
        for keys in ["Right Right Right", "End", "g 7 Enter", "d Right Right Right", "Home End"] {
          try follower.press(keys)
          #expect(try viewer(follower).moment.step <= 3, "\(phase) \(keys)")
          try follower.press("Enter")
        }
        #expect(!follower.text().contains("四行四列") && !follower.text().contains("四个字，四行"))
      }
    }
  }

  @Test("A state that asks for more than the question lets shows no more")
  func tooFar() throws {
    var follower = following()
    try follower.hear(Told.lesson(step: 6, Told.question(.vote)))
    #expect(try viewer(follower).moment.step == 3)
    // A question that the lesson does not have opens none of its own.
    try follower.hear(Told.lesson(step: 6, Told.question(.reveal, "other")))
    #expect(try viewer(follower).moment.step == 3)
  }

  @Test("The reveal shows the step, the votes of both rounds and why; going back takes them away")
  func reveal() throws {
    var follower = following()
    try follower.hear(Told.lesson(step: 3, Told.question(.vote, answered: 12)))
    #expect(follower.text().contains("已答 12 人"))
    let reveal = QuestionReveal(counts: [[9, 5], [3, 11]], answer: 1)
    try follower.hear(Told.lesson(step: 4, Told.question(.reveal, reveal: reveal)))
    #expect(try viewer(follower).moment.step == 4)
    let text = follower.text(Size(columns: 120, rows: 36))
    #expect(text.contains("9 → 3") && text.contains("5 → 11") && text.contains("四个字，四行"))
    try follower.press("Right")
    #expect(try viewer(follower).moment.step == 5)
    try follower.press("Enter")
    try follower.hear(Told.lesson(step: 3, Told.question(.voteAgain)))
    #expect(try viewer(follower).moment.step == 3)
    #expect(!follower.text().contains("→ 11") && !follower.text().contains("四个字，四行"))
    try follower.press("Right")
    #expect(try viewer(follower).moment.step == 3)
  }

  @Test("Votes are seen at the reveal alone, whoever sends them before")
  func early() throws {
    var follower = following()
    let reveal = QuestionReveal(counts: [[9, 5], [3, 11]], answer: 1)
    try follower.hear(Told.lesson(step: 3, Told.question(.vote, reveal: reveal)))
    let text = follower.text(Size(columns: 120, rows: 36))
    #expect(!text.contains("9 →") && !text.contains("→ 3") && !text.contains("→ 11"))
  }

  @Test("A question calls those who look around elsewhere, once; who is with it stays where he is")
  func called() throws {
    var follower = following()
    try follower.hear(Told.lesson("one", step: 2))
    try follower.press("Right")
    try follower.hear(Told.lesson("two", step: 3, Told.question(.think)))
    #expect(!follower.screen.state.isAway)
    #expect(follower.text().contains("老师出题了"))
    try follower.press("Left")
    try follower.hear(Told.lesson("two", step: 3, Told.question(.vote)))
    #expect(follower.screen.state.isAway)
    #expect(try viewer(follower).moment.step == 2)
    #expect(follower.text().contains("▸投票"))
  }

  @Test("Cells to mark stay unmarked before the reveal, and nothing is answered here")
  func marks() throws {
    var follower = following(Told.marks)
    try follower.hear(Told.lesson(step: 3, Told.question(.think, "marks", options: [])))
    let before = follower.text()
    for key in ["i", "Right", "1"] { try follower.press(key) }
    try follower.press("Enter")
    #expect(before.contains("标出算了的格"))
    #expect(!before.contains("1.0"), "no weights\n\(before)")
    #expect(!before.contains("投票"))
    let reveal = QuestionReveal(counts: [], answer: 0)
    try follower.hear(
      Told.lesson(step: 3, Told.question(.reveal, "marks", options: [], reveal: reveal)))
    #expect(follower.text().contains("都算了"))
  }

  @Test("What the questions are is said in the follower's own language, whatever the presenter's")
  func language() throws {
    var follower = following(Told.choice, Look(language: .english))
    try follower.hear(Told.lesson(step: 3, Told.question(.vote, answered: 3)))
    #expect(
      follower.text().contains("Vote on your phone") && follower.text().contains("3 answered"))
    try follower.press("L")
    #expect(follower.text().contains("用手机，或举手"))
    #expect(try viewer(follower).moment.step == 3)
    try follower.press("Right")
    #expect(try viewer(follower).moment.step == 3, "still held")
  }

  // MARK: The presenter's end

  @Test("A presenter that is gone leaves the screen, and is found again")
  func gone() throws {
    var follower = following()
    try follower.lose()
    #expect(follower.text().contains("等演示开始"))
    try follower.hear(Told.run(step: 3))
    #expect(!follower.text().contains("等演示开始"))
    try follower.lose()
    let text = follower.text()
    #expect(text.contains("断开") && text.contains("人"))
    try follower.press("Right")
    #expect(try viewer(follower).moment.step == 4)
    try follower.press("Enter")
    try follower.hear(Told.run(step: 5))
    #expect(try viewer(follower).moment.step == 5)
    #expect(!follower.text().contains("断开"))
    #expect(follower.opened == 1)
  }

  // MARK: Hostile states

  @Test("A state that cannot be shown is a sentence, and the next one that can is shown")
  func hostile() throws {
    let bad = [
      Told.document(ShownPlace(.lesson(id: "no\u{1B}[2J", screen: "two"), step: 1), nil),
      Told.lesson("no\u{07}where"),
      Told.document(ShownPlace(.run(arguments: ["--x"]), step: 1), nil),
      Told.document(ShownPlace(.recording(path: "/dev/\u{1B}zero"), step: 1), Told.question(.vote)),
    ]
    for document in bad {
      var follower = following()
      try follower.hear(document)
      try follower.hear(document)
      #expect(follower.opened == 1, "tried once")
      let text = follower.text()
      #expect(text.contains("这不行") || text.contains("没有这一屏"), "\(text)")
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      try follower.press("Right Enter i ?")
      try follower.press("Escape")
      try follower.hear(Told.run(step: 2))
      #expect(try viewer(follower).moment.step == 2)
      try follower.hear(document)
      try follower.hear(Told.lesson("three", step: 4))
      #expect(try viewer(follower).moment.step == 4)
    }
  }

  @Test("Numbers beyond the run are cut")
  func huge() throws {
    for huge in [Int.max, 1 << 40, 8] {
      var follower = following()
      try follower.hear(
        Told.run(step: huge, layer: huge, head: huge, cell: ShownCell(query: huge, key: huge)))
      let viewer = try viewer(follower)
      #expect(viewer.moment.step == 7)
      #expect(viewer.mode == .cell(query: 6, key: 6))
      try follower.hear(
        Told.lesson(step: huge, layer: huge, cell: ShownCell(query: huge, key: 0)))
      #expect(!follower.text().isEmpty)
    }
  }

  @Test("Long questions and options of a lesson that is not here are drawn so far and no further")
  func long() throws {
    var follower = following()
    let long = String(repeating: "长\u{202E}", count: 100_000)
    var question = Told.question(.vote, options: Array(repeating: long, count: 1000))
    question.ask = long
    try follower.hear(
      Told.document(ShownPlace(.lesson(id: "x", screen: long), step: 1), question))
    let text = follower.text()
    #expect(text.count < 4000 && !text.unicodeScalars.contains("\u{202E}"))
  }

  // MARK: Sizes

  @Test("Every size draws whole rows, in every state")
  func sizes() throws {
    var random = SplitMix64(seed: 14)
    let reveal = QuestionReveal(counts: [[9, 5], [3, 11]], answer: 1)
    var (blank, lit, litRun) = (Told.lesson(), Told.lesson(), Told.run(step: 5))
    (blank.isBlank, lit.spotlight, litRun.spotlight) = (true, .row, .cell)
    let states: [(PresentationDocument?, String)] = [
      (nil, ""), (Told.run(step: 5), ""), (Told.run(step: 5), "Left i"), (Told.run(step: 5), "g 3"),
      (Told.lesson(step: 3, Told.question(.vote, answered: 7)), ""),
      (Told.lesson(step: 4, Told.question(.reveal, reveal: reveal)), "i"),
      (Told.lesson(step: 3, Told.question(.discuss)), "Left"), (Told.lesson("three", step: 4), "?"),
      (Told.lesson("nowhere", step: 4, Told.question(.vote)), ""), (blank, ""), (lit, ""),
      (litRun, "i"),
    ]
    let followers = try states.map { document, keys in
      var follower = following()
      if let document { try follower.hear(document) } else { try follower.lose() }
      try follower.press(keys)
      return follower.screen
    }
    for round in 0..<180 {
      let size = Size(
        columns: Int.random(in: 1...300, using: &random),
        rows: Int.random(in: 1...100, using: &random))
      let look = Look(
        language: round % 2 == 0 ? .chinese : .english,
        glyphs: round % 3 == 0 ? .full : round % 3 == 1 ? .narrow : .ascii)
      let canvas = followers[round % followers.count].view(size, look)
      #expect(canvas.flaw == nil, "\(size) \(round % followers.count)")
      if look.glyphs == .ascii, look.language == .english {
        // What the lesson says is Chinese all the same.
        #expect(canvas.size == size)
      }
    }
  }

  @Test("Frames that were looked at are kept")
  func frames() throws {
    let kept = KeptFolder("Tests/ScreensTests/Follow/Snapshots")
    let reveal = QuestionReveal(counts: [[9, 5], [3, 11]], answer: 1)
    var blank = Told.lesson(step: 3)
    blank.isBlank = true
    let cases: [(String, PresentationDocument?, String)] = [
      ("waiting", nil, ""), ("run", Told.run(step: 5), ""),
      ("around", Told.run(step: 5), "Left Left"),
      ("vote", Told.lesson(step: 3, Told.question(.vote, answered: 12)), ""),
      ("reveal", Told.lesson(step: 4, Told.question(.reveal, reveal: reveal)), ""),
      ("help", Told.lesson("three", step: 4), "?"), ("blank", blank, ""),
    ]
    var names: [String] = []
    for (name, document, keys) in cases {
      for size in [
        Size(columns: 60, rows: 16), Size(columns: 80, rows: 24), Size(columns: 120, rows: 36),
      ] {
        for language in Language.allCases {
          let look = Look(language: language)
          var follower = following(Told.choice, look)
          try follower.send(.resized(size))
          if let document { try follower.hear(document) } else { try follower.lose() }
          try follower.press(keys)
          names.append("\(name)-\(size.columns)x\(size.rows)-\(language)")
          try kept.check(names[names.count - 1], follower.text(size))
        }
      }
    }
    #expect(try kept.unused(names).isEmpty)
  }
}
