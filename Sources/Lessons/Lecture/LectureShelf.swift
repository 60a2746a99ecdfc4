internal import Base

/// The lectures of a folder: its YAML files.
public struct LectureShelf: Sendable {
  /// The folder.
  public let folder: String
  /// The files' names without `.yaml`, in order.
  public let names: [String]

  /// Lists a folder.
  public init(folder: String) {
    self.folder = folder
    names = folderEntries(folder).filter { $0.hasSuffix(Self.suffix) && $0.first != "." }
      .map { String($0.dropLast(Self.suffix.count)) }.sorted()
  }

  private static let suffix = ".yaml"

  /// The files, in order.
  public var paths: [String] { names.map(path) }

  /// The numbers by which the files are found, in order.
  public var numbers: [String] {
    names.map { String($0.prefix { $0.isNumber }) }.filter { !$0.isEmpty }
  }

  private func path(_ name: String) -> String { folder + "/" + name + Self.suffix }

  /// The file that is meant: by its name, with or without its ending, or by the number that this begins with.
  public func path(matching text: String) -> String? {
    let text = text.hasSuffix(Self.suffix) ? String(text.dropLast(Self.suffix.count)) : text
    if names.contains(text) { return path(text) }
    return names.first { name in
      let head = name.prefix { $0.isNumber }
      return !head.isEmpty && head == text
    }.map(path)
  }
}
