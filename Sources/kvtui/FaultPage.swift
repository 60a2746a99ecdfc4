internal import Base
internal import Screens
internal import TinyModel
internal import Trace
internal import Viz

/// A broken run, or a round of the game, as lines of JSON and as a page for people.
struct FaultPage {
  private let command: FaultCommand

  /// Nothing is read yet.
  init(_ command: FaultCommand) { self.command = command }

  /// What is shown: a run, and the round that it is of.
  private func shown() throws -> (run: FaultRun, draw: FaultDraw?) {
    let (fault, seed) = (try command.fault(), try command.seed())
    let session = try command.session()
    guard command.isGame, let draw = try session.lab.draw(seed: seed ?? 0) else {
      return (try session.run(fault), nil)
    }
    return (draw.drawn, draw)
  }

  /// The model, a round as it was drawn, a line for each step, what they come to, and a round's hints.
  func lines(_ line: (JSONText) throws -> Void) throws {
    let (run, draw) = try shown()
    try line(StepFields.json(run.trace.model))
    if let draw { try line(FaultFields.json(draw)) }
    for step in run.steps { try line(FaultFields.json(step, of: run)) }
    try line(FaultFields.total(run))
    for guess in Fault.allCases {
      guard let hint = draw?.hint(guess) else { continue }
      try line(FaultFields.json(hint, guess: guess))
    }
  }

  /// The page; of a round the name is not said.
  func print(_ look: Look) throws {
    let (run, draw) = try shown()
    let text = FaultText(run: run, isHidden: draw != nil, seed: draw?.seed, look: look)
    try Output.standard.say(text.page)
  }
}
