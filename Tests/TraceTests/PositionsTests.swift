import Testing
import Trace

/// Positions are kept slot by slot, whatever their order.
@Suite struct PositionsTests {
  @Test func rangesThatContinueEachOtherAreOne() {
    var positions = Positions()
    for position in 0..<5 { positions.append(position..<position + 1) }
    #expect(positions.runs == [0..<5] && positions.count == 5 && positions.last == 4)
    #expect(positions == Positions(0..<5))
  }

  @Test func everySlotIsKeptInItsPlace() {
    var positions = Positions(0..<3)
    for run in [9..<11, 10..<12, 4..<4] { positions.append(run) }
    #expect(positions.all == [0, 1, 2, 9, 10, 10, 11] && positions.count == 7)
    #expect(positions.contains(10) && !positions.contains(3) && !positions.contains(4))
    #expect((0..<7).map { positions[$0] } == positions.all)
    for position in 0..<13 {
      #expect(positions.lastSlot(of: position) == positions.all.lastIndex(of: position))
    }
  }

  @Test func truncationTakesTheLastSlots() {
    var slots = [0, 1, 2, 9, 10, 10, 11]
    while let last = slots.popLast() {
      var positions = Positions()
      for slot in slots + [last] { positions.append(slot..<slot + 1) }
      positions.truncate(toSlots: slots.count)
      #expect(positions.all == slots && positions.last == slots.last)
      positions.truncate(toSlots: slots.count + 3)
      #expect(positions.all == slots)
      #expect(positions.isEmpty == slots.isEmpty)
    }
  }

  @Test func aSlotIsTakenOutWhereverItIs() {
    let slots = [0, 1, 2, 9, 10, 10, 11]
    for slot in slots.indices {
      var positions = Positions()
      for position in slots { positions.append(position..<position + 1) }
      positions.remove(slot: slot)
      var rest = slots
      rest.remove(at: slot)
      #expect(positions.all == rest && positions.runs.allSatisfy { !$0.isEmpty })
    }
    var one = Positions(4..<5)
    one.remove(slot: 0)
    #expect(one == Positions())
  }
}
