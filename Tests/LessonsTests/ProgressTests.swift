internal import Base
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
      #expect(left == ["progress.json", "record.jsonl", "record.lock"], "no temporary file stays")
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
    #expect(StateFolder.path { variables[$0] } == "/s/kvtui")
    #expect(StateFolder.path { $0 == "HOME" ? "/h" : nil } == "/h/.local/state/kvtui")
    #expect(
      StateFolder.path { $0 == "HOME" ? "/h" : "relative" } == "/h/.local/state/kvtui",
      "a relative path is to be ignored")
  }

  @Test("Without HOME the password database names the folder, and nothing lies under /tmp")
  func withoutHome() {
    #expect(
      StateFolder.path(environment: { _ in nil }, home: { "/home/u" })
        == "/home/u/.local/state/kvtui")
    #expect(
      StateFolder.path(environment: { _ in "" }, home: { "/home/u" })
        == "/home/u/.local/state/kvtui")
    #expect(StateFolder.path(environment: { _ in nil }, home: { nil }) == nil)
    #expect(StateFolder.path(environment: { _ in nil }, home: { "" }) == nil)
    let file = ProgressFile(folder: nil)
    file.update("a") { $0.isDone = true }
    #expect(file.trouble == .noFolder && !file.isKept)
  }

  /// A state folder with a file in it.
  private func inFolder(with content: String, _ work: (String) throws -> Void) throws {
    try inFolder { folder in
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(content.utf8).write(to: URL(filePath: folder + "/progress.json"))
      try work(folder)
    }
  }

  @Test(
    "A value that is not understood costs itself alone, and the old file stays",
    arguments: [
      #"{"format":1,"lessons":{"a":{"quizzes":{"q":"right","r":"guessed"},"steps":["s"],"isDone":true}}}"#,
      #"{"format":1,"lessons":{"a":{"quizzes":{"q":"right"},"steps":["s",7],"isDone":true}}}"#,
      #"{"format":1,"lessons":{"a":{"quizzes":{"q":"right"},"steps":["s"],"isDone":true},"b":4}}"#,
      #"{"format":1,"lessons":{"a":{"quizzes":{"q":"right"},"steps":["s"],"isDone":true,"new":1}}}"#,
      #"{"format":1,"more":2,"lessons":{"a":{"quizzes":{"q":"right"},"steps":["s"],"isDone":true}}}"#,
    ])
  func unknownValue(content: String) throws {
    try inFolder(with: content) { folder in
      let file = ProgressFile(folder: folder)
      let done = file.progress.lessons["a"]
      #expect(done?.quizzes == ["q": .right] && done?.steps == ["s"] && done?.isDone == true)
      let aside = folder + "/progress.json.bad"
      #expect(file.trouble == .partlySetAside(aside, values: 1))
      let kept = try String(contentsOfFile: aside, encoding: .utf8)
      #expect(kept == content)
      #expect(
        ProgressReaderFixture.read(folder) == file.progress, "the next start has no complaint")
    }
  }

  @Test("What was set aside before is not overwritten")
  func setAsideTwice() throws {
    try inFolder(with: "one") { folder in
      for content in ["one", "two", "three"] {
        try Data(content.utf8).write(to: URL(filePath: folder + "/progress.json"))
        _ = ProgressFile(folder: folder)
      }
      let names = ["", "-2", "-3"].map { folder + "/progress.json.bad" + $0 }
      let contents = try names.map { try String(contentsOfFile: $0, encoding: .utf8) }
      #expect(contents == ["one", "two", "three"])
    }
  }

  @Test("What is no regular file is not read, not waited for and not written through")
  func irregular() throws {
    try inFolder { folder in
      let path = folder + "/progress.json"
      let target = folder + "/target"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data(#"{"format":1,"lessons":{"x":{"isDone":true}}}"#.utf8)
        .write(to: URL(filePath: target))
      let makers: [() throws -> Void] = [
        { mkfifo(path, 0o600) },
        { symlink(target, path) },
        { mkdir(path, 0o700) },
        { try Data(repeating: 0x20, count: 2 << 20).write(to: URL(filePath: path)) },
      ]
      for (index, make) in makers.enumerated() {
        try make()
        let file = ProgressFile(folder: folder)
        guard case .setAside = file.trouble else {
          Issue.record("\(index): \(String(describing: file.trouble))")
          continue
        }
        #expect(file.progress == Progress())
        symlink(target, path + ".new")
        file.update("a") { $0.isDone = true }
        #expect(ProgressReaderFixture.read(folder)?.lessons["a"]?.isDone == true)
        try FileManager.default.removeItem(atPath: path)
      }
      let untouched = try String(contentsOfFile: target, encoding: .utf8)
      #expect(untouched.contains("\"x\""))
    }
  }

  @Test("The reason for a folder that cannot be made is the system's, not that it is not there")
  func reason() throws {
    // File systems in which nobody makes a folder; not every machine has both.
    var reasons: [SystemFailure] = []
    for place in ["/sys", "/dev/pts"] {
      guard mkdir(place + "/kvtui", 0o700) != 0 else {
        rmdir(place + "/kvtui")
        continue
      }
      let reason = SystemFailure.last
      guard reason != SystemFailure(code: ENOENT) else { continue }
      reasons.append(reason)
      let trouble = ProgressFile(folder: place + "/kvtui/deep").trouble
      #expect(trouble == .cannotWrite(reason), "\(place)")
    }
    try #require(!reasons.isEmpty, "this machine has no file system without folders of its own")
  }
}

/// The file as the next start would read it.
enum ProgressReaderFixture {
  static func read(_ folder: String) -> Lessons.Progress? {
    guard let data = FileManager.default.contents(atPath: folder + "/progress.json"),
      let read = ProgressReader.read(data), read.unknown == 0
    else { return nil }
    return read.progress
  }
}
