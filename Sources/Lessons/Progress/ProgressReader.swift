internal import Foundation

/// Reads a progress file value by value: one that is not understood costs itself alone.
enum ProgressReader {
  /// The progress, and how many values were passed over; nil where the file as a whole is no progress.
  static func read(_ data: Data) -> (progress: Progress, unknown: Int)? {
    guard let file = try? JSONDecoder().decode(File.self, from: data), file.format == 1 else {
      return nil
    }
    var progress = Progress()
    var unknown = file.unknown
    for (id, lesson) in file.lessons {
      progress.lessons[id] = lesson.progress
      unknown += lesson.unknown
    }
    return (progress, unknown)
  }

  /// More often than this nobody tries.
  private static let mostTries = 1 << 20

  /// Any name.
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct File: Decodable {
    let format: Int
    var lessons: [String: LessonValues] = [:]
    var unknown = 0

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Name.self)
      format = try values.decode(Int.self, forKey: Name("format"))
      unknown = values.unknownNames(besides: ["format", "lessons"])
      let lessons = try values.nestedContainer(keyedBy: Name.self, forKey: Name("lessons"))
      for name in lessons.allKeys {
        self.lessons[name.stringValue] = lessons.read(LessonValues.self, name.stringValue, &unknown)
      }
    }
  }

  private struct LessonValues: Decodable {
    var progress = LessonProgress()
    var unknown = 0

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Name.self)
      unknown = values.unknownNames(besides: [
        "steps", "quizzes", "current", "isDone", "seed", "tries",
      ])
      progress.current = values.read(String.self, "current", &unknown)
      progress.isDone = values.read(Bool.self, "isDone", &unknown) ?? false
      progress.seed = values.read(Int.self, "seed", &unknown)
      progress.tries = values.read([String: Int].self, "tries", &unknown)?
        .mapValues { max(0, min($0, ProgressReader.mostTries)) }
      let steps = values.read([Value<String>].self, "steps", &unknown) ?? []
      progress.steps = Set(steps.compactMap(\.value))
      let quizzes = values.read([String: Value<QuizResult>].self, "quizzes", &unknown) ?? [:]
      progress.quizzes = quizzes.compactMapValues(\.value)
      unknown += steps.count { $0.value == nil } + quizzes.values.count { $0.value == nil }
    }
  }

  /// A value, or none where it is of another kind.
  private struct Value<Known: Decodable>: Decodable {
    let value: Known?

    init(from decoder: any Decoder) throws {
      value = try? decoder.singleValueContainer().decode(Known.self)
    }
  }
}

extension KeyedDecodingContainer {
  fileprivate func unknownNames(besides known: Set<String>) -> Int {
    allKeys.count { !known.contains($0.stringValue) }
  }

  /// A field's value; one that is there and is none is counted.
  fileprivate func read<Known: Decodable>(
    _ type: Known.Type, _ name: String, _ unknown: inout Int
  ) -> Known? {
    guard let key = Key(stringValue: name), contains(key) else { return nil }
    if (try? decodeNil(forKey: key)) == true { return nil }
    guard let value = try? decode(type, forKey: key) else {
      unknown += 1
      return nil
    }
    return value
  }
}
