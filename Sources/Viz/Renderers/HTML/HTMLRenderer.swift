public import Base

/// Frames as one web page, which steps through them without a network; without scripts it shows every step.
public struct HTMLRenderer: Renderer {
  private let followsReader: Bool

  /// Creates the renderer.
  ///
  /// - Parameter followsReader: whether the page is dark or light as the reader's machine prefers, not in the frames' own theme.
  public init(followsReader: Bool = true) { self.followsReader = followsReader }

  /// The page of all frames.
  public func render(
    _ shots: some Sequence<Reel.Shot>, title: String, _ language: Language
  ) -> String {
    var page: HTMLPage?
    for shot in shots {
      var grown =
        page
        ?? HTMLPage(
          language: language, title: title, theme: followsReader ? nil : shot.frame.theme)
      page = nil
      grown.append(shot.frame.canvas, shot.notes, narrow: shot.narrow)
      page = grown
    }
    return page?.text ?? ""
  }
}

/// A page that grows frame by frame, so that not all of them need be in memory.
///
/// Frames come step by step, of each step every layer, of each layer every head.
struct HTMLPage {
  private let language: Language
  private let title: String
  private let theme: Theme?
  private var grid = HTMLGrid()
  /// The widest and the highest of the pictures for narrow pages; nil where there are none.
  private var narrow: Size?
  private var steps: [Int] = []
  private var layers: [Int] = []
  private var heads: [Int] = []
  private var sections: [String] = []
  private var frames: [[Int]] = []
  private var narrowFrames: [[Int]] = []
  private var told = Numbered<String>()
  private var tables = Numbered<[String]>()

  /// Creates a page without frames, in one theme or, without one, in the reader's.
  init(language: Language, title: String, theme: Theme?) {
    self.language = language
    self.title = title.isEmpty ? "kvtui" : title
    self.theme = theme
  }

  /// Adds a frame; one that has no place is the next step.
  mutating func append(_ canvas: Canvas, _ notes: FrameNotes, narrow: Canvas? = nil) {
    let place =
      notes.place ?? FramePlace(step: (steps.last ?? 0) + 1, layer: 1, head: 1)
    let isNewStep = steps.last != place.step
    if isNewStep { steps.append(place.step) }
    if layers.last.map({ $0 < place.layer }) ?? true { layers.append(place.layer) }
    if heads.last.map({ $0 < place.head }) ?? true { heads.append(place.head) }
    frames.append(grid.pack(canvas))
    if let narrow {
      narrowFrames.append(grid.pack(narrow, isNarrow: true))
      let known = self.narrow ?? Size(columns: 1, rows: 1)
      self.narrow = Size(
        columns: max(known.columns, narrow.size.columns), rows: max(known.rows, narrow.size.rows))
    }
    told.append(notes.caption ?? notes.mark ?? "\(place.step)")
    tables.append(notes.numbers?.rows.flatMap(\.cells) ?? [])
    if isNewStep { sections.append(section(canvas, narrow, notes, place)) }
  }

  /// The file.
  var text: String {
    HTMLDocument(
      language: language, title: title,
      style: HTMLStyle(grid: grid, theme: theme, narrow: narrow).text,
      body: body, script: HTMLScript.text
    ).text
  }

  // MARK: Markup

  private mutating func section(
    _ canvas: Canvas, _ narrow: Canvas?, _ notes: FrameNotes, _ place: FramePlace
  ) -> String {
    let heading = notes.heading ?? notes.mark ?? "\(place.step)"
    return """
      <section>
      <h2>\(Markup.escaped(heading))</h2>
      <p class="told">\(Markup.escaped(notes.caption ?? ""))</p>
      \(box(canvas, "wide"))\(narrow.map { box($0, "narrow") } ?? "")
      \(notes.numbers.map(table) ?? "")</section>

      """
  }

  /// The picture in a box that scrolls where the page is narrower still.
  private mutating func box(_ canvas: Canvas, _ kind: String) -> String {
    "<div class=\"box \(kind)\" tabindex=\"0\" role=\"group\" aria-label=\"\(language("画面", "picture"))\">"
      + grid.markup(canvas, isNarrow: kind == "narrow") + "</div>"
  }

  private func table(_ table: NumberTable) -> String {
    func cells(_ texts: [String], _ tag: String, _ more: String = "") -> String {
      texts.map { "<\(tag)\(more)>\(Markup.escaped($0))</\(tag)>" }.joined()
    }
    let head = cells([""] + table.heads, "th", " scope=\"col\"")
    let rows = table.rows.map {
      "<tr>" + cells([$0.name], "th", " scope=\"row\"") + cells($0.cells, "td") + "</tr>\n"
    }
    return "<table><thead><tr>\(head)</tr></thead>\n<tbody>\(rows.joined())</tbody></table>\n"
  }

  private var body: String {
    """
    <main>
    <h1>\(Markup.escaped(title))</h1>
    <nav id="bar" hidden>
    \(button("first", "|←", "第一步", "first step"))
    \(button("back", "←", "上一步", "back"))
    \(button("next", "→", "下一步", "next"))
    \(button("last", "→|", "最后一步", "last step"))
    \(choice("layer", language("层", "layer"), layers))
    \(choice("head", language("头", "head"), heads))
    </nav>
    <p id="say" aria-live="polite" hidden></p>
    \(sections.joined())</main>
    <script type="application/json" id="data">\(data)</script>
    """
  }

  private func button(_ id: String, _ sign: String, _ chinese: String, _ english: String) -> String
  {
    let name = language(chinese, english)
    return
      "<button type=\"button\" id=\"\(id)\" aria-label=\"\(name)\" title=\"\(name)\">\(sign)</button>"
  }

  private func choice(_ id: String, _ name: String, _ places: [Int]) -> String {
    "<label>\(name) <select id=\"\(id)\">"
      + places.map { "<option>\($0)</option>" }.joined() + "</select></label>"
  }

  // MARK: Data

  /// What the script reads; no text of it can end the element that it stands in.
  private var data: String {
    func numbers(_ numbers: [Int]) -> JSONText { .array(numbers.map(JSONText.integer)) }
    func texts(_ texts: [String]) -> JSONText { .array(texts.map(JSONText.string)) }
    let data = JSONText.object([
      ("steps", numbers(steps)), ("layers", numbers(layers)), ("heads", numbers(heads)),
      ("letters", .string(grid.alphabet)), ("rows", texts(grid.packedRows)),
      ("frames", .array(frames.map(numbers))),
      ("narrow", .array(narrowFrames.map(numbers))), ("told", texts(told.values)),
      ("say", numbers(told.numbers)), ("tables", .array(tables.values.map(texts))),
      ("table", numbers(tables.numbers)),
    ])
    return data.text.replacing("<", with: "\\u003c")
  }
}

/// Values that are often the same: each kept once, and its number as often as it comes.
private struct Numbered<Value: Hashable> {
  private(set) var values: [Value] = []
  private(set) var numbers: [Int] = []
  private var known: [Value: Int] = [:]

  mutating func append(_ value: Value) {
    if known[value] == nil {
      known[value] = values.count
      values.append(value)
    }
    numbers.append(known[value] ?? 0)
  }
}
