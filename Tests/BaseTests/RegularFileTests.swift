import Foundation
import Testing

@testable import Base

/// One reader for every file.
@Suite struct RegularFileTests {
  private func inFolder(_ work: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/kvtui-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try work(folder)
  }

  @Test func theBeginningEndsWithTheFile() throws {
    try inFolder { folder in
      try Data("abc".utf8).write(to: URL(filePath: folder + "/x"))
      let file = try RegularFile(folder + "/x")
      #expect(try file.beginning(upTo: 2) == Array("ab".utf8))
      #expect(try file.beginning(upTo: 64) == Array("abc".utf8))
      #expect(throws: FileError.truncated(file: folder + "/x", expected: 4, found: 3)) {
        _ = try file.bytes(at: 1, count: 3)
      }
    }
  }

  @Test func whatIsCutShortIsFetchedAgainOrRecordedAgain() {
    for (file, english, chinese) in [
      ("a.safetensors", "download it again", "请重新下载"), ("a.kvtrace", "record it again", "请重新录制"),
    ] {
      let error = FileError.truncated(file: file, expected: 4, found: 3)
      #expect(error.message(.english)?.hasSuffix(english) == true)
      #expect(error.message(.chinese)?.hasSuffix(chinese) == true)
    }
  }

  #if os(Linux)
    @Test func aFileThatTheSystemMakesUpIsReadThoughItHasNoLength() throws {
      let file = try RegularFile("/proc/self/statm")
      #expect(file.count == 0)
      #expect(try file.beginning(upTo: 64).first.map { (0x30...0x39).contains($0) } == true)
    }
  #endif

  @Test func aLinkIsFollowedUnlessItMayNotBe() throws {
    try inFolder { folder in
      try Data("abc".utf8).write(to: URL(filePath: folder + "/x"))
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: "x")
      #expect(try RegularFile(folder + "/link").count == 3)
      #expect(throws: FileError.self) { _ = try RegularFile(folder + "/link", followsLinks: false) }
    }
  }
}
