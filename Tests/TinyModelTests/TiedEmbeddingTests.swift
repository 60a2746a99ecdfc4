internal import Base
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// A tied embedding is held once, as the logits' packed matrix, and its rows are those of the file.
@Suite struct TiedEmbeddingTests {
  private func model(
    _ shape: GPT2Shape, _ type: WeightType
  ) throws -> (model: Transformer, rows: FloatBuffer) {
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 9)
    let checkpoint = try Checkpoint(folder: folder.path)
    let (file, entry) = try #require(
      try checkpoint.tensor("wte.weight", shape: [shape.vocabulary, shape.width]))
    return (try Transformer(checkpoint, type: type), try file.floats(of: entry))
  }

  @Test func itIsHeldOnce() throws {
    var shape = GPT2Shape(vocabulary: 640)
    let tied = try model(shape, .f32).model
    // Every matrix is held in whole panels of 64 outputs, whatever is in them.
    let panels = { (outer: Int) in (outer + 63) / 64 * 64 }
    let (width, inner) = (shape.width, shape.inner)
    let block =
      width * (panels(3 * width) + panels(width) + panels(inner)) + inner * panels(width)
      + (3 + 1 + 1 + 4) * width + inner
    let outside = shape.vocabulary * width + shape.positions * width + 2 * width
    #expect(tied.weightBytes == 4 * (shape.layers * block + outside))
    shape.isTied = false
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 9, more: [("lm_head.weight", [640, shape.width])])
    let untied = try LoadedModel(folder: folder.path).model
    #expect(untied.weightBytes == tied.weightBytes + 4 * 640 * shape.width)
  }

  /// Both names of the same matrix, as `save_model` of `safetensors` and as a saver that sorts names leave one.
  @Test(arguments: ["lm_head.weight", "transformer.lm_head.weight"])
  func itMayStandUnderTheHeadsNameAlone(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(GPT2Shape(), seed: 9)
    let plain = try LoadedModel(folder: folder.path)
    try folder.rename("wte.weight", to: name)
    let renamed = try LoadedModel(folder: folder.path)
    let run = { (loaded: LoadedModel) in try loaded.runner(.prompt, [3, 1], newTokens: 4).run() }
    #expect(try run(renamed).map(\.logits) == run(plain).map(\.logits))
    #expect(renamed.model.parameters == plain.model.parameters)
    #expect(renamed.model.weightBytes == plain.model.weightBytes)
    let plan = try Checkpoint(folder: folder.path).memoryPlan(.f32)
    #expect(plan?.weights == MemoryPlan(weightsOf: plain.model.configuration, as: .f32).weights)
  }

  @Test(arguments: [("wte.weight", "lm_head.weight"), ("none", "wte.weight")])
  func oneOfTwoMatricesIsEnoughOnlyWhereTheyAreTied(name: String, present: String) throws {
    var shape = GPT2Shape()
    shape.isTied = false
    let folder = try TemporaryFolder()
    try folder.write(shape, seed: 9)
    if name != "none" { try folder.rename(name, to: present) }
    let error = #expect(throws: FileError.self) { _ = try LoadedModel(folder: folder.path) }
    guard case .untied(_, _, present)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    for language in Language.allCases {
      let sentence = error?.sentence(language) ?? ""
      #expect(
        sentence.contains(#""tie_word_embeddings": true"#) && sentence.contains("config.json"))
    }
  }

  @Test(arguments: WeightType.allCases, [13, 64, 65, 200])
  func itsRowsAreThoseOfTheFile(type: WeightType, vocabulary: Int) throws {
    for headDimension in [4, 70] {
      let shape = GPT2Shape(headDimension: headDimension, vocabulary: vocabulary)
      let (model, rows) = try model(shape, type)
      let row = FloatBuffer(count: shape.width)
      for token in 0..<vocabulary {
        model.embedding.copyRow(token, to: row.pointer)
        let expected = rows.floats(in: token * shape.width..<(token + 1) * shape.width)
        #expect(row.floats.map(\.bitPattern) == expected.map(\.bitPattern))
      }
    }
  }

  @Test(arguments: WeightType.allCases) func weightsAreUnpackedAsTheyArePacked(type: WeightType)
    throws
  {
    var generator = SeededGenerator(seed: 4)
    let (inner, outer) = (150, 70)
    // Every half among them, the subnormal and the negative zero too.
    let special: [Float] = [0, -0.0, 6e-8, -6e-8, 6.1e-5, 65504, -65504]
    let matrix = FloatBuffer(special + generator.floats(inner * outer - special.count))
    let linear = try #require(
      Linear(matrix, .outerFirst, inner: inner, outer: outer, type: type))
    let (unit, product) = (FloatBuffer(count: inner), FloatBuffer(count: outer))
    let row = FloatBuffer(count: inner)
    for output in 0..<outer {
      linear.copyWeights(ofOutput: output, to: row.pointer)
      for k in [0, 1, 2, 3, 4, 5, 6, 127, 128, 149] {
        unit.clear()
        unit.pointer[k] = 1
        _ = linear.apply(unit.pointer, rows: 1, into: product.pointer, .best)
        #expect(product.pointer[output] == row.pointer[k])
      }
    }
    #expect(try linear.holds(FloatRows(matrix, width: inner)) == (type == .f32))
  }
}
