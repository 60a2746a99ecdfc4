internal import Base
import Foundation
import Testing

@testable import TinyModel

/// Stages of a `tokenizer.json` that are wrong, not known or hostile: refused by name, before or while a text is encoded, never hung upon.
@Suite struct TokenizerStageTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A tokenizer over a, b and blank with one stage of its own.
  private func tokenizer(_ stage: String, _ json: String) throws -> Tokenizer {
    let text =
      #"{"\#(stage)":\#(json),"model":{"type":"BPE","vocab":{"a":0,"b":1," ":2},"merges":[]}}"#
    return try Tokenizer(path: folder.write(text.utf8, to: "tokenizer.json"), vocabulary: nil)
  }

  @Test(
    "What is not known or malformed is refused before anything is encoded",
    arguments: [
      ("normalizer", #"{"type":"Frob"}"#), ("normalizer", #"{"type":7}"#), ("normalizer", "[]"),
      ("normalizer", #"{"type":"Prepend"}"#), ("normalizer", #"{"type":"Replace","content":"x"}"#),
      ("normalizer", #"{"type":"Sequence","normalizers":7}"#),
      ("normalizer", #"{"type":"Sequence","normalizers":[{"type":"Frob"}]}"#),
      ("pre_tokenizer", #"{"type":"Digits"}"#),
      ("pre_tokenizer", #"{"type":"Digits","individual_digits":null}"#),
      ("pre_tokenizer", #"{"type":"Punctuation","behavior":"Sideways"}"#),
      ("pre_tokenizer", #"{"type":"Punctuation","behavior":7}"#),
      ("pre_tokenizer", #"{"type":"CharDelimiterSplit","delimiter":"ab"}"#),
      ("pre_tokenizer", #"{"type":"FixedLength","length":0}"#),
      ("pre_tokenizer", #"{"type":"UnicodeScripts"}"#),
      ("normalizer", #"{"type":"Strip","strip_left":true}"#),
      ("normalizer", #"{"type":"BertNormalizer","clean_text":true,"lowercase":true}"#),
      ("pre_tokenizer", #"{"type":"Split"}"#),
      (
        "pre_tokenizer",
        #"{"type":"Split","pattern":{"Regex":"(["},"behavior":"Isolated","invert":false}"#
      ),
      (
        "pre_tokenizer",
        #"{"type":"Split","pattern":{"Regex":"a"},"behavior":"Sideways","invert":false}"#
      ),
      ("pre_tokenizer", #"{"type":"Sequence","pretokenizers":[{"type":"Whitespaces"}]}"#),
      ("pre_tokenizer", #"{"type":"Metaspace","replacement":"ab"}"#),
      ("post_processor", #"{"type":"BertProcessing"}"#),
      ("post_processor", #"{"type":"BertProcessing","sep":["a",0],"cls":["a",9]}"#),
      ("post_processor", #"{"type":"RobertaProcessing","sep":["a",0],"cls":"a"}"#),
      (
        "post_processor", #"{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}}]}"#
      ),
      ("decoder", #"{"type":"WordPiece"}"#), ("decoder", #"{"type":"CTC"}"#),
      ("decoder", #"{"type":"Strip","content":" "}"#),
    ])
  func refused(stage: String, json: String) {
    #expect(throws: FileError.self) { try tokenizer(stage, json) }
  }

  @Test("Broken UTF-8 has numbers where it has characters, and ends")
  func numbersInBrokenText() throws {
    let text: [UInt8] = [0x31, 0xC2, 0x32, 0xE2, 0x85, 0xFF, 0x33, 0xC2]
    let matches = try Pattern.character(.number).parts(of: text).filter(\.isMatch).map(\.range)
    #expect(matches == [0..<1, 2..<3, 6..<7])
  }

  @Test("A long text is split in good time, and every scalar of it is there")
  func longText() throws {
    let path = Repository.fixtures + "/tokenizer/llama3/tokenizer.json"
    let tokenizer = try Tokenizer(path: path, vocabulary: nil)
    let text = String(repeating: "The KV cache 中华人民共和国 1949年, don't recompute it.\n", count: 1_800)
    #expect(text.utf8.count > 100_000)
    let ids = try tokenizer.encode(text)
    #expect(tokenizer.decode(ids).hasSuffix("don't recompute it.\n"))
  }
}
