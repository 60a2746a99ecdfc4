internal import Screens
internal import TinyModel
internal import Trace

/// Runs the bundled models of each form of attention over one text, one behind the other; each is read when its turn comes.
struct AttentionSession: WorkSession {
  /// The bundled models, from the form that keeps most to the one that keeps least.
  static let models = ["tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa", "tiny-zh-mla"]

  let text: String
  let engine: EngineOptions

  static func asked(_ question: Question) -> Question? { question == .attention ? question : nil }
  static func findings(_ forms: [AttentionForm]) -> Findings { .attention(forms) }

  func work(
    on asked: Question, _ goesOn: ([AttentionForm]) -> Bool
  ) throws -> [AttentionForm] {
    var forms: [AttentionForm] = []
    for name in Self.models {
      let run = try run(name)
      forms.append(run.form)
      while try run.computeNextStep() {
        forms[forms.count - 1] = run.form
        guard goesOn(forms) else { return forms }
      }
    }
    return forms
  }

  /// A run that is ready to begin.
  private func run(_ name: String) throws -> AttentionFormRun {
    let source = try ModelSource(
      model: ProcessFacts.modelLibrary.folder(named: name), random: nil, seed: 0)
    let (type, pool) = (try engine.weightType(of: source), try engine.pool())
    let tokenizer = try source.tokenizer()
    let plan = try RunPlan(
      start: .text, ids: tokenizer.encodeStart(text), newTokens: 0,
      contextLength: source.configuration.contextLength)
    try source.requireMemory(for: plan, type, pool, use: .lanes(AttentionFormRun.lanes))
    return AttentionFormRun(
      model: try source.transformer(type, pool), tokenizer: tokenizer, plan: plan)
  }
}
