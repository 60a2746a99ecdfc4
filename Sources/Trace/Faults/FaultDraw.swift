/// A round of the game: a prompt, and a fault that is to be found from what its run shows.
public struct FaultDraw: Sendable {
  /// What both were drawn from.
  public let seed: UInt64
  /// What the model goes on with.
  public let prompt: String
  /// The fault that was drawn.
  public let fault: Fault
  /// The run of each fault over this prompt.
  private let runs: [Fault?: FaultRun]
  /// The sound run over this prompt.
  public let mended: FaultRun

  /// A round as it was drawn; the runs have one of every fault.
  public init(
    seed: UInt64, prompt: String, fault: Fault, runs: [Fault?: FaultRun], mended: FaultRun
  ) {
    (self.seed, self.prompt, self.fault) = (seed, prompt, fault)
    (self.runs, self.mended) = (runs, mended)
  }

  /// The run of a fault over this prompt.
  public func run(_ fault: Fault?) -> FaultRun { runs[fault] ?? mended }

  /// The run that was drawn.
  public var drawn: FaultRun { run(fault) }

  /// Whether what the drawn run shows is no other fault's, nor the sound run's.
  public var isTelling: Bool {
    Fault.allCases.allSatisfy { $0 == fault || !drawn.looksLike(run($0)) }
      && !drawn.looksLike(mended)
  }

  /// Whether a guess is right: it is the fault that was drawn, or nothing that is shown tells it from that one.
  public func isRight(_ guess: Fault) -> Bool {
    guess == fault || drawn.looksLike(run(guess))
  }

  /// What tells the drawn run from a wrong guess; nil where the guess is right.
  public func hint(_ guess: Fault) -> FaultHint? {
    isRight(guess) ? nil : FaultHint(drawn, guess: run(guess))
  }
}

/// What a picture of a run shows of a number.
enum FaultLook {
  /// A |Δ| as it is drawn: nothing, less than half a tenth, or its tenths.
  static func tenths(_ gap: Float?) -> Int? {
    guard let gap else { return nil }
    return Int(exactly: min((gap * 10).rounded(), 1e6)) ?? -1
  }
}

extension FaultRun {
  /// Whether two runs over one text show the same: every |Δ| to a tenth, and what they would go on with.
  public func looksLike(_ other: FaultRun) -> Bool {
    steps.count == other.steps.count
      && zip(steps, other.steps).allSatisfy { own, other in
        !FaultRun.showsOther(own.logitGap, other.logitGap)
          && own.broken.id == other.broken.id
      } && firstCell(unlike: other) == nil
  }

  /// The first cell of the cache that is not shown as the other run's, the lowest layer first.
  func firstCell(
    unlike other: FaultRun, where isUnlike: (Float?, Float?) -> Bool = FaultRun.showsOther
  ) -> (step: Int, layer: Int, position: Int, part: FaultColumn.Part)? {
    for number in steps.indices.map({ $0 + 1 }).prefix(other.steps.count) {
      let (own, others) = (columns(through: number), other.columns(through: number))
      for layer in own.first?.keys.indices ?? 0..<0 {
        for (one, two) in zip(own, others) {
          for part in FaultColumn.Part.allCases
          where isUnlike(one.gaps(part)[layer], two.gaps(part)[layer]) {
            return (number, layer, one.position, part)
          }
        }
      }
    }
    return nil
  }

  /// Whether two numbers are drawn differently.
  static func showsOther(_ one: Float?, _ other: Float?) -> Bool {
    FaultLook.tenths(one) != FaultLook.tenths(other)
  }
}
