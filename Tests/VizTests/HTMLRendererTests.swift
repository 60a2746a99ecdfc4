internal import Base
import Foundation
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// Web pages, as far as they can be judged without a browser.
@Suite struct HTMLRendererTests {
  private func page(_ run: TestRun, language: Language = .chinese) -> String {
    var page = HTMLPage(language: language, title: "t</title><script>alert(1)</script>", theme: nil)
    for step in run.trace.steps {
      for layer in 1...run.layers {
        for head in 1...run.heads {
          var state = run.start(language: language)
          state.show(step: step.number, layer: layer, head: head)
          page.append(
            state.view(.standard, hasKeys: false), state.notes,
            narrow: state.narrowView(columns: 44, most: 60))
        }
      }
    }
    return page.text
  }

  private func data(of page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "id=\"data\">"))
    let end = try #require(page[start.upperBound...].range(of: "</script>"))
    return try #require(
      try JSONSerialization.jsonObject(with: Data(page[start.upperBound..<end.lowerBound].utf8))
        as? [String: Any])
  }

  @Test("All steps, layers and heads of 16 steps take less than a megabyte")
  func size() throws {
    let run = try Runs.china()
    #expect(run.trace.steps.count == 16)
    #expect(page(run).utf8.count < 1_000_000)
  }

  @Test("The policy names the page's own script and style, and no other source")
  func policy() throws {
    let page = page(try Runs.single())
    func between(_ start: String, _ end: String) throws -> String {
      let from = try #require(page.range(of: start))
      let to = try #require(page[from.upperBound...].range(of: end))
      return String(page[from.upperBound..<to.lowerBound])
    }
    let script = try between("<script>", "</script>")
    let style = try between("<style>", "</style>")
    #expect(
      try between("Content-Security-Policy\" content=\"", "\"")
        == "default-src 'none'; style-src '\(SHA256.source(of: style))'; script-src '\(SHA256.source(of: script))'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    #expect(page.ranges(of: "<script").count == 2 && !page.contains("style=\""))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("url("))
  }

  @Test("The steps of the first layer and head stand in the markup, every other frame in the data")
  func frames() throws {
    let run = try Runs.chinaAlone()
    let page = page(run)
    #expect(page.ranges(of: "<section>").count == 7)
    let data = try data(of: page)
    #expect((data["frames"] as? [[Int]])?.count == 7 * run.layers * run.heads)
    #expect((data["narrow"] as? [[Int]])?.count == 7 * run.layers * run.heads)
    #expect(page.ranges(of: "class=\"box wide\"").count == 7)
    #expect(page.ranges(of: "class=\"box narrow\"").count == 7)
    #expect(data["layers"] as? [Int] == [1, 2, 3, 4] && data["heads"] as? [Int] == [1, 2, 3, 4])
    #expect(data["steps"] as? [Int] == Array(1...7))
  }

  @Test(
    "A page names no keys of a terminal, and its narrow pictures show all, the panes one above the other"
  )
  func narrow() throws {
    let state = try Runs.china().state(step: 16)
    let wide = state.view(.standard)
    let page = state.view(.standard, hasKeys: false)
    let rows = { (canvas: Canvas) in canvas.plainText.split(separator: "\n").map(String.init) }
    #expect(rows(wide).last?.contains("帮助") == true && !page.plainText.contains("帮助"))
    #expect(Array(rows(wide).dropLast()) == Array(rows(page).prefix(rows(wide).count - 1)))
    let narrow = state.narrowView(columns: 44, most: 60)
    #expect(narrow.size.columns == 44 && narrow.size.rows <= 60 && narrow.flaw == nil)
    let lines = rows(narrow)
    let titles = ["不用缓存", "用 KV 缓存"].map { name in lines.firstIndex { $0.contains(name) } }
    #expect(titles[0] != nil && titles[1] != nil && titles[0] ?? 0 < titles[1] ?? 0)
    #expect(!narrow.plainText.contains("↑") && narrow.plainText.contains("省下"))
    #expect(state.narrowView(columns: 44, most: 12).size.rows == 12)
  }

  @Test("Packed rows are the canvas's: their texts in order, blanks at the end left out")
  func packed() throws {
    var grid = HTMLGrid()
    let canvas = try Runs.odd().state(step: 9).view(.large)
    let numbers = grid.pack(canvas)
    let lines = canvas.plainText.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in zip(numbers, lines) {
      let text = grid.packedRows[2 * number]
      #expect(String(text.reversed().drop { $0 == " " }.reversed()) == line)
    }
  }

  @Test("No text of a model leaves its place", arguments: Language.allCases)
  func escaping(language: Language) throws {
    let page = page(try Runs.odd(), language: language)
    #expect(page.contains("<title>t&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>"))
    #expect(page.ranges(of: "</script>").count == 2)
    #expect(
      page.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    #expect(page.unicodeScalars.allSatisfy { $0.properties.generalCategory != .format })
  }

  @Test("Frames without a place are steps")
  func plain() throws {
    let frames = [Theme.dark, .light].map { Frame(Canvas(Size(columns: 3, rows: 2)), theme: $0) }
    let page = HTMLRenderer().render(Reel(frames, every: 1, language: .english))
    #expect(try data(of: page)["steps"] as? [Int] == [1, 2])
    #expect(HTMLRenderer().render(Reel(language: .english)).isEmpty)
  }

  @Test("A page in one theme has no other")
  func theme() throws {
    let frame = Frame(Canvas(Size(columns: 3, rows: 2)), theme: .projector)
    let page = HTMLRenderer(followsReader: false).render(Reel(frame, language: .english))
    #expect(!page.contains("prefers-color-scheme") && page.contains(":root{color-scheme:light}"))
    #expect(
      HTMLRenderer().render(Reel(frame, language: .english)).contains("prefers-color-scheme:dark"))
  }
}

/// One frame for a page with rules of its own.
@Suite struct HTMLPictureTests {
  @Test("Each class of the markup has its colours, and no cell is lost")
  func picture() throws {
    let run = try Runs.china()
    var state = run.start(language: .chinese)
    state.show(step: 4, layer: 1, head: 1)
    let canvas = state.view(.standard)
    let picture = HTMLPicture(canvas)
    let classes = picture.html.matches(of: #/ s(\d+)">/#).compactMap { Int($0.output.1) }
    #expect(Set(classes) == Set(picture.styles.indices))
    #expect(picture.html.components(separatedBy: "<div>").count - 1 == canvas.size.rows)
    #expect(!picture.html.contains("style="))
    for style in picture.styles {
      for colour in [style.lightInk, style.lightGround, style.darkInk, style.darkGround] {
        #expect(colour.wholeMatch(of: /#[0-9A-Fa-f]{6}/) != nil)
      }
    }
    let json = try JSON.parse(Array(picture.json.text.utf8), file: "picture")
    #expect(json.elements?.count == picture.styles.count)
    #expect(json.elements?.allSatisfy { $0.elements?.count == 5 } == true)
  }
}
