import Foundation
import Testing

@testable import Base

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file is replaced whole or not at all, and nothing else is left beside it.
@Suite struct FileReplacementTests {
  private let folder: String
  private var path: String { folder + "/file" }

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/kvtui-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func replace(_ path: String, _ kind: FileReplacement.Kind, _ text: String) throws {
    let file = try FileReplacement(of: path, kind)
    try file.write(Array(text.utf8))
    try file.putInPlace()
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try RegularFile(path).allBytes(limit: 100), as: UTF8.self)
  }

  private func mode(_ path: String) -> mode_t {
    var facts = stat()
    return stat(path, &facts) == 0 ? facts.st_mode & 0o7777 : 0
  }

  @Test(arguments: [FileReplacement.Kind.named, .own])
  func theOldFileStaysUntilTheNewOneIsComplete(kind: FileReplacement.Kind) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try replace(path, kind, "old")
    do {
      let file = try FileReplacement(of: path, kind)
      try file.write(Array("new".utf8))
      #expect(try text(path) == "old")
      #expect(folderEntries(folder).count == 2)
      // It goes out of sight without having been put in its place.
    }
    #expect(folderEntries(folder) == ["file"])
    #expect(try text(path) == "old")
    try replace(path, kind, "new")
    #expect(try text(path) == "new")
    #expect(folderEntries(folder) == ["file"])
  }

  @Test func aNamedFileKeepsItsLinksAndItsMode() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try replace(path, .named, "old")
    chmod(path, 0o751)
    symlink("file", folder + "/link")
    symlink(folder + "/link", folder + "/link of link")
    try replace(folder + "/link of link", .named, "new")
    #expect(folderEntries(folder) == ["file", "link", "link of link"])
    #expect(try text(path) == "new")
    #expect(mode(path) == 0o751)
    var facts = stat()
    #expect(lstat(folder + "/link", &facts) == 0 && facts.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func aFileOfTheProgramsOwnIsForItsUserAloneAndTakesTheLinksPlace() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try replace(folder + "/other", .own, "other")
    symlink("other", path)
    symlink("other", path + ".new")
    try replace(path, .own, "new")
    #expect(folderEntries(folder) == ["file", "other"])
    #expect(try text(folder + "/other") == "other")
    #expect(try RegularFile(path, followsLinks: false).count == 3)
    #expect(mode(path) == 0o600)
  }

  @Test(arguments: [("missing/file", ENOENT), ("", EISDIR), ("loop", ELOOP), ("file/x", ENOTDIR)])
  func whatCannotBeMadeHasTheSystemsReason(name: String, code: Int32) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try replace(path, .named, "old")
    symlink("loop", folder + "/loop")
    #expect(throws: SystemFailure(code: code)) {
      _ = try FileReplacement(of: folder + "/" + name, .named)
    }
    #expect(folderEntries(folder) == ["file", "loop"])
  }
}
