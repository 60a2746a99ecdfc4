#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
public import Base
internal import TinyModel
internal import Viz

/// The lessons of a folder: `NN-slug/lesson.zh.md` and `lesson.en.md`, in the order of their numbers.
public struct Course: Sendable {
  /// The folder.
  public let folder: String
  /// The lessons' ids in order.
  public let ids: [String]

  /// Lists a folder.
  public init(folder: String) {
    self.folder = folder
    ids = Self.entries(of: folder).filter { name in
      name.first?.isNumber == true
        && Language.allCases.contains { access(Self.path(folder, name, $0), R_OK) == 0 }
    }
  }

  /// The file of a lesson in a language.
  public func path(_ id: String, _ language: Language) -> String {
    Self.path(folder, id, language)
  }

  private static func path(_ folder: String, _ id: String, _ language: Language) -> String {
    "\(folder)/\(id)/lesson.\(language.rawValue).md"
  }

  /// The id that a learner means: the whole id, its number, or the part behind the number.
  public func id(matching name: String) -> String? {
    if ids.contains(name) { return name }
    return ids.first { id in
      let parts = id.split(separator: "-", maxSplits: 1)
      return parts.first.flatMap { Int($0) } == Int(name) && Int(name) != nil
        || parts.last.map(String.init) == name
    }
  }

  /// Reads and parses a lesson.
  public func lesson(_ id: String, _ language: Language) throws(Finding) -> Lesson {
    try Self.lesson(path: path(id, language), id: id, language: language)
  }

  /// Reads and parses a lesson file that lies anywhere.
  public static func lesson(path: String, id: String, language: Language) throws(Finding) -> Lesson
  {
    let text = try text(of: path)
    return try LessonParser(path: path, id: id, language: language).lesson(text)
  }

  /// The file's text; at most `LessonLimits.bytes` of a regular file.
  static func text(of path: String) throws(Finding) -> String {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Finding(path, 1, .unreadable(.last))
    }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG,
      facts.st_size <= LessonLimits.bytes
    else { throw Finding(path, 1, .notText) }
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    let count = read(descriptor, &bytes, bytes.count)
    guard count == bytes.count, let text = String(validating: bytes, as: UTF8.self) else {
      throw Finding(path, 1, .notText)
    }
    return text
  }

  private static func entries(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted()
  }
}
