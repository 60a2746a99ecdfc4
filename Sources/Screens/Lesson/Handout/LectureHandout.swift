internal import Base
internal import Trace
public import Viz

/// A lecture on paper: its parts one after the other, the questions without answers, and at the end the answers.
public struct LectureHandout {
  /// A part of a lecture.
  public enum Part {
    /// A lesson, or screens of it.
    case lesson(LessonHandout)
    /// A run or a recording: what it is called, the command that shows it, and the moment of its picture.
    case run(title: String, command: String, ViewerState)
  }

  private let title: String
  private let parts: [Part]
  private let look: Look
  private let size: Size

  /// Creates the handout of a lecture.
  ///
  /// - Parameters:
  ///   - title: what the lecture is called.
  ///   - parts: its parts in their order.
  ///   - look: its language and the glyphs.
  ///   - size: of a picture, at most.
  public init(_ title: String, _ parts: [Part], _ look: Look, size: Size) {
    (self.title, self.parts, self.look, self.size) = (title, parts, look, size)
  }

  /// The handout.
  public var handout: Handout {
    let lessons = parts.compactMap { if case .lesson(let lesson) = $0 { lesson } else { nil } }
    let numbers = lessons.questionNumbers
    let title = look.glyphs.shown(title)
    return Handout(
      language: look.language, title: title,
      blocks: [.heading(level: 1, [HandoutText(title)])] + parts.flatMap { blocks($0, numbers) }
        + lessons.end(numbers, look.language))
  }

  private func blocks(_ part: Part, _ numbers: [String: Int]) -> [HandoutBlock] {
    switch part {
    case .lesson(let lesson):
      [.heading(level: 2, [HandoutText(lesson.title)])] + lesson.blocks(numbers, below: 2)
    case .run(let title, let command, let state):
      [
        .heading(level: 2, [HandoutText(look.glyphs.shown(title))]),
        .paragraph([
          HandoutText(look.language("自己走一遍：", "Step through it yourself: ")),
          HandoutText(look.glyphs.shown(command), .code),
        ]),
      ] + picture(of: state)
    }
  }

  /// Both panes, and the moment in a sentence.
  private func picture(of state: ViewerState) -> [HandoutBlock] {
    var canvas = Canvas(size)
    RunFigure(
      state, area: Area(x: 0, y: 0, columns: size.columns, rows: size.rows), runs: Run.allCases
    ).draw(on: &canvas)
    let picture = canvas.cropped.map { [HandoutBlock.picture($0)] } ?? []
    return picture + [.paragraph([HandoutText(state.notes.caption ?? "")])]
  }
}
