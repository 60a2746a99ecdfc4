import Foundation
import Testing

@testable import TinyModel

/// Ids and texts against those of huggingface/tokenizers.
@Suite struct TokenizerTests {
  private struct Row: Decodable {
    let text: String?
    let ids: [Int]
    /// Nil where it is the text.
    let decoded: String?
  }

  private static let folder = Repository.fixtures + "/tokenizer/"

  /// A folder a tokenizer.
  private static func tokenizers() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { FileManager.default.fileExists(atPath: folder + $0 + "/tokenizer.json") }
  }

  private func expect(_ tokenizer: Tokenizer, _ rows: String) throws {
    let rows = try decode([Row].self, from: rows)
    #expect(!rows.isEmpty)
    for row in rows {
      if let text = row.text {
        #expect(try tokenizer.encode(text) == row.ids, "\(text.debugDescription)")
      }
      let decoded = try #require(row.decoded ?? row.text)
      #expect(tokenizer.decode(row.ids).utf8.elementsEqual(decoded.utf8), "\(row.ids)")
    }
  }

  @Test(arguments: try tokenizers()) func textsHaveTheSameIds(name: String) throws {
    let tokenizer = try Tokenizer(path: Self.folder + name + "/tokenizer.json")
    try expect(tokenizer, Self.folder + name + "/ids.json")
  }

  @Test func hardTextsHaveTheSameIdsInTheBundledTokenizer() throws {
    let tokenizer = try Tokenizer(path: Repository.bundledModel + "/tokenizer.json")
    try expect(tokenizer, Self.folder + "tiny-zh-ids.json")
  }

  @Test func byteTokensThatFormNoCharacterAreDecodedAlike() throws {
    let tokenizer = try Tokenizer(path: Repository.bundledModel + "/tokenizer.json")
    try expect(tokenizer, Self.folder + "tiny-zh-decoded.json")
  }

  @Test func aTokenShowsWhatItAddsAndABytesNameWhereItIsNoCharacter() throws {
    let tokenizer = try Tokenizer(path: Repository.bundledModel + "/tokenizer.json")
    #expect(
      try tokenizer.encode("中A龘").map(tokenizer.text(of:)) == [
        "中", "A", "<0xE9>", "<0xBE>", "<0x98>",
      ])
    #expect(tokenizer.text(of: -1) == "<-1>" && tokenizer.text(of: .max) == "<\(Int.max)>")
  }
}
