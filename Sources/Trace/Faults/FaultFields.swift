package import Base

/// What `--json` calls the parts of a broken run.
package enum FaultFields {
  /// What a round was drawn as.
  package static func json(_ draw: FaultDraw) -> JSONText {
    .object([
      ("type", .string("draw")), ("seed", .integer(Int(bitPattern: UInt(draw.seed)))),
      ("prompt", .string(draw.prompt)), ("fault", .string(draw.fault.rawValue)),
    ])
  }

  /// A step.
  package static func json(_ step: FaultStep, of run: FaultRun) -> JSONText {
    .object([
      ("type", .string("step")), ("step", .integer(step.number)),
      ("phase", .string(step.phase.rawValue)), ("length", .integer(step.length)),
      ("fed", .array(run.trace.step(step.number).fed.map(StepFields.json))),
      ("changed", .array(step.changes.map(json))),
      ("max_abs_difference", .float(step.logits)), ("sound_next", StepFields.json(step.sound)),
      ("broken_next", StepFields.json(step.broken)),
    ])
  }

  private static func json(_ column: FaultColumn) -> JSONText {
    .object([
      ("position", .integer(column.position)), ("k", gaps(column.keys)), ("v", gaps(column.values)),
      ("given_position", .integer(column.given)), ("keys_due", .integer(column.toSee)),
      ("keys_seen", .integer(column.seen)), ("copies", .integer(column.copies)),
      ("reads_zero", .boolean(column.readsZero)),
      ("stands_for", column.owner.map(StepFields.json) ?? .null),
    ])
  }

  /// Not one bit is another: 0.
  private static func gaps(_ gaps: [Float?]) -> JSONText {
    .array(gaps.map { $0.map(JSONText.float) ?? .integer(0) })
  }

  /// Where the runs part, when the text changes, and how large differences are.
  package static func total(_ run: FaultRun) -> JSONText {
    .object([
      ("type", .string("total")), ("fault", run.fault.map { .string($0.rawValue) } ?? .null),
      ("prompt_tokens", .integer(run.prompt)), ("parting", run.parting.map(json) ?? .null),
      ("text_changes", run.textChange.map(change) ?? .null),
      ("max_k", .float(run.largest(.keys))), ("max_v", .float(run.largest(.values))),
      ("max_logits", .float(run.largestLogit)),
    ])
  }

  private static func json(_ parting: FaultParting) -> JSONText {
    .object([
      ("step", .integer(parting.step)),
      ("layer", parting.cell.map { .integer($0.layer + 1) } ?? .null),
      ("position", parting.cell.map { .integer($0.position) } ?? .null),
      ("part", parting.cell.map { .string($0.part.rawValue) } ?? .null),
      ("difference", parting.cell.map { .float($0.gap) } ?? .null),
    ])
  }

  private static func change(_ step: FaultStep) -> JSONText {
    .object([
      ("step", .integer(step.number)), ("sound", StepFields.json(step.sound)),
      ("broken", StepFields.json(step.broken)),
    ])
  }

  /// What a wrong guess is told.
  package static func json(_ hint: FaultHint, guess: Fault) -> JSONText {
    var place: [(String, JSONText)] = [("layer", .null), ("position", .null), ("part", .null)]
    if case .cell(let layer, let position, let part) = hint.place {
      place = [
        ("layer", .integer(layer + 1)), ("position", .integer(position)),
        ("part", .string(part.rawValue)),
      ]
    }
    let clue = hint.clue.map { JSONText.string($0.rawValue) } ?? .null
    var fields: [(String, JSONText)] = [
      ("type", .string("hint")), ("guess", .string(guess.rawValue)), ("step", .integer(hint.step)),
    ]
    fields += place
    fields += [
      ("shown", .float(hint.shown ?? 0)), ("guessed", .float(hint.guessed ?? 0)), ("clue", clue),
    ]
    return .object(fields)
  }
}
