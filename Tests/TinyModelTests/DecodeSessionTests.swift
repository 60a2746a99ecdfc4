internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// A lane can be stopped, cut back and fed on, and keeps what its store says.
@Suite struct DecodeSessionTests {
  private let folder: TemporaryFolder
  private let model: Transformer

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      LlamaShape(
        modelType: "llama", layers: 3, heads: 4, kvHeads: 2, headDimension: 6, positions: 40),
      seed: 5)
    model = try LoadedModel(folder: folder.path).model
  }

  private func logits(_ ids: [Int]) -> [Float] {
    DecodeSession(model, capacity: ids.count).feed(ids[...]).logits.floats
  }

  @Test func aPassThatIsStoppedLeavesTheLaneAsItWas() throws {
    struct Stopped: Error {}
    let session = DecodeSession(model, capacity: 6)
    session.feed([3, 1, 4])
    for layer in 0..<3 {
      var done = 0
      #expect(throws: Stopped.self) {
        _ = try session.feed([9, 9, 9], observer: RowRecorder(model.configuration)) {
          () throws(Stopped) in
          if done == layer { throw Stopped() }
          done += 1
        }
      }
      #expect(session.tokens == 3)
      #expect(session.kept == Array(repeating: Positions(0..<3), count: 3))
      #expect(session.feed([1, 5]).logits.floats == logits([3, 1, 4, 1, 5]))
      session.truncate(to: 3)
    }
  }

  @Test func whatIsKeptAndItsBytesAreTheStores() {
    let session = DecodeSession(model, capacity: 9)
    #expect(session.tokens == 0 && session.usedBytes == 0)
    session.feed([3, 1, 4, 1, 5])
    #expect(session.truncate(to: 9) == 5 && session.tokens == 5)
    #expect(session.truncate(to: 2) == 2)
    #expect(session.tokens == 2 && session.kept.allSatisfy { $0 == Positions(0..<2) })
    #expect(session.usedBytes == 2 * 3 * 2 * 6 * 2 * 4)
    session.truncate(to: 0)
    #expect(session.tokens == 0 && session.kept.allSatisfy(\.isEmpty))
  }

  @Test func aConversationIsOnePromptFedInParts() {
    let ids = (0..<20).map { $0 * 7 % model.configuration.vocabulary }
    let session = DecodeSession(model, capacity: 20)
    for part in [0..<6, 6..<7, 7..<15, 15..<20] {
      #expect(session.feed(ids[part]).logits.floats == logits(Array(ids[..<part.upperBound])))
    }
    #expect(session.counter.keyValues() == 20)
    session.resetCounter()
    #expect(session.counter.flops == 0)
  }

  /// Keeps keys as the projection makes them and turns them when they are read.
  private final class TurningStore: KVStore {
    private let raw: FullStore
    private let turned: FullStore
    private let shape: ModelConfiguration
    private let table: RotaryTable

    init(_ shape: ModelConfiguration, _ rotary: RotaryEmbedding, capacity: Int) {
      self.shape = shape
      raw = FullStore(shape, capacity: capacity)
      turned = FullStore(shape, capacity: capacity)
      table = RotaryTable(rotary, dimension: shape.headDimension, positions: capacity)
    }

    let rotatesOnRead = true
    var capacity: Int { raw.capacity }
    var tokens: Int { raw.tokens }
    var usedBytes: Int { raw.usedBytes }
    func positions(layer: Int) -> Positions { raw.positions(layer: layer) }
    func truncate(to position: Int) -> Int { raw.truncate(to: position) }
    func removeAll() { raw.removeAll() }

    func append(_ rows: KeyValueRows, layer: Int, _ kernels: Kernels) -> Int {
      raw.append(rows, layer: layer, kernels)
    }

    func read(layer: Int) -> StoredLayer {
      let (stored, out) = (raw.read(layer: layer), turned.read(layer: layer))
      let (width, panel) = (shape.headDimension, KeyPanels.positions)
      let key = FloatBuffer(count: width)
      for head in 0..<shape.kvHeads {
        for slot in 0..<stored.slots {
          let first = stored.keys(kvHead: head) + slot / panel * panel * width + slot % panel
          for element in 0..<width { key.pointer[element] = first[element * panel] }
          Kernels.best.rotate(
            key.pointer, heads: 1, headDimension: width, cosines: table.cosines(slot),
            sines: table.sines(slot))
          KeyPanels.store(
            key.pointer, rows: 1, rowStride: width, headDimension: width, at: slot,
            in: out.keys(kvHead: head))
        }
      }
      return StoredLayer(
        slots: stored.slots, keys: out.keys, keyStride: out.keyStride, values: stored.values,
        headStride: stored.headStride, valueStride: stored.valueStride)
    }
  }

  @Test func aStoreThatTurnsKeysWhenTheyAreReadGivesTheSameBits() throws {
    let shape = model.configuration
    let rotary = try #require(shape.rules[0].rotary)
    let ids = (0..<20).map { $0 * 5 % shape.vocabulary }
    let store = TurningStore(shape, rotary, capacity: 20)
    let buffers = ForwardBuffers(shape, rows: 20, length: 20, threads: model.threads)
    var counter = model.newCounter
    for part in [0..<9, 9..<10, 10..<20] {
      let logits = model.forward(
        ids[part], store: store, buffers: buffers, counter: &counter, observer: nil)
      #expect(logits.floats == self.logits(Array(ids[..<part.upperBound])))
    }
  }
}
