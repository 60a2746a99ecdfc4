internal import Foundation
internal import Testing

/// A folder of texts that were looked at and kept; with `RECORD_SNAPSHOTS=1` they are written anew, and the test fails.
package struct KeptFolder: Sendable {
  private let folder: URL

  /// - Parameter path: the folder, from the checkout's root.
  package init(_ path: String) { folder = URL(filePath: Checkout.root).appending(path: path) }

  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

  /// Holds a text against the kept one of its name.
  package func check(_ name: String, _ text: String) throws {
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
    if !changes.isEmpty { Issue.record("\(name):\n\(changes.joined(separator: "\n"))") }
  }

  /// Texts in the folder that no name keeps; recording removes them.
  package func unused(_ names: [String]) throws -> Set<String> {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let unused = Set(files.filter { $0.hasSuffix(".txt") }).subtracting(names.map { $0 + ".txt" })
    if Self.isRecording {
      for file in unused { try FileManager.default.removeItem(at: folder.appending(path: file)) }
    }
    return unused
  }
}
