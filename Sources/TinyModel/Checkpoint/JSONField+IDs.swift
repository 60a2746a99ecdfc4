internal import Base

extension JSONField {
  /// One id, a list of ids, or none; those below 0 are none.
  func ids(_ key: String, ifAbsent standard: [Int] = []) throws(FileError) -> [Int] {
    guard has(key) else { return standard }
    guard let field = try optional(key) else { return [] }
    var ids: [Int] = []
    for value in field.value.elements ?? [field.value] {
      guard let id = value.integer else { throw bad(key, value.summary, .tokenID) }
      if id >= 0 { ids.append(id) }
    }
    return ids
  }
}
