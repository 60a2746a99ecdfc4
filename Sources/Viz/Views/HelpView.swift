internal import Base
internal import Trace

/// The help page: what is on the screen, and every key.
struct HelpView {
  let state: ViewerState
  let line: Int

  func draw(on canvas: inout Canvas) {
    let language = state.language
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    canvas.put(
      " kvtui  " + language("帮助", "help"), at: Point(0, 0), Style(.titleBar), limit: columns)
    let rows = canvas.size.rows - 3
    let all = entries(columns: columns - 4).dropFirst(line).flatMap { $0 }
    for (index, entry) in all.prefix(rows).enumerated() {
      let y = index + 2
      if let name = entry.name {
        canvas.put(" \(name) ", at: Point(2, y), Style(.key))
      }
      canvas.put(entry.text, at: Point(entry.isKey ? 14 : 2, y), Style())
    }
    let keys = ViewerKeys.help.line(state.look) { $0 != .down || all.count > rows }
    canvas.put(
      state.glyphs.adapted(keys), at: Point(2, canvas.size.rows - 1), Style(.dim))
  }

  /// What the page scrolls by: the paragraphs, then the keys.
  var entries: Int { about.count + state.browseKeys.rows.count { $0.help != nil } }

  private struct Line {
    var name: String?
    var text: String
    var isKey = false
  }

  private var about: [String] {
    let language = state.language
    let slight = state.glyphs.slight
    let general = [
      language(
        "同一个真实的模型跑两遍：左边每一步把整个序列重算，右边用 KV 缓存只算新来的字。屏幕上的每个数都是刚才算出、数出来的。",
        "One real model, run twice: on the left every step recomputes the whole sequence, on the right a KV cache leaves only the new token to compute. Every number here was just computed or counted."
      ),
      language(
        "格：一个头的 QKᵀ 里的一个数，被掩码扔掉的也算。K,V：一层里算了几个字的 K 和 V。FLOP：整个模型，一次乘加算 2，只算矩阵乘法。",
        "Cells: numbers of one head's QKᵀ, masked ones too. K,V: tokens whose K and V were computed, in one layer. FLOP: the whole model, 2 a multiply-add, matrix products only."
      ),
      language(
        "窄格和小图里的权重只写十分之几：\(slight) 不足二十分之一，空白是 0，– 不是数（NaN）。候选之后的 +N：还有 N 个，run --json 全列。",
        "Narrow cells and small maps write a weight in tenths: \(slight) is less than a twentieth, a blank is 0, – is not a number (NaN). +N behind the candidates: N more; run --json lists all."
      ),
    ]
    guard state.trace.model.sharesHeads else { return general }
    return general + [
      language(
        "GQA：几个查询头共用一个 KV 头；MQA：全部共用一个；MHA：每个查询头各有一个。换到同组的另一个头，K、V 不变，Q 和分数变。",
        "GQA: several query heads share one KV head. MQA: all share one. MHA: each has its own. Another head of the group has the same K and V, but its own Q and scores."
      )
    ]
  }

  private func entries(columns: Int) -> [[Line]] {
    let language = state.language
    let paragraphs = about.map { paragraph in
      state.glyphs.adapted(paragraph).wrapped(to: columns).map { Line(text: $0) } + [Line(text: "")]
    }
    let keys = state.browseKeys.rows.compactMap { row in
      row.help.map { help in
        state.glyphs.adapted(help(language)).wrapped(to: columns - 12).enumerated()
          .map { index, text in
            Line(name: index == 0 ? row.name(state.look) : nil, text: text, isKey: true)
          }
      }
    }
    return paragraphs + keys
  }
}
