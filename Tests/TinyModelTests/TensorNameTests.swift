internal import Base
import Foundation
import Testing

@testable import TinyModel
internal import Trace

/// Which tensor a name means: what the index says, and nothing where two could be meant.
@Suite struct TensorNameTests {
  private struct Expected: Decodable {
    struct ModelRun: Decodable {
      let prompt: String
      let greedy_next: [Int]
      let first_step_top5: [[Double]]?
    }
    let model_run: ModelRun
  }

  private func run(_ folder: String) throws -> (steps: [Step], expected: Expected.ModelRun) {
    let data = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
    let expected = try JSONDecoder().decode(Expected.self, from: data).model_run
    let loaded = try LoadedModel(folder: folder)
    let runner = try loaded.runner(
      .prompt, loaded.tokenizer.encode(expected.prompt), newTokens: expected.greedy_next.count,
      ignoresEndOfSequence: true)
    return (try runner.run(), expected)
  }

  private static let checkpoints = Repository.fixtures + "/reported/"

  @Test func aStaleCopyInAnotherShardIsNotRead() throws {
    let (steps, expected) = try run(Self.checkpoints + "shard-stale-copy-norm")
    #expect(steps.compactMap(\.chosen?.id) == expected.greedy_next)
    for pair in try #require(expected.first_step_top5) {
      let candidate = try #require(steps[0].next.first { $0.id == Int(pair[0]) })
      #expect(abs(Double(candidate.logit) - pair[1]) < 1e-4)
    }
  }

  @Test func aTensorWithAndWithoutItsPrefixIsRefusedByBothNames() throws {
    let error = #expect(throws: FileError.self) {
      try run(Self.checkpoints + "two-prefixes")
    }
    for language in Language.allCases {
      let message = error?.sentence(language) ?? ""
      #expect(message.contains("model.norm.weight ") && message.contains(" norm.weight"))
      #expect(message.contains("two-prefixes/model.safetensors"))
    }
    #expect(error?.status == 65)
  }

  @Test(arguments: ["wte.weight", "h.1.mlp.c_fc.bias", "ln_f.weight", "lm_head.weight"])
  func anyTensorUnderTwoNamesIsRefused(name: String) throws {
    let folder = try TemporaryFolder()
    let shape = GPT2Shape()
    let size =
      shape.tensors.first { $0.name == name }?.shape ?? [shape.vocabulary, shape.width]
    var more = [("transformer." + name, size)]
    if name == "lm_head.weight" { more.append((name, size)) }
    try folder.write(shape, seed: 3, more: more)
    let error = FileError.ambiguousTensor(
      file: folder("model.safetensors"), tensors: ["transformer." + name, name])
    #expect(throws: error) { _ = try LoadedModel(folder: folder.path) }
  }

  @Test func aCopyThatTheIndexDoesNotNameIsNoSecondName() throws {
    // A shard gets a `norm.weight` beside the index's `model.norm.weight`, which is in the second.
    let folder = try TemporaryFolder()
    try folder.copy(filesOf: Self.checkpoints + "shard-stale-copy-norm")
    var renamed = 0
    for shard in ["model-00001-of-00003.safetensors", "model-00003-of-00003.safetensors"] {
      var bytes = try Data(contentsOf: URL(filePath: folder(shard)))
      guard let place = bytes.range(of: Data(#""model.norm.weight""#.utf8)) else { continue }
      bytes.replaceSubrange(place, with: Data(#"      "norm.weight""#.utf8))
      try folder.write(bytes, to: shard)
      renamed += 1
    }
    #expect(renamed == 1)
    let (steps, expected) = try run(folder.path)
    #expect(steps.compactMap(\.chosen?.id) == expected.greedy_next)
  }

  @Test func aNameThatTheIndexHasAndNoShardIsMissedWhenItIsNeeded() throws {
    // Old indices name buffers that the shards were saved without.
    let folder = try TemporaryFolder()
    try folder.copy(filesOf: Self.checkpoints + "shard-stale-copy-norm")
    let index = folder("model.safetensors.index.json")
    let text = try String(contentsOfFile: index, encoding: .utf8)
    func write(_ name: String) throws {
      let row = #""weight_map": {"\#(name)": "model-00001-of-00003.safetensors","#
      let more = text.replacing(#""weight_map": {"#, with: row)
      #expect(more != text)
      try folder.write(more.utf8, to: "model.safetensors.index.json")
    }
    try write("model.layers.0.self_attn.rotary_emb.inv_freq")
    let (steps, expected) = try run(folder.path)
    #expect(steps.compactMap(\.chosen?.id) == expected.greedy_next)
    let needed = text.replacing("model.layers.1.mlp.up_proj.weight", with: "x")
    try folder.write(needed.utf8, to: "model.safetensors.index.json")
    let error = #expect(throws: FileError.self) { try run(folder.path) }
    #expect(error?.sentence(.english).contains("layers.1.mlp.up_proj.weight") == true)
  }

  @Test(arguments: [
    ("_orig_mod.transformer.", "_orig_mod.", "torch.compile"),
    ("base_model.model.transformer.", "base_model.model.", "PEFT"),
    ("module.", "module.", "DataParallel"), ("net.", "net.", "config.json"),
  ])
  func whatWasPutBeforeAllNamesIsNamedWithWhoPutItThere(
    prefix: String, shown: String, by: String
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write(GPT2Shape(), seed: 3)
    try folder.renameTensors { prefix + $0 }
    let error = #expect(throws: FileError.self) { _ = try LoadedModel(folder: folder.path) }
    for language in Language.allCases {
      let sentence = error?.sentence(language) ?? ""
      #expect(sentence.contains(prefix + "wte.weight"))
      #expect(sentence.contains(shown) && sentence.contains(by))
    }
  }

  @Test func theNearestNameIsOfTheSameLayerAndSharesMostParts() {
    let names = [
      "h.0.mlp.c_fc.bias", "h.1.mlp.c_fc.weight", "h.1.mlp.c_proj.weight",
      "base.h.1.attn.c_attn.base_layer.weight", "ln_f.weight",
    ]
    #expect(TensorNames.nearest(to: "h.1.mlp.c_fc.bias", in: names) == "h.1.mlp.c_fc.weight")
    #expect(TensorNames.nearest(to: "h.2.mlp.c_fc.bias", in: names) == nil)
    #expect(TensorNames.nearest(to: "h.1.attn.c_attn.weight", in: names) == names[3])
    #expect(TensorNames.nearest(to: "wte.weight", in: names) == nil)
    #expect(TensorNames.nearest(to: "wte.weight", in: []) == nil)
  }
}
