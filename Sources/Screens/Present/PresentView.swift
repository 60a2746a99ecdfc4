internal import Base
internal import Classroom
internal import Lessons
internal import Viz

/// Something that fills the wall above the row of keys.
protocol WallPage {
  func draw(on canvas: inout Canvas)
  /// Where a light falls in its picture; nowhere where there is none.
  func lit(_ light: Light, _ size: Size) -> [LitPart]
  /// Lines that there is no room for at a size, since it scrolls.
  func hiddenLines(_ size: Size) -> Int
}

extension WallPage {
  func lit(_ light: Light, _ size: Size) -> [LitPart] { [] }
  func hiddenLines(_ size: Size) -> Int { 0 }
}

/// The projector's screen.
struct PresentView {
  let state: PresentState

  /// The smallest size at which a class sees something.
  static let smallest = Size(columns: 40, rows: 12)

  init(state: PresentState) {
    var state = state
    // What is on its way is not seen before it is there.
    if let left = state.left {
      state.exhibit = .lesson(left)
      state.left = nil
    }
    self.state = state
  }

  /// The frame at a size.
  func canvas(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    guard state.mode != .blank else {
      canvas.fill(Point(0, 0), columns: size.columns, rows: size.rows, Style(.black))
      return canvas
    }
    guard size.columns >= Self.smallest.columns, size.rows >= Self.smallest.rows else {
      TooSmall.draw(size, needs: Self.smallest, state.language, on: &canvas)
      return canvas
    }
    let foot = PresentFoot(state: state, view: self)
    draw(page, above: foot.rows(size), on: &canvas)
    foot.draw(on: &canvas)
    return canvas
  }

  /// What is typed has rows of its own, and the page those above, where they are enough.
  private func draw(_ page: any WallPage, above rows: Int, on canvas: inout Canvas) {
    let size = canvas.size
    guard rows > 0, size.rows - rows >= Self.smallest.rows else { return page.draw(on: &canvas) }
    var above = Canvas(Size(columns: size.columns, rows: size.rows - rows))
    page.draw(on: &above)
    canvas.draw(above, at: Point(0, 0))
  }

  /// Whether there is something at a size that a spotlight can fall on.
  func hasLight(_ size: Size) -> Bool { !lit(.cell, size).isEmpty }

  /// Where a light falls at a size.
  func lit(_ light: Light, _ size: Size) -> [LitPart] { page.lit(light, size) }

  /// Lines of the page that there is no room for at a size.
  func hiddenLines(_ size: Size) -> Int {
    size.columns >= Self.smallest.columns && size.rows >= Self.smallest.rows
      ? page.hiddenLines(size) : 0
  }

  private var page: any WallPage {
    guard let exhibit = state.exhibit else { return OpeningPage(state: state) }
    switch state.mode {
    case .help: return PresentHelp(state: state)
    case .invitation:
      if let page = PresentInvitation(state: state) { return page }
    case .show, .blank, .counting: break
    }
    if let cover = state.cover { return CoverPage(state: state, cover: cover) }
    switch exhibit {
    case .run(let run): return RunPage(state: state, viewer: run.state)
    case .lesson(let lesson):
      return lesson.viewer.hasStep ? page(lesson) : OpeningPage(state: state)
    }
  }

  private func page(_ lesson: LessonState) -> any WallPage {
    if state.face == .text { return PresentText(state: state, lesson: lesson) }
    guard let quiz = state.quiz, let held = state.held, state.face == .front else {
      return PicturePage(state: state, lesson: lesson)
    }
    return held.isRevealed
      ? RevealPage(state: state, lesson: lesson, quiz: quiz, held: held)
      : QuestionPage(state: state, lesson: lesson, quiz: quiz, held: held)
  }

  /// The picture alone, for phones.
  func picture(_ size: Size) -> Canvas? {
    guard state.mode != .blank, state.cover == nil, let exhibit = state.exhibit, exhibit.hasStep
    else { return nil }
    var canvas = Canvas(size)
    let area = Area(x: 0, y: 0, columns: size.columns, rows: size.rows)
    WallFigure(exhibit, state, in: area, isForHall: false).draw(on: &canvas)
    return canvas
  }
}

/// Before anything is there.
struct OpeningPage: WallPage {
  let state: PresentState

  func draw(on canvas: inout Canvas) {
    let text = state.language("正在打开…", "opening…")
    canvas.put(state.glyphs.shown(text), at: Point(2, 1), Style(.dim))
  }
}
