internal import Base
internal import Lessons
internal import TinyModel

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What `kvtui export --format` names: what the program draws, and the script that some lessons have.
enum ExportKind: String, CaseIterable, Sendable {
  case txt, md, svg, html, cast, py
}

/// A lesson's script for Python: `program.py` of its folder, which runs on the bundled model wherever it is written to.
struct ExportScript {
  /// The file of a lesson that has one.
  static let name = "program.py"
  /// Bytes of a script.
  private static let limit = 64 << 10
  /// How the line begins that says where the model is.
  private static let model = "MODEL = "

  /// The lesson's file, in any language.
  let lesson: String

  /// The script, with the model's folder in its place.
  ///
  /// - Throws: that the lesson has none.
  func text() throws -> String {
    let folder = lesson.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let path = (folder + [Substring(Self.name)]).joined(separator: "/")
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try RegularFile(path).allBytes(limit: Self.limit)
    } catch {
      throw CommandError.badValue(
        option: "--format", value: ExportKind.py.rawValue,
        expected: wording(
          "md 或 html：这一课没有脚本（\(Self.name)）", "md or html: this lesson has no script (\(Self.name))")
      )
    }
    let place = try ProcessFacts.modelLibrary.folder(named: ModelSource.defaultModel)
    let line = Self.model + JSONText.string(Self.fromRoot(place)).text
    return String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { $0.hasPrefix(Self.model) ? line : String($0) }.joined(separator: "\n")
  }

  /// A path from the root: the script may be written anywhere.
  private static func fromRoot(_ path: String) -> String {
    guard let whole = realpath(path, nil) else { return path }
    defer { free(whole) }
    return String(validatingCString: whole) ?? path
  }
}
