#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons
internal import Screens

/// What a class voted, as `--results` has it: counts by question, option or value, and round.
struct PresentResults {
  /// The lecture's title; empty where it is one lesson, run or recording.
  let title: String
  /// When it began, in seconds of the epoch.
  let began: Int
  /// What is presented, a text a part.
  let parts: [String]
  /// The questions that were put, in the order in which they were.
  let questions: [PutQuestion]
  /// Votes of both rounds by question.
  let votes: [String: PresentPlace.Question]

  /// By this a file is known as one of these.
  private static let format = "kvtui results 2"
  private static let mostBytes = 4 << 20

  /// The whole file.
  var json: String {
    JSONText.object([
      ("format", .string(Self.format)), ("title", title.isEmpty ? .null : .string(title)),
      ("date", .string(Self.date(began))), ("parts", .array(parts.map(JSONText.string))),
      ("questions", .array(questions.map { $0.results(votes[$0.id]) })),
    ]).text + "\n"
  }

  /// A time where the machine is, as ISO 8601 has it, with its distance from UTC.
  private static func date(_ seconds: Int) -> String {
    var (seconds, parts) = (time_t(seconds), tm())
    guard localtime_r(&seconds, &parts) != nil else { return "" }
    func two(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let offset = Int(parts.tm_gmtoff) / 60
    let zone = (offset < 0 ? "-" : "+") + two(abs(offset) / 60) + ":" + two(abs(offset) % 60)
    return "\(Int(parts.tm_year) + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))" + zone
  }

  /// Whether a file has results of a lecture.
  fileprivate static func isOwn(_ path: String, of parts: [String]) -> Bool {
    guard let field = try? JSONField(reading: path, limit: mostBytes),
      field.value["format"]?.string == format,
      let known = try? field.required("parts").texts(atMost: 256)
    else { return false }
    return known == parts
  }
}

/// The file for what a class votes: what another class voted is never replaced.
struct ResultsFile: Hashable {
  /// What was asked for.
  let wanted: String
  /// What is written.
  let path: String

  /// So many results of one name are looked at.
  private static let most = 9999

  /// The file of the presentation that goes on, else the first name that nothing has.
  ///
  /// - Parameters:
  ///   - wanted: what was asked for: `votes.json`, of which `votes-2.json` is the next.
  ///   - lecture: what is presented.
  ///   - kept: the presentation that goes on; nil for one that begins.
  /// - Throws: a folder, or more files of the name than anybody has.
  init(_ wanted: String, _ lecture: Lecture, goingOnFrom kept: KeptPresentation?)
    throws(CommandError)
  {
    self.wanted = wanted
    let kind = PathKind(wanted)
    guard kind == .nothing || kind == .regularFile else {
      throw .cannotCreate(file: wanted, SystemFailure(code: kind == .folder ? EISDIR : EEXIST))
    }
    let names = (1...Self.most).lazy.map { Self.name(wanted, $0) }
    let own = kept?.results.flatMap { known in
      names.prefix(100).first { Self.absolute($0) == known }
    }
    if let own, PathKind(own) == .nothing || PresentResults.isOwn(own, of: lecture.keptParts) {
      path = own
      return
    }
    guard let free = names.first(where: { PathKind($0) == .nothing }) else {
      throw .exists(file: wanted)
    }
    path = free
  }

  /// The path from the root: the next start may be somewhere else.
  var absolute: String { Self.absolute(path) }

  private static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  private static func name(_ path: String, _ number: Int) -> String {
    guard number > 1 else { return path }
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[start...].lastIndex(of: "."), dot > start else {
      return "\(path)-\(number)"
    }
    return "\(path[..<dot])-\(number)\(path[dot...])"
  }

  /// That another name was taken; nil where none was.
  func notice(_ language: Language) -> String? {
    guard path != wanted else { return nil }
    return language(
      "已经有 \(wanted)，投票结果写进 \(path)", "\(wanted) is there already: what is voted goes to \(path)")
  }
}
