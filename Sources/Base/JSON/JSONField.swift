/// A value of a JSON file with the place it stands at, so that whatever is wrong with it can be named.
package struct JSONField {
  package let file: String
  /// Where it stands, as in `model.merges[3]`; empty for the whole file.
  package let path: String
  package let value: JSON

  package init(file: String, path: String = "", value: JSON) {
    self.file = file
    self.path = path
    self.value = value
  }

  /// The whole of a JSON file of at most `limit` bytes.
  package init(reading path: String, limit: Int) throws(FileError) {
    let file = try RegularFile(path)
    do throws(FileError) {
      let value = try JSON.parse(file.allBytes(limit: limit), file: path)
      self.init(file: path, value: value)
    } catch {
      guard let kind = FileKind(of: file) else { throw error }
      throw .otherKind(file: path, kind: kind)
    }
  }

  /// The error that it is not what it must be.
  package func mustBe(_ expected: Expectation) -> FileError {
    .badField(file: file, field: path, value: value.summary, expected: expected)
  }

  /// The error that it asks for what this program does not do.
  package func unsupported(_ supported: [String]) -> FileError {
    .unsupported(file: file, field: path, value: value.summary, supported: supported)
  }

  /// A value of the object that this is, at the place where it stands or should.
  package func child(_ value: JSON, _ name: String) -> JSONField {
    JSONField(file: file, path: path.isEmpty ? name : path + "." + name, value: value)
  }

  /// The field `key` of the object that this must be; nil where it is not there or null.
  package func optional(_ key: String) throws(FileError) -> JSONField? {
    try fields()
    guard let value = value[key], !value.isNull else { return nil }
    return child(value, key)
  }

  /// The field `key` of the object that this must be.
  package func required(_ key: String) throws(FileError) -> JSONField {
    if let field = try optional(key) { return field }
    if let null = value[key] { return child(null, key) }
    throw .missingField(file: file, field: child(.null, key).path)
  }

  /// The text that this must be.
  package func text() throws(FileError) -> String {
    guard let text = value.string else { throw mustBe(.text) }
    return text
  }

  /// The UTF-8 of the one character that this must be.
  package func character() throws(FileError) -> [UInt8] {
    let text = try text()
    guard text.unicodeScalars.count == 1 else { throw mustBe(.character) }
    return Array(text.utf8)
  }

  /// The number of characters that this must be.
  package func count() throws(FileError) -> Int {
    guard let count = value.integer, count >= 0 else { throw mustBe(.size(0...Int.max)) }
    return count
  }

  /// The fields of the object that this must be.
  @discardableResult
  package func fields() throws(FileError) -> [(key: String, value: JSON)] {
    guard let fields = value.fields else {
      throw path.isEmpty ? .notAnObject(file: file, found: value.summary) : mustBe(.object)
    }
    return fields
  }

  /// The elements of the list that this must be.
  package func elements() throws(FileError) -> [JSONField] {
    guard let elements = value.elements else { throw mustBe(.list) }
    return elements.enumerated().map { index, value in
      JSONField(file: file, path: "\(path)[\(index)]", value: value)
    }
  }
}
