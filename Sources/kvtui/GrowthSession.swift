internal import Base
internal import Screens
internal import TinyModel
internal import Trace

/// A measurement of growth that is ready to begin.
struct GrowthSession: WorkSession {
  let model: Transformer
  let plan: RunPlan
  /// How far counts are continued by arithmetic.
  let end: Int

  var meter: GrowthMeter { GrowthMeter(model, plan: plan) }

  var start: GrowthStart {
    GrowthStart(model: model.name, steps: plan.steps, mask: meter.mask, end: end)
  }

  static func asked(_ question: Question) -> Question? { question == .growth ? question : nil }
  static func findings(_ growth: Growth) -> Findings { .growth(growth) }

  func work(on asked: Question, _ goesOn: (Growth) -> Bool) throws -> Growth {
    try measure(goesOn)
  }

  /// All steps, and with the last of them the computed points behind them: who has all steps asks no further.
  func measure(_ goesOn: (Growth) -> Bool) throws(ModelError) -> Growth {
    continued(
      try meter.measure { growth in
        goesOn(growth.measured.count < plan.steps ? growth : continued(growth))
      })
  }

  /// A measurement that is over, with computed points behind it.
  private func continued(_ growth: Growth) -> Growth {
    var growth = growth
    growth.continueTo(Self.lengths(behind: plan.longest, until: end))
    return growth
  }

  /// Powers of two behind a length, and the end.
  private static func lengths(behind last: Int, until end: Int) -> [Int] {
    let powers = (1...30).map { 1 << $0 }.filter { $0 > last && $0 < end }
    return end > last ? powers + [end] : []
  }
}
