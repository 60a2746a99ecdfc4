internal import Base

/// What is put around the ids of a text.
///
/// Source: `processors` of huggingface/tokenizers. A new one is a case in `init`.
struct PostProcessor: Sendable {
  private enum Piece {
    case text
    case special([Int])
  }

  private static let template = "TemplateProcessing"
  private var pieces: [Piece] = [.text]

  /// A post-processor that leaves ids as they are.
  init() {}

  /// Reads `post_processor`; `isToken` says whether an id is that of a token.
  init(_ field: JSONField, isToken: (Int) -> Bool) throws(FileError) {
    switch try field.stageType() {
    // Trims offsets, which are not ids.
    case "ByteLevel": break
    case Self.template: pieces = try Self.pieces(field, isToken: isToken)
    case "Sequence":
      var templates = 0
      for part in try field.required("processors").elements() {
        let stage = try PostProcessor(part, isToken: isToken)
        guard try part.stageType() == Self.template else { continue }
        templates += 1
        guard templates == 1 else { throw part.unsupported(["one \(Self.template)"]) }
        pieces = stage.pieces
      }
    default: throw field.unsupportedType(["ByteLevel", Self.template, "Sequence"])
    }
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
