internal import Base
internal import Trace

/// Whether the two runs agree, from the differences that were measured.
struct IdentityView {
  let scene: Scene
  let y: Int

  /// What a recording of one pass says instead: neither run was made.
  private func drawOnePass(on canvas: inout Canvas) {
    guard scene.state.trace.isOnePass else { return }
    let sentence = [
      scene.language(
        "录于一遍全文计算：两次运行都没有真跑，每步喂哪些字由长度得出",
        "recorded in one pass over the text: neither run was made, what a step is fed follows from the lengths"
      ),
      scene.language("录于一遍全文计算：两次运行都没有真跑", "recorded in one pass: neither run was made"),
    ].first(fitting: canvas.size.columns - 2 * ScreenLayout.margin)
    canvas.put(sentence, at: Point(ScreenLayout.margin, y), Style(.heading))
  }

  /// That the runs differ, and where they parted, where that was done on purpose.
  private var parting: String {
    let language = scene.language
    let trace = scene.state.trace
    guard scene.fault != nil,
      let parting = trace.parting(lane: trace.lanes.count - 1, through: scene.step.number)
    else { return language("两次结果不同", "the runs differ") }
    guard let layer = parting.layer else {
      return language(
        "两次结果不同，从第 \(parting.step) 步的 logits 起",
        "the runs differ, from the logits of step \(parting.step) on")
    }
    return language(
      "两次结果不同，从第 \(parting.step) 步第 \(layer + 1) 层起",
      "the runs differ, from step \(parting.step), layer \(layer + 1) on")
  }

  func draw(on canvas: inout Canvas) {
    guard scene.state.moment.isEndOfStep else {
      OperationResultView(scene: scene, y: y).draw(on: &canvas)
      return
    }
    let (step, language, glyphs) = (scene.step, scene.language, scene.glyphs)
    // What nobody compared is not said to be equal.
    let measured = [("logits", step.maxAbsDifference), ("Q,K,V", step.maxAbsRowDifference)]
      .compactMap { name, difference in difference.map { (name, $0) } }
    guard !measured.isEmpty else { return drawOnePass(on: &canvas) }
    let isEqual = measured.allSatisfy { $0.1 == 0 }
    let x = canvas.put(
      isEqual
        ? measured.count < 2
          ? language("两次的 logits 逐位相同", "both runs' logits agree bit for bit")
          : language("两次结果逐位相同", "both runs agree bit for bit")
        : parting,
      at: Point(ScreenLayout.margin, y), Style(isEqual ? .heading : .wrong))
    var at = x + 2
    for (name, difference) in measured {
      let text = "max|\(glyphs.delta) \(name)| = \(NumberText.difference(Double(difference)))"
      guard at + ScalarWidth.of(text) < canvas.size.columns else { return }
      at = canvas.put(text, at: Point(at, y), Style(.dim)) + 3
    }
  }
}
