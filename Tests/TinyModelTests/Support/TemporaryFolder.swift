@testable import Base
import Foundation

/// A folder of its own for a test, gone with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/kvtui-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of an entry.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: self(name)))
    return self(name)
  }

  /// Copies the files of another folder into this one.
  func copy(filesOf folder: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: self(name))
    }
  }

  /// Puts a copy of a file in the place of `name`.
  func replace(_ name: String, by file: String) throws {
    try? FileManager.default.removeItem(atPath: self(name))
    try FileManager.default.copyItem(atPath: file, toPath: self(name))
  }

  /// Gives a tensor of `model.safetensors` another name.
  func rename(_ tensor: String, to name: String) throws {
    try renameTensors { $0 == tensor ? name : $0 }
  }

  /// Gives every tensor of `model.safetensors` the name that `name` makes of its own.
  func renameTensors(_ name: (String) -> String) throws {
    let file = try SafetensorsFile(self("model.safetensors"))
    let writer = SafetensorsWriter(file.entries.map { (name($0.name), $0.type, $0.shape) })
    var bytes = file.entries.map { [UInt8](repeating: 0, count: $0.range.count) }
    for (place, entry) in file.entries.enumerated() {
      try bytes[place].withUnsafeMutableBytes { raw in try file.read(entry, into: raw) }
    }
    let rows = Dictionary(
      zip(file.entries.map { name($0.name) }, bytes), uniquingKeysWith: { first, _ in first })
    try write(writer.file { rows[$0.name] ?? [] }, to: "model.safetensors")
  }
}
