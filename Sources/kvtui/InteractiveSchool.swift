#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import ArgumentParser
internal import Base
internal import Lessons
internal import Terminal
internal import Viz

/// The main loop of menu and lessons; a lesson file that changes on disk is shown anew.
final class InteractiveSchool {
  private let school: School
  private var stamp: FileStamp?

  /// How often an open lesson's file is looked at.
  private static let watchMilliseconds = 500

  init(_ school: School) { self.school = school }

  /// Runs until the learner leaves.
  func run(opening name: String?) throws {
    if !TerminalFacts.current().isUTF8 { school.useASCII() }
    let look = school.style
    var page = try name.map { Page.lesson(try school.open($0, look)) } ?? .home(school.home(look))
    // One screen for all pages: what it has learnt of the terminal holds for the next page too.
    let screen = try NcursesScreen(input: .standardInput)
    defer { screen.close() }
    while try show(&page, on: screen) {
      page = .home(try school.home(freeRun(page.look, on: screen)))
    }
  }

  /// The run screen, and back.
  ///
  /// - Returns: how it looked in the end.
  private func freeRun(
    _ look: LessonState.Look, on screen: NcursesScreen
  ) throws -> LessonState.Look {
    let options = try RunOptions.parse([])
    let begin = Look(
      language: look.language, theme: look.theme, glyphs: look.glyphs,
      frameSize: school.look.frameSize)
    let end = try InteractiveRun(session: options.session(), look: begin).run(on: screen)
    return LessonState.Look(language: end.language, theme: end.theme, glyphs: end.glyphs)
  }

  /// Shows pages until one leaves; true if the learner wants a free run.
  private func show(_ page: inout Page, on screen: NcursesScreen) throws -> Bool {
    while true {
      page.resize(screen.size)
      let frame = page.frame(screen.size)
      screen.show(frame.canvas, theme: frame.theme, cursor: frame.canvas.caret)
      watch(page)
      for input in screen.waitForInput(timeoutMilliseconds: Self.watchMilliseconds) {
        switch input {
        case .key(let key):
          guard let next = try page.pressed(key, school) else { return page.wantsRun(key) }
          page = next
        case .glyphsAreWide: page.useNarrowGlyphs()
        case .gone: throw TerminalGone()
        case .paste(let text): page.paste(text)
        case .resized, .woken: break
        }
      }
      try reload(&page)
    }
  }

  /// Remembers how the file of a lesson looked when it was opened.
  private func watch(_ page: Page) {
    guard case .lesson(let state) = page, stamp?.path != state.lesson.path else { return }
    stamp = FileStamp(state.lesson.path)
  }

  /// Shows an edited lesson anew; while the file is broken, the last good version stays and the finding is said.
  private func reload(_ page: inout Page) throws {
    guard case .lesson(var state) = page else { return }
    // Another lesson's file is another file, not an edited one.
    guard let now = FileStamp(state.lesson.path), let stamp, stamp.path == now.path, stamp != now
    else { return }
    self.stamp = now
    do {
      let lesson = try Course.lesson(
        path: state.lesson.path, id: state.lesson.id, language: state.language)
      let index = LessonState.index(of: state.step.id, in: lesson)
      state.replace(lesson, traces: try school.runs.traces(of: lesson.steps[index].scene))
      state.note(state.language("课文已更新", "the lesson was read again"))
    } catch let finding as Finding {
      state.note(finding.sentence(state.language))
    } catch let failure as RunFailure {
      state.note(failure.sentence(state.language))
    }
    page = .lesson(state)
  }
}

/// When a file was last changed.
private struct FileStamp: Equatable {
  let path: String
  private let seconds: Int
  private let nanoseconds: Int
  private let size: Int

  init?(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    self.path = path
    #if canImport(Glibc)
      seconds = facts.st_mtim.tv_sec
      nanoseconds = facts.st_mtim.tv_nsec
    #else
      seconds = facts.st_mtimespec.tv_sec
      nanoseconds = facts.st_mtimespec.tv_nsec
    #endif
    size = Int(facts.st_size)
  }
}

extension Page {
  /// Whether a key that leaves the menu leads to the free run.
  func wantsRun(_ key: Key) -> Bool {
    guard case .home(var state) = self else { return false }
    state.update(key)
    return state.choice == .freeRun
  }

  /// Lets a lesson know how far its text scrolls.
  mutating func resize(_ size: Size) {
    guard case .lesson(var state) = self else { return }
    state.update(.resize(size))
    self = .lesson(state)
  }

  /// Pasted text belongs to the answer that is being made.
  mutating func paste(_ text: String) {
    guard case .lesson(var state) = self else { return }
    state.paste(text)
    self = .lesson(state)
  }

  mutating func useNarrowGlyphs() {
    switch self {
    case .home(var state):
      state.useNarrowGlyphs()
      self = .home(state)
    case .lesson(var state):
      state.useNarrowGlyphs()
      self = .lesson(state)
    }
  }
}
