internal import Base
internal import Viz

/// What the screens of those who follow a presentation do alike.
protocol MirrorState: WorkState {
  var mirror: Mirror { get set }
  /// What is drawn besides the mirror takes a look too.
  mutating func takeBeside(_ look: Look)
}

extension MirrorState {
  mutating func takeBeside(_ look: Look) {}

  /// A frame: the page of keys, or what there is to see, each with its title; or how much room it needs.
  func frame(
    _ size: Size, title: (inout Canvas) -> Void, page: (inout Canvas) -> Void
  ) -> Canvas {
    var canvas = Canvas(size)
    let smallest = LessonLayout.smallest
    guard size.columns >= smallest.columns, size.rows >= smallest.rows else {
      TooSmall.draw(size, needs: smallest, language, on: &canvas)
      return canvas
    }
    if isHelp {
      title(&canvas)
      drawHelp(on: &canvas)
    } else {
      page(&canvas)
      title(&canvas)
    }
    return canvas
  }

  /// Takes a look; a lesson is read in its language.
  mutating func take(_ look: Look) -> [Effect] {
    let isTranslated = look.language != self.look.language
    self.look = look
    mirror.setLook(look)
    takeBeside(look)
    guard isTranslated, let lesson = mirror.exhibit?.lesson?.lesson else { return [] }
    return [.translate(lesson, look.language)]
  }

  /// Tells the program of a look that a key has changed.
  mutating func changed(from old: Look) -> [Effect] {
    let new = look
    guard new != old else { return [] }
    look = old
    return [.setLook(new)] + take(new)
  }
}
