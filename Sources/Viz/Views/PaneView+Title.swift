internal import Base
internal import Trace

/// The title of a pane: what the run does in this step, and what of the grid is scrolled away.
extension PaneView {
  /// What this run does in this step, from what it counted; the longest wording first.
  var stories: [String] {
    let language = pane.scene.language
    let rows = pane.lane.rows
    let read = pane.readTokens
    let isNarrow = area.columns < 35
    if pane.run == .uncached {
      let short = "\(rows) computed"
      return [
        language("\(rows) 个字全部重算", isNarrow ? short : "recomputes all \(rows)"),
        language("重算 \(rows)", short),
      ]
    }
    if read == 0 {
      let short = "\(rows) kept"
      return [
        language("\(rows) 个字，算完存下", isNarrow ? short : "\(rows) computed, then kept"),
        language("存下 \(rows)", short),
      ]
    }
    let short = language("算 \(rows)，读 \(read)", "\(rows) new, \(read) read")
    let long = language("只算 \(rows) 个新字，读 \(read) 个", "computes \(rows) new, reads \(read)")
    return isNarrow ? [short] : [long, short]
  }

  /// What is scrolled away and what the run did, in as many words as there is room for; the former comes first.
  func scrolledAndStory(_ stories: [String], columns: Int) -> (scrolled: String, story: String) {
    for scrolled in scrolledTexts {
      for story in stories where fits(scrolled, story, columns) { return (scrolled, story) }
    }
    return (scrolledTexts.first { fits($0, "", columns) } ?? "", "")
  }

  private func fits(_ scrolled: String, _ story: String, _ columns: Int) -> Bool {
    let gaps = (story.isEmpty ? 0 : 2) + (scrolled.isEmpty ? 0 : 1)
    return ScalarWidth.of(scrolled) + ScalarWidth.of(story) + gaps <= columns
  }

  /// Wordings of what is scrolled away, the longest first.
  private var scrolledTexts: [String] {
    let length = pane.scene.length
    let above = hidesOldRows ? 0 : window.rows.lowerBound
    let below = length - window.rows.upperBound
    let rows = marks("↑", above, "↓", below)
    let (left, right) = (window.columns.lowerBound, length - window.columns.upperBound)
    let columns = marks("←", left, "→", right)
    let texts = [
      words(rows, "行", plural(max(above, below), "row")),
      words(columns, "列", plural(max(left, right), "column")),
    ]
    return [texts, [rows, columns]].map { $0.filter { !$0.isEmpty }.joined(separator: "  ") }
  }

  private func marks(_ before: String, _ hidden: Int, _ behind: String, _ more: Int) -> String {
    let marks =
      (hidden > 0 ? ["\(before) \(hidden)"] : []) + (more > 0 ? ["\(behind) \(more)"] : [])
    return pane.scene.glyphs.adapted(marks.joined(separator: " "))
  }

  private func words(_ marks: String, _ chinese: String, _ english: String) -> String {
    marks.isEmpty ? "" : marks + " " + pane.scene.language(chinese, english)
  }
}
