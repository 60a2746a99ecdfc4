/// What words of a lesson are tied to in the picture beside them: the target of a link, such as `#cached` or `#cell-3-2`.
public enum Tie: Hashable, Sendable {
  /// What the picture draws in a colour of its own.
  case meaning(CellMeaning)
  /// A part of the picture.
  case place(PicturePlace)

  /// Reads a link's target; nil where it is none of these.
  package init?(target: String) {
    guard target.hasPrefix("#") else { return nil }
    let name = String(target.dropFirst())
    if let meaning = CellMeaning(rawValue: name) {
      self = .meaning(meaning)
    } else if let place = PicturePlace(name: name) {
      self = .place(place)
    } else {
      return nil
    }
  }

  /// What a target can be, as it is written.
  package static var notation: String {
    CellMeaning.allCases.map { "#" + $0.rawValue }.joined(separator: ", ")
      + ", #cell-3-2, #row-3, #column-2"
  }
}

/// What a cell of the picture can mean, in words that a lesson can draw in its colour.
public enum CellMeaning: String, CaseIterable, Sendable {
  /// K and V that were read from the cache.
  case cached
  /// A query, a key, a value that was computed in this step.
  case newQuery = "new-q"
  case newKey = "new-k"
  case newValue = "new-v"
  /// What was computed and thrown away by the causal mask.
  case masked
  /// What the cached run need not compute.
  case notNeeded = "not-needed"
}

/// A part of the picture that a sentence speaks of; queries and keys counted from 1.
public enum PicturePlace: Hashable, Sendable {
  case cell(query: Int, key: Int)
  case row(Int)
  case column(Int)

  fileprivate init?(name: String) {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.dropFirst().compactMap { part in
      part.count <= 4 && part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
    }
    guard numbers.count == parts.count - 1, numbers.allSatisfy({ $0 > 0 }) else { return nil }
    switch (parts.first, numbers.count) {
    case ("cell", 2): self = .cell(query: numbers[0], key: numbers[1])
    case ("row", 1): self = .row(numbers[0])
    case ("column", 1): self = .column(numbers[0])
    default: return nil
    }
  }

  /// The token that has to be there, so that the place is: the last that it names.
  public var newest: Int {
    switch self {
    case .cell(let query, let key): max(query, key)
    case .row(let token), .column(let token): token
    }
  }
}
