internal import Base
internal import Viz

/// Where the parts of a question go, and how large they are: the largest of many plans that fits.
struct QuestionPlan {
  /// What a plan tries.
  struct Wish: Hashable {
    /// Where the picture stands.
    enum Picture: Hashable { case nowhere, beside, below }

    var hasBar = true
    var hasJoin = true
    var hasCode = false
    var isStatusBig = false
    var form = OptionsBlock.Form.rows
    var picture = Picture.nowhere
    /// Whether there is a blank row between the parts.
    var isLoose = false
    /// Whether there is one below the title though rows are few.
    var isAiry = false
  }

  private(set) var hasBar = false
  private(set) var phases = Area(x: 0, y: 0, columns: 0, rows: 0)
  private(set) var ask: (lines: [[TextFlow.Span]], first: Int, area: Area) = (
    [], 0, Area(x: 0, y: 0, columns: 0, rows: 0)
  )
  private(set) var options: (block: OptionsBlock, area: Area)?
  private(set) var status: (block: StatusBlock, area: Area)?
  private(set) var join: (isBig: Bool, area: Area)?
  private(set) var code: (picture: QRPicture, point: Point)?
  private(set) var figure: WallFigure?

  /// The least room of a picture.
  private static let leastPicture = Size(columns: 34, rows: 9)
  /// From here on the title has a row.
  private static let barFrom = 16
  /// From here on a blank row stands above the phases.
  private static let airyFrom = 21
  /// The least columns beside a QR code.
  private static let leastMain = 24

  // MARK: Choosing

  /// The largest plan that fits: what is added one after the other stays where it still does.
  static func best(_ page: QuestionPage, _ size: Size) -> QuestionPlan {
    var wish = Wish(hasBar: size.rows >= barFrom)
    guard var best = first(page, size, &wish) else { return overflowing(page, size) }
    for wishes in additions(page) {
      for change in wishes {
        var next = wish
        change(&next)
        guard let plan = QuestionPlan(page, size, next) else { continue }
        (wish, best) = (next, plan)
        break
      }
    }
    return best
  }

  /// The least plan, with less and less of what can be done without.
  private static func first(
    _ page: QuestionPage, _ size: Size, _ wish: inout Wish
  ) -> QuestionPlan? {
    for hasJoin in [true, false] {
      for form in [OptionsBlock.Form.rows, .pairs] {
        (wish.hasJoin, wish.form) = (hasJoin, form)
        if let plan = QuestionPlan(page, size, wish) { return plan }
      }
    }
    return nil
  }

  /// What makes a plan larger, the most important first; of each the first wording that fits.
  private static func additions(_ page: QuestionPage) -> [[(inout Wish) -> Void]] {
    let loose: [(inout Wish) -> Void] = [{ $0.isLoose = true }]
    let code: [(inout Wish) -> Void] = [
      { $0.hasCode = true }, { ($0.hasCode, $0.form) = (true, .pairs) },
    ]
    let status: [(inout Wish) -> Void] = [
      { $0.isStatusBig = true }, { ($0.isStatusBig, $0.form) = (true, .pairs) },
    ]
    let picture: [(inout Wish) -> Void] = [{ $0.picture = .beside }, { $0.picture = .below }]
    let big: [(inout Wish) -> Void] = [
      { ($0.form, $0.picture) = (.big, .beside) }, { $0.form = .big }, { $0.form = .bigPairs },
      { ($0.form, $0.picture) = (.tall, .beside) }, { $0.form = .tall },
    ]
    let airy: [(inout Wish) -> Void] = [{ $0.isAiry = $0.hasBar }]
    guard page.held.ballots.isVoted else { return [picture, loose, status, airy] }
    return [loose, code, status, big, picture, airy]
  }

  // MARK: Placing

  /// Nil where it does not fit.
  private init?(_ page: QuestionPage, _ size: Size, _ wish: Wish) {
    hasBar = wish.hasBar
    let (top, bottom) = (wish.hasBar ? 1 : 0, size.rows - 1)
    let margin = size.columns >= 60 ? 2 : 1
    var main = Area(
      x: margin, y: top, columns: size.columns - 2 * margin, rows: bottom - top)
    var hasWords = page.join != nil && wish.hasJoin
    if wish.hasCode {
      guard let join = page.join, let room = placeCode(join, size, top, bottom) else { return nil }
      main.columns = room - main.x
      hasWords = hasWords && self.join == nil
    }
    if wish.isAiry || wish.isLoose && main.rows >= Self.airyFrom {
      (main.y, main.rows) = (main.y + 1, main.rows - 1)
    }
    phases = Area(x: main.x, y: main.y, columns: main.columns, rows: 1)
    let head = wish.isLoose ? 2 : 1
    let body = Area(
      x: main.x, y: main.y + head, columns: main.columns, rows: main.rows - head)
    guard place(page, wish, in: body, hasWords: hasWords) else { return nil }
  }

  /// The QR code at the right, below it how to join where there is room; returns where the rest ends.
  private mutating func placeCode(
    _ join: JoinBlock, _ size: Size, _ top: Int, _ bottom: Int
  ) -> Int? {
    guard let least = join.picture?.size,
      least.columns + Self.leastMain + 3 <= size.columns,
      let picture = join.picture(
        fitting: Size(
          columns: max(least.columns, size.columns * 2 / 5), rows: bottom - top))
    else { return nil }
    let columns = picture.size.columns
    let x = size.columns - columns - (size.columns >= 76 ? 2 : 0)
    let rows = join.rows(columns, isBig: join.bigColumns <= columns)
    let isBig = join.bigColumns <= columns && picture.size.rows + 1 + rows <= bottom - top
    let words = isBig ? rows : join.rows(columns, isBig: false)
    let spare = bottom - top - picture.size.rows - 1 - words
    let y = top + max(0, min(1, spare))
    guard spare >= 0 else {
      code = (picture, Point(x, top + (bottom - top - picture.size.rows) / 2))
      return x - 2
    }
    code = (picture, Point(x, y))
    self.join = (
      isBig, Area(x: x, y: y + picture.size.rows + 1, columns: columns, rows: words)
    )
    return x - 2
  }

  private mutating func place(
    _ page: QuestionPage, _ wish: Wish, in body: Area, hasWords: Bool
  ) -> Bool {
    let ask = page.askLines(body.columns)
    self.ask = (ask, 0, Area(x: body.x, y: body.y, columns: body.columns, rows: ask.count))
    let gap = wish.isLoose ? 1 : 0
    let top = body.y + ask.count + gap
    let rest = Area(x: body.x, y: top, columns: body.columns, rows: body.y + body.rows - top)
    var block = page.options
    block?.form = wish.form
    if wish.form != .rows, block == nil { return false }
    if let block, wish.form == .big || wish.form == .bigPairs, !block.canBeBig { return false }
    if wish.picture == .beside {
      guard let block else { return false }
      return place(page, wish, block, beside: rest, hasWords: hasWords)
    }
    return place(page, wish, block, below: rest, hasWords: hasWords)
  }

  /// Options at the right; picture, count and words at the left.
  private mutating func place(
    _ page: QuestionPage, _ wish: Wish, _ block: OptionsBlock, beside rest: Area, hasWords: Bool
  ) -> Bool {
    let isText = wish.form != .big && wish.form != .bigPairs
    let wanted = block.columns
    let columns = isText ? min(wanted, rest.columns * 9 / 20) : wanted
    var left = rest
    left.columns -= columns + 4
    guard left.columns >= Self.leastPicture.columns, block.rows(columns) <= rest.rows,
      isText || columns <= rest.columns / 2
    else { return false }
    options = (
      block, Area(x: left.end + 4, y: rest.y, columns: columns, rows: rest.rows)
    )
    guard let room = placeFoot(page, wish, in: left, hasWords: hasWords) else { return false }
    return placePicture(page, in: room)
  }

  /// Options, picture, count and words one below the other.
  private mutating func place(
    _ page: QuestionPage, _ wish: Wish, _ block: OptionsBlock?, below rest: Area, hasWords: Bool
  ) -> Bool {
    guard var room = placeFoot(page, wish, in: rest, hasWords: hasWords) else { return false }
    let gap = wish.isLoose ? 1 : 0
    if let block {
      if wish.form != .rows, wish.form != .tall, block.columns > rest.columns { return false }
      let rows = block.rows(rest.columns)
      guard rows <= room.rows else { return false }
      let hasPicture = wish.picture == .below
      let taken = hasPicture ? rows : room.rows
      options = (block, Area(x: room.x, y: room.y, columns: room.columns, rows: taken))
      (room.y, room.rows) = (room.y + rows + gap, room.rows - rows - gap)
    }
    return wish.picture == .nowhere ? room.rows >= -gap : placePicture(page, in: room)
  }

  /// The count and how to join, at the bottom; returns the room above, nil where there is none.
  private mutating func placeFoot(
    _ page: QuestionPage, _ wish: Wish, in area: Area, hasWords: Bool
  ) -> Area? {
    var room = area
    let gap = wish.isLoose ? 1 : 0
    if hasWords, let join = page.join {
      let rows = join.rows(area.columns, isBig: false)
      room.rows -= rows
      self.join = (false, Area(x: area.x, y: room.y + room.rows, columns: area.columns, rows: rows))
      room.rows -= gap
    }
    var status = page.status
    if wish.isStatusBig {
      guard status.canBeBig, status.columns <= area.columns else { return nil }
      status.isBig = true
    }
    let rows = status.rows(area.columns)
    room.rows -= rows
    self.status = (
      status, Area(x: area.x, y: room.y + room.rows, columns: area.columns, rows: rows)
    )
    room.rows -= rows > 0 ? gap : 0
    return room.rows >= -gap ? room : nil
  }

  private mutating func placePicture(_ page: QuestionPage, in room: Area) -> Bool {
    guard room.columns >= Self.leastPicture.columns, room.rows >= Self.leastPicture.rows
    else { return false }
    figure = page.figure(room)
    return true
  }

  // MARK: Too little room

  private init() {}

  /// Where not even question and options have room, they scroll; the phase stands above them.
  private static func overflowing(_ page: QuestionPage, _ size: Size) -> QuestionPlan {
    var plan = QuestionPlan()
    let columns = size.columns - 2
    plan.phases = Area(x: 1, y: 0, columns: columns, rows: 1)
    let options = page.options?.textLines(columns) ?? []
    let lines = page.askLines(columns) + options
    let area = Area(x: 1, y: 1, columns: columns, rows: size.rows - 2)
    let first = min(page.state.textLine, max(0, lines.count - area.rows))
    plan.ask = (lines, first, area)
    return plan
  }
}
