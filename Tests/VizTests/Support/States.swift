internal import Base
internal import Trace

@testable import Viz

extension TestRun {
  /// The state of a viewer at the beginning of this run, all of which is computed.
  func start(
    language: Language = .chinese, glyphs: GlyphSet = .full, theme: Theme = .dark
  ) -> ViewerState {
    ViewerState(
      trace: trace, longest: longest, language: language, theme: theme, glyphs: glyphs)
  }

  /// A state at the end of a step.
  func state(step: Int, language: Language = .chinese, glyphs: GlyphSet = .full) -> ViewerState {
    var state = start(language: language, glyphs: glyphs)
    state.show(step: step)
    return state
  }

  /// A state at any moment of a step, at operation depth, with the moment's layer shown.
  func state(
    at moment: Moment, language: Language = .chinese, glyphs: GlyphSet = .full
  ) -> ViewerState {
    var state = start(language: language, glyphs: glyphs)
    state.depth = .operation
    state.arrive(at: moment)
    return state
  }

  /// Every moment of a step at operation depth, in order.
  func moments(ofStep step: Int) -> [Moment] {
    var moments = [Moment(step: step, layer: 0, operation: .embed)]
    while let last = moments.last, !last.isEndOfStep {
      moments.append(last.next(.operation, layers: layers))
    }
    return moments
  }
}

extension ViewerState {
  /// A state whose look is given piece by piece.
  init(
    trace: Trace, longest: Int, language: Language, theme: Theme = .dark,
    glyphs: GlyphSet = .full, layer: Int? = nil, head: Int = 0
  ) {
    self.init(
      trace: trace, longest: longest,
      look: Look(language: language, theme: theme, glyphs: glyphs), layer: layer, head: head)
  }

  /// Presses keys by their names as tmux writes them.
  mutating func press(_ names: String) {
    for name in names.split(separator: " ") {
      guard let key = Key(tmuxName: String(name)) else { preconditionFailure("no key \(name)") }
      update(.key(key))
    }
  }

  /// This state after some keys.
  func after(_ names: String) -> ViewerState {
    var state = self
    state.press(names)
    return state
  }
}

extension Size {
  static let standard = Size(columns: 80, rows: 24)
  static let large = Size(columns: 120, rows: 36)
  static let huge = Size(columns: 200, rows: 60)
}
