import Testing
internal import Trace

@testable import Viz

/// Forward and back are inverses, at every depth and for any number of layers.
@Suite struct MomentTests {
  private static let steps = 4

  /// Every moment that a viewer comes through who goes forward from the end of step 1.
  private func walk(_ depth: Depth, layers: Int) -> [Moment] {
    var moments = [Moment(endOf: 1, layers: layers)]
    while true {
      let next = moments[moments.count - 1].next(depth, layers: layers)
      guard next.step <= Self.steps else { return moments }
      moments.append(next)
    }
  }

  @Test(
    "Going back undoes going forward over a whole run", arguments: Depth.allCases,
    1...5 as ClosedRange<Int>)
  func inverse(depth: Depth, layers: Int) {
    let moments = walk(depth, layers: layers)
    for (earlier, later) in zip(moments, moments.dropFirst()) {
      #expect(later.previous(depth, layers: layers) == earlier)
      #expect(earlier.next(depth, layers: layers) == later)
    }
  }

  @Test(
    "From the first step one can go back to its beginning and no further",
    arguments: Depth.allCases, 1...5 as ClosedRange<Int>)
  func beginning(depth: Depth, layers: Int) {
    var moment = Moment(endOf: 1, layers: layers)
    var count = 0
    while let previous = moment.previous(depth, layers: layers) {
      #expect(previous.next(depth, layers: layers) == moment)
      moment = previous
      count += 1
    }
    // Embedding, six operations of each block, logits: all but the last lie before the end.
    let units = [Depth.token: 1, .layer: layers, .operation: 1 + 6 * layers + 1]
    #expect(count + 1 == units[depth])
  }

  @Test("A run has as many moments as its steps have units", arguments: 1...5 as ClosedRange<Int>)
  func count(layers: Int) {
    #expect(walk(.token, layers: layers).count == Self.steps)
    #expect(walk(.layer, layers: layers).count == 1 + (Self.steps - 1) * layers)
    #expect(walk(.operation, layers: layers).count == 1 + (Self.steps - 1) * (2 + 6 * layers))
  }

  @Test(
    "From any moment, forward is later and back is earlier, whatever the depth",
    arguments: Depth.allCases, [1, 2, 4])
  func order(depth: Depth, layers: Int) {
    func rank(_ moment: Moment) -> [Int] {
      [moment.step, moment.layer, moment.operation.rawValue]
    }
    for moment in walk(.operation, layers: layers) {
      #expect(rank(moment).lexicographicallyPrecedes(rank(moment.next(depth, layers: layers))))
      if let previous = moment.previous(depth, layers: layers) {
        #expect(rank(previous).lexicographicallyPrecedes(rank(moment)))
      }
    }
  }

  @Test("Embedding is the first layer's alone, logits are the last layer's alone")
  func ends() {
    for moment in walk(.operation, layers: 3) {
      #expect(moment.operation != .embed || moment.layer == 0)
      #expect(moment.operation != .logits || moment.layer == 2)
    }
  }

  @Test("Progress is all of a layer before, none of a layer after")
  func progress() {
    let moment = Moment(step: 2, layer: 1, operation: .mask)
    #expect(moment.progress(in: 0) == .logits)
    #expect(moment.progress(in: 1) == .mask)
    #expect(moment.progress(in: 2) == nil)
  }

  @Test("The depth key comes back to where it began after all depths")
  func cycle() {
    for depth in Depth.allCases { #expect(depth.next.next.next == depth) }
  }
}
