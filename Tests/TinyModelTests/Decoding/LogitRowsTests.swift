internal import Base
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Logits of several rows of a pass are those of as many passes, bit for bit, and are counted.
@Suite struct LogitRowsTests {
  @Test(arguments: 0..<40) func rowsOfAPassAreThoseOfAsManyPasses(seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let model = try randomModel(
      &generator, isRotary: seed % 2 == 0, window: seed % 5 == 0 ? 3 : nil)
    let shape = model.configuration
    let count = Int.random(in: 1...40, using: &generator)
    let ids = (0..<count).map { _ in Int.random(in: 0..<shape.vocabulary, using: &generator) }
    let past = Int.random(in: 0..<count, using: &generator)
    let wanted = Int.random(in: 1...(count - past), using: &generator)
    let together = DecodeSession(model, capacity: count, logitRows: wanted)
    if past > 0 { together.feed(ids[..<past]) }
    together.resetCounter()
    let rows = together.feed(ids[past...], logitRows: wanted).logits.floats
    #expect(rows.count == wanted * shape.vocabulary)
    #expect(together.counter.flops(.logits) == wanted * 2 * shape.modelDimension * shape.vocabulary)
    #expect(together.counter.flops == shape.flops(count - past, past, wanted))

    let alone = DecodeSession(model, rows: 1, capacity: count)
    for position in 0..<count {
      let one = alone.feed(ids[position...position]).logits.floats
      guard position >= count - wanted else { continue }
      let row = position - (count - wanted)
      #expect(
        rows[row * shape.vocabulary..<(row + 1) * shape.vocabulary] == one[...],
        "seed \(seed), row \(row) of \(wanted)")
    }
    // What is fed next sees nothing of it.
    together.truncate(to: past)
    let again = together.feed(ids[past...]).logits.floats
    #expect(again[..<shape.vocabulary] == rows[((wanted - 1) * shape.vocabulary)...])
  }

  @Test func roomForThemIsPlanned() throws {
    var generator = SeededGenerator(seed: 7)
    let shape = try randomModel(&generator, isRotary: true).configuration
    for rows in [1, 2, 9] {
      let buffers = ForwardBuffers(
        shape, rows: 9, length: 30, logitRows: rows, threads: 2)
      let bytes = ForwardBuffers.bytes(shape, rows: 9, length: 30, logitRows: rows, threads: 2)
      #expect(bytes.count == buffers.allocatedBytes.count)
    }
  }

  @Test(arguments: 0..<20) func aTextThatOutgrowsItsRoomIsMovedBitForBit(seed: Int) throws {
    var generator = SeededGenerator(seed: 100 + seed)
    let model = try randomModel(&generator, isRotary: seed % 2 == 0)
    let vocabulary = model.configuration.vocabulary
    let ids = (0..<80).map { _ in Int.random(in: 0..<vocabulary, using: &generator) }
    let session = DecodeSession(model, rows: 0, capacity: 0)
    var end = 0
    while end < ids.count {
      let next = min(ids.count, end + Int.random(in: 1...20, using: &generator))
      session.makeRoom(rows: next - end, tokens: next, longest: 90)
      #expect(session.tokens == end && session.kept.allSatisfy { $0.count == end })
      let fresh = DecodeSession(model, capacity: next)
      #expect(
        session.feed(ids[end..<next]).logits.floats == fresh.feed(ids[..<next]).logits.floats,
        "seed \(seed), \(end)")
      end = next
      guard Bool.random(using: &generator) else { continue }
      end -= Int.random(in: 0...end / 2, using: &generator)
      session.truncate(to: end)
    }
  }
}
