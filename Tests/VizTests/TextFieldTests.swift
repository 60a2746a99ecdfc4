internal import Base
import TestSupport
import Testing

@testable import Viz

/// A line of text that is being typed.
@Suite struct TextFieldTests {
  @Test(
    "Random editing keeps the cursor in the text and the text within its limit",
    arguments: 1...50 as ClosedRange<UInt64>)
  func property(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var field = TextField("", limit: 20)
    let keys: [Key] = [
      .left, .right, .home, .end, .backspace, .delete, .control("u"), .character("中"),
      .character("e\u{301}"), .character("👨‍👩‍👧"), .enter, .tab, .up,
    ]
    for _ in 0..<200 {
      if random.below(10) == 0 {
        field.insert(random.text(upTo: 6))
      } else {
        _ = field.edit(keys[random.below(keys.count)])
      }
      let count = field.text.unicodeScalars.count
      #expect(count <= 20 && field.cursor >= 0 && field.cursor <= count, "seed \(seed)")
    }
  }

  @Test("What exceeds the limit is left out, at the end and in the middle")
  func limit() {
    var field = TextField("abcdef", limit: 4)
    #expect(field.text == "abcd" && field.cursor == 4)
    _ = field.edit(.backspace)
    _ = field.edit(.home)
    field.insert("xyz")
    #expect(field.text == "xabc" && field.cursor == 1)
  }

  @Test(
    "Keys that edit nothing are left to others",
    arguments: [Key.enter, .escape, .tab, .up, .pageDown, .control("a")])
  func foreign(key: Key) {
    var field = TextField("ab")
    #expect(!field.edit(key) && field.text == "ab")
  }
}
