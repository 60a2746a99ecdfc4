#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
public import Base

/// The lessons of a folder: `NN-slug/lesson.zh.md` and `lesson.en.md`, in the order of their numbers.
public struct Course: Sendable {
  /// The folder.
  public let folder: String
  /// The lessons' ids in order.
  public let ids: [String]

  /// Lists a folder.
  public init(folder: String) {
    self.folder = folder
    ids = folderEntries(folder).filter { name in
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

  /// Whether a file is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The file's text; at most `LessonLimits.bytes` of a regular file.
  static func text(of path: String) throws(Finding) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try RegularFile(path).allBytes(limit: LessonLimits.bytes)
    } catch .cannotOpen(_, let reason) {
      throw Finding(path, 1, .unreadable(reason))
    } catch .readFailed(_, _, let reason) {
      throw Finding(path, 1, .unreadable(reason))
    } catch {
      throw Finding(path, 1, .notText)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Finding(path, 1, .notText)
    }
    return text
  }
}
