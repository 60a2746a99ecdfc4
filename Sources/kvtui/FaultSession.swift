internal import Screens
internal import TinyModel
internal import Trace

/// Broken runs of the command's text, and rounds of the game.
struct FaultSession: WorkSession {
  let session: RunSession
  let lab: FaultLab

  init(_ session: RunSession) {
    self.session = session
    lab = FaultLab(model: session.model, tokenizer: session.tokenizer)
  }

  static func asked(_ question: Question) -> FaultsQuestion? {
    guard case .faults(let asked) = question else { return nil }
    return asked
  }

  static func findings(_ news: FaultsFindings) -> Findings { .faults(news) }

  func work(
    on asked: FaultsQuestion, _ goesOn: (FaultsFindings) -> Bool
  ) throws -> FaultsFindings {
    switch asked {
    case .run(let fault): .run(try run(fault) { goesOn(.run($0)) })
    case .draw(let seed):
      try lab.draw(seed: seed) { goesOn(.drawing(runs: $0)) }.map { .draw($0) }
        ?? .drawing(runs: 0)
    }
  }

  /// The command's text with a fault, step by step.
  func run(_ fault: Fault?, _ goesOn: (FaultRun) -> Bool = { _ in true }) throws -> FaultRun {
    try session.plan.requireMemory(of: session.model, use: .lanes(FaultRun.lanes(fault)))
    return try lab.run(fault, session.plan, goesOn: goesOn)
  }
}
