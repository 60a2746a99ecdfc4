internal import Base
internal import Trace

extension Scene {
  /// What the shown layer does that others need not: a window, no rotary positions; nil where there is nothing to say.
  ///
  /// The first says the most, the last takes the least room.
  var layerNotes: [String]? {
    let rule = model.rule(ofLayer: state.layer)
    let window = rule.mask.window.map { language("窗口 \($0)", "window \($0)") }
    guard rule.hasNoPositions else { return window.map { [$0] } }
    return [language("无旋转位置", "no rotary positions"), language("无 RoPE", "no RoPE")].map {
      [window, $0].compactMap { $0 }.joined(separator: " \(glyphs.dot) ")
    }
  }

  /// The same in as many words as it takes.
  var layerNote: String? { layerNotes?.first }
}
