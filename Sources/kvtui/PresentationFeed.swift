internal import ArgumentParser
internal import Base
internal import Classroom
internal import Lessons
internal import Screens
internal import Viz

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What stands behind the screens of those who follow a presentation.
final class PresentationFeed: FollowService {
  private let line: PresentationLine
  private let exhibits: Exhibits
  /// The time that was told last; nil while none is to be told.
  private var told: TimeOfDay?
  private let tellsTime: Bool

  /// - Parameters:
  ///   - line: to the presentation.
  ///   - exhibits: opens what it shows.
  ///   - tellsTime: whether the screen shows how late it is.
  init(_ line: PresentationLine, _ exhibits: Exhibits, tellsTime: Bool = false) {
    self.line = line
    self.exhibits = exhibits
    self.tellsTime = tellsTime
  }

  deinit { line.stop() }

  var wakes: [Int32] { [line.wake] }

  var news: [PresentationNews] {
    var news: [PresentationNews] = []
    switch line.news {
    case .document(let document): news.append(.document(document))
    case .absent(let reason): news.append(.absent(reason))
    case nil: break
    }
    if tellsTime, let now = Self.now, now != told {
      told = now
      news.append(.clock(now))
    }
    return news
  }

  func exhibit(_ source: ShownPlace.Source, _ look: Look) throws -> OpenExhibit {
    try exhibits.open(shared: source, look)
  }

  func say(_ command: Classroom.PresentCommand) { line.say(command) }

  /// The time of day where the machine is.
  private static var now: TimeOfDay? {
    var (seconds, parts) = (time(nil), tm())
    guard localtime_r(&seconds, &parts) != nil else { return nil }
    return TimeOfDay(hour: Int(parts.tm_hour), minute: Int(parts.tm_min))
  }
}

extension Exhibits {
  /// Opens what a presentation of another program shows.
  ///
  /// - Throws: why it cannot be shown here.
  func open(shared source: ShownPlace.Source, _ look: Look) throws -> OpenExhibit {
    switch source {
    case .lesson(let id, let screen):
      guard case .lesson(let lesson) = try open(.lesson(id, screens: [screen]), look) else {
        throw FollowError.noScreen(screen, lesson: id)
      }
      guard lesson.step.id == screen else { throw FollowError.noScreen(screen, lesson: id) }
      return .lesson(lesson)
    case .run(let arguments):
      try Self.check(arguments)
      do {
        return try open(.run(arguments), look)
      } catch let error as any Explained {
        throw error
      } catch {
        throw FollowError.badRun(reason: RunOptions.message(for: error))
      }
    case .recording(let path): return try open(.recording(path), look)
    }
  }

  /// A run that reads standard input would wait for the one who follows to type.
  private static func check(_ arguments: [String]) throws(FollowError) {
    let options: RunOptions
    do {
      options = try RunOptions.parse(arguments)
    } catch {
      throw .badRun(reason: RunOptions.message(for: error))
    }
    guard !options.readsStandardInput else {
      throw .badRun(
        reason: wording("提示词在老师的标准输入里", "its prompt is on the presenter's standard input"))
    }
  }
}
