import Glibc

@testable import Base
@testable import Kernels
@testable import TinyModel
@testable import Trace
@testable import Viz

/// The folder that every input becomes.
private let folder: String = {
  var template = Array("/tmp/kvtui-fuzz-XXXXXX".utf8CString)
  precondition(mkdtemp(&template) != nil, "no scratch folder: errno \(errno)")
  return String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
}()

private let sizes = [
  (1, 1), (40, 12), (60, 16), (61, 17), (80, 24), (100, 30), (120, 40), (200, 60), (300, 20),
].map { Size(columns: $0.0, rows: $0.1) }

private let keys: [Key] =
  [.right, .left, .up, .down, .home, .end, .pageUp, .pageDown, .enter, .escape, .tab, .backspace, .control("c")]
  + "[]{}ipdfcogtLk?+- 0$/49aZ中".map { .character($0) }

/// Makes a checkpoint of an input, reads it, runs it a few steps, and draws the run at many sizes while keys are pressed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var input = FuzzBytes(start, count)
  let forged = ForgedModel(&input)
  forged.write(to: folder, &input)
  do throws(ModelError) {
    let (checkpoint, tokenizer) = try ModelError.reading { () throws(FileError) in
      let checkpoint = try Checkpoint(folder: folder)
      return (checkpoint, try checkpoint.tokenizer())
    }
    let model = try Transformer(checkpoint, pool: pool)
    guard let plan = plan(model, &input) else { return 0 }
    try draw(LockStep(model: model, tokenizer: tokenizer, plan: plan), longest: plan.longest, &input)
  } catch {
    precondition(!error.sentence(count % 2 == 0 ? .chinese : .english).isEmpty)
  }
  return 0
}

private let pool = ThreadPool(threads: 1)

private func plan(_ model: Transformer, _ input: inout FuzzBytes) -> RunPlan? {
  let vocabulary = model.configuration.vocabulary
  let ids = (0..<input.number(1...10)).map { _ in Int(input.next()) % vocabulary }
  let sampling = SamplingOptions(
    temperature: input.pick([0, 1, 1e-300, 1e300]), topK: input.pick([nil, 1, 3]), seed: 1)
  return try? RunPlan(
    start: input.pick([.text, .prompt]), ids: ids, newTokens: input.number(1...4),
    contextLength: ForgedModel.positions, sampling: sampling, candidates: input.pick([1, 5, 50]))
}

private func draw(_ runner: LockStep, longest: Int, _ input: inout FuzzBytes) throws(ModelError) {
  guard try runner.computeNextStep() != nil else { return }
  var state = ViewerState(
    trace: runner.trace, longest: longest,
    look: Look(
      language: input.pick(Language.allCases), theme: input.pick(Theme.allCases),
      glyphs: input.pick(GlyphSet.allCases)))
  check(state, input.pick(sizes))
  while try runner.computeNextStep() != nil {}
  state.receive(runner.trace)
  for _ in 0..<input.number(0...6) {
    for _ in 0..<input.number(1...6) { state.update(.key(input.pick(keys))) }
    check(state, input.pick(sizes))
  }
  let frame = Frame(state.view(input.pick(sizes)), theme: state.theme)
  precondition(!input.pick(ExportFormat.allCases).renderer.render(Reel(frame, language: state.language)).isEmpty)
}

/// Rows are whole, and nothing on them steers a terminal.
private func check(_ state: ViewerState, _ size: Size) {
  let canvas = state.view(size)
  for y in 0..<size.rows {
    precondition(canvas.row(y).reduce(0) { $0 + Int($1.width) } == size.columns)
    for cell in canvas.row(y) {
      precondition(
        cell.text.unicodeScalars.allSatisfy { scalar in
          scalar.properties.generalCategory != .control
            && scalar.properties.generalCategory != .format
        })
    }
  }
}
