import Foundation
import Testing

/// A folder of texts that were looked at and kept; with `RECORD_SNAPSHOTS=1` they are written anew, and the test fails.
struct KeptFolder: Sendable {
  private let folder: URL

  /// - Parameter name: the folder beside the tests.
  init(_ name: String) {
    folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: name)
  }

  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

  /// Holds a text against the kept one of its name.
  func check(_ name: String, _ text: String) throws {
    let file = folder.appending(path: name + ".txt")
    if Self.isRecording {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name)")
      return
    }
    guard let data = FileManager.default.contents(atPath: file.path) else {
      Issue.record("\(name).txt is missing; RECORD_SNAPSHOTS=1 swift test writes it")
      return
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = String(decoding: data, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let changes = lines.difference(from: expected).map { change in
      switch change {
      case .remove(let line, let text, _): "- \(line + 1): \(text)"
      case .insert(let line, let text, _): "+ \(line + 1): \(text)"
      }
    }
    #expect(changes.isEmpty, "\(name):\n\(changes.joined(separator: "\n"))")
  }

  /// Texts in the folder that no name keeps; recording removes them.
  func unused(_ names: [String]) throws -> Set<String> {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let unused = Set(files.filter { $0.hasSuffix(".txt") }).subtracting(names.map { $0 + ".txt" })
    if Self.isRecording {
      for file in unused { try FileManager.default.removeItem(at: folder.appending(path: file)) }
    }
    return unused
  }
}
