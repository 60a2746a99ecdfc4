internal import Base
internal import Lessons
public import Viz

/// A lesson.
public struct LessonScreen: Screen {
  private var state: LessonState
  /// Where the learner was, until the scene of the step that he opened is there.
  private var left: LessonState?

  init(_ state: LessonState) { self.state = state }

  /// The lesson's id.
  var id: String { state.lesson.id }

  /// A lesson's file may be edited while it is open.
  public var waits: Waits {
    var waits = Waits()
    waits.file = state.lesson.path
    return waits
  }

  /// The scene that is open in another version of the lesson.
  func scene(in lesson: Lesson) -> SceneSpec {
    lesson.steps[LessonState.index(of: state.step.id, in: lesson)].scene
  }

  /// Takes a message.
  public mutating func update(_ message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .paste(let text): state.paste(text)
    case .resized(let size): state.update(.resize(size))
    case .look(let look): return take(look)
    case .scene(let runs):
      left = nil
      state.show(runs)
      return [.keep(state)]
    case .lesson(let lesson, let runs, let isEdited):
      state.replace(lesson, traces: runs)
      if isEdited { state.note(state.language("课文已更新", "the lesson was read again")) }
    case .fileChanged(let path):
      return path == state.lesson.path ? [.reread(state.lesson, state.language)] : []
    case .note(let sentence): state.note(sentence)
    case .failed(let failure): fail(failure.sentence(state.language))
    case .tick, .glyphsAreWide, .uncovered, .run, .live, .recorded, .isThere, .trace, .findings,
      .exhibit, .audience, .command, .pressed, .time, .presentation:
      break
    }
    return []
  }

  private mutating func press(_ key: Key) -> [Effect] {
    let old = state
    state.update(.key(key))
    if state.index != old.index {
      // What is kept is where the learner is, not where he cannot go.
      left = old
      return [.showScene(state.step.scene)]
    }
    let isTranslated = state.language != old.language
    let translation = isTranslated ? [Effect.translate(state.lesson, state.language)] : []
    return [.setLook(state.look)] + translation + [.keep(state)] + takeRequests()
  }

  private mutating func take(_ look: Look) -> [Effect] {
    let isTranslated = look.language != state.language
    state.look = look
    return isTranslated ? [.translate(state.lesson, state.language)] : []
  }

  /// A step whose scene cannot run is not opened.
  private mutating func fail(_ sentence: String) {
    if let left { state = left }
    left = nil
    state.clearRequest()
    state.note(sentence)
  }

  /// What was asked for, once: a tool is left, and the lesson is as it was.
  private mutating func takeRequests() -> [Effect] {
    defer { state.clearRequest() }
    switch state.request {
    case nil: return []
    case .leave: return [.open(.home)]
    case .nextLesson: return [.openNext(after: state.lesson.id)]
    case .open(let link): return open(link)
    case .quit: return [.quit]
    }
  }

  private mutating func open(_ link: ToolLink) -> [Effect] {
    do throws(ToolLinkError) {
      return [.open(.tool(try ToolPlace(link)))]
    } catch {
      state.note(error.sentence(state.language))
      return []
    }
  }

  /// The frame.
  public func view(_ size: Size, _ look: Look) -> Canvas {
    var state = state
    state.look = look
    return state.view(size)
  }
}
