extension Handout {
  /// The handout as one web page without a script; its colours are the reader's or, with a theme, that theme's.
  public func html(theme: Theme?) -> String {
    var grid = HTMLGrid()
    let body = "<main>\n" + Self.html(blocks, &grid) + "</main>"
    return HTMLDocument(
      language: language, title: title, style: HTMLStyle(grid: grid, theme: theme).text, body: body
    ).text
  }

  private static func html(_ blocks: [HandoutBlock], _ grid: inout HTMLGrid) -> String {
    var html = ""
    for block in blocks { html += Self.html(block, &grid) }
    return html
  }

  private static func html(_ block: HandoutBlock, _ grid: inout HTMLGrid) -> String {
    switch block {
    case .heading(let level, let texts):
      let name = "h\(max(1, min(level, 6)))"
      return "<\(name)>\(line(texts))</\(name)>\n"
    case .paragraph(let texts): return "<p>\(line(texts))</p>\n"
    case .list(let first, let items):
      let name = first == nil ? "ul" : "ol"
      let start = first.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
      var list = "<\(name)\(start)>\n"
      for item in items { list += "<li>" + html(item, &grid) + "</li>\n" }
      return list + "</\(name)>\n"
    case .quote(let blocks): return "<blockquote>\n\(html(blocks, &grid))</blockquote>\n"
    case .code(let text): return "<pre>\(Markup.escaped(text))</pre>\n"
    case .picture(let canvas):
      return "<div class=\"box\" tabindex=\"0\">\(grid.markup(canvas))</div>\n"
    case .rule: return "<hr>\n"
    }
  }

  private static func line(_ texts: [HandoutText]) -> String {
    texts.map { piece in
      let text = Markup.escaped(piece.text)
      return switch piece.weight {
      case .plain: text
      case .strong: "<strong>\(text)</strong>"
      case .emphasis: "<em>\(text)</em>"
      case .code: "<code>\(text)</code>"
      }
    }.joined()
  }
}
