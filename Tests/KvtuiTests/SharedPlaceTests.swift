import Base
import Classroom
import Testing

@testable import kvtui

/// What other programs of the machine are told of files, who stand in other folders.
@Suite struct SharedPlaceTests {
  @Test("Paths are told from the root, names and texts as they are")
  func paths() {
    let cases: [(ShownPlace.Source, ShownPlace.Source)] = [
      (.recording(path: "a/b.kvtrace"), .recording(path: "/home/x/a/b.kvtrace")),
      (.recording(path: "/a/b.kvtrace"), .recording(path: "/a/b.kvtrace")),
      (
        .lesson(id: "my/lesson.zh.md", screen: "s"),
        .lesson(id: "/home/x/my/lesson.zh.md", screen: "s")
      ), (.lesson(id: "03-recomputing", screen: "s"), .lesson(id: "03-recomputing", screen: "s")),
      (
        .run(arguments: ["--model", "./m", "--prompt", "a/b"]),
        .run(arguments: ["--model", "/home/x/./m", "--prompt", "a/b"])
      ), (.run(arguments: ["--model", "tiny-zh"]), .run(arguments: ["--model", "tiny-zh"])),
      (.run(arguments: []), .run(arguments: [])),
    ]
    for (source, expected) in cases { #expect(source.from("/home/x") == expected) }
  }
}
