internal import Base

/// What is put around the ids of a text.
///
/// Source: `processors` of huggingface/tokenizers. A new one is a case in `init`.
struct PostProcessor: Sendable {
  private enum Piece {
    case text
    case special([Int])
  }

  private var pieces: [Piece] = [.text]

  /// A post-processor that leaves ids as they are.
  init() {}

  /// Reads `post_processor`; `isToken` says whether an id is that of a token.
  init(_ field: JSONField, isToken: (Int) -> Bool) throws(FileError) {
    switch try field.stageType() {
    // Trims offsets, which are not ids.
    case "ByteLevel": break
    case "TemplateProcessing": pieces = try Self.pieces(field, isToken: isToken)
    // Two more of RoBERTa's fields are about offsets.
    case "BertProcessing", "RobertaProcessing":
      let begin = try Self.id(field.required("cls"), isToken: isToken)
      pieces = [
        .special([begin]), .text, .special([try Self.id(field.required("sep"), isToken: isToken)]),
      ]
    case "Sequence":
      for part in try field.required("processors").elements() {
        let stage = try PostProcessor(part, isToken: isToken)
        guard !stage.isEmpty else { continue }
        guard isEmpty else { throw part.unsupported(["one that adds tokens"]) }
        pieces = stage.pieces
      }
    default:
      throw field.unsupportedType([
        "ByteLevel", "TemplateProcessing", "BertProcessing", "RobertaProcessing", "Sequence",
      ])
    }
  }

  /// Whether it leaves ids as they are.
  private var isEmpty: Bool {
    if case .text? = pieces.first { pieces.count == 1 } else { false }
  }

  /// The id of `["[SEP]", 3]`.
  private static func id(_ field: JSONField, isToken: (Int) -> Bool) throws(FileError) -> Int {
    guard let pair = field.value.elements, pair.count == 2, let id = pair[1].integer, isToken(id)
    else { throw field.mustBe(.knownID) }
    return id
  }

  private static func pieces(
    _ field: JSONField, isToken: (Int) -> Bool
  ) throws(FileError) -> [Piece] {
    let special = try field.required("special_tokens")
    var pieces: [Piece] = []
    for element in try field.required("single").elements() {
      guard element.value.fields?.count == 1 else { throw element.mustBe(.templatePiece) }
      if let text = try element.optional("Sequence") {
        let name = try text.required("id")
        guard try name.text() == "A" else { throw name.mustBe(.oneOf(["A"])) }
        pieces.append(.text)
      } else {
        let name = try element.required("SpecialToken").required("id").text()
        pieces.append(.special(try ids(special.required(name), isToken: isToken)))
      }
    }
    return pieces
  }

  private static func ids(
    _ field: JSONField, isToken: (Int) -> Bool
  ) throws(FileError) -> [Int] {
    var ids: [Int] = []
    for element in try field.required("ids").elements() {
      guard let id = element.value.integer, isToken(id) else { throw element.mustBe(.knownID) }
      ids.append(id)
    }
    return ids
  }

  /// The ids of a text with what belongs around them.
  func apply(to ids: [Int]) -> [Int] {
    pieces.flatMap { piece in
      switch piece {
      case .text: ids
      case .special(let special): special
      }
    }
  }
}
