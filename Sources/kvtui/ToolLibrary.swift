internal import Base
internal import Lessons
internal import Screens

/// What commands print with `--json`, as lessons ask for it; each is worked out once.
final class ToolLibrary {
  private var printed: [ToolLink: ToolFacts.Printed] = [:]
  /// More commands than these are worked out anew.
  private static let mostKept = 100

  /// What a command prints: its line, or the list of its lines.
  func facts(of link: ToolLink) throws(RunFailure) -> JSON {
    if let known = printed[link] { return try known.get() }
    if printed.count >= Self.mostKept { printed = [:] }
    let result = Self.printed(by: link)
    printed[link] = result
    return try result.get()
  }

  private static func printed(by link: ToolLink) -> ToolFacts.Printed {
    do {
      return .success(try workedOut(link))
    } catch let failure as RunFailure {
      return .failure(failure)
    } catch {
      return .failure(.cannotCompute(error as? any Explained ?? UsageError(error)))
    }
  }

  private static func workedOut(_ link: ToolLink) throws -> JSON {
    var (lines, bytes): ([JSON], Int) = ([], 0)
    try Toolbox.lines(of: try ToolPlace(link)) { line in
      let text = Array(line.text.utf8)
      bytes += text.count
      guard lines.count < LessonLimits.printedLines, bytes <= LessonLimits.printedBytes else {
        throw RunFailure.tooMuch(lines: LessonLimits.printedLines)
      }
      lines.append(try JSON.parse(text, file: link.line))
    }
    return lines.count == 1 ? lines[0] : .array(lines)
  }
}
