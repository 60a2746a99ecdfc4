internal import CJansson

/// A JSON value whose object keys keep their order and are compared byte by byte.
///
/// Swift compares strings canonically (é is e with a combining accent), which would merge tokens of a
/// vocabulary; so look keys up with `subscript(_:)`, which compares UTF-8.
package enum JSON: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])

  /// No file that is read here nests deeper; values are converted, and freed, by recursion.
  private static let deepest = 100

  /// Parses one JSON text that errors call `file`.
  ///
  /// A duplicate key, a lone surrogate, invalid UTF-8 or deep nesting is an error.
  package static func parse(_ bytes: [UInt8], file: String) throws(FileError) -> JSON {
    var error = json_error_t()
    let flags = Int(JSON_REJECT_DUPLICATES) | Int(JSON_ALLOW_NUL) | Int(JSON_DECODE_ANY)
    let root = bytes.withUnsafeBytes { raw in
      raw.withMemoryRebound(to: CChar.self) { json_loadb($0.baseAddress, $0.count, flags, &error) }
    }
    guard let root else {
      throw .badJSON(file: file, line: max(0, Int(error.line)), reason: reason(of: error))
    }
    defer { json_decref(root) }
    guard let value = value(of: root, depth: 1) else {
      throw .badJSON(file: file, line: 0, reason: "more than \(deepest) levels deep")
    }
    return value
  }

  private static func reason(of error: json_error_t) -> String {
    withUnsafeBytes(of: error.text) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
  }

  /// The value of `json`; nil if it lies, or holds something, too deep.
  private static func value(of json: UnsafeMutablePointer<json_t>, depth: Int) -> JSON? {
    guard depth <= deepest else { return nil }
    return switch json.pointee.type {
    case JSON_OBJECT: object(of: json, depth: depth)
    case JSON_ARRAY: array(of: json, depth: depth)
    case JSON_STRING: .string(text(json_string_value(json), json_string_length(json)))
    case JSON_INTEGER: .integer(Int(json_integer_value(json)))
    case JSON_REAL: .real(json_real_value(json))
    case JSON_TRUE: .boolean(true)
    case JSON_FALSE: .boolean(false)
    default: .null
    }
  }

  private static func array(of json: UnsafeMutablePointer<json_t>, depth: Int) -> JSON? {
    var elements: [JSON] = []
    elements.reserveCapacity(json_array_size(json))
    for index in 0..<json_array_size(json) {
      guard let element = json_array_get(json, index),
        let value = value(of: element, depth: depth + 1)
      else { return nil }
      elements.append(value)
    }
    return .array(elements)
  }

  private static func object(of json: UnsafeMutablePointer<json_t>, depth: Int) -> JSON? {
    var fields: [(key: String, value: JSON)] = []
    fields.reserveCapacity(json_object_size(json))
    var iterator = json_object_iter(json)
    while let current = iterator {
      let key = text(json_object_iter_key(current), json_object_iter_key_len(current))
      guard let child = json_object_iter_value(current),
        let value = value(of: child, depth: depth + 1)
      else { return nil }
      fields.append((key, value))
      iterator = json_object_iter_next(json, current)
    }
    return .object(fields)
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    guard let start else { return "" }
    return start.withMemoryRebound(to: UInt8.self, capacity: count) {
      String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
    }
  }
}

extension JSON {
  /// The field `key` of an object; nil where there is none, or where this is no object.
  package subscript(_ key: String) -> JSON? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }

  /// The fields of an object.
  package var fields: [(key: String, value: JSON)]? {
    if case .object(let fields) = self { fields } else { nil }
  }

  /// The elements of an array.
  package var elements: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The text of a string.
  package var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  /// A whole number that is written as one.
  package var integer: Int? {
    if case .integer(let integer) = self { integer } else { nil }
  }

  /// A number, whole or not.
  package var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .real(let real): real
    default: nil
    }
  }

  /// Whether this is `null`.
  package var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// A summary that is itself part of one: lists are not taken apart any further.
  private var shortSummary: String {
    if case .array(let values) = self { "[…\(values.count)]" } else { summary }
  }

  /// A short form for error messages.
  package var summary: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .string(let value): "\"" + String(value.unicodeScalars.prefix(40)) + "\""
    case .array(let values) where values.count <= 2:
      "[" + values.map(\.shortSummary).joined(separator: ", ") + "]"
    case .array(let values): "[…\(values.count)]"
    case .object(let fields): "{…\(fields.count)}"
    }
  }
}
