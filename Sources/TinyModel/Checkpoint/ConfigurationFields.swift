internal import Base

/// The fields of a `config.json`, or of an object in it, each checked as it is read.
struct ConfigurationFields {
  let json: JSON
  let file: String
  /// What stands before a field's name in errors, such as `rope_scaling.`.
  var prefix = ""

  /// No real model has a side beyond this; products of two sides then fit in an Int.
  private static let largestSize = 1 << 28

  func has(_ field: String) -> Bool { json[field] != nil }

  /// A field that is there and not null.
  private func value(_ field: String) -> JSON? {
    json[field].flatMap { $0.isNull ? nil : $0 }
  }

  func bad(
    _ field: String, _ value: String, _ expected: Expectation
  ) -> FileError {
    .badField(file: file, field: prefix + field, value: value, expected: expected)
  }

  func unsupported(_ field: String, _ value: String, _ supported: [String]) -> FileError {
    .unsupported(file: file, field: prefix + field, value: value, supported: supported)
  }

  func size(_ field: String) throws(FileError) -> Int {
    guard let size = try optionalSize(field) else {
      throw .missingField(file: file, field: prefix + field)
    }
    return size
  }

  func optionalSize(_ field: String) throws(FileError) -> Int? {
    guard let value = value(field) else { return nil }
    guard let size = value.integer, (1...Self.largestSize).contains(size) else {
      throw bad(field, value.summary, .size(1...Self.largestSize))
    }
    return size
  }

  /// A size whose default stands in where the field is absent, not where it is null.
  func size(_ field: String, ifAbsent standard: Int?) throws(FileError) -> Int? {
    has(field) ? try optionalSize(field) : standard
  }

  /// A number above 0 and below 1.
  func fraction(_ field: String, default standard: Float) throws(FileError) -> Float {
    guard let value = json[field] else { return standard }
    guard let number = value.number.map(Float.init), number > 0, number < 1 else {
      throw bad(field, value.summary, .fraction)
    }
    return number
  }

  /// A number above 0 that f32 holds; nil where there is none.
  func optionalPositive(_ field: String) throws(FileError) -> Float? {
    guard let value = value(field) else { return nil }
    guard let number = value.number.map(Float.init), number > 0, number.isFinite else {
      throw bad(field, value.summary, .positive)
    }
    return number
  }

  func positive(_ field: String) throws(FileError) -> Float {
    guard let number = try optionalPositive(field) else {
      throw .missingField(file: file, field: prefix + field)
    }
    return number
  }

  func boolean(_ field: String, default standard: Bool) throws(FileError) -> Bool {
    guard let value = value(field) else { return standard }
    guard case .boolean(let flag) = value else { throw bad(field, value.summary, .boolean) }
    return flag
  }

  /// The fields of an object that is there and not empty.
  func optionalObject(_ field: String) throws(FileError) -> ConfigurationFields? {
    guard let value = value(field) else { return nil }
    guard let fields = value.fields else { throw bad(field, value.summary, .object) }
    guard !fields.isEmpty else { return nil }
    return ConfigurationFields(json: value, file: file, prefix: prefix + field + ".")
  }

  /// Refuses a flag that is there with the other value.
  func require(_ flag: Bool, at field: String) throws(FileError) {
    guard try boolean(field, default: flag) == flag else {
      throw unsupported(field, "\(!flag)", ["\(flag)"])
    }
  }

  /// Refuses a string that is there and not known.
  func requireOneOf(_ known: [String], at field: String) throws(FileError) {
    guard let value = value(field) else { return }
    guard let name = value.string, known.contains(name) else {
      throw unsupported(field, value.summary, known.map { "\"\($0)\"" })
    }
  }

  /// Refuses a field that is there and not null.
  func requireNone(at field: String) throws(FileError) {
    if let value = value(field) { throw unsupported(field, value.summary, ["null"]) }
  }

  /// One id, a list of ids, or none.
  func ids(_ field: String, ifAbsent standard: [Int] = []) throws(FileError) -> [Int] {
    guard has(field) else { return standard }
    guard let value = value(field) else { return [] }
    var ids: [Int] = []
    for value in value.elements ?? [value] {
      guard let id = value.integer else { throw bad(field, value.summary, .tokenID) }
      if id >= 0 { ids.append(id) }
    }
    return ids
  }
}
