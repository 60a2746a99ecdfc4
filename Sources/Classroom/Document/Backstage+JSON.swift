internal import Base

extension Backstage {
  var json: JSONText {
    func whole(_ number: Int?) -> JSONText { number.map(JSONText.integer) ?? .null }
    return .object([
      (
        "items",
        .array(
          items.map { item in
            .object([
              ("title", .string(item.title)), ("minutes", whole(item.minutes)),
              ("seconds", .integer(item.seconds)),
            ])
          })
      ), ("item", .integer(item)), ("notes", .array(notes.map(JSONText.string))),
      ("counts", .array(counts.map { .array($0.map(JSONText.integer)) })),
      ("hands", .array(hands.map(JSONText.integer))),
      ("values", values.map { .array($0.map(JSONText.double)) } ?? .null),
      ("answer", answer.map(JSONText.double) ?? .null), ("timer", whole(timer)),
      ("phones", whole(phones)), ("terminals", whole(terminals)),
      ("next_screen", nextScreen.map(JSONText.string) ?? .null),
      ("screen", whole(screen)), ("screens", whole(screens)),
    ])
  }

  init(_ field: JSONField) throws(FileError) {
    var items: [Item] = []
    for item in try field.required("items").elements() {
      items.append(
        Item(
          title: try item.required("title").text(),
          minutes: try item.optional("minutes")?.count(),
          seconds: try item.required("seconds").count()))
    }
    self.init(
      items: items, item: try field.required("item").count(),
      notes: try field.required("notes").texts())
    for round in try field.required("counts").elements() {
      var row: [Int] = []
      for count in try round.elements() { row.append(try count.count()) }
      counts.append(row)
    }
    for count in try field.optional("hands")?.elements() ?? [] { hands.append(try count.count()) }
    values = try field.optional("values")?.numbers()
    if let answer = try field.optional("answer") {
      guard let number = answer.value.number else { throw answer.mustBe(.number) }
      self.answer = number
    }
    timer = try field.optional("timer")?.count()
    phones = try field.optional("phones")?.count()
    terminals = try field.optional("terminals")?.count()
    nextScreen = try field.optional("next_screen")?.text()
    screen = try field.optional("screen")?.count()
    screens = try field.optional("screens")?.count()
  }
}
