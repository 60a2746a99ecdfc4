@testable import TinyModel
internal import Trace

/// A model of a random shape of GPT-2 or of the Llama family, with random weights.
func randomModel(
  _ generator: inout SeededGenerator, layers: Int? = nil, isRotary: Bool, window: Int? = nil
) throws -> Transformer {
  func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
  let layers = layers ?? random(1...3)
  let shape: any CheckpointShape
  if isRotary {
    let kvHeads = random(1...3)
    shape = LlamaShape(
      layers: layers, heads: kvHeads * random(1...3), kvHeads: kvHeads,
      headDimension: 2 * random(1...12), width: random(4...40), inner: random(4...50),
      vocabulary: random(5...60), positions: 90)
  } else {
    shape = GPT2Shape(
      layers: layers, heads: random(1...4), headDimension: random(1...12), inner: random(4...50),
      vocabulary: random(5...60), positions: 90)
  }
  let folder = try TemporaryFolder()
  try folder.write(shape, seed: random(0...999))
  var configuration = try ModelShape(folder("config.json"))
  configuration.configuration.rules = configuration.configuration.rules.map { rule in
    LayerRule(
      attention: AttentionRule(
        mask: AttentionMask(window: window), scale: rule.attention.scale),
      rotary: rule.rotary, headNorm: rule.headNorm)
  }
  return try Transformer(random: configuration, seed: UInt64(random(0...999)))
}

/// A model of a random shape whose heads look at different tokens: its weights are large.
func unevenModel(_ generator: inout SeededGenerator, isRotary: Bool, window: Int? = nil) throws
  -> Transformer
{
  func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
  let (layers, inner, vocabulary) = (random(1...3), random(4...50), random(9...60))
  let shape: any CheckpointShape
  if isRotary {
    let kvHeads = random(1...3)
    shape = LlamaShape(
      modelType: window == nil ? "llama" : "mistral", layers: layers,
      heads: kvHeads * random(1...3), kvHeads: kvHeads, headDimension: 2 * random(2...12),
      width: random(8...40), inner: inner, vocabulary: vocabulary, positions: 90, window: window)
  } else {
    shape = GPT2Shape(
      layers: layers, heads: random(1...4), headDimension: random(4...12), inner: inner,
      vocabulary: vocabulary, positions: 90)
  }
  let folder = try TemporaryFolder()
  try folder.write(shape, seed: random(0...999))
  return try LoadedModel(folder: folder.path).model
}
