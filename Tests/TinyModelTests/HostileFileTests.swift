internal import Base
import Foundation
import Testing

@testable import TinyModel

/// Files that claim too much, nest too deep or take long, beyond those of `Fixtures/forged`.
@Suite struct HostileFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tokenizer(_ json: String, vocabulary: Int? = nil) throws -> Tokenizer {
    try Tokenizer(
      path: folder.write(json.utf8, to: "tokenizer.json"), vocabulary: vocabulary)
  }

  private func bpe(_ vocabulary: String, _ rest: String = "", merges: String = "[]") -> String {
    #"{"model":{"type":"BPE","vocab":{\#(vocabulary)},"merges":\#(merges)\#(rest)}}"#
  }

  @Test(arguments: [Int.max, Int.max - 1, 1 << 32, 3_000]) func anIdOutOfAllProportionIsRefused(
    id: Int
  ) throws {
    #expect(throws: FileError.self) { try tokenizer(bpe(#""a":\#(id)"#)) }
    let added =
      #"{"added_tokens":[{"id":\#(id),"content":"b"}],"model":{"type":"BPE","vocab":{},"merges":[]}}"#
    #expect(throws: FileError.self) { try tokenizer(added) }
  }

  @Test func anIdBeyondTheModelsVocabularyIsRefusedWhereATextUsesIt() throws {
    let beyond = try tokenizer(bpe(#""a":5,"b":4"#), vocabulary: 5)
    #expect(try beyond.encode("bb") == [4, 4])
    let error = #expect(throws: FileError.self) { try beyond.encode("bab") }
    guard case .badField(_, "model.vocab.a", "5", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let sparse = try tokenizer(bpe(#""a":4"#), vocabulary: 5)
    #expect(try sparse.encode("a") == [4])
    #expect(sparse.count == 5 && sparse.text(of: 3) == "<3>" && sparse.text(of: 99) == "<99>")
    #expect(sparse.decode([4, 3, 99, -1, 4]) == "aa")
  }

  @Test func deepNestingIsRefusedAndDoesNotOverflowTheStack() throws {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      for depth in [98, 99, 100, 101, 1_000, 2_047, 2_048, 3_000, 100_000] {
        let nested =
          String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        let result = Result { try JSON.parse(Array(nested.utf8), file: "x") }
        switch result {
        case .success: #expect(depth < 100)
        case .failure: #expect(depth >= 100)
        }
      }
    }
  }

  @Test(arguments: [
    #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":1}"#, #"{"a\u0000":1}"#, #"["\ud800"]"#, "[1,]", "01",
    "9223372036854775808", "-9223372036854775809", "1e999", "nan", "'a'", "[\"\u{1}\"]", "", " ",
    "{} {}", "\u{FEFF}{}",
  ])
  func whatIsNoSoundJSONIsRefused(text: String) {
    #expect(throws: FileError.self) { try JSON.parse(Array(text.utf8), file: "x") }
  }

  @Test func keysAreComparedByBytes() throws {
    let json = try JSON.parse(Array("{\"é\":1,\"e\u{301}\":2}".utf8), file: "x")
    #expect(json["é"]?.integer == 1 && json["e\u{301}"]?.integer == 2)
    #expect(json.fields?.count == 2)
  }

  @Test func valuesOfEveryKindAreRead() throws {
    let text = #"{"a":[null,true,false,-9223372036854775808,9223372036854775807,2.5,"x\u0000y"]}"#
    let values = try #require(try JSON.parse(Array(text.utf8), file: "x")["a"]?.elements)
    #expect(values[0].isNull && !values[1].isNull)
    #expect(values[3].integer == .min && values[4].integer == .max)
    #expect(values[5].number == 2.5 && values[5].integer == nil && values[3].number != nil)
    #expect(values[6].string == "x\0y")
    #expect(values.map(\.summary).joined(separator: " ").contains("null true false"))
  }

  @Test(arguments: [
    #""decoder":{"type":"WordPiece"}"#, #""decoder":{"type":"Sequence","decoders":[{}]}"#,
    #""decoder":{"type":"Sequence"}"#, #""decoder":"Fuse""#, #""decoder":{"type":"CTC"}"#,
    #""pre_tokenizer":{"type":"UnicodeScripts"}"#, #""normalizer":{"type":"NFX"}"#,
    #""pre_tokenizer":{"type":"ByteLevel"}"#, #""post_processor":{"type":"RobertaProcessing"}"#,
    #""added_tokens":{}"#, #""added_tokens":[{"id":0}]"#, #""added_tokens":[{"content":"a"}]"#,
    #""added_tokens":[{"id":-1,"content":"b"}]"#, #""added_tokens":[{"id":1,"content":"a"}]"#,
    #""added_tokens":[{"id":0,"content":"b"}]"#,
    #""added_tokens":[{"id":2,"content":"b"}]"#,
    #""added_tokens":[{"id":1,"content":"b","lstrip":1}]"#,
    #""added_tokens":[{"id":1,"content":"b","single_word":1}]"#,
  ])
  func aStageThatWouldBePassedOverIsRefused(field: String) {
    let json = #"{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},\#(field)}"#
    #expect(throws: FileError.self) { try tokenizer(json) }
  }

  @Test(arguments: [
    #","ignore_merges":1"#, #","fuse_unk":"yes""#, #","dropout":0.1"#,
    #","continuing_subword_prefix":"@""#, #","end_of_word_suffix":"@""#, #","unk_token":"?""#,
    #","unk_token":0"#, #","byte_fallback":true"#, #","byte_fallback":1"#,
  ])
  func anOptionThatWouldBePassedOverIsRefused(option: String) {
    #expect(throws: FileError.self) { try tokenizer(bpe(#""a":0"#, option)) }
  }

  @Test(arguments: [
    #"["a"]"#, #"["a b c"]"#, #"["a  b"]"#, #"[["a",1,"b"]]"#, #"[["a"]]"#, #"[["a","b","c"]]"#,
    #"[["a","z"]]"#, #"[["b","a"]]"#, "[1]", "[null]", "{}", "null",
  ])
  func aMergeThatIsNoneIsRefused(merges: String) {
    #expect(throws: FileError.self) {
      try tokenizer(bpe(#""a":0,"b":1,"ab":2"#, merges: merges))
    }
  }

  @Test func aMergeInTheOldFormIsCutAtItsBlankEvenBeforeAnAccent() throws {
    let vocabulary = "\"e\":0,\"\u{301}\":1,\"e\u{301}\":2"
    let tokenizer = try tokenizer(bpe(vocabulary, merges: "[\"e \u{301}\"]"))
    #expect(try tokenizer.encode("e\u{301}e") == [2, 0])
  }

  @Test func aHundredKilobytesAreEncodedInOneGo() throws {
    // Each of these takes minutes if a merge or an added token looks at all of the text again.
    let merges = try tokenizer(
      bpe(#""a":0,"aa":1,"aaaa":2,"b":3,"ab":4"#, merges: #"["a a",["aa","aa"],["a","b"]]"#))
    let count = 1 << 15
    #expect(try merges.encode(String(repeating: "a", count: 4 * count)).count == count)
    let mixed = try merges.encode(String(repeating: "aaaab", count: count))
    #expect(mixed == (0..<count).flatMap { _ in [2, 3] })
  }

  @Test func manyAddedTokensAreFoundInOneGo() throws {
    let added = (0..<2_000).map { #"{"id":\#($0 + 1),"content":"<\#($0)>"}"# }
    let json = """
      {"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"added_tokens":[\(added.joined(separator: ","))]}
      """
    let text = String(repeating: "a", count: 200_000) + "<7>a<1999>"
    #expect(try tokenizer(json).encode(text).suffix(4) == [0, 8, 0, 2_000])
  }

  @Test func thousandsOfTensorsAreFoundInOneGo() throws {
    let count = 20_000
    let names = (0..<count).map { "h.\($0).weight" }
    let file = SafetensorsWriter(names.map { ($0, .float32, [1]) }).file { _ in [0, 0, 0, 0] }
    let safetensors = try SafetensorsFile(folder.write(file, to: "x.safetensors"))
    #expect(names.allSatisfy { safetensors.entry($0)?.name == $0 })
    #expect(safetensors.entry("h.20000.weight") == nil)
  }

  @Test func offsetsUpToTheLargestNumberDoNotOverflow() throws {
    let most = Int.max
    for header in [
      #"{"x":{"dtype":"U8","shape":[\#(most)],"data_offsets":[0,\#(most)]}}"#,
      #"{"x":{"dtype":"F64","shape":[\#(most)],"data_offsets":[0,\#(most)]}}"#,
      #"{"x":{"dtype":"U8","shape":[0,\#(most),\#(most)],"data_offsets":[\#(most),\#(most)]}}"#,
      #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}"#,
      #"{"x":{"dtype":"U8","shape":[1],"data_offsets":[\#(Int.min),\#(most)]}}"#,
    ] {
      let path = try folder.write(ForgedSafetensors.file(header: header), to: "x.safetensors")
      let error = #expect(throws: FileError.self) { _ = try SafetensorsFile(path) }
      #expect(error?.sentence(.chinese).contains(path) == true)
    }
  }

  @Test func aShapeThatNoTensorBacksIsRefusedBeforeItIsAllocated() throws {
    let shape = GPT2Shape()
    for (field, value) in [("n_positions", 1 << 28), ("vocab_size", 1 << 28), ("n_layer", 1 << 28)]
    {
      try folder.write(shape, seed: 1)
      let pattern = try #require(shape.configuration.firstRange(of: "\"\(field)\": "))
      let rest = shape.configuration[pattern.upperBound...].drop { $0.isNumber }
      let text = shape.configuration[..<pattern.upperBound] + "\(value)" + rest
      try folder.write(text.utf8, to: "config.json")
      #expect(throws: FileError.self) { _ = try LoadedModel(folder: folder.path) }
    }
  }

  @Test func weightsBeyondTheMemoryAreRefusedUnread() throws {
    try folder.write(GPT2Shape(), seed: 1)
    let bytes = 1 << 42
    let header =
      #"{"wte.weight":{"dtype":"F32","shape":[\#(bytes / 4)],"data_offsets":[0,\#(bytes)]}}"#
    let path = try folder.write(ForgedSafetensors.file(header: header), to: "model.safetensors")
    // The file is as long as it says, and takes no room on the disk.
    try #require(truncate(path, off_t(8 + header.utf8.count + bytes)) == 0)
    let error = #expect(throws: ModelError.self) { _ = try LoadedModel(folder: folder.path) }
    guard case .tooLarge? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: ["1e-60", "0", "1", "null", "\"1e-5\""])
  func anEpsilonThatIsNoneAsFloatIsRefused(epsilon: String) throws {
    try folder.write(GPT2Shape(), seed: 1)
    let text = GPT2Shape().configuration.dropLast() + ", \"layer_norm_epsilon\": \(epsilon)}"
    try folder.write(text.utf8, to: "config.json")
    #expect(throws: FileError.self) { _ = try Checkpoint(folder: folder.path) }
  }

  @Test func aValueAsLongAsItsFileIsClippedInTheMessage() {
    let long = String(repeating: "长", count: 100_000)
    let shape = Array(repeating: 1, count: 100_000)
    let errors: [FileError] = [
      .badField(file: "f", field: long, value: long, expected: .object),
      .badTensor(file: "f", tensor: long, flaw: .unknownType(long)),
      .wrongShape(file: "f", tensor: long, expected: [1], found: shape),
      .badJSON(file: "f", line: 3, reason: long),
      .unsupported(file: "f", field: long, value: long, supported: ["null"]),
      .badHeader(file: "f", flaw: .metadataNotAString(key: long)),
      .ambiguousTensor(file: "f", tensors: [long, long]), .missingTensor(file: "f", tensor: long),
      .missingField(file: "f", field: long), .missingTensor(file: "f", tensor: long, nearest: long),
      .foreignTokenizer(file: "f", fields: [long, long, long]),
      .quantised(file: "f", method: long, bits: .max),
      .notThere(file: "f", found: .adapter(base: long)),
      .notThere(file: "f", found: .others([long, long, long], count: 9)),
      .notThere(file: "f", found: .slowTokenizer([long, long])),
      .otherKind(file: "f", kind: .link(to: long)),
    ]
    let unknown = ModelError.unknownModel(name: long, searched: [])
    for error in errors.map({ ModelError.file($0) }) + [unknown] {
      #expect(error.sentence(.english).count < 500)
      #expect(error.sentence(.chinese).count < 500)
    }
  }

  @Test(arguments: [
    FileError.expressionFailed(
      file: "FILE", field: "FIELD", value: "(a|a)*c", reason: "retry-limit-in-match over"),
    .badField(file: "FILE", field: "FIELD", value: "{…2}", expected: .templatePiece),
    .badField(file: "FILE", field: "FIELD", value: "{…2}", expected: .pattern),
    .badField(file: "FILE", field: "FIELD", value: "\"x\"", expected: .tokenID),
    .unsupported(file: "FILE", field: "FIELD", value: "1", supported: ["null"]),
    .missingField(file: "FILE", field: "FIELD"),
  ])
  func everyErrorIsOneSentenceThatNamesFileAndFieldAndAWayOut(error: FileError) {
    for (message, colon) in [
      (error.sentence(.english), ": "), (error.sentence(.chinese), "："),
    ] {
      #expect(message.contains("FILE") && message.contains("FIELD"))
      #expect(message.contains(colon) && !message.contains("\n") && !message.hasSuffix("."))
    }
    #expect(error.sentence(.chinese).contains("请"))
  }

  @Test func theThreeExitCodesAreToldApart() {
    let missing: [ModelError] = [
      .file(.cannotOpen(file: "f", reason: SystemFailure(code: 2))),
      .file(.notARegularFile(file: "f")), .notAFolder(path: "f"),
      .unknownModel(name: "m", searched: ["p"]), .noModels(searched: ["p"]),
    ]
    let failed = FileError.readFailed(file: "f", offset: 8, reason: SystemFailure(code: 5))
    let bad = FileError.badJSON(file: "f", line: 1, reason: "r")
    #expect(missing.allSatisfy { $0.status == 66 })
    #expect(ModelError.file(failed).status == 74)
    #expect(bad.status == 65)
  }
}
