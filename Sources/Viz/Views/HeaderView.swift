internal import Base
internal import Trace

/// The bar at the top: what runs, and where we are.
struct HeaderView {
  let scene: Scene

  /// Less of a name than this says nothing.
  private static let leastCut = 4

  func draw(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let progress = progress(columns: columns - 9)
    let right = max(0, columns - ScalarWidth.of(progress) - 1)
    var x = canvas.put(" kvtui  ", at: Point(0, 0), Style(.titleBar), limit: right)
    if let origin {
      // It goes before what can be said of the model.
      let room = max(0, right - x - 2)
      let ellipsis = scene.glyphs.ellipsis
      let whole = ScalarWidth.of(origin) <= room
      let text = whole ? origin : origin.fitted(to: room - ScalarWidth.of(ellipsis)) + ellipsis
      if whole || room >= Self.leastCut {
        x = canvas.put(text + "  ", at: Point(x, 0), Style(.titleBar), limit: right)
      }
    }
    canvas.put(
      description(columns: right - 2 - x), at: Point(x, 0), Style(.titleBarDim), limit: right - 2)
    canvas.put(progress, at: Point(right, 0), Style(.titleBar))
  }

  /// Where we are, how far a key goes where that is not a step, and whether it plays; as much of it as fits.
  private func progress(columns: Int) -> String {
    let (state, language) = (scene.state, scene.language)
    let step = language(
      "第 \(scene.step.number)/\(state.knownSteps) 步",
      "step \(scene.step.number)/\(state.knownSteps)")
    let depth = state.depth.name(language)
    let playing = state.isPlaying ? " \(scene.glyphs.playing)" : ""
    return [[step, state.phaseName, depth], [step, depth], [step]].map {
      $0.compactMap { $0 }.joined(separator: " \(scene.glyphs.dot) ") + playing
    }.first(fitting: columns)
  }

  /// Where a run comes from that was not simply computed here, or what is wrong with it on purpose.
  private var origin: String? {
    if let fault = scene.fault {
      let title = fault.title(scene.language)
      let scope = fault.isInEveryLane ? scene.language("（两遍都是）", ", in both runs") : ""
      return scene.language("弄坏：\(title)\(scope)", "broken: \(title)\(scope)")
    }
    if let replay = scene.state.replay {
      let name = Sanitiser.clean(replay.name, ascii: scene.glyphs == .ascii)
      return scene.language("录像 \(name)", "recording \(name)")
    }
    return scene.state.liveFrom.map {
      scene.language("第 \($0) 步起现算", "live from step \($0)")
    }
  }

  /// The model's name and what it is, as much of it as fits whole; a name that alone does not fit is cut, and says so.
  private func description(columns: Int) -> String {
    let (model, glyphs) = (scene.model, scene.glyphs)
    let name = Sanitiser.clean(model.name, ascii: glyphs == .ascii)
    let shared = Self.shared(model)
    let shape = scene.language(
      "\(model.layers) 层 \(glyphs.times) \(model.heads) 头\(shared)",
      "\(model.layers) layers \(glyphs.times) \(model.heads) heads\(shared)")
    let title = model.architecture.map {
      Sanitiser.clean(Self.title(of: $0), ascii: glyphs == .ascii)
    }
    let choices = [[name, title, shape].compactMap { $0 }, [name, shape], [name], [shape]]
    let fitting = choices.map { $0.joined(separator: " \(glyphs.dot) ") }.first(fitting: columns)
    // Behind where the run comes from, or in a few columns, letters of the name say nothing.
    if !fitting.isEmpty || origin != nil { return fitting }
    guard columns >= Self.leastCut else { return "" }
    return name.fitted(to: columns - ScalarWidth.of(glyphs.ellipsis)) + glyphs.ellipsis
  }

  /// How many heads of K and V there are where queries share them, or the widths of what the cache keeps in their place.
  private static func shared(_ model: ModelDescription) -> String {
    if let latent = model.latent { return " (MLA \(latent.rank)+\(latent.rotary))" }
    return model.sharesHeads ? " (KV \(model.kvHeads))" : ""
  }

  /// How people write an architecture's name.
  static func title(of architecture: String) -> String {
    switch architecture {
    case "gpt2": "GPT-2"
    case "llama": "Llama"
    case "mistral": "Mistral"
    case "qwen2": "Qwen2"
    case "qwen3": "Qwen3"
    case "olmo2": "OLMo 2"
    case "phi3": "Phi-3"
    case "smollm3": "SmolLM3"
    case "gpt_neox": "GPT-NeoX"
    case "gemma3_text": "Gemma 3"
    case "deepseek_v2": "DeepSeek-V2"
    case "deepseek_v3": "DeepSeek-V3"
    default: architecture
    }
  }
}

extension ViewerState {
  /// Draws the bar at the top of a run: what runs, and where we are.
  package func drawHeader(on canvas: inout Canvas) {
    HeaderView(scene: Scene(self)).draw(on: &canvas)
  }
}
