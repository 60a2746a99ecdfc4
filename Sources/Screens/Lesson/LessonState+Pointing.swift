internal import Base
internal import Lessons
internal import Trace
internal import Viz

/// Sentences that speak of a part of the picture, and the light on it.
extension LessonState {
  /// The parts of the picture that the text speaks of, as far as it is shown, in its order.
  var places: [PicturePlace] {
    guard changeView == nil, step.scene.tool == nil else { return [] }
    var places: [PicturePlace] = []
    for item in step.items {
      switch item {
      case .prose(let block): places += block.places.filter { !places.contains($0) }
      case .quiz(let quiz): if quiz.id == openQuiz?.id { return places }
      }
    }
    return places
  }

  /// Lights the next part that the text speaks of; behind the last, none.
  mutating func pointOn() {
    let places = places
    guard !places.isEmpty else {
      notice = language("这一屏的课文没有指着图说话", "no words of this screen point at the picture")
      return
    }
    let next = pointed.flatMap { places.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
    pointed = next < places.count ? places[next] : nil
    guard let pointed, pointed.newest > viewer.step.length else { return }
    notice = language(
      "图里还没有它：要走到第 \(pointed.newest) 个词元", "the picture has it from token \(pointed.newest) on")
  }

  /// The light on the part that is pointed at; nil where nothing is.
  var light: Light? {
    switch pointed {
    case nil: nil
    case .cell(let query, let key): .part(query: query - 1, key: key - 1)
    case .row(let query): .part(query: query - 1, key: nil)
    case .column(let key): .part(query: nil, key: key - 1)
    }
  }
}

extension Prose {
  /// The parts of the picture that a block speaks of.
  fileprivate var places: [PicturePlace] {
    switch self {
    case .heading(_, let inlines, _), .paragraph(let inlines, _): inlines.compactMap(\.place)
    case .list(_, let items): items.flatMap { $0.flatMap(\.places) }
    case .quote(let blocks): blocks.flatMap(\.places)
    case .code, .rule: []
    }
  }
}

extension Inline {
  fileprivate var place: PicturePlace? {
    if case .place(let place) = tie { place } else { nil }
  }
}
