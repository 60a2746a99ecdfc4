internal import Base
internal import Viz

/// Lines of a page that are labelled.
extension Look {
  /// A label and what it labels.
  func row(_ chinese: String, _ english: String, _ text: String, labelColumns: Int = 10) -> String {
    "  " + language(chinese, english).padded(to: labelColumns) + text
  }

  /// A cell for each token, in as many lines as they take; the first is labelled.
  func strip(
    _ chinese: String, _ english: String, _ cells: [String], labelColumns: Int = 10
  ) -> [String] {
    let columns = 64
    return stride(from: 0, to: cells.count, by: columns).map { first in
      let line = cells[first..<min(first + columns, cells.count)].joined()
      return first == 0
        ? row(chinese, english, line, labelColumns: labelColumns)
        : row("", "", line, labelColumns: labelColumns)
    }
  }
}
