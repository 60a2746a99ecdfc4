internal import Base
internal import Planner
internal import Viz

/// The card to scale: weights, requests one by one, what is left, what is kept free; below it, at their true length,
/// the requests that do not fit.
struct PlannerCard {
  let state: PlannerState
  let area: Area
  private let memory: Int
  private let weights: Int
  private let request: Int
  private let fitting: Int
  private let usable: Int
  /// Bytes that the whole width stands for.
  private let scale: Double

  /// nil where a machine's memory or the weights are not known.
  init?(_ state: PlannerState, _ area: Area) {
    let answer = state.answer
    guard let memory = answer.question.memory, memory > 0, let usable = answer.usableBytes,
      let request = answer.requestBytes,
      let fitting = answer.requestsFit ?? (request == 0 ? 0 : nil)
    else { return nil }
    (self.state, self.area) = (state, area)
    (self.memory, self.usable, self.request, self.fitting) = (memory, usable, request, fitting)
    weights = answer.question.hasWeights ? answer.weightBytes ?? 0 : 0
    let count = Double(max(answer.question.batch, fitting + 1))
    let needed = max(Double(memory), Double(weights) + count * Double(request))
    // A few steps, so that the card stays as it is while keys are pressed.
    let steps = [1.12, 1.25, 1.5, 2, 3, 4, 6].map { $0 * Double(memory) }
    scale = steps.first { $0 >= needed } ?? 6 * Double(memory)
  }

  private var glyphs: GlyphSet { state.glyphs }
  private var language: Language { state.language }
  private var batch: Int { state.question.batch }

  /// The column where a number of bytes ends, of those within the area.
  private func column(_ bytes: Double) -> Int {
    Int((min(1, max(0, bytes / scale)) * Double(area.columns)).rounded())
  }

  private func start(_ index: Int) -> Int {
    column(Double(weights) + Double(index) * Double(request))
  }

  func draw(on canvas: inout Canvas) {
    let hasRuler = area.rows >= 3
    let height = area.rows - (area.rows >= 2 ? 1 : 0) - (hasRuler ? 1 : 0)
    drawGround(height, on: &canvas)
    drawWeights(height, on: &canvas)
    drawRequests(height, on: &canvas)
    let end = column(Double(memory))
    put(
      glyphs.divider, end..<min(end + 1, area.columns), 0..<height, Style(.heading), on: &canvas)
    if area.rows >= 2 { drawBeyond(row: height, on: &canvas) }
    if hasRuler { drawRuler(row: height + 1, on: &canvas) }
  }

  // MARK: On the card

  private func put(
    _ glyph: String, _ columns: Range<Int>, _ rows: Range<Int>, _ style: Style,
    on canvas: inout Canvas
  ) {
    let text = String(repeating: glyph, count: columns.count)
    for y in rows {
      canvas.put(text, at: Point(area.x + columns.lowerBound, area.y + y), style)
    }
  }

  private func drawGround(_ height: Int, on canvas: inout Canvas) {
    let (end, last) = (column(Double(memory)), column(Double(usable)))
    put(glyphs.notNeeded, 0..<end, 0..<height, Style(.dim), on: &canvas)
    put("/", last..<max(last, end), 0..<height, Style(.dim), on: &canvas)
  }

  private func drawWeights(_ height: Int, on canvas: inout Canvas) {
    let (end, last) = (column(Double(weights)), column(Double(usable)))
    guard weights > 0 else { return }
    put("#", 0..<min(end, last), 0..<height, Style(.modelWeights), on: &canvas)
    put("!", min(end, last)..<end, 0..<height, Style(.wrong, reversed: true), on: &canvas)
    if Double(weights) > scale {
      let edge = max(0, area.columns - 1)..<area.columns
      put(glyphs.arrow, edge, 0..<height, Style(.wrong, bold: true, reversed: true), on: &canvas)
    }
    label(
      weightNames, 0..<min(end, last), height / 2, Style(.modelWeights, bold: true), on: &canvas)
  }

  private var weightNames: [String] {
    let size = Quantity.bytes.text(Double(weights), glyphs)
    return [" " + language("权重", "weights") + " " + size + " ", " " + size + " "]
  }

  /// Whether the weights' number stands on them with its name.
  var namesWeights: Bool {
    let room = column(Double(min(weights, max(0, usable))))
    return weights == 0 || weightNames.first.map { ScalarWidth.of($0) <= room } ?? true
  }

  private func drawRequests(_ height: Int, on canvas: inout Canvas) {
    let shown = min(batch, fitting)
    guard request > 0 else { return }
    put(glyphs.read, start(0)..<start(shown), 0..<height, Style(.cached), on: &canvas)
    guard let size = together else {
      let all = language(
        "\(DigitGroups.text(shown)) 个请求",
        "\(DigitGroups.text(shown)) \(plural(shown, "request"))")
      label(
        [" \(all) ", " \(DigitGroups.text(shown)) "], start(0)..<start(shown), height / 2,
        Style(.cached, bold: true), on: &canvas)
      return
    }
    for group in groups(of: size, held: shown) {
      let isHeld = group.upperBound <= shown
      let place = start(group.lowerBound)..<start(group.upperBound)
      guard place.count >= 2 else { continue }
      let edge = place.lowerBound..<place.lowerBound + 1
      put(glyphs.divider, edge, 0..<height, Style(isHeld ? .cached : .dim), on: &canvas)
      let name = name(of: group)
      label(
        [" \(name) ", name], edge.upperBound..<place.upperBound, height / 2,
        Style(isHeld ? .cached : .dim, bold: isHeld), on: &canvas)
    }
  }

  /// How many requests stand between two lines: one, or a round number where one has no room for its number; nil where
  /// no number of them has.
  private var together: Int? {
    let width = Double(request) / scale * Double(area.columns)
    var sizes = [1, 2, 5]
    while let last = sizes.last, last < fitting { sizes += [10, 20, 50].map { $0 * last / 5 } }
    return sizes.first { size in
      let end = max(1, fitting)
      let name = name(of: max(0, end - size)..<end)
      return Double(size) * width >= Double(ScalarWidth.of(name) + 2) && size <= end
    }
  }

  /// The requests that fit, so many together; where those that are held end, a group does.
  private func groups(of size: Int, held: Int) -> [Range<Int>] {
    let starts = Set(stride(from: 0, to: fitting, by: size)).union([held]).filter { $0 < fitting }
    let sorted = starts.sorted()
    return zip(sorted, sorted.dropFirst() + [fitting]).map { $0..<$1 }
  }

  /// The numbers of some requests, counted from 1.
  private func name(of group: Range<Int>) -> String {
    let last = DigitGroups.text(group.upperBound)
    guard group.count > 1 else { return last }
    return DigitGroups.text(group.lowerBound + 1) + glyphs.dash + last
  }

  /// The first text that fits, in the middle.
  private func label(
    _ texts: [String], _ columns: Range<Int>, _ row: Int, _ style: Style, on canvas: inout Canvas
  ) {
    let shown = texts.map { glyphs.shown($0) }
    guard let text = shown.first(where: { ScalarWidth.of($0) <= columns.count }) else { return }
    let x = columns.lowerBound + (columns.count - ScalarWidth.of(text)) / 2
    canvas.put(text, at: Point(area.x + x, area.y + row), style)
  }

  // MARK: Beyond it

  /// What was asked for and does not fit, or the first request that would not.
  private func drawBeyond(row: Int, on canvas: inout Canvas) {
    guard request > 0, weights <= usable else { return }
    let count = max(batch, fitting + 1)
    let whole = start(fitting)..<max(start(fitting) + 1, end(of: count))
    put(
      "!", whole.clamped(to: 0..<area.columns), row..<row + 1, Style(.wrong, reversed: true),
      on: &canvas)
    nameBeyond(fitting..<count, whole.clamped(to: 0..<area.columns), row, on: &canvas)
    let end = Double(weights) + Double(count) * Double(request)
    guard end > scale else { return }
    canvas.put(
      glyphs.arrow, at: Point(area.x + area.columns - 1, area.y + row),
      Style(.wrong, bold: true, reversed: true))
  }

  /// Each with its number where all have room for it, else all of them together, on them or beside them.
  private func nameBeyond(
    _ requests: Range<Int>, _ whole: Range<Int>, _ row: Int, on canvas: inout Canvas
  ) {
    let style = Style(.wrong, bold: true, reversed: true)
    let places = requests.prefix(area.columns + 1).map { index in
      (
        index + 1,
        start(index)..<(index + 1 == requests.upperBound ? whole.upperBound : start(index + 1))
      )
    }
    /// Between two of them stands a line.
    func room(_ number: Int, _ place: Range<Int>) -> Range<Int> {
      number > requests.lowerBound + 1
        ? place.lowerBound + 1..<max(place.lowerBound + 1, place.upperBound) : place
    }
    func numbered(_ number: Int) -> String { " \(number) \(glyphs.wrong) " }
    let isApart =
      places.count <= area.columns
      && places.allSatisfy {
        ScalarWidth.of(glyphs.shown(numbered($0.0))) <= room($0.0, $0.1).count
      }
    if isApart {
      for (number, place) in places {
        let inner = room(number, place)
        put(
          glyphs.divider, place.lowerBound..<inner.lowerBound, row..<row + 1, style, on: &canvas)
        label([numbered(number)], inner, row, style, on: &canvas)
      }
      return
    }
    let all = glyphs.shown("\(name(of: requests)) \(glyphs.wrong)")
    let columns = ScalarWidth.of(all)
    if columns + 2 <= whole.count {
      label([" \(all) "], whole, row, style, on: &canvas)
    } else if whole.upperBound + 1 + columns <= area.columns {
      canvas.put(
        all, at: Point(area.x + whole.upperBound + 1, area.y + row), Style(.wrong, bold: true))
    } else if whole.lowerBound - 1 - columns >= 0 {
      canvas.put(
        all, at: Point(area.x + whole.lowerBound - 1 - columns, area.y + row),
        Style(.wrong, bold: true))
    }
  }

  /// Where the last of some requests ends; beyond the card by a column at least where it is beyond it at all.
  private func end(of count: Int) -> Int {
    let isBeyond = Double(weights) + Double(count) * Double(request) > Double(memory)
    return isBeyond ? max(start(count), column(Double(memory)) + 1) : start(count)
  }

  // MARK: The ruler

  private func drawRuler(row: Int, on canvas: inout Canvas) {
    let name = Quantity.bytes.text(Double(memory), glyphs)
    let end = column(Double(memory))
    let last = max(0, end - ScalarWidth.of(name))
    guard last + ScalarWidth.of(name) <= area.columns else { return }
    canvas.put(name, at: Point(area.x + last, area.y + row), Style(.heading))
    var free = 0
    for tick in ticks {
      let text = tick == 0 ? "0" : Quantity.bytes.text(tick, glyphs)
      let x = column(tick)
      let width = ScalarWidth.of(text)
      guard x >= free, x + width + 1 < last || x > end + 1, x + width <= area.columns else {
        continue
      }
      free = canvas.put(text, at: Point(area.x + x, area.y + row), Style(.dim)) - area.x + 2
    }
  }

  /// Round numbers from 0 on, some twelve columns apart.
  private var ticks: [Double] {
    let least = scale / Double(max(1, area.columns / 12))
    var power = 1.0
    while power * 10 <= least { power *= 10 }
    let step = [1.0, 2, 5, 10].first { $0 * power >= least }.map { $0 * power } ?? least
    return (0..<Int(scale / step) + 1).map { Double($0) * step }
  }
}
