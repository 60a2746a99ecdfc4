internal import Base
internal import Trace
internal import Viz

/// What blocks, batches that never end and shared beginnings are worth: each number of a run of the scheduler.
struct ServingMoney {
  let state: ServingState
  let board: ServingBoard
  let step: ServingStep

  /// Something said in two or three parts, of which the last is what it is held against.
  struct Line {
    let parts: [Part]

    /// Words, from the longest wording to the shortest.
    struct Part {
      let wordings: [String]
      let style: Style
    }
  }

  private var language: Language { state.language }
  private var trace: ServingTrace { board.trace }

  /// All lines, the most important first.
  var lines: [Line] { [slots, batches, sharing].compactMap { $0 } }

  // MARK: Empty slots

  private var slots: Line {
    let (pool, held) = (step.pool, step.requests.reduce(0) { $0 + $1.held })
    let running = step.requests.count { !$0.blocks.isEmpty }
    let reservedWaste = step.reservedSlots - held
    return Line(parts: [
      Line.Part(
        wordings: [
          language(
            "按块分：在用 \(pool.used) 块 = \(pool.usedSlots) 个位子，空着 \(pool.wastedSlots) 个",
            "\(counted(pool.used, "block")) = \(counted(pool.usedSlots, "slot")) in use, \(pool.wastedSlots) empty"
          ),
          language(
            "按块分：空着 \(pool.wastedSlots) 个位子",
            "in blocks: \(counted(pool.wastedSlots, "slot")) empty"),
          language(
            "空着 \(pool.wastedSlots) 个位子", "\(counted(pool.wastedSlots, "slot")) empty"),
        ], style: Style(.heading)),
      Line.Part(
        wordings: [
          language(
            "每个请求先占 \(trace.positions) 个：\(running) 个请求 \(step.reservedSlots) 个，空着 \(reservedWaste) 个",
            "\(trace.positions) kept for each request: \(counted(step.reservedSlots, "slot")), \(reservedWaste) empty"
          ),
          language(
            "每个请求先占 \(trace.positions) 个：空着 \(reservedWaste) 个",
            "\(counted(trace.positions, "slot")) kept for each: \(reservedWaste) empty"),
        ], style: Style(.wrong)),
    ])
  }

  // MARK: Batches

  /// The mean number of steps from a request's arrival to its end.
  private static func mean(_ trace: ServingTrace) -> String {
    let sum = trace.served.reduce(0) { $0 + $1.finished - $1.arrives + 1 }
    return NumberText.fixed(Double(sum) / Double(max(1, trace.served.count)), 1)
  }

  /// The last step's number.
  private static func end(_ trace: ServingTrace) -> Int { trace.steps.last?.number ?? 0 }

  private var batches: Line? {
    guard board.isServed else { return nil }
    let (end, mean) = (Self.end(trace), Self.mean(trace))
    let own = Line.Part(
      wordings: [
        language(
          "随到随排（连续批处理）：\(end) 步全完，每个请求平均 \(mean) 步",
          "continuous batching (join on arrival): \(steps(end)), on average \(mean) steps a request"
        ),
        language(
          "随到随排：\(end) 步全完，每个请求平均 \(mean) 步",
          "join at once: \(steps(end)), \(mean) steps a request"),
        language(
          "随到随排：\(end) 步全完，每个平均 \(mean) 步", "join at once: \(steps(end)), \(mean) a request"),
        language("随到随排：\(end) 步", "join at once: \(steps(end))"),
      ], style: Style(.heading))
    guard let whole = board.wholeBatches else { return Line(parts: [own, working]) }
    let (otherEnd, otherMean) = (Self.end(whole), Self.mean(whole))
    return Line(parts: [
      own,
      Line.Part(
        wordings: [
          language(
            "算完一批再收一批：\(otherEnd) 步，每个请求平均 \(otherMean) 步",
            "batch by batch: \(steps(otherEnd)), on average \(otherMean) steps a request"),
          language(
            "整批写完再收：\(otherEnd) 步，每个请求平均 \(otherMean) 步",
            "wait for the batch: \(steps(otherEnd)), \(otherMean) steps a request"),
          language(
            "整批写完再收：\(otherEnd) 步，平均 \(otherMean) 步",
            "wait for the batch: \(steps(otherEnd)), \(otherMean) a request"),
          language("整批写完再收：\(otherEnd) 步", "wait for the batch: \(steps(otherEnd))"),
        ], style: Style(.wrong)),
    ])
  }

  private func steps(_ number: Int) -> String { counted(number, "step") }

  private var working: Line.Part {
    Line.Part(wordings: [language("正在跑另一种…", "running the other way")], style: Style(.dim))
  }

  // MARK: Sharing

  private var sharing: Line? {
    guard board.isServed else { return nil }
    guard let other = board.otherSharing else {
      let own = Line.Part(
        wordings: [
          trace.shares ? language("共用开头", "sharing beginnings") : language("不共用", "no sharing")
        ],
        style: Style(.heading))
      return Line(parts: [own, working])
    }
    let (with, without) = trace.shares ? (trace, other) : (other, trace)
    return Line(parts: [
      Line.Part(
        wordings: [
          language(
            "共用开头：一共算 \(with.computed) 个词元，最多用 \(with.mostUsed) 块，\(Self.end(with)) 步",
            "sharing: \(tokens(with)) computed, at most \(blocks(with)), \(steps(Self.end(with)))"
          ),
          language(
            "共用：算 \(with.computed) 个，最多 \(with.mostUsed) 块",
            "shared: \(tokens(with)), \(blocks(with))"),
          language("共用：算 \(with.computed) 个", "shared: \(tokens(with))"),
        ], style: Style(trace.shares ? .heading : .wrong)),
      Line.Part(
        wordings: [
          language(
            "不共用：\(without.computed) 个，\(without.mostUsed) 块，\(Self.end(without)) 步",
            "without: \(tokens(without)), \(blocks(without)), \(steps(Self.end(without)))"),
          language(
            "不共用：\(without.computed) 个，\(without.mostUsed) 块",
            "without: \(tokens(without)), \(blocks(without))"),
          language("不共用：\(without.computed) 个", "without: \(tokens(without))"),
        ], style: Style(trace.shares ? .wrong : .heading)),
    ])
  }

  private func tokens(_ trace: ServingTrace) -> String { counted(trace.computed, "token") }
  private func blocks(_ trace: ServingTrace) -> String { counted(trace.mostUsed, "block") }

  // MARK: Drawing

  /// Draws a line: its first part, and from the middle on the second; where both have no room, the shorter wordings.
  func draw(_ line: Line, area: Area, on canvas: inout Canvas) {
    let glyphs = state.glyphs
    var best: [String] = []
    for depth in 0..<5 {
      best = line.parts.map { part in
        glyphs.shown(part.wordings[min(depth, part.wordings.count - 1)])
      }
      let columns = best.reduce(0) { $0 + ScalarWidth.of($1) } + 3 * (best.count - 1)
      if columns <= area.columns { break }
    }
    let half = area.columns / 2 + 2
    var x = area.x
    for (index, text) in best.enumerated() {
      let columns = ScalarWidth.of(text)
      if index > 0 {
        x += 3
        // Lines stand one below the other where there is room.
        if area.x + half >= x, area.x + half + columns <= area.end { x = area.x + half }
      }
      guard x + columns <= area.end else { return }
      x = canvas.put(text, at: Point(x, area.y), line.parts[index].style)
    }
  }
}
