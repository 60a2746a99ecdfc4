import Base
import Foundation
import Lessons
import TestSupport
import Testing
import TinyModel
import Trace

@testable import kvtui

/// The runs of scenes, as lessons and the linter get them.
@Suite struct RunLibraryTests {
  private func scene(_ fields: String) throws -> SceneSpec {
    try #require(try Classroom.parse(Classroom.text(scene: "id: s\n" + fields)).steps.first).scene
  }

  @Test("A scene's run is as long as it asks, and has a second one for a second text")
  func runs() throws {
    let library = RunLibrary(models: ModelLibrary(searchPaths: [Checkout.root + "/models"]))
    let alone = try library.runs(of: scene("text: 中华人民"))
    #expect(alone.run.steps.map(\.length) == [1, 2, 3, 4] && alone.comparison == nil)
    let pair = try library.runs(of: scene("text: 中华人民\nchange: 中华人国\npanes: change"))
    #expect(pair.run.tokens.map(\.text) == ["中", "华", "人", "民"])
    #expect(pair.comparison?.tokens.map(\.text) == ["中", "华", "人", "国"])
  }

  @Test("A model that is not there is said as its own error is")
  func refusal() throws {
    let library = RunLibrary(models: ModelLibrary(searchPaths: [Checkout.root + "/models"]))
    #expect {
      _ = try library.runs(of: scene("model: nowhere"))
    } throws: { error in
      (error as? RunFailure)?.sentence(.english).contains("nowhere") == true
    }
  }

  @Test("A scene that runs on and on is refused before it runs")
  func longRun() throws {
    let folder = try longModel()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let library = RunLibrary(models: ModelLibrary(searchPaths: [folder]))
    let scene = try scene("model: long\ntokens: 500\ntext: " + String(repeating: "中", count: 100))
    #expect(throws: RunFailure.tooLong(tokens: 600, most: LessonLimits.tokens)) {
      _ = try library.runs(of: scene)
    }
  }

  /// The bundled Llama model with more positions than it was trained for.
  private func longModel() throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-long-\(UUID().uuidString)").path
    let source = Checkout.root + "/models/tiny-zh-gqa"
    try FileManager.default.createDirectory(
      atPath: folder + "/long", withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      if name == "config.json" { continue }
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/long/\(name)", withDestinationPath: "\(source)/\(name)")
    }
    let config = try String(contentsOfFile: source + "/config.json", encoding: .utf8)
    let longer = config.replacing(
      /"max_position_embeddings": *\d+/, with: "\"max_position_embeddings\": 8192")
    try longer.write(toFile: folder + "/long/config.json", atomically: true, encoding: .utf8)
    return folder
  }
}
