/// Positions of a text in the order of a store's slots; consecutive ones are held as a range.
///
/// A store that keeps everything has one range, an evicting one a few; a position may be there twice.
public struct Positions: Equatable, Sendable {
  /// The positions, slot by slot, as ranges; none is empty.
  public private(set) var runs: [Range<Int>] = []

  /// No position.
  public init() {}

  /// Consecutive positions.
  public init(_ range: Range<Int>) { append(range) }

  /// How many slots are filled.
  public var count: Int { runs.reduce(0) { $0 + $1.count } }

  /// Whether no slot is filled.
  public var isEmpty: Bool { runs.isEmpty }

  /// Whether a position is there.
  public func contains(_ position: Int) -> Bool { runs.contains { $0.contains(position) } }

  /// The position in a slot that is filled.
  public subscript(slot: Int) -> Int {
    var rest = slot
    for run in runs {
      if rest < run.count { return run.lowerBound + rest }
      rest -= run.count
    }
    preconditionFailure("slot \(slot) of \(count)")
  }

  /// The last slot that holds a position; nil where none does.
  public func lastSlot(of position: Int) -> Int? {
    var end = count
    for run in runs.reversed() {
      if run.contains(position) { return end - (run.upperBound - position) }
      end -= run.count
    }
    return nil
  }

  /// The positions, slot by slot.
  public var all: [Int] { runs.flatMap { Array($0) } }

  /// The position in the last slot.
  public var last: Int? { runs.last.map { $0.upperBound - 1 } }

  /// Fills as many slots more; ranges that continue each other become one, without a new allocation.
  public mutating func append(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    guard let last = runs.indices.last, runs[last].upperBound == range.lowerBound else {
      runs.append(range)
      return
    }
    runs[last] = runs[last].lowerBound..<range.upperBound
  }

  /// Empties the slots behind the first `count`.
  public mutating func truncate(toSlots count: Int) {
    var rest = self.count - count
    while rest > 0, let last = runs.popLast() {
      if last.count > rest { runs.append(last.dropLast(rest)) }
      rest -= last.count
    }
  }

  /// Takes a slot out that is filled; those behind it move down by one.
  public mutating func remove(slot: Int) {
    var rest = slot
    for index in runs.indices {
      let run = runs[index]
      guard rest >= run.count else {
        let removed = run.lowerBound + rest
        let parts = [run.lowerBound..<removed, removed + 1..<run.upperBound]
        runs.replaceSubrange(index...index, with: parts.filter { !$0.isEmpty })
        return
      }
      rest -= run.count
    }
    preconditionFailure("slot \(slot) of \(count)")
  }

  /// Empties every slot, and keeps the room for as many ranges.
  public mutating func removeAll() { runs.removeAll(keepingCapacity: true) }
}
