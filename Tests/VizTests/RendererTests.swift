internal import Base
import Foundation
import Testing

@testable import Viz

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Frames become files.
@Suite struct RendererTests {
  private func still(_ frame: Frame) -> Reel { Reel(frame, language: .chinese) }

  private func frames() throws -> [Frame] {
    var frames: [Frame] = []
    for run in try [Runs.china(), Runs.odd()] {
      for keys in ["", "i", "p Left Right", "?", "o", "Left d d Right Right Right"] {
        let state = run.start().after("End " + keys)
        for theme in Theme.allCases {
          frames.append(Frame(state.view(theme == .dark ? .large : .standard), theme: theme))
        }
      }
    }
    return frames
  }

  @Test(
    "Every format renders every frame, ends with a line feed and holds no control character",
    arguments: ExportFormat.allCases)
  func everyFormat(format: ExportFormat) throws {
    for frame in try frames() {
      let text = format.renderer.render(still(frame))
      #expect(text.hasSuffix("\n"))
      #expect(
        text.unicodeScalars.allSatisfy { $0.value == 10 || !($0.value < 32 || $0.value == 127) })
    }
  }

  @Test("Each format is written as its name says", arguments: ExportFormat.allCases)
  func formats(format: ExportFormat) throws {
    let frame = Frame(try Runs.china().start().view(.standard), theme: .dark)
    let file = format.renderer.render(still(frame))
    let parser = XMLParser(data: Data(file.utf8))
    let reader = SVGReader()
    parser.delegate = reader
    switch format {
    case .txt:
      #expect(file == frame.canvas.plainText + "\n" && !parser.parse())
    case .md: #expect(file.hasPrefix("# kvtui\n\n```text\n kvtui  "))
    case .svg:
      #expect(parser.parse() && reader.root?["xmlns"] == "http://www.w3.org/2000/svg")
    case .html: #expect(file.hasPrefix("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n"))
    case .cast: #expect(file.hasPrefix("{\"version\":2,\"width\":80,\"height\":24,"))
    }
  }

  @Test("Plain text is the canvas's, frame after frame")
  func text() throws {
    let frames = try Array(frames().prefix(3))
    #expect(TextRenderer().render(still(frames[0])) == frames[0].canvas.plainText + "\n")
    #expect(
      TextRenderer().render(Reel(frames, every: 1, language: .chinese))
        == frames.map { $0.canvas.plainText + "\n" }.joined(separator: "\n"))
    #expect(TextRenderer().render(Reel(language: .chinese)).isEmpty)
  }

  @Test("An SVG parses as XML, and its texts are the canvas's")
  func svg() throws {
    for frame in try frames() {
      let reader = SVGReader()
      let parser = XMLParser(data: Data(SVGRenderer().render(still(frame)).utf8))
      parser.delegate = reader
      #expect(parser.parse(), "\(String(describing: parser.parserError))")
      let drawn = reader.texts.joined().filter { $0 != " " }
      let shown = frame.canvas.plainText.filter { $0 != " " && $0 != "\n" }
      #expect(drawn == shown)
      #expect(
        reader.root?["viewBox"]
          == "0 0 \(frame.canvas.size.columns * 10) \(frame.canvas.size.rows * 20)")
    }
  }

  @Test(
    "Each text of an SVG begins where its cell does, and a word of ASCII is as long as its columns")
  func svgPlaces() throws {
    let frame = Frame(try Runs.china().start().after("End").view(.standard), theme: .dark)
    let reader = SVGReader()
    let parser = XMLParser(data: Data(SVGRenderer().render(still(frame)).utf8))
    parser.delegate = reader
    #expect(parser.parse())
    for (place, text) in zip(reader.places, reader.texts) {
      let x = try #require(place["x"].flatMap(Int.init))
      let y = try #require(place["y"].flatMap(Int.init))
      let cells = Array(frame.canvas.row(y / 20))
      #expect(x % 10 == 0 && cells[x / 10].text == String(text.prefix(1)))
      let isWord = text.count > 1
      #expect(place["textLength"] == (isWord ? "\(10 * text.count)" : nil))
      #expect(!isWord || text.utf8.count == text.count)
    }
  }

  @Test("Markup in a text is escaped")
  func escaping() throws {
    var canvas = Canvas(Size(columns: 40, rows: 1))
    let text = "</text><script>&amp;\"'x</script>]]>"
    canvas.put(text, at: Point(0, 0))
    let svg = SVGRenderer().render(still(Frame(canvas, theme: .light)))
    #expect(!svg.contains("<script>"))
    let reader = SVGReader()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.texts.joined().trimmingCharacters(in: .whitespaces) == text)
  }

  @Test("A reel becomes the picture of its last frame, no frames no picture")
  func reel() throws {
    let frames = try Array(frames().prefix(2))
    #expect(
      SVGRenderer().render(Reel(frames, every: 1, language: .chinese))
        == SVGRenderer().render(still(frames[1])))
    #expect(SVGRenderer().render(Reel(language: .chinese)).isEmpty)
  }

  @Test("A caption is a picture's title, in the reel's language, and no part of a text")
  func caption() throws {
    var canvas = Canvas(Size(columns: 4, rows: 1))
    canvas.put("ab", at: Point(0, 0))
    let frame = Frame(canvas, theme: .dark)
    let reel = Reel(frame, caption: "a < b\u{1B}", language: .english)
    #expect(TextRenderer().render(reel) == "ab\n")
    let svg = SVGRenderer().render(reel)
    #expect(svg.contains("<title xml:lang=\"en\">a &lt; b^[</title>\n<rect"))
    #expect(
      svg.replacing("<title xml:lang=\"en\">a &lt; b^[</title>\n", with: "")
        == SVGRenderer().render(still(frame)))
  }

  @Test("Each glyph beyond ASCII stands alone, so that columns hold whatever font draws it")
  func runs() {
    var canvas = Canvas(Size(columns: 10, rows: 1))
    canvas.put("ab中国e\u{301}", at: Point(0, 0), Style(.newKey))
    let reader = SVGReader()
    let parser = XMLParser(
      data: Data(SVGRenderer().render(still(Frame(canvas, theme: .dark))).utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(reader.texts == ["ab", "中", "国", "e\u{301}"])
  }

  @Test("A reversed style exchanges its colours")
  func reversed() {
    for theme in Theme.allCases {
      let plain = theme.colours(of: Style(.newKey))
      let reversed = theme.colours(of: Style(.newKey, reversed: true))
      #expect(reversed.foreground == plain.background && reversed.background == plain.foreground)
    }
  }
}

/// Gathers an SVG's texts and their places.
private final class SVGReader: NSObject, XMLParserDelegate {
  var root: [String: String]?
  var texts: [String] = []
  var places: [[String: String]] = []
  private var isInText = false

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if name == "svg" { root = attributes }
    isInText = name == "text"
    if isInText {
      texts.append("")
      places.append(attributes)
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if isInText { texts[texts.count - 1] += string }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    isInText = false
  }
}
