internal import Base

/// What `latent` of a recording says: in which form attention read latents, and their widths.
extension LatentDescription {
  /// As it is written.
  var json: JSONText {
    .object([
      ("form", .string(form.rawValue)), ("rank", .integer(rank)), ("rotary", .integer(rotary)),
      ("plain", .integer(plain)), ("value", .integer(value)),
    ])
  }

  /// Reads it, and holds it against the widths of the recording's own tensors.
  init(
    _ field: JSONField, _ shape: RecordedShape, valueDimension: Int
  ) throws(FileError) {
    try field.requireOneOf(LatentForm.allCases.map(\.rawValue), at: "form")
    let form = try LatentForm(rawValue: field.required("form").text()) ?? .absorbed
    self.init(
      form: form, rank: try field.size("rank"), rotary: try field.size("rotary"),
      plain: try field.size("plain"), value: try field.size("value"))
    let isAbsorbed = form == .absorbed
    guard shape.headDimension == (isAbsorbed ? rank : plain) + rotary,
      valueDimension == (isAbsorbed ? rank : value),
      shape.kvHeads == (isAbsorbed ? 1 : shape.heads)
    else { throw field.mustBe(.widthsOfTensors) }
  }
}

extension Expectation {
  fileprivate static let widthsOfTensors = Self(
    "与 d_head、kv_heads 和张量的宽度相合的宽度",
    "widths that agree with d_head, kv_heads and the tensors")
}
