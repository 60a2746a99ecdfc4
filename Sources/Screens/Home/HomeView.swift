internal import Base
public import Viz

extension HomeState {
  /// The frame at a size.
  public func view(_ size: Size) -> Canvas {
    var canvas = Canvas(size)
    canvas.fill(Point(0, 0), columns: size.columns, Style(.titleBar))
    let x = canvas.put(" kvtui  ", at: Point(0, 0), Style(.titleBar))
    canvas.put(
      language("同一个真实的模型跑两遍：不用缓存，用缓存", "one real model, run twice: without and with a KV cache"),
      at: Point(x, 0), Style(.titleBarDim), limit: size.columns - 1)
    let lines = menuLines
    let rows = max(1, size.rows - 4)
    let first = max(0, min(selected - rows / 2, lines.count - rows))
    for (row, line) in lines.enumerated().dropFirst(first).prefix(rows) {
      draw(line, row, y: 2 + row - first, on: &canvas)
    }
    let foot = notice ?? HomeKeys.map.line(look)
    canvas.put(
      glyphs.shown(foot),
      at: Point(2, size.rows - 1), Style(notice == nil ? .dim : .selected), limit: size.columns - 1)
    return canvas
  }

  private var menuLines: [(title: String, summary: String, isDone: Bool)] {
    entries.map { entry in
      let number = entry.id.prefix { $0.isNumber }.drop { $0 == "0" }
      let title = String(number).padded(to: 2, right: true) + "  " + entry.title
      return (title, entry.summary(language), entry.isDone)
    }
      + HomeTool.all.map { tool in
        (" \(tool.key)  " + tool.title(language), tool.summary(language), false)
      } + [
        (language("    自由运行", "    Free run"), "kvtui run", false),
        (language("    退出", "    Quit"), "q", false),
      ]
  }

  private func draw(
    _ line: (title: String, summary: String, isDone: Bool), _ row: Int, y: Int,
    on canvas: inout Canvas
  ) {
    let isSelected = row == selected
    let style = isSelected ? Style(.selected, bold: true, reversed: true) : Style(.text)
    let mark = line.isDone ? glyphs.right : isSelected ? glyphs.cursor : " "
    canvas.put(mark, at: Point(2, y), Style(line.isDone ? .right : .selected))
    let title = glyphs.shown(line.title)
    let end = canvas.size.columns - 2
    let summaryX = max(40, min(52, end - ScalarWidth.of(line.summary)))
    canvas.put(title.padded(to: summaryX - 6), at: Point(5, y), style, limit: end)
    guard summaryX + ScalarWidth.of(line.summary) <= end else { return }
    canvas.put(line.summary, at: Point(summaryX, y), Style(.dim), limit: end)
  }
}
