internal import Base
internal import Trace

/// The bar at the top: what runs, and where we are.
struct HeaderView {
  let scene: Scene

  func draw(on canvas: inout Canvas) {
    let columns = canvas.size.columns
    let language = scene.language
    let model = scene.model
    canvas.fill(Point(0, 0), columns: columns, Style(.titleBar))
    let progress =
      language(
        "第 \(scene.step.number)/\(scene.state.knownSteps) 步",
        "step \(scene.step.number)/\(scene.state.knownSteps)")
      + " \(scene.glyphs.dot) \(scene.step.phase.rawValue)"
      + (scene.state.isPlaying ? " \(scene.glyphs.playing)" : "")
    let right = max(0, columns - ScalarWidth.of(progress) - 1)
    let name = Sanitiser.clean(model.name, ascii: scene.glyphs == .ascii)
    let x = canvas.put(" kvtui  ", at: Point(0, 0), Style(.titleBar), limit: right)
    let shared = model.sharesHeads ? " (KV \(model.kvHeads))" : ""
    canvas.put(
      "\(name) \(scene.glyphs.dot) \(Self.title(of: model.architecture)) \(scene.glyphs.dot) "
        + language(
          "\(model.layers) 层 \(scene.glyphs.times) \(model.heads) 头\(shared)",
          "\(model.layers) layers \(scene.glyphs.times) \(model.heads) heads\(shared)"),
      at: Point(x, 0), Style(.titleBarDim), limit: right - 1)
    canvas.put(progress, at: Point(right, 0), Style(.titleBar))
  }

  /// How people write an architecture's name.
  private static func title(of architecture: String) -> String {
    switch architecture {
    case "gpt2": "GPT-2"
    case "llama": "Llama"
    case "mistral": "Mistral"
    case "qwen2": "Qwen2"
    default: architecture
    }
  }
}
