internal import Base
internal import Lessons
internal import Screens

/// What a class voted, as `--results` has it: counts by question, option or value, and round.
struct PresentResults: Hashable {
  /// What is presented, a text a part.
  let parts: [String]
  /// The questions that were put, in the order in which they were.
  var questions: [PutQuestion] = []
  /// Votes of both rounds by question.
  var votes: [String: [VoteCounts]] = [:]

  /// By this a file is known as one of these.
  private static let format = "kvtui results 1"
  private static let mostBytes = 4 << 20

  /// The whole file.
  var json: String {
    JSONText.object([
      ("format", .string(Self.format)), ("parts", .array(parts.map(JSONText.string))),
      ("questions", .array(questions.map { $0.json(votes[$0.id] ?? []) })),
    ]).text + "\n"
  }

  /// Whether a file that is there may be replaced: it has results of the same lecture, which goes on.
  static func isOwn(_ path: String, of parts: [String]) -> Bool {
    guard let field = try? JSONField(reading: path, limit: mostBytes),
      field.value["format"]?.string == format,
      let known = try? field.required("parts").texts(atMost: 256)
    else { return false }
    return known == parts
  }
}
