/// The values of the object that this must be, by key, each checked as it is read.
///
/// A field that is `null` is one that is not there, unless a default is for absent ones alone.
extension JSONField {
  /// No real model has a side beyond this; products of two sides then fit in an Int.
  private static let largestSize = 1 << 28

  /// Whether the field is there, though it be null.
  package func has(_ key: String) -> Bool { value[key] != nil }

  /// The error that a field has a value that it cannot have.
  package func bad(_ key: String, _ value: String, _ expected: Expectation) -> FileError {
    .badField(file: file, field: child(.null, key).path, value: value, expected: expected)
  }

  /// The error that a field asks for what this program does not do.
  package func unsupported(_ key: String, _ value: String, _ supported: [String]) -> FileError {
    .unsupported(file: file, field: child(.null, key).path, value: value, supported: supported)
  }

  private func missing(_ key: String) -> FileError {
    .missingField(file: file, field: child(.null, key).path)
  }

  // MARK: Numbers

  /// A size that must be there.
  package func size(_ key: String) throws(FileError) -> Int {
    guard let size = try optionalSize(key) else { throw missing(key) }
    return size
  }

  /// A whole number from 1.
  package func optionalSize(_ key: String) throws(FileError) -> Int? {
    guard let field = try optional(key) else { return nil }
    guard let size = field.value.integer, (1...Self.largestSize).contains(size) else {
      throw field.mustBe(.size(1...Self.largestSize))
    }
    return size
  }

  /// A size whose default stands in where the field is absent, not where it is null.
  package func size(_ key: String, ifAbsent standard: Int?) throws(FileError) -> Int? {
    has(key) ? try optionalSize(key) : standard
  }

  /// A number above 0 and below 1, whose default stands in where the field is absent, not where it is null.
  package func fraction(_ key: String, default standard: Float) throws(FileError) -> Float {
    guard let value = value[key] else { return standard }
    guard let number = value.number.map(Float.init), number > 0, number < 1 else {
      throw bad(key, value.summary, .fraction)
    }
    return number
  }

  /// A number above 0 that f32 holds.
  package func optionalPositive(_ key: String) throws(FileError) -> Float? {
    guard let field = try optional(key) else { return nil }
    guard let number = field.value.number.map(Float.init), number > 0, number.isFinite else {
      throw field.mustBe(.positive)
    }
    return number
  }

  /// A number above 0 that must be there.
  package func positive(_ key: String) throws(FileError) -> Float {
    guard let number = try optionalPositive(key) else { throw missing(key) }
    return number
  }

  // MARK: Flags, objects, choices

  /// The truth value that this must be.
  private func flag() throws(FileError) -> Bool {
    guard case .boolean(let flag) = value else { throw mustBe(.boolean) }
    return flag
  }

  /// A field that is true or false, or not there.
  package func flag(_ key: String, default standard: Bool = false) throws(FileError) -> Bool {
    try optional(key)?.flag() ?? standard
  }

  /// A field that must be there and is true or false.
  package func requiredFlag(_ key: String) throws(FileError) -> Bool { try required(key).flag() }

  /// An object that is there and not empty.
  package func optionalObject(_ key: String) throws(FileError) -> JSONField? {
    guard let field = try optional(key) else { return nil }
    guard let fields = field.value.fields else { throw field.mustBe(.object) }
    return fields.isEmpty ? nil : field
  }

  /// Refuses a flag that is there with the other value.
  package func require(_ flag: Bool, at key: String) throws(FileError) {
    guard try self.flag(key, default: flag) == flag else {
      throw unsupported(key, "\(!flag)", ["\(flag)"])
    }
  }

  /// Refuses a string that is there and not known.
  package func requireOneOf(_ known: [String], at key: String) throws(FileError) {
    guard let field = try optional(key) else { return }
    guard let name = field.value.string, known.contains(name) else {
      throw field.unsupported(known.map { "\"\($0)\"" })
    }
  }

  /// Refuses a field that is there and not null.
  package func requireNone(at key: String) throws(FileError) {
    if let field = try optional(key) { throw field.unsupported(["null"]) }
  }
}
