internal import Base
public import Trace
internal import Viz

/// A measurement of growth at its beginning.
public struct GrowthStart: Sendable {
  /// The model's name.
  public let model: String
  /// How many steps will be run.
  public let steps: Int
  /// What the counted layer hides.
  public let mask: AttentionMask
  /// How far counts are continued by arithmetic once all steps are run.
  public let end: Int

  /// Creates the beginning of a measurement.
  public init(model: String, steps: Int, mask: AttentionMask, end: Int = 0) {
    (self.model, self.steps, self.mask, self.end) = (model, steps, mask, end)
  }
}

/// How the work grows: which steps are shown, as squares or as curves.
struct GrowthState: Sendable {
  /// What curves show.
  enum Amount: CaseIterable, Sendable { case cells, flops, bytes, seconds }

  /// Steps that are shown at first.
  static let firstSteps = 7

  let start: GrowthStart
  /// The points as far as they are measured.
  private(set) var growth = Growth()
  /// How many steps are shown, if there are so many.
  private(set) var wanted = firstSteps
  private(set) var showsCurves = false
  private(set) var isLogarithmic = true
  private(set) var amount = Amount.cells
  var help = HelpPage()
  var isLeft = false
  var notice: String?
  private(set) var hasFailed = false
  private(set) var size = Size(columns: 80, rows: 24)
  var look: Look

  init(_ start: GrowthStart, at place: GrowthPlace = GrowthPlace(), look: Look) {
    (self.start, self.look) = (start, look)
    wanted = place.step ?? Self.firstSteps
    isLogarithmic = place.axes == .logarithmic
    showsCurves = place.picture != .squares
    amount = place.picture.amount ?? .cells
  }

  /// The steps that were run.
  var runs: [Growth.Point] { growth.measured }
  /// Steps that are shown; 0 while there is none.
  var step: Int { min(wanted, runs.count) }
  var isMeasured: Bool { runs.count >= start.steps }

  mutating func receive(_ growth: Growth) { self.growth = growth }
  /// Whether counts will be continued, once all steps are run.
  var willContinue: Bool { !isMeasured && start.end > 0 }
  /// The measurement goes no further.
  mutating func fail(_ sentence: String) { (notice, hasFailed) = (sentence, true) }

  mutating func resize(_ size: Size) { self.size = size }

  mutating func press(_ key: Key) {
    notice = nil
    guard let action = GrowthKeys.map.action(for: key) else {
      notice = noSuchKey
      return
    }
    perform(action)
  }

  private mutating func perform(_ action: GrowthAction) {
    switch action {
    case .next: go(to: step + 1)
    case .back: go(to: shown - 1)
    case .first: go(to: 1)
    case .last: go(to: showsCurves ? runs.count : min(runs.count, mostSquares))
    case .picture: showsCurves.toggle()
    case .axes: changeCurves { $0.isLogarithmic.toggle() }
    case .quantity: changeCurves { $0.amount = $0.amount.next }
    case .theme: changeTheme()
    case .language: changeLanguage()
    case .help: isHelp = true
    case .leave: isLeft = true
    }
  }

  /// The most steps whose squares fit on the screen.
  private var mostSquares: Int { SquaresLayout.most(size, runs) }

  /// The steps that are on the screen.
  var shown: Int { showsCurves ? step : min(step, max(1, mostSquares)) }

  private mutating func go(to step: Int) {
    if step > runs.count {
      notice =
        isMeasured
        ? language("只跑了 \(runs.count) 步", "\(runs.count) steps were run")
        : language("第 \(step) 步还没跑完", "step \(step) is not run yet")
    } else if !showsCurves, step > mostSquares {
      notice = language("再多就放不下了：g 看曲线", "more do not fit: g shows curves")
    } else if step >= 1 {
      wanted = step
    }
  }

  private mutating func changeCurves(_ change: (inout GrowthState) -> Void) {
    guard showsCurves else {
      notice = language("先按 g 换成曲线", "g shows curves first")
      return
    }
    change(&self)
  }
}

extension GrowthState.Amount {
  var next: Self { Self.allCases[((Self.allCases.firstIndex(of: self) ?? 0) + 1) % 4] }

  var quantity: Quantity {
    switch self {
    case .cells, .flops: .count
    case .bytes: .bytes
    case .seconds: .seconds
    }
  }

  func value(_ amount: Growth.Amount) -> Double? {
    switch self {
    case .cells: amount.cells.map(Double.init)
    case .flops: amount.flops.map(Double.init)
    case .bytes: amount.bytesRead.map(Double.init)
    case .seconds: amount.seconds
    }
  }

  /// What is counted, in a word.
  func unit(_ language: Language) -> String {
    switch self {
    case .cells: language("格", "cells")
    case .flops: "FLOP"
    case .bytes: language("字节", "bytes")
    case .seconds: language("秒", "seconds")
    }
  }

  func title(_ language: Language) -> String {
    switch self {
    case .cells: language("格子（一个头的 QKᵀ），全程累计", "cells (QKᵀ of one head), total")
    case .flops: language("FLOP，全程累计", "FLOP, total")
    case .bytes: language("读的字节，全程累计", "bytes read, total")
    case .seconds: language("秒，全程累计，实测", "seconds, in all, measured")
    }
  }
}
