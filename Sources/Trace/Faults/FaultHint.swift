/// What tells a broken run from what was guessed of it: a number that stands in its picture, what would stand there if the
/// guess were right, and what to look at.
public struct FaultHint: Sendable, Equatable {
  /// What the first number that is wrong comes from.
  public enum Clue: String, Sendable {
    /// Prompt tokens are others before anything was read from a cache: of the keys that their rows saw.
    case promptRows = "prompt-rows"
    /// A token that was right is another later, though nobody computed it anew: of who stands there.
    case owner
    /// K is right and V is not, or both of every old token are others: of what V reads as.
    case values
    /// A new token is another in the first layer, which knows it and its position alone.
    case position
    /// A new token is right in the first layer: of which keys its row saw there, and how often.
    case attention
  }

  /// Where the number stands.
  public enum Place: Sendable, Equatable {
    /// In the cache; the layer is counted from 0.
    case cell(layer: Int, position: Int, part: FaultColumn.Part)
    /// The logits of a step.
    case logits
    /// What the broken run would go on with.
    case text
  }

  /// The step, counted from 1.
  public let step: Int
  /// Where the number stands.
  public let place: Place
  /// What stands there; nil where not one bit differs.
  public let shown: Float?
  /// What would stand there.
  public let guessed: Float?
  /// What the first wrong number comes from; nil where none is wrong.
  public let clue: Clue?
}

extension FaultHint {
  /// - Parameters:
  ///   - run: the run that is shown.
  ///   - guess: the run of what was guessed, over the same text; it shows another picture.
  init(_ run: FaultRun, guess: FaultRun) {
    clue = run.clue
    // What is right here and wrong there, or the other way round, is seen at once; a number has to be read.
    let cell =
      run.firstCell(unlike: guess) { ($0 == nil) != ($1 == nil) } ?? run.firstCell(unlike: guess)
    if let cell {
      step = cell.step
      place = .cell(layer: cell.layer, position: cell.position, part: cell.part)
      func gap(_ run: FaultRun) -> Float? {
        run.columns(through: cell.step)[cell.position].gaps(cell.part)[cell.layer]
      }
      (shown, guessed) = (gap(run), gap(guess))
      return
    }
    let steps = zip(run.steps, guess.steps)
    let logits = steps.first { FaultRun.showsOther($0.logitGap, $1.logitGap) }
    let other = logits ?? steps.first { $0.broken.id != $1.broken.id }
    step = other?.0.number ?? 1
    place = logits == nil ? .text : .logits
    (shown, guessed) = (other?.0.logitGap, other?.1.logitGap)
  }
}

extension FaultRun {
  /// What the first number that is wrong comes from.
  public var clue: FaultHint.Clue? {
    guard let parting else { return nil }
    guard let cell = parting.cell else { return .attention }
    if parting.step == 1 { return .promptRows }
    guard cell.position < prompt else { return cell.layer == 0 ? .position : .attention }
    if cell.part == .values { return .values }
    // One token stands for another; where all are others, K is made from what V is.
    let others = steps[parting.step - 1].changes.filter { column in
      column.position < prompt && column.keys.contains { $0 != nil }
    }
    return others.count > 1 ? .values : .owner
  }
}
