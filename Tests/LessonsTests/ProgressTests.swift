import Foundation
import Testing

@testable import Lessons

/// What a learner did is kept, whatever happens.
@Suite struct ProgressTests {
  /// A fresh folder, removed at the end.
  private func inFolder(_ work: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-progress-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try work(folder + "/deep/kvtui")
  }

  @Test("Progress is read back by the next start")
  func roundTrip() throws {
    try inFolder { folder in
      do {
        let file = ProgressFile(folder: folder)
        file.update("03-recomputing") { lesson in
          lesson.steps.insert("one")
          lesson.quizzes["q1"] = .helped
          lesson.current = "two"
        }
        #expect(file.trouble == nil)
      }
      let read = ProgressFile(folder: folder).progress.lessons["03-recomputing"]
      #expect(read?.steps == ["one"])
      #expect(read?.quizzes == ["q1": .helped])
      #expect(read?.current == "two")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(left == ["lock", "progress.json"], "no temporary file stays")
    }
  }

  @Test("One lesson is forgotten, the others stay")
  func reset() throws {
    try inFolder { folder in
      let file = ProgressFile(folder: folder)
      for id in ["a", "b"] { file.update(id) { $0.isDone = true } }
      file.reset("a")
      #expect(file.progress.lessons.keys.sorted() == ["b"])
    }
  }

  @Test(
    "A broken file is set aside, not lost",
    arguments: ["", "{", "[]", "{\"format\":2,\"lessons\":{}}", "\u{0}"])
  func broken(content: String) throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(content.utf8).write(to: URL(filePath: folder + "/progress.json"))
      let file = ProgressFile(folder: folder)
      #expect(file.trouble == .setAside(folder + "/progress.json.bad"))
      #expect(file.progress == Progress())
      let aside = try Data(contentsOf: URL(filePath: folder + "/progress.json.bad"))
      #expect(aside == Data(content.utf8))
    }
  }

  @Test("A second instance reads and does not write")
  func twoInstances() throws {
    try inFolder { folder in
      let first = ProgressFile(folder: folder)
      first.update("a") { $0.isDone = true }
      let second = ProgressFile(folder: folder)
      #expect(second.trouble == .inUse)
      #expect(second.progress.lessons["a"]?.isDone == true)
      second.update("b") { $0.isDone = true }
      #expect(ProgressFile(folder: folder).progress.lessons["b"] == nil)
      first.update("c") { $0.isDone = true }
      #expect(first.progress.lessons["c"] != nil)
    }
  }

  @Test("A folder that cannot be made is said, and nothing stops")
  func noFolder() throws {
    let file = ProgressFile(folder: "/dev/null/kvtui")
    file.update("a") { $0.isDone = true }
    guard case .cannotWrite = file.trouble else {
      Issue.record("\(String(describing: file.trouble))")
      return
    }
  }

  @Test("The state folder follows the XDG base directory specification")
  func folder() {
    let variables = ["XDG_STATE_HOME": "/s", "HOME": "/h"]
    #expect(ProgressFile.folder { variables[$0] } == "/s/kvtui")
    #expect(ProgressFile.folder { $0 == "HOME" ? "/h" : nil } == "/h/.local/state/kvtui")
    #expect(
      ProgressFile.folder { $0 == "HOME" ? "/h" : "relative" } == "/h/.local/state/kvtui",
      "a relative path is to be ignored")
  }
}
