internal import Base
internal import Viz

/// The marks of a recording, beside it: `FILE.marks.json`.
struct MarksFile {
  private let path: String
  private static let mostBytes = 1 << 20
  private static let mostMarks = 1000

  init(beside recording: String) { path = recording + ".marks.json" }

  /// Reads the marks; none where there is no file.
  ///
  /// - Parameters:
  ///   - steps: of the recording.
  ///   - layers: of its model.
  ///   - heads: of its model.
  /// - Returns: the marks in the order in which they stand there.
  /// - Throws: what is wrong with the file, and where.
  func marks(steps: Int, layers: Int, heads: Int) throws(FileError) -> [Mark] {
    let file: JSONField
    do throws(FileError) {
      file = try JSONField(reading: path, limit: Self.mostBytes)
    } catch {
      guard case .cannotOpen(_, let reason) = error, reason.isAbsence else { throw error }
      return []
    }
    var marks: [Mark] = []
    let list = try file.required("marks")
    for element in try list.elements().prefix(Self.mostMarks) {
      marks.append(
        Mark(
          step: try Self.number(element, "step", most: steps),
          layer: try Self.number(element, "layer", most: layers) - 1,
          head: try Self.number(element, "head", most: heads) - 1,
          note: try element.optional("note")?.text() ?? ""))
    }
    return marks
  }

  private static func number(
    _ mark: JSONField, _ key: String, most: Int
  ) throws(FileError) -> Int {
    let number = try mark.size(key)
    guard number <= most else { throw mark.bad(key, "\(number)", .size(1...most)) }
    return number
  }

  /// Writes the marks in the place of those that were there.
  func write(_ marks: [Mark]) throws(CommandError) {
    let list = marks.map { mark in
      JSONText.object([
        ("step", .integer(mark.step)), ("layer", .integer(mark.layer + 1)),
        ("head", .integer(mark.head + 1)), ("note", .string(mark.note)),
      ])
    }
    do throws(SystemFailure) {
      let file = try FileReplacement(of: path, .named)
      try file.write(Array((JSONText.object([("marks", .array(list))]).text + "\n").utf8))
      try file.putInPlace()
    } catch {
      throw .cannotCreate(file: path, error)
    }
  }
}
