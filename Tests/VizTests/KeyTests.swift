internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// Keys, their full-width forms, and the table that gives them their meaning.
@Suite struct KeyTests {
  @Test(
    "Full-width forms count as their ASCII keys",
    arguments: Array(zip("［］｛｝？ｉ【】「」『』／、￥¥ｑ＋－＝Ｌ０\u{3000}", "[]{}?i[]{}{}//$$q+-=L0 ")))
  func folding(wide: Character, narrow: Character) {
    #expect(Key.character(wide).folded == .character(narrow))
    #expect(
      ViewerKeys.browse.action(for: .character(wide))
        == ViewerKeys.browse.action(for: .character(narrow)))
    #expect(ViewerKeys.browse.action(for: .character(wide)) != nil)
  }

  @Test("Other characters fold to themselves", arguments: ["中", "é", "a", "👍🏽", "e\u{301}"])
  func noFolding(text: String) throws {
    let character = try #require(text.first)
    #expect(Key.character(character).folded == .character(character))
  }

  @Test("Text that is typed keeps its full-width forms")
  func typedFullWidth() throws {
    var state = try Runs.china().start().after("/")
    for character in "你好？" { state.update(.key(.character(character))) }
    state.press("Enter")
    #expect(state.request == .run("你好？"))
  }

  @Test(
    "Keys have the names that tmux gives them",
    arguments: [
      ("Right", Key.right), ("PPage", .pageUp), ("NPage", .pageDown), ("Space", .character(" ")),
      ("BSpace", .backspace), ("DC", .delete), ("C-c", .control("c")), ("i", .character("i")),
      ("中", .character("中")), ("right", .right), ("ESCAPE", .escape), ("C-C", .control("c")),
      ("L", .character("L")), ("F12", .other("f12")), ("BTab", .other("btab")),
      ("M-x", .other("m-x")), ("C-Left", .other("c-left")), ("M-C-x", .other("m-c-x")),
    ])
  func names(name: String, key: Key) {
    #expect(Key(tmuxName: name) == key)
  }

  @Test(
    "A name that tmux does not know is no key",
    arguments: ["", "Foo", "C-", "M-", "M-Foo", "F13", "ab"])
  func noNames(name: String) {
    #expect(Key(tmuxName: name) == nil)
  }

  @Test("No key stands twice in the table")
  func unique() {
    let keys = ViewerKeys.browse.rows.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
    #expect(keys.allSatisfy { $0.folded == $0 })
  }

  @Test(
    "Every key of the table does something that can be seen, or says something",
    // What Ctrl-L does is done by the terminal's screen.
    arguments: ViewerKeys.browse.rows.filter { ![.redraw, .stop].contains($0.action) }.flatMap(
      \.keys))
  func everyKey(key: Key) throws {
    let run = try Runs.long()
    var before = run.state(step: 50)
    (before.layer, before.head) = (1, 1)
    before.scrollBack = 5
    var after = before
    after.update(.key(key))
    let isSeen =
      after.view(.large) != before.view(.large) || after.theme != before.theme
      || after.request != nil
    #expect(isSeen)
  }

  @Test("Every key of the table is on the help page or named by the row before it")
  func helpPage() throws {
    for language in Language.allCases {
      let page = try Runs.china().start(language: language).after("?").view(.huge).plainText
      for binding in ViewerKeys.browse.rows {
        if let help = binding.help?(language) {
          #expect(page.contains(help), "\(binding.action)")
          #expect(page.contains(binding.name(Look())))
        }
      }
    }
  }

  @Test("A full page of footer names every key that has a label")
  func footer() throws {
    for language in Language.allCases {
      let lines = try Runs.china().start(language: language).view(.huge).plainText
        .split(separator: "\n")
      let footer = try #require(lines.last)
      // Nothing is out of view, so nothing scrolls.
      for binding in ViewerKeys.browse.rows {
        guard let label = binding.label?(language) else { continue }
        #expect(footer.contains(label) == (binding.action != .scrollUp), "\(label)")
      }
    }
  }

  @Test("Ten thousand random keys trap nothing", arguments: 1...4 as ClosedRange<UInt64>)
  func storm(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let run = try seed % 2 == 0 ? Runs.early() : Runs.china()
    var state = ViewerState(trace: run.computed(1), longest: run.longest)
    var computed = 1
    for count in 1...2500 {
      state.update(random.event())
      if case .run = state.request {
        if random.below(2) == 0 {
          state.refuse("no")
        } else {
          computed = 1
          state.restart(run.computed(1), longest: run.longest)
        }
      }
      state.request = nil
      if random.below(8) == 0 { state.paste(random.text(upTo: 5)) }
      if random.below(3) == 0 {
        computed = max(computed, min(state.wantedStep + random.below(3), run.prefixes.count))
        state.receive(run.computed(computed))
      }
      #expect(state.moment.step <= state.trace.steps.count, "seed \(seed), event \(count)")
      if count % 100 == 0 {
        #expect(state.view(.standard).flaw == nil, "seed \(seed), event \(count)")
      }
    }
  }
}

extension SplitMix64 {
  /// Any event, keys of the table most often.
  fileprivate mutating func event() -> Event {
    let special: [Key] = [
      .left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .enter, .escape, .backspace,
      .delete, .tab, .control("u"), .control("c"), .character("5"), .character("中"),
    ]
    let bound = ViewerKeys.browse.rows.flatMap(\.keys)
    switch below(20) {
    case 0: return .tick
    case 1: return .resize(Size(columns: below(200), rows: below(80)))
    case 2: return .key(.character(Character(scalar())))
    case 3...9: return .key(special[below(special.count)])
    default: return .key(bound[below(bound.count)])
    }
  }
}
