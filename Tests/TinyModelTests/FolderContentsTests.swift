internal import Base
import Foundation
import Testing

@testable import TinyModel
internal import Trace

/// What people have in a folder in the place of a model's files is named, with what to do about it.
@Suite struct FolderContentsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(GPT2Shape(), seed: 1)
  }

  private func remove(_ names: String...) throws {
    for name in names { try FileManager.default.removeItem(atPath: folder(name)) }
  }

  private func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder(name), withIntermediateDirectories: true)
  }

  /// Opening the folder fails with a sentence in both languages that has all of these words.
  private func expectSentence(
    _ words: String..., status: Int32 = 66, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) {
      _ = try LoadedModel(folder: folder.path)
    }
    #expect(error?.status == status, sourceLocation: sourceLocation)
    for language in Language.allCases {
      let sentence = error?.sentence(language) ?? ""
      for word in words {
        #expect(sentence.contains(word), "\(sentence)", sourceLocation: sourceLocation)
      }
      #expect(
        sentence.count < 600 && !sentence.contains("\n"), "\(sentence)",
        sourceLocation: sourceLocation)
    }
    #expect(error?.sentence(.chinese).contains("请") == true, sourceLocation: sourceLocation)
  }

  private static let gguf = Array("GGUF".utf8) + [3, 0, 0, 0] + [UInt8](repeating: 0, count: 60)
  private static let pointer = """
    version https://git-lfs.github.com/spec/v1
    oid sha256:\(String(repeating: "a", count: 64))
    size 548105171

    """

  // MARK: Another kind of file

  @Test(arguments: ["model.safetensors", "config.json", "tokenizer.json"])
  func aPointerOfGitLFSIsNamedWhereverItStands(name: String) throws {
    try folder.write(Self.pointer.utf8, to: name)
    expectSentence(folder(name), "Git LFS", "git lfs pull", "hf download", status: 65)
  }

  @Test func filesOfOtherKindsAreNamed() throws {
    func filled(_ head: [UInt8], with byte: UInt8) -> [UInt8] {
      head + [UInt8](repeating: byte, count: 90)
    }
    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    let files: [([UInt8], [String])] = [
      (Self.gguf, ["GGUF", "Ollama"]),
      (bytes("<!DOCTYPE html><html>"), ["hf download"]),
      (filled(bytes("PK\u{3}\u{4}"), with: 0xF7), ["pytorch_model.bin"]),
      (filled([0x80, 2], with: 0x8A), ["pytorch_model.bin"]),
      (filled([0x89] + bytes("HDF\r\n\u{1A}\n"), with: 0), ["HDF5"]),
      (bytes("../../blobs/4ea1\n"), ["../../blobs/4ea1"]), (bytes("../b/a"), ["../b/a"]),
    ]
    for (bytes, words) in files {
      try folder.write(bytes, to: "model.safetensors")
      expectSentence(folder("model.safetensors"), status: 65)
      let error = #expect(throws: FileError.self) { _ = try Checkpoint(folder: folder.path) }
      for word in words { #expect(error?.sentence(.english).contains(word) == true) }
    }
  }

  @Test func aFileAsTheModelIsNamedByItsKindOrItsFolder() throws {
    let library = ModelLibrary(searchPaths: [])
    let blob = try folder.write(Self.gguf, to: "sha256-" + String(repeating: "b", count: 64))
    #expect(throws: ModelError.file(.otherKind(file: blob, kind: .gguf))) {
      try library.folder(of: blob)
    }
    let path = folder("model.safetensors")
    #expect(throws: ModelError.notAFolder(path: path, folder: folder.path)) {
      try library.folder(of: path)
    }
  }

  // MARK: Nothing of the name

  @Test func weightsOfOtherFormatsAreNamed() throws {
    try remove("model.safetensors")
    expectSentence(folder("model.safetensors"), "config.json", "tokenizer.json", "hf download")
    for (name, words) in [
      ("model.gguf", ["GGUF"]), ("model.onnx", ["hf download"]), ("ckpt.pt", ["hf download"]),
      ("flax_model.msgpack", ["hf download"]), ("tf_model.h5", ["hf download"]),
      ("pytorch_model.bin", ["AutoModelForCausalLM", "save_pretrained('\(folder.path)')"]),
    ] {
      try folder.write(Self.gguf, to: name)
      expectSentence(folder("model.safetensors"), name)
      let error = #expect(throws: FileError.self) { _ = try Checkpoint(folder: folder.path) }
      for word in words { #expect(error?.sentence(.english).contains(word) == true) }
      try remove(name)
    }
  }

  @Test func weightsOfAnotherNameAreNotReadUnasked() throws {
    try FileManager.default.moveItem(
      atPath: folder("model.safetensors"), toPath: folder("mine.safetensors"))
    expectSentence("mv \(folder("mine.safetensors")) \(folder("model.safetensors"))")
    try folder.write([], to: "other.safetensors")
    expectSentence("mine.safetensors", "other.safetensors")
    try remove("mine.safetensors")
    // A name that a shell would read as more than one stands in no line for a shell.
    try FileManager.default.moveItem(
      atPath: folder("other.safetensors"), toPath: folder("a; b.safetensors"))
    let error = #expect(throws: FileError.self) { _ = try Checkpoint(folder: folder.path) }
    #expect(error?.sentence(.english).contains("mv ") == false)
  }

  @Test func shardsWithoutAnIndexAreCounted() throws {
    try remove("model.safetensors")
    for shard in 1...3 { try folder.write([], to: "model-0000\(shard)-of-00003.safetensors") }
    expectSentence(folder("model.safetensors"), "3", "model.safetensors.index.json")
    try remove("model-00002-of-00003.safetensors")
    expectSentence("3", "2", "model.safetensors.index.json")
  }

  @Test func aShardThatOnlyTheIndexHasIsNamed() throws {
    let sharded = try TemporaryFolder()
    try sharded.copy(filesOf: Repository.fixtures + "/gpt2/sharded")
    let shard = sharded("model-00002-of-00003.safetensors")
    try FileManager.default.removeItem(atPath: shard)
    let error = FileError.notThere(file: shard, found: .index)
    #expect(throws: error) { _ = try Checkpoint(folder: sharded.path) }
    #expect(error.sentence(.english).contains("model.safetensors.index.json"))
  }

  @Test func anAdapterIsNamedWithWhatItBelongsTo() throws {
    try remove("model.safetensors", "config.json")
    try folder.write([], to: "adapter_model.safetensors")
    try folder.write(#"{"base_model_name_or_path": "me/base-1"}"#.utf8, to: "adapter_config.json")
    expectSentence(folder("config.json"), "LoRA", "me/base-1", "merge_and_unload")
    // What could run as Python is shown, and stands in no line to be run.
    let name = "x'); print('y"
    try folder.write(#"{"base_model_name_or_path": "\#(name)"}"#.utf8, to: "adapter_config.json")
    let error = #expect(throws: FileError.self) { _ = try Checkpoint(folder: folder.path) }
    #expect(error?.sentence(.english).contains("from_pretrained('BASE')") == true)
    #expect(error?.sentence(.english).contains("from_pretrained('\(name)") == false)
  }

  @Test func whatStandsInThePlaceOfAConfigurationIsNamed() throws {
    try remove("config.json")
    expectSentence(folder("config.json"), "model.safetensors", "config.json --local-dir")
    try makeFolder("checkpoint-500")
    try folder.write(GPT2Shape().configuration.utf8, to: "checkpoint-500/config.json")
    expectSentence(folder("config.json"), "--model", folder("checkpoint-500"))
    try folder.write(Self.gguf, to: "m.gguf")
    expectSentence(folder("config.json"), "m.gguf", "GGUF")
    try remove("model.safetensors", "tokenizer.json", "checkpoint-500", "m.gguf")
    expectSentence(folder("config.json"), "hf download")
  }

  @Test func linksThatLeadNowhereAreNamed() throws {
    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
      let bytes = try Data(contentsOf: URL(filePath: folder(name)))
      try remove(name)
      try FileManager.default.createSymbolicLink(
        atPath: folder(name), withDestinationPath: "../../blobs/gone")
      expectSentence(folder(name), "hf download")
      try remove(name)
      try folder.write(bytes, to: name)
    }
  }

  // MARK: Tokenizers, quantisation

  @Test(arguments: [["vocab.json", "merges.txt"], ["tokenizer.model"], ["spiece.model"]])
  func partsOfATokenizerAreNamedWithWhatMakesOne(parts: [String]) throws {
    try remove("tokenizer.json")
    for part in parts { try folder.write([], to: part) }
    expectSentence(folder("tokenizer.json"), parts[0], "AutoTokenizer", "save_pretrained")
  }

  @Test func aTokenizerOfAnotherLibraryIsNamedByItsFields() throws {
    try folder.write(#"{"char2idx": {"a": 0}, "vocab_size": 1}"#.utf8, to: "tokenizer.json")
    expectSentence(folder("tokenizer.json"), "char2idx", "vocab_size", "model", status: 65)
  }

  @Test(arguments: [
    (#""quantization_config": {"quant_method": "gptq", "bits": 4}"#, "gptq", "4"),
    (#""quantization_config": {"quant_method": "fp8"}"#, "fp8", "F32"),
    (#""quantization_config": {"load_in_8bit": true}"#, "F32", "BF16"),
    (#""quantization": {"group_size": 32, "bits": 4}"#, "MLX", "4"),
    (#""quantization": {"bits": 8}, "quantization_config": {"bits": 8}"#, "MLX", "8"),
  ])
  func quantisedWeightsAreNamedByTheirMethod(field: String, method: String, bits: String) throws {
    let text = GPT2Shape().configuration
    try folder.write((text.dropLast() + ", \(field)}").utf8, to: "config.json")
    expectSentence(folder("config.json"), method, bits, status: 65)
  }

  // MARK: Hugging Face's cache

  /// Moves the model to where the cache has it, with links to its files, and returns the folder of the revision.
  private func cached(_ model: String, revision: String) throws -> String {
    let snapshot = "hub/\(model)/snapshots/\(revision)"
    try makeFolder(snapshot)
    try makeFolder("hub/\(model)/refs")
    for name in ["config.json", "model.safetensors", "tokenizer.json"] {
      try FileManager.default.createSymbolicLink(
        atPath: folder("\(snapshot)/\(name)"), withDestinationPath: folder(name))
    }
    return folder(snapshot)
  }

  @Test func theRevisionOfACachedModelIsFollowed() throws {
    let first = try cached("models--me--tiny", revision: "aa11")
    let model = folder("hub/models--me--tiny")
    for path in [folder("hub"), model, model + "/", model + "/snapshots", first] {
      let checkpoint = try Checkpoint(folder: path)
      #expect(checkpoint.name == "tiny", "\(path)")
      _ = try Transformer(checkpoint)
    }
    let second = try cached("models--me--tiny", revision: "bb22")
    #expect(HubCache.followed(model) == model)
    try folder.write("bb22\n".utf8, to: "hub/models--me--tiny/refs/main")
    #expect(HubCache.followed(model) == second)
    try folder.write("../../..".utf8, to: "hub/models--me--tiny/refs/main")
    #expect(HubCache.followed(model) == model)
  }

  @Test func ofSeveralCachedModelsOneMustBeNamed() throws {
    for model in ["models--me--tiny", "models--you--tiny"] { _ = try cached(model, revision: "aa") }
    let error = #expect(throws: FileError.self) { _ = try Checkpoint(folder: folder("hub")) }
    #expect(error?.sentence(.english).contains(folder("hub/models--me--tiny")) == true)
    #expect(error?.sentence(.chinese).contains(folder("hub/models--you--tiny")) == true)
  }

  // MARK: What is not obeyed

  private func unheeded() throws -> String? {
    let checkpoint = try Checkpoint(folder: folder.path)
    return checkpoint.unheededFields(try checkpoint.tokenizer())?.message(.english)
  }

  @Test func aScreenSaysInALineOrTwoWhatIsNotDone() throws {
    try folder.write(#"{"repetition_penalty": 1.3}"#.utf8, to: "generation_config.json")
    let bos = #"{"add_bos_token": true, "bos_token": "<s>"}"#
    try folder.write(bos.utf8, to: "tokenizer_config.json")
    let checkpoint = try Checkpoint(folder: folder.path)
    let unheeded = try #require(checkpoint.unheededFields(try checkpoint.tokenizer()))
    for language in Language.allCases {
      let notice = unheeded.notice(language)
      for word in ["generation_config.json", "repetition_penalty 1.3", "tokenizer_config", "<s>"] {
        #expect(notice.contains(word), "\(notice)")
      }
      #expect(!notice.contains(folder.path) && notice.count < 160, "\(notice)")
    }
  }

  @Test func whatGenerationAsksForAndNobodyDoesIsSaid() throws {
    #expect(try unheeded() == nil)
    for nothing in [
      "{}", #"{"eos_token_id": 2, "do_sample": false, "temperature": 0.6, "num_beams": 1}"#,
      #"{"repetition_penalty": 1.0, "suppress_tokens": null, "bad_words_ids": []}"#,
    ] {
      try folder.write(nothing.utf8, to: "generation_config.json")
      #expect(try unheeded() == nil, "\(nothing)")
    }
    let asked = #"{"do_sample": true, "top_p": 0.9, "repetition_penalty": 1.3, "num_beams": 4}"#
    try folder.write(asked.utf8, to: "generation_config.json")
    let note = try #require(try unheeded())
    for word in ["do_sample true", "top_p 0.9", "repetition_penalty 1.3", "num_beams 4"] {
      #expect(note.contains(word), "\(note)")
    }
  }

  @Test func aTokenThatIsNotPutInFrontIsSaid() throws {
    for token in [#""<s>""#, #"{"content": "<s>"}"#] {
      let text = #"{"add_bos_token": true, "bos_token": \#(token)}"#
      try folder.write(text.utf8, to: "tokenizer_config.json")
      let note = try #require(try unheeded())
      #expect(note.contains("add_bos_token") && note.contains("<s>"))
    }
    for text in [
      #"{"add_bos_token": false, "bos_token": "<s>"}"#, "{}", "[", #"{"add_bos_token": true}"#,
    ] {
      try folder.write(text.utf8, to: "tokenizer_config.json")
      #expect(try unheeded() == nil, "\(text)")
    }
  }
}
