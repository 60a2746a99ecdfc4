/// The help page: what is on the screen, and every key of the key table.
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
    let all = lines(columns: columns - 4)
    let first = min(line, max(0, all.count - rows))
    for (index, entry) in all.dropFirst(first).prefix(rows).enumerated() {
      let y = index + 2
      if let name = entry.name {
        canvas.put(" \(name) ", at: Point(2, y), Style(.key))
      }
      canvas.put(
        entry.text, at: Point(entry.isKey ? 14 : 2, y), Style())
    }
    if all.count > rows {
      let more = language("↓ 还有   其余的键返回", "Down: more   any other key returns")
      canvas.put(
        state.glyphs == .full
          ? more : language("Down 还有   其余的键返回", "Down: more   any other key returns"),
        at: Point(2, canvas.size.rows - 1), Style(.dim))
    } else {
      canvas.put(
        language("任意键返回", "any key returns"), at: Point(2, canvas.size.rows - 1), Style(.dim))
    }
  }

  private struct Line {
    var name: String?
    var text: String
    var isKey = false
  }

  private func lines(columns: Int) -> [Line] {
    let language = state.language
    let about = [
      language(
        "同一个真实的模型跑两遍：左边每一步把整个序列重算，右边用 KV 缓存只算新来的字。屏幕上的每个数都是刚才算出、数出来的。",
        "One real model, run twice: on the left every step recomputes the whole sequence, on the right a KV cache leaves only the new token to compute. Every number here was just computed or counted."
      ),
      language(
        "格：一个头的 QKᵀ 里的一个数，被掩码扔掉的也算。K,V：一层里算了几个字的 K 和 V。FLOP：整个模型，一次乘加算 2，只算矩阵乘法。",
        "Cells: numbers of one head's QKᵀ, masked ones too. K,V: tokens whose K and V were computed, in one layer. FLOP: the whole model, 2 a multiply-add, matrix products only."
      ),
    ]
    var lines = about.flatMap { paragraph in
      (state.glyphs == .ascii
        ? paragraph.unicodeScalars.map { $0 == "ᵀ" ? "^T" : String($0) }.joined() : paragraph)
        .wrapped(to: columns).map { Line(text: $0) }
    }
    lines.append(Line(text: ""))
    for binding in KeyTable.bindings {
      guard let help = binding.help?(language) else { continue }
      let wrapped = help.wrapped(to: columns - 12)
      for (index, text) in wrapped.enumerated() {
        lines.append(
          Line(name: index == 0 ? binding.name(state.glyphs) : nil, text: text, isKey: true))
      }
    }
    return lines
  }
}
