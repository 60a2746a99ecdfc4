internal import Base
internal import Viz

/// How phones join, over all: the QR code as large as it can be, the address and the code beside it.
struct PresentInvitation: WallPage {
  let state: PresentState
  private let join: JoinBlock

  init?(state: PresentState) {
    guard let invitation = state.invitation else { return nil }
    self.state = state
    join = JoinBlock(invitation: invitation, look: state.look)
  }

  private var language: Language { state.language }

  func draw(on canvas: inout Canvas) {
    let size = canvas.size
    WallBar(
      look: state.look, titles: [language("用手机加入", "Join with a phone")], right: follow
    ).draw(on: &canvas)
    let body = Area(x: 1, y: 1, columns: size.columns - 2, rows: size.rows - 2)
    guard let picture = beside(body) else { return drawWords(in: body, on: &canvas) }
    let y = body.y + (body.rows - picture.size.rows) / 2
    picture.draw(at: Point(body.x, y), on: &canvas)
    let x = body.x + picture.size.columns + 3
    let rest = Area(
      x: x, y: body.y, columns: body.x + body.columns - x, rows: body.rows)
    drawWords(in: rest, isAlone: false, on: &canvas)
  }

  private var follow: String {
    state.audience.phones.map {
      language("\($0) 台手机", "\($0) \(plural($0, "phone"))")
    } ?? ""
  }

  /// The largest picture beside which the words have room.
  private func beside(_ body: Area) -> QRPicture? {
    join.picture(
      fitting: Size(columns: body.columns - 3 - Self.fewestColumns, rows: body.rows))
  }

  private static let fewestColumns = 22

  /// Address and code, as large as they can be; where no QR code stands beside them it is said what that needs.
  private func drawWords(in area: Area, isAlone: Bool = true, on canvas: inout Canvas) {
    var blocks: [(rows: Int, draw: (Int, inout Canvas) -> Void)] = []
    let guide = state.lines(
      isAlone
        ? language("浏览器里输入：", "Type into the browser:")
        : language("扫码，或在浏览器里输入：", "Scan it, or type into the browser:"), Style(.text),
      columns: area.columns)
    blocks.append(
      (
        guide.count,
        { y, canvas in
          canvas.put(guide, in: Area(x: area.x, y: y, columns: area.columns, rows: guide.count))
        }
      ))
    blocks.append(address(in: area))
    blocks.append(code(in: area))
    if isAlone, let size = join.picture?.size {
      let note = state.lines(
        language(
          "二维码要 \(size.columns + Self.fewestColumns + 5) × \(size.rows + 2)，这里放不下",
          "the QR code needs \(size.columns + Self.fewestColumns + 5) × \(size.rows + 2), there is no room for it"
        ),
        Style(.dim), columns: area.columns)
      blocks.append(
        (
          note.count,
          { y, canvas in
            canvas.put(note, in: Area(x: area.x, y: y, columns: area.columns, rows: note.count))
          }
        ))
    }
    let rows = blocks.map(\.rows).reduce(0, +)
    let gap = min(2, max(0, (area.rows - rows) / (blocks.count + 1)))
    var y = area.y + max(0, (area.rows - rows - gap * (blocks.count - 1)) / 2)
    for block in blocks {
      guard y + block.rows <= area.y + area.rows else { break }
      block.draw(y, &canvas)
      y += block.rows + gap
    }
  }

  private typealias Block = (rows: Int, draw: (Int, inout Canvas) -> Void)

  private func address(in area: Area) -> Block {
    let (address, glyphs) = (join.address, state.glyphs)
    let room = (area.columns + 1) / 6
    let parts = join.parts(columns: room).filter { $0.count <= room }
    let big = parts.joined() == address ? parts.compactMap { BigText($0, glyphs) } : []
    let high = big.first?.size.rows ?? 4
    // The code and the guide have to have room below and above it.
    if !parts.isEmpty, big.count == parts.count, big.count * (high + 1) + high + 6 <= area.rows {
      return (
        big.count * (high + 1) - 1,
        { y, canvas in
          for (index, line) in big.enumerated() {
            line.draw(at: Point(area.x, y + index * (high + 1)), Style(.heading), on: &canvas)
          }
        }
      )
    }
    let lines = join.parts(columns: area.columns).flatMap {
      state.lines($0, Style(.heading, bold: true), columns: area.columns)
    }
    return (
      lines.count,
      { y, canvas in
        canvas.put(lines, in: Area(x: area.x, y: y, columns: area.columns, rows: lines.count))
      }
    )
  }

  private func code(in area: Area) -> Block {
    let (name, code) = (language("代码", "code"), join.code)
    let lead = ScalarWidth.of(name) + 2
    if let big = BigText(code, state.glyphs), lead + big.size.columns <= area.columns {
      return (
        big.size.rows,
        { y, canvas in
          canvas.put(name, at: Point(area.x, y + 1), Style(.text))
          big.draw(at: Point(area.x + lead, y), Style(.selected), on: &canvas)
        }
      )
    }
    return (
      1,
      { y, canvas in
        let x = canvas.put(name + "  ", at: Point(area.x, y), Style(.text), limit: area.end)
        canvas.put(" \(code) ", at: Point(x, y), Style(.chosen, bold: true), limit: area.end)
      }
    )
  }
}
