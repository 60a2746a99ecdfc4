internal import Base
import Foundation
internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// Bad files are refused by name and soon, and odd ones that are sound are read.
@Suite struct ForgedTests {
  struct Forgery: Decodable, Sendable, CustomTestStringConvertible {
    let file: String
    let kind: String
    let flaw: String
    let expect: String
    let replaces: String
    let base: String
    /// What to encode with a tokenizer, and what the library makes of it.
    let text: String?
    let ids: [Int]?

    var testDescription: String { file }
    var path: String { Repository.fixtures + "/forged/" + file }
  }

  private struct GreedyReference: Decodable {
    let greedy: Reference.Greedy
  }

  private static func forgeries() throws -> [Forgery] {
    try decode([Forgery].self, from: Repository.fixtures + "/forged/index.json")
  }

  private static func forgeries(_ expect: String) throws -> [Forgery] {
    try forgeries().filter { $0.expect == expect }
  }

  /// Loads the base with the forgery in its place, encodes its text if it has one, and runs it over its reference's greedy text.
  private func run(_ forgery: Forgery) throws -> [Int] {
    let base = Repository.fixtures + "/" + forgery.base
    let folder = try TemporaryFolder()
    try folder.copy(filesOf: base)
    try folder.replace(forgery.replaces, by: forgery.path)
    let greedy = try decode(GreedyReference.self, from: base + "/reference.json").greedy
    let loaded = try LoadedModel(folder: folder.path)
    if let text = forgery.text {
      let ids = try loaded.tokenizer.encode(text)
      #expect(forgery.ids == nil || ids == forgery.ids)
    }
    let steps = try loaded.runner(
      .prompt, greedy.promptIds, newTokens: greedy.newIds.count, ignoresEndOfSequence: true
    ).run()
    #expect(steps.allSatisfy { $0.maxAbsDifference == 0 && $0.maxAbsRowDifference == 0 })
    return steps.compactMap(\.chosen?.id)
  }

  @Test func theIndexListsEveryFile() throws {
    let listed = Set(try Self.forgeries().map(\.file))
    let kinds = try FileManager.default.contentsOfDirectory(atPath: Repository.fixtures + "/forged")
    for kind in kinds where kind != "index.json" {
      let folder = Repository.fixtures + "/forged/" + kind
      for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
        #expect(listed.contains(kind + "/" + file))
      }
    }
  }

  @Test(arguments: try forgeries("reject")) func whatIsBadIsRefused(forgery: Forgery) throws {
    let error = #expect(throws: FileError.self) { _ = try run(forgery) }
    guard let error else { return }
    // Only a shard that is not there is missing input; all else is bad data.
    #expect(error.status == (forgery.file == "shard-index/shard-missing.json" ? 66 : 65))
    #expect(isOfTheRightKind(error, for: forgery), "\(error)")
    for chinese in [false, true] {
      let message = error.sentence(chinese ? .chinese : .english)
      #expect(message.contains("kvtui-"), "the folder is not named: \(message)")
      #expect(message.count < 600 && !message.contains("\n"), "\(message)")
    }
  }

  private func isOfTheRightKind(_ error: FileError, for forgery: Forgery) -> Bool {
    let isJSON = forgery.file.contains("invalid-json") || forgery.file.contains("duplicate-")
    switch error {
    case .badJSON: return isJSON || forgery.kind != "weights"
    case .missingField, .badField, .notAnObject, .foreignTokenizer:
      return !["safetensors", "weights"].contains(forgery.kind)
    case .unsupported, .quantised:
      return forgery.kind == "config" || forgery.kind.hasSuffix("-config")
        || ["tokenizer", "tokenizer-stages"].contains(forgery.kind)
    case .badHeader: return ["safetensors", "shard-index"].contains(forgery.kind)
    case .truncated: return forgery.kind == "safetensors"
    case .badTensor: return ["safetensors", "weights"].contains(forgery.kind)
    case .missingTensor, .untied, .wrongShape, .ambiguousTensor:
      return !["safetensors", "tokenizer"].contains(forgery.kind)
    case .expressionFailed, .noToken: return forgery.text != nil
    case .cannotOpen, .notThere: return forgery.file == "shard-index/shard-missing.json"
    case .otherKind, .notARegularFile, .readFailed, .tooManyBytes: return false
    }
  }

  @Test(arguments: try forgeries("reject").filter { $0.kind == "safetensors" })
  func aBadContainerIsRefusedOnItsOwn(forgery: Forgery) {
    let error = #expect(throws: FileError.self) { _ = try SafetensorsFile(forgery.path) }
    #expect(error?.sentence(.english).contains(forgery.path) == true)
  }

  @Test(arguments: try forgeries("accept")) func whatIsSoundIsRead(forgery: Forgery) throws {
    if forgery.kind == "safetensors" {
      let file = try SafetensorsFile(forgery.path)
      for entry in file.entries where entry.type.isWeight { _ = try file.floats(of: entry) }
      return
    }
    let tokens = try run(forgery)
    // Rounding one tensor to F16 may turn the text; nothing else does.
    guard forgery.file != "weights/control-mixed-types.safetensors" else { return }
    let base = Repository.fixtures + "/" + forgery.base
    #expect(
      tokens == (try decode(GreedyReference.self, from: base + "/reference.json")).greedy.newIds)
  }

  @Test(arguments: try forgeries("survive")) func whatMayGoEitherWayDoesNotCrash(forgery: Forgery) {
    do {
      _ = try run(forgery)
    } catch {
      #expect(error is FileError)
    }
  }
}
