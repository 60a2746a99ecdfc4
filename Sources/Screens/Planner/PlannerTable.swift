internal import Base
internal import Planner
internal import Viz

extension PlannerView {
  private static let usualContexts = [4096, 32_768, 131_072]

  /// The table's lengths: usual ones, with the chosen one in the place of the nearest.
  var contexts: [Int] {
    let (usual, chosen) = (Self.usualContexts, state.context)
    guard !usual.contains(chosen) else { return usual }
    func distance(_ length: Int) -> Double {
      Double(max(length, chosen)) / Double(max(1, min(length, chosen)))
    }
    let nearest = usual.min { distance($0) < distance($1) }
    return usual.map { $0 == nearest ? chosen : $0 }
  }

  /// What one request takes by length and type, and how many fit; beside it, where there is room, the caches against the weights.
  var table: Block {
    let rows = tableRows
    let fitName = glyphs.shown(language("能装", "fit"))
    let lengths = contexts.map(grouped)
    let widths = (0..<3).map { column in
      max(lengths[column].count, rows.map { ScalarWidth.of($0.cells[column].size) }.max() ?? 0)
    }
    let fits = (0..<3).map { column in
      max(
        ScalarWidth.of(fitName), rows.map { ScalarWidth.of($0.cells[column].fit) }.max() ?? 0)
    }
    let unit = glyphs.shown(language("词元", "tokens"))
    let start = 8
    let wide = zip(widths, fits).reduce(start) { $0 + $1.0 + $1.1 + 3 } - 2
    guard wide <= columns else { return lines([], rank: Self.tableRank) }
    let inner = wide + 9 <= columns ? 2 : 1
    let hasBeside = columns >= wide + 50
    let (view, gap) = (self, min(6, 2 + max(0, columns - wide - 6) / 12))
    return Block(
      least: rows.count + 1, fewest: 3, most: rows.count + 2, rank: Self.tableRank
    ) { area, canvas in
      let rows = Self.fitting(rows, area.rows - 1)
      var area = area
      let whole = area
      if area.rows > rows.count + 1 {
        let title = view.language("一个请求多大，能装几个", "size of a request, and how many fit")
        canvas.put(view.glyphs.shown(title), at: Point(area.x, area.y))
        area.y += 1
        area.rows -= 1
      }
      canvas.put(unit, at: Point(area.x, area.y), Style(.dim))
      var x = area.x + start
      for column in 0..<3 {
        let end = x + widths[column] + inner + fits[column]
        let title = lengths[column]
        canvas.put(title, at: Point(x + widths[column] - title.count, area.y), Style(.dim))
        canvas.put(fitName, at: Point(end - ScalarWidth.of(fitName), area.y), Style(.dim))
        for (row, line) in rows.enumerated() {
          view.draw(line.cells[column], x, widths[column], end, area.y + 1 + row, on: &canvas)
        }
        x = end + gap
      }
      for (row, line) in rows.enumerated() {
        let role: Role = line.isChosen ? .selected : .dim
        canvas.put(line.name, at: Point(area.x, area.y + 1 + row), Style(role))
      }
      guard hasBeside else { return }
      let room = Area(
        x: x + 2, y: whole.y, columns: area.x + area.columns - x - 2, rows: whole.rows)
      view.drawBalance(room, on: &canvas)
    }
  }

  struct TableCell {
    var size: String
    var fit: String
    var isRoom: Bool
    var isChosen: Bool
  }

  private struct TableRow {
    var name: String
    var isChosen: Bool
    var cells: [TableCell]
  }

  /// The types of 4, 2 and 1 bytes, the one that is chosen among them.
  private var tableTypes: [Precision] {
    [.fp32, .fp16, .int8].map { $0.bytes == question.cacheType.bytes ? question.cacheType : $0 }
  }

  /// As many types as there are rows for, the chosen one among them; the others are those that take less.
  private static func fitting(_ rows: [TableRow], _ most: Int) -> [TableRow] {
    var rows = rows
    while rows.count > max(1, most) {
      rows.remove(at: rows.first?.isChosen == true ? rows.count - 1 : 0)
    }
    return rows
  }

  private var tableRows: [TableRow] {
    tableTypes.map { type in
      TableRow(
        name: name(type), isChosen: type == question.cacheType,
        cells: contexts.map { cell(type, $0) })
    }
  }

  private func cell(_ type: Precision, _ context: Int) -> TableCell {
    var question = question
    (question.cacheType, question.context) = (type, context)
    let answer = try? MemoryAnswer(question)
    let fit = answer?.requestsFit
    let unit = language(" 个", "")
    return TableCell(
      size: answer?.requestBytes.map(gigabytes) ?? glyphs.dash,
      fit: fit.map { $0 > 0 ? grouped($0) + unit : glyphs.wrong } ?? glyphs.dash,
      isRoom: fit ?? 0 > 0,
      isChosen: type == self.question.cacheType && context == state.context)
  }

  private func draw(
    _ cell: TableCell, _ x: Int, _ width: Int, _ end: Int, _ y: Int, on canvas: inout Canvas
  ) {
    let role: Role = cell.isChosen ? .selected : .text
    canvas.put(cell.size.padded(to: width, right: true), at: Point(x, y), Style(role))
    let fitRole: Role = cell.isRoom ? cell.isChosen ? .selected : .heading : .wrong
    canvas.put(
      cell.fit, at: Point(end - ScalarWidth.of(cell.fit), y), Style(fitRole))
  }

  // MARK: Against the weights

  /// Weights and caches on one scale.
  func drawBalance(_ area: Area, on canvas: inout Canvas) {
    guard let weights = answer.weightBytes, let request = answer.requestBytes else { return }
    let count = question.batch
    var bars = [
      (language("权重", "weights"), weights, "#", Role.modelWeights),
      (language("1 个请求", "1 request"), request, glyphs.read, Role.cached),
    ]
    if count > 1 {
      let name = language("\(grouped(count)) 个请求", "\(grouped(count)) requests")
      bars.append((name, answer.cacheBytes ?? 0, glyphs.read, .cached))
    }
    let names = bars.map { ScalarWidth.of($0.0) }.max() ?? 0
    let numbers = bars.map { ScalarWidth.of(gigabytes($0.1)) }.max() ?? 0
    let room = area.columns - names - numbers - 2
    let largest = bars.map(\.1).max() ?? 0
    guard room >= 8, largest > 0 else { return }
    canvas.put(
      glyphs.shown(language("权重一份，缓存越长越大", "weights stay, caches grow")),
      at: Point(area.x, area.y), Style(.dim))
    for (row, bar) in bars.prefix(area.rows - 1).enumerated() {
      let y = area.y + 1 + row
      canvas.put(bar.0, at: Point(area.x, y), Style(.dim))
      let length = Int((Double(bar.1) / Double(largest) * Double(room)).rounded())
      let text = String(repeating: bar.2, count: max(bar.1 > 0 ? 1 : 0, length))
      let end = canvas.put(text, at: Point(area.x + names + 1, y), Style(bar.3))
      canvas.put(gigabytes(bar.1), at: Point(end + 1, y), Style(.heading))
    }
  }

  /// From how many tokens on caches outweigh the weights.
  var balanceWords: [Words] {
    guard let one = answer.tokensOutweighing(requests: 1) else { return [] }
    var words: [Words] = [
      [
        span(language("一个请求到 ", "a request of "), .dim), span(grouped(one), .heading),
        span(language(" 个词元就和权重一样重", " tokens weighs as much as the weights"), .dim),
      ]
    ]
    // What follows is said of it.
    guard words[0].reduce(0, { $0 + ScalarWidth.of($1.text) }) <= columns else { return [] }
    if question.batch > 1, let each = answer.tokensOutweighing(requests: question.batch) {
      words.append([
        span(
          language("\(grouped(question.batch)) 个请求各到 ", "\(grouped(question.batch)) of them: "),
          .dim),
        span(grouped(each), .heading), span(language(" 个", " tokens each"), .dim),
      ])
    }
    return words
  }
}
