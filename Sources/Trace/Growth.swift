/// How the work of a generation grows with its length: without and with a KV cache, per step and in all.
///
/// Points are passes that were run; behind the last of them the counts can be continued, which is arithmetic and is marked so.
public struct Growth: Sendable, Equatable {
  /// What a point comes from.
  public enum Source: String, Sendable {
    /// A pass that was run and counted.
    case run
    /// The polynomial through the counts of passes that were run.
    case computed
  }

  /// What a lane did, in one step or in all up to it; nil where it was not measured, or is beyond an `Int`.
  public struct Amount: Sendable, Equatable {
    /// QKᵀ cells of one head.
    public var cells: Int?
    /// Those of them that the mask threw away.
    public var masked: Int?
    /// FLOP of matrix products.
    public var flops: Int?
    /// Those of them that attention takes: QKᵀ and the weighted sums of V.
    public var attentionFlops: Int?
    /// Bytes of weights and of K and V that were read, each once a pass.
    public var bytesRead: Int?
    /// Seconds of the forward passes.
    public var seconds: Double?

    /// Creates an amount.
    public init(
      cells: Int? = nil, masked: Int? = nil, flops: Int? = nil, attentionFlops: Int? = nil,
      bytesRead: Int? = nil, seconds: Double? = nil
    ) {
      (self.cells, self.masked, self.flops) = (cells, masked, flops)
      (self.attentionFlops, self.bytesRead, self.seconds) = (attentionFlops, bytesRead, seconds)
    }

    /// The sum with a later amount.
    static func + (a: Amount, b: Amount) -> Amount {
      Amount(
        cells: a.cells + b.cells, masked: a.masked + b.masked, flops: a.flops + b.flops,
        attentionFlops: a.attentionFlops + b.attentionFlops, bytesRead: a.bytesRead + b.bytesRead,
        seconds: a.seconds.flatMap { own in b.seconds.map { own + $0 } })
    }
  }

  /// One of the two runs at a length.
  public struct Side: Sendable, Equatable {
    /// In this step.
    public var step: Amount
    /// In this step and all before it.
    public var total: Amount
    /// Bytes of K and V that are kept for the next step; 0 where nothing is kept.
    public var cacheBytes: Int?

    /// Creates a side.
    public init(step: Amount, total: Amount, cacheBytes: Int?) {
      (self.step, self.total, self.cacheBytes) = (step, total, cacheBytes)
    }
  }

  /// Both runs at a length.
  public struct Point: Sendable, Equatable {
    /// Tokens in the sequence.
    public let length: Int
    /// What it comes from.
    public let source: Source
    /// The run that computes everything anew.
    public let uncached: Side
    /// The run that keeps K and V.
    public let cached: Side
  }

  /// The points, by length.
  public private(set) var points: [Point] = []

  /// Whether longer lengths were asked for and could not be computed.
  public private(set) var isHeldBack = false

  /// No points.
  public init() {}

  /// Adds a step that was run.
  public mutating func add(
    length: Int, uncached: (Amount, cacheBytes: Int), cached: (Amount, cacheBytes: Int)
  ) {
    func side(_ new: (step: Amount, cacheBytes: Int), _ before: Side?) -> Side {
      Side(
        step: new.step, total: before.map { $0.total + new.step } ?? new.step,
        cacheBytes: new.cacheBytes)
    }
    points.append(
      Point(
        length: length, source: .run, uncached: side(uncached, points.last?.uncached),
        cached: side(cached, points.last?.cached)))
  }

  /// The points that were run.
  public var measured: [Point] { points.filter { $0.source == .run } }

  /// Adds computed points at longer lengths; none where the counts so far lie on no polynomial of the third degree.
  ///
  /// Seconds are not continued: they are measured, or not known.
  public mutating func continueTo(_ lengths: [Int]) {
    // The first step fed a prompt, and is no part of the way on.
    let runs = Array(measured.dropFirst())
    guard let first = runs.first?.length, let last = runs.last?.length else {
      isHeldBack = !lengths.isEmpty
      return
    }
    func side(_ path: KeyPath<Point, Side>, _ length: Int) -> Side? {
      func value(_ part: KeyPath<Side, Int?>) -> Int?? {
        let values = runs.compactMap { $0[keyPath: path][keyPath: part] }
        guard values.count == runs.count, let line = Polynomial(values) else { return nil }
        return line.value(length - first)
      }
      guard let cells = value(\.step.cells), let flops = value(\.step.flops),
        let bytes = value(\.step.bytesRead), let allCells = value(\.total.cells),
        let allFlops = value(\.total.flops), let allBytes = value(\.total.bytesRead),
        let cache = value(\.cacheBytes)
      else { return nil }
      // These two may be unknown, and stay so.
      func known(_ part: KeyPath<Side, Int?>) -> Int? { value(part) ?? nil }
      return Side(
        step: Amount(
          cells: cells, masked: known(\.step.masked), flops: flops,
          attentionFlops: known(\.step.attentionFlops), bytesRead: bytes),
        total: Amount(
          cells: allCells, masked: known(\.total.masked), flops: allFlops,
          attentionFlops: known(\.total.attentionFlops), bytesRead: allBytes), cacheBytes: cache)
    }
    for length in lengths.sorted() where length > last {
      guard let uncached = side(\.uncached, length), let cached = side(\.cached, length) else {
        isHeldBack = true
        return
      }
      points.append(Point(length: length, source: .computed, uncached: uncached, cached: cached))
    }
  }
}

/// The polynomial of at most the third degree through whole numbers at 0, 1, 2, …, by their differences.
///
/// Source: Newton's forward differences.
struct Polynomial {
  private var differences: [Int] = []

  /// nil where the numbers lie on none, or are too few to tell.
  init?(_ values: [Int]) {
    guard values.count >= 6 else { return nil }
    var row = values
    for _ in 0...3 {
      differences.append(row[0])
      row = zip(row, row.dropFirst()).map { $1 &- $0 }
    }
    guard row.allSatisfy({ $0 == 0 }) else { return nil }
  }

  /// The value at `x`, 0 or more; nil beyond an `Int`.
  func value(_ x: Int) -> Int? {
    var (sum, binomial): (Int?, Int?) = (0, 1)
    for (order, difference) in differences.enumerated() {
      if order > 0 {
        binomial = binomial.flatMap { $0.times(x - order + 1) }.map { $0 / order }
      }
      guard difference != 0 else { continue }
      sum = sum + binomial.flatMap { $0.times(difference) }
    }
    return sum
  }
}

extension Int {
  /// The product, if it is one.
  fileprivate func times(_ other: Int) -> Int? {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? nil : product
  }
}
