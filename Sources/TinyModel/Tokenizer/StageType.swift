internal import Base

extension JSONField {
  /// The text of the field `type`, which says what kind of stage this object is.
  func stageType() throws(FileError) -> String { try required("type").text() }

  /// The error that its `type` is none of those that this program has.
  func unsupportedType(_ supported: [String]) -> FileError {
    JSONField(file: file, path: path + ".type", value: value["type"] ?? .null)
      .unsupported(supported.map { "\"\($0)\"" })
  }
}
