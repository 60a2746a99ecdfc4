internal import Base
internal import Trace
internal import Viz

/// What is said of the chosen request, or of the chosen block.
extension ServingFrame {
  /// What the chosen request is at.
  var requestWords: [String] {
    let name = labels.name(state.request)
    guard let row = step.requests.first(where: { $0.request == state.request }) else {
      let arrives = board.question.requests[state.request - 1].arrives
      return [language("\(name)：第 \(arrives) 步才来", "\(name): comes in step \(arrives)")]
    }
    let prompt = board.prompts[state.request - 1].count
    let (written, blocks) = (writtenTokens.count, counted(row.blocks.count, "block"))
    let doing =
      switch row.state {
      case .waiting: language("在排队", "waits")
      case .preempted: language("块被收回，排在最前", "lost its blocks, waits first in line")
      case .done: language("写完了", "has finished")
      case .prefill:
        row.hits > 0
          ? language(
            "找到 \(row.hits) 个现成的，算 \(row.computed) 个",
            "finds \(row.hits), computes \(row.computed)")
          : language("prefill \(row.computed) 个", "prefill of \(row.computed)")
      case .decode: language("decode", "decode")
      }
    return [
      language(
        "\(name)：提示词 \(prompt) 个词元，\(doing)，写了 \(written) 个，K、V \(row.held) 个放在 \(row.blocks.count) 块里",
        "\(name): prompt of \(counted(prompt, "token")), \(doing); \(written) written, K and V of \(row.held) in \(blocks)"
      ),
      language(
        "\(name)：\(doing)，写了 \(written) 个，\(row.held) 个在 \(row.blocks.count) 块里",
        "\(name): \(doing), \(written) written, \(row.held) in \(blocks)"),
      language("\(name)：\(doing)", "\(name): \(doing)"),
    ]
  }

  /// What the chosen request has written up to the step.
  private var writtenTokens: [TraceToken] {
    trace.steps.prefix(state.step + 1).compactMap { step in
      step.requests.first { $0.request == state.request }?.written
    }
  }

  /// What is in a block: whose it is, and its tokens.
  func blockWords(_ number: Int) -> [String] {
    let block = ServingBlock.all(step)[number - 1]
    let head = language("第 \(number) 块", "block \(number)")
    switch block.kind {
    case .free: return [head + language("：空", ": free")]
    case .findable:
      return [
        head
          + language(
            "：没人用，里面的 K、V 还留着，要用块时才清掉", ": unowned, its K and V are kept until a block is needed"),
        head + language("：没人用，还留着", ": unowned, kept"),
      ]
    case .held(let requests):
      let names = requests.map(labels.name).joined(separator: " ")
      let slots = "\(block.filled)/\(trace.blockSize)"
      let text = tokens(of: number, block.filled, requests[0])
      let place = language(
        "\(head)：\(names)，放了 \(slots)", "\(head): \(names), \(slots) filled")
      return [place + language("：", ": ") + text, place]
    }
  }

  /// The texts of a block's tokens.
  private func tokens(of number: Int, _ filled: Int, _ request: Int) -> String {
    guard let row = step.requests.first(where: { $0.request == request }),
      let index = row.blocks.firstIndex(of: number)
    else { return "" }
    let all =
      board.prompts[request - 1]
      + trace.steps.prefix(state.step + 1).compactMap { step in
        step.requests.first { $0.request == request }?.written
      }
    let first = index * trace.blockSize
    let own = all.dropFirst(first).prefix(filled)
    return own.map { TokenLabel.quoted($0.text.isEmpty ? "?" : $0.text, state.glyphs) }
      .joined(separator: " ")
  }

  func drawWritten(y: Int, rows: Int, on canvas: inout Canvas) {
    guard rows > 0, !writtenTokens.isEmpty else { return }
    let written = writtenTokens.map(\.text).joined().replacing("\n", with: "\\n")
    let name = labels.name(state.request)
    let text = state.glyphs.shown(
      language("\(name) 写到：", "\(name) has written: ") + written)
    canvas.put(text.fitted(to: columns), at: Point(margin, y))
  }
}
