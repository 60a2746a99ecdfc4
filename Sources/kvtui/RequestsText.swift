internal import Base
internal import Trace
internal import Viz

/// What several requests over one pool say to people: every number of a step that was computed.
struct RequestsText {
  private let trace: ServingTrace
  private let language: Language
  private let glyphs: GlyphSet
  /// Columns of a step.
  private let width: Int

  private static let columns = 80
  private static let labelColumns = 10

  init(_ trace: ServingTrace, _ look: Look) {
    self.trace = trace
    language = look.language
    glyphs = look.glyphs
    let numbers = trace.steps.flatMap {
      [$0.number, $0.computed, $0.pool.used, $0.pool.cached, $0.pool.free]
    }
    width = max(3, String(numbers.max() ?? 0).count) + 1
  }

  /// The whole page.
  var text: String {
    let parts = [head, timeline, tables, requests, total]
    return parts.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
  }

  // MARK: Head

  private var head: [String] {
    said(
      "\(trace.model.name)：\(trace.requests) 个请求，\(trace.blocks) 块的池（每块 \(trace.blockSize) 个词元），每步最多算 \(trace.budget) 个",
      "\(trace.model.name): \(trace.requests) requests over a pool of \(trace.blocks) blocks of \(trace.blockSize) tokens, at most \(trace.budget) tokens per step"
    )
      + said(
        "p16 算 16 个已知的词元（prefill），d 算刚写的一个（decode），\(glyphs.notNeeded) 等待，! 被抢占（块被收回）",
        "p16 computes 16 known tokens (prefill), d the one just written (decode), \(glyphs.notNeeded) waits, ! was preempted (lost its blocks)"
      )
      + said(
        "这里每个请求的词元各算一遍；推理引擎把一步里的所有行拼成一遍来算",
        "each request's tokens are a pass of their own here; a serving engine makes one of all rows of a step"
      )
  }

  // MARK: A row a request, a column a step

  private var timeline: [String] {
    let most = max(1, (Self.columns - Self.labelColumns) / width)
    let parts = stride(from: 0, to: trace.steps.count, by: most).map { first in
      lines(trace.steps[first..<min(first + most, trace.steps.count)])
    }
    return Array(parts.joined(separator: [""]))
  }

  private func lines(_ steps: ArraySlice<ServingStep>) -> [String] {
    let rows = (1...trace.requests).map { request in
      row("#\(request)", steps.map { cell($0, request) })
    }
    return [row(language("步", "step"), steps.map { "\($0.number)" })] + rows
      + [
        row(language("算了", "computed"), steps.map { "\($0.computed)" }),
        row(language("在用的块", "used"), steps.map { "\($0.pool.used)" }),
        row(language("可命中", "cached"), steps.map { "\($0.pool.cached)" }),
        row(language("空闲", "free"), steps.map { "\($0.pool.free)" }),
      ]
  }

  private func row(_ label: String, _ cells: [String]) -> String {
    let line =
      label.padded(to: Self.labelColumns)
      + cells.map { $0.padded(to: width, right: true) }.joined()
    return line.trimmedEnd
  }

  private func cell(_ step: ServingStep, _ request: Int) -> String {
    guard let row = step.requests.first(where: { $0.request == request }) else { return "" }
    return switch row.state {
    case .waiting: glyphs.notNeeded
    case .preempted: "!"
    case .done: ""
    case .prefill: row.computed > 0 ? "p\(row.computed)" : "p"
    // A turn that the budget had no token for is not a computed one.
    case .decode: row.computed > 0 ? "d" : glyphs.notNeeded
    }
  }

  // MARK: Block tables

  /// Tables of the step that held the most blocks.
  private var tables: [String] {
    guard let step = trace.steps.max(by: { $0.pool.used < $1.pool.used }) else { return [] }
    let holders = Dictionary(
      step.requests.flatMap { $0.blocks.map { ($0, 1) } }, uniquingKeysWith: +)
    let title = said(
      "第 \(step.number) 步的块表：在用 \(step.pool.used) 块，其中 \(step.pool.shared) 块共享（×引用数）",
      "block tables of step \(step.number): \(step.pool.used) blocks in use, \(step.pool.shared) of them shared (\(glyphs.times)references)"
    )
    return title
      + step.requests.filter { !$0.blocks.isEmpty }.flatMap { table($0, holders, step.pool) }
  }

  private func table(_ row: RequestStep, _ holders: [Int: Int], _ pool: PoolUsage) -> [String] {
    let names = row.blocks.map { block in
      let count = holders[block] ?? 1
      return count > 1 ? "\(block)\(glyphs.times)\(count)" : "\(block)"
    }
    let slots = row.blocks.count * pool.blockSize
    let lines = names.joined(separator: " ").wrapped(to: Self.columns - 24)
    return lines.enumerated().map { index, line in
      let label = index == 0 ? "#\(row.request)" : ""
      let filled = index == 0 ? "\(row.held)/\(slots)" : ""
      return (label.padded(to: Self.labelColumns) + filled.padded(to: 12) + " " + line).trimmedEnd
    }
  }

  // MARK: Requests and totals

  private var requests: [String] {
    trace.served.sorted { $0.request < $1.request }.flatMap { served in
      let lines = said(
        "提示词 \(served.promptTokens)，写了 \(served.tokens.count)，命中 \(served.hits)，算了 \(served.computed)，被抢占 \(served.preemptions) 次；第 \(served.arrives) 步到，第 \(served.began) 步开始，第 \(served.firstToken) 步写第一个，第 \(served.finished) 步结束",
        "prompt \(served.promptTokens), wrote \(served.tokens.count), hits \(served.hits), computed \(served.computed), preempted \(served.preemptions); arrives \(served.arrives), began \(served.began), first token \(served.firstToken), finished \(served.finished)",
        columns: Self.columns - Self.labelColumns)
      let text = said(
        "写出：\(served.text)", "wrote: \(served.text)", columns: Self.columns - Self.labelColumns)
      return (lines + text).enumerated().map { index, line in
        (index == 0 ? "#\(served.request)" : "").padded(to: Self.labelColumns) + line
      }
    }
  }

  private var total: [String] {
    let waste = trace.waste
    return
      said(
        "\(trace.steps.count) 步，算了 \(trace.computed) 个词元，命中 \(trace.hits) 个，抢占 \(trace.preemptions) 次，淘汰可命中的块 \(trace.evictions) 个，同时最多 \(trace.mostRunning) 个请求、\(trace.mostUsed) 块",
        "\(trace.steps.count) steps, \(trace.computed) tokens computed, \(trace.hits) found, \(trace.preemptions) preemptions, \(trace.evictions) cached blocks evicted, at most \(trace.mostRunning) requests and \(trace.mostUsed) blocks at once"
      )
      + said(
        "FLOP：\(trace.flops)；各自单独运行时 \(trace.flopsAlone)；logits 与单独运行最大相差 \(difference)",
        "FLOP: \(trace.flops); each alone \(trace.flopsAlone); logits differ from those alone by at most \(difference)"
      )
      + said(
        "空着的槽（各步相加）：块 \(waste.wastedSlots)/\(waste.usedSlots)（\(NumberText.share(waste.wastedSlots, of: waste.usedSlots))）；若每个请求一整段 \(positions) 个位置：\(waste.reservedWaste)/\(waste.reservedSlots)（\(NumberText.share(waste.reservedWaste, of: waste.reservedSlots))）",
        "empty slots (all steps): blocks \(waste.wastedSlots)/\(waste.usedSlots) (\(NumberText.share(waste.wastedSlots, of: waste.usedSlots))); one piece of \(positions) positions a request: \(waste.reservedWaste)/\(waste.reservedSlots) (\(NumberText.share(waste.reservedWaste, of: waste.reservedSlots)))"
      )
  }

  private var positions: Int { trace.positions }

  private var difference: String {
    trace.difference == 0 ? "0" : "\(trace.difference)"
  }

  /// A sentence, in lines.
  private func said(_ chinese: String, _ english: String, columns: Int = columns) -> [String] {
    glyphs.shown(language(chinese, english)).wrapped(to: columns)
  }
}

extension String {
  /// The text without blanks at its end.
  fileprivate var trimmedEnd: String {
    String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
  }
}
