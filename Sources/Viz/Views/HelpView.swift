internal import Base
internal import Trace

/// The help page: what is on the screen, and every key.
struct HelpView {
  let state: ViewerState

  func draw(_ page: HelpPage, on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    canvas.put(
      " kvtui  " + state.language("帮助", "help"), at: Point(0, 0), Style(.titleBar), limit: columns)
    page.draw(sheet(columns: columns - 4), state.look, notice: state.notice, on: &canvas)
  }

  /// What it says, at a width.
  func sheet(columns: Int) -> HelpSheet {
    HelpSheet(
      keys: state.browseKeys.help(state.look), prose: about.map(state.glyphs.adapted),
      isProseFirst: true, columns: columns)
  }

  private var about: [String] {
    let language = state.language
    let slight = state.glyphs.slight
    let general = [
      state.trace.isRecording
        ? language(
          "这是录像：数字是那次运行时数出来的，权重由录下的 Q、K、V 当场算出；没有录下的写作 –。左边是不用缓存，右边用 KV 缓存。",
          "A recording: numbers are those counted in that run, weights are computed now from the recorded Q, K and V; what was not recorded is –. On the left without a cache, on the right with one."
        )
        : language(
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
    let shared = general + prefill + recording
    if let latent = state.trace.model.latent { return shared + [explained(latent)] }
    guard state.trace.model.sharesHeads else { return shared }
    return shared + [
      language(
        "GQA：几个查询头共用一个 KV 头；MQA：全部共用一个；MHA：每个查询头各有一个。换到同组的另一个头，K、V 不变，Q 和分数变。",
        "GQA: several query heads share one KV head. MQA: all share one. MHA: each has its own. Another head of the group has the same K and V, but its own Q and scores."
      )
    ]
  }

  /// What prefill is elsewhere, where a text is stepped through.
  private var prefill: [String] {
    guard state.isPrefilledOneByOne else { return [] }
    return [
      state.language(
        "这里 prefill 一次喂一个字，好逐步看；服务器一遍算完整个提示词，run --prompt 也是。",
        "Here prefill feeds one token at a time, so that you can watch; a server feeds the whole prompt in one pass, and so does run --prompt."
      )
    ]
  }

  /// What K and V are where the cache keeps latents.
  private func explained(_ latent: LatentDescription) -> String {
    let language = state.language
    switch latent.form {
    case .absorbed:
      return language(
        "MLA：缓存里每层每个字只有潜在向量和旋转部分（\(latent.rank)+\(latent.rotary) 个数）。吸收形式：所有查询头共读这一份，K 是两者相接，V 是潜在向量；Q 已乘过由潜在向量到 K 的矩阵。",
        "MLA: of each token a layer caches a latent and a rotary part (\(latent.rank)+\(latent.rotary) numbers). Absorbed: all query heads read them as they are, K is both, V the latent; Q has been multiplied by the matrix that leads from latents to keys."
      )
    case .expanded:
      return language(
        "MLA：缓存里每层每个字只有潜在向量和旋转部分（\(latent.rank)+\(latent.rotary) 个数）。展开形式：每一步由全部潜在向量重新算出各头的 K 和 V，画面上是算出的这些。",
        "MLA: of each token a layer caches a latent and a rotary part (\(latent.rank)+\(latent.rotary) numbers). Expanded: at each step K and V of every head are made again from all latents, and these are what is shown."
      )
    }
  }

  /// What a recording does not carry.
  private var recording: [String] {
    let (language, trace) = (state.language, state.trace)
    guard trace.isRecording else { return [] }
    func numbers(_ count: Int, _ isThere: (Int) -> Bool) -> String {
      (0..<count).filter { !isThere($0) }.map { "\($0 + 1)" }.joined(separator: " ")
    }
    let layers = numbers(trace.model.layers) { trace.has(layer: $0) }
    let heads = numbers(trace.model.heads) { trace.has(head: $0) }
    let missing = [
      layers.isEmpty ? nil : language("层 \(layers)", "layers \(layers)"),
      heads.isEmpty ? nil : language("头 \(heads)", "heads \(heads)"),
      trace.steps.contains { $0.cached.flops == nil || $0.uncached.flops == nil } ? "FLOP" : nil,
      trace.hasDetail ? nil : language("各层、各运算的计数", "counts of layers and operations"),
      trace.steps.contains { $0.maxAbsDifference == nil }
        ? language("两次运行之差", "the runs' difference") : nil,
      trace.steps.contains { $0.next.isEmpty } ? language("候选", "candidates") : nil,
    ].compactMap { $0 }
    let all = language("这段录像什么都有。", "This recording carries everything.")
    let some = missing.joined(separator: language("、", ", "))
    return [missing.isEmpty ? all : language("录像里没有：\(some)。", "Not in this recording: \(some).")]
  }
}
