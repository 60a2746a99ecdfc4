internal import Base
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Multi-head latent attention against what `transformers` computed of random checkpoints, in both orders.
@Suite struct LatentReferenceTests {
  static let names = ReferenceTests.names["deepseek"] ?? []
  private let folder = Repository.fixtures + "/deepseek/"

  @Test(arguments: names, LatentForm.allCases)
  func logitsAndFLOPsOfEveryLengthAreTheReference(name: String, form: LatentForm) throws {
    try expectReference(folder + name, reference: folder + name, form: form)
  }

  @Test(arguments: names, LatentForm.allCases)
  func whatAttentionReadsIsTheReference(name: String, form: LatentForm) throws {
    try expectLatentAttention(folder + name, reference: folder + name, form: form)
  }

  @Test(arguments: names) func theStoreHoldsWhatTheReferencesCacheHolds(name: String) throws {
    let reference = try decode(Reference.self, from: folder + name + "/reference.json")
    let file = try SafetensorsFile(folder + name + "/reference.safetensors")
    for form in LatentForm.allCases {
      let loaded = try LoadedModel(folder: folder + name, form: form)
      let shape = loaded.model.configuration
      let session = DecodeSession(loaded.model, capacity: reference.ids.count)
      session.feed(reference.ids[...])
      for layer in 0..<shape.layers {
        let (latents, rotary) = try (
          ReferenceTensor("layer.\(layer).latent", in: file),
          ReferenceTensor("layer.\(layer).rotary", in: file)
        )
        let stored = session.store.read(layer: layer)
        let (keyWidth, valueWidth) = (shape.cached.keyDimension, shape.cached.valueDimension)
        var largest: Float = 0
        for slot in 0..<stored.slots {
          let key = KeyPanels.key(slot, headDimension: keyWidth, in: stored.keys(kvHead: 0))
          let start = stored.values(kvHead: 0) + slot * stored.valueStride
          let value = Array(UnsafeBufferPointer(start: start, count: valueWidth))
          largest = larger(largest, maxAbsDifference(key, rotary.row(slot)))
          largest = larger(largest, maxAbsDifference(value, latents.row(slot)))
        }
        #expect(largest <= reference.tolerance, "\(name), \(form), layer \(layer)")
        #expect(stored.slots == reference.ids.count)
      }
      let bytes = shape.layers * (shape.cached.keyDimension + shape.cached.valueDimension) * 4
      #expect(session.usedBytes == reference.ids.count * bytes)
    }
  }
}

/// Holds Q, K, V and the weights of every head of every layer to a reference, as the form multiplies them: expanded what
/// Hugging Face multiplies, absorbed the latent and rotary part of its cache.
func expectLatentAttention(_ folder: String, reference: String, form: LatentForm) throws {
  let expected = try decode(Reference.self, from: reference + "/reference.json")
  let file = try SafetensorsFile(reference + "/reference.safetensors")
  let runner = try LoadedModel(folder: folder, form: form)
    .runner(.text, expected.ids, newTokens: 0)
  let last = try #require(try runner.run().last)
  let model = runner.trace.model
  for layer in 0..<model.layers {
    func tensor(_ name: String) throws -> ReferenceTensor {
      try ReferenceTensor("layer.\(layer).\(name)", in: file)
    }
    let isAbsorbed = form == .absorbed
    let queries = try tensor(isAbsorbed ? "absorbed_query" : "query")
    let (keys, values) = try (tensor("key"), tensor("value"))
    let (latents, rotary) = try (tensor("latent"), tensor("rotary"))
    let weights = try tensor("weights")
    var largest: [Float] = [0, 0, 0, 0]
    for head in 0..<model.heads {
      let attention = HeadAttention(runner.trace, step: last, layer: layer, head: head)
      for row in 0..<last.length {
        let key = isAbsorbed ? latents.row(row) + rotary.row(row) : keys.row(head, row)
        let value = isAbsorbed ? latents.row(row) : values.row(head, row)
        let pairs = [
          (attention.query(row), Array(queries.row(head, row))),
          (attention.key(row), Array(key)), (attention.value(row), Array(value)),
          (attention.weights(ofRow: row), Array(weights.row(head, row))),
        ]
        for (index, pair) in pairs.enumerated() {
          largest[index] = larger(largest[index], maxAbsDifference(pair.0, pair.1))
        }
      }
    }
    #expect(
      largest.allSatisfy { $0 <= expected.tolerance },
      "max |Δ| of Q, K, V, weights in layer \(layer) of \(folder), \(form): \(largest)")
  }
}
