internal import Base
internal import Lessons
public import Viz

/// A lesson.
public struct LessonScreen: Screen {
  private(set) var state: LessonState
  /// Where the learner was, until the scene of the step that he opened is there.
  private var left: LessonState?
  /// Whether it stands above another screen, to which it leads back.
  private let isAbove: Bool

  init(_ state: LessonState, isAbove: Bool = false) {
    (self.state, self.isAbove) = (state, isAbove)
  }

  /// Whether a question is asked again here.
  var isReview: Bool { state.isReview }

  /// The lesson's id.
  var id: String { state.lesson.id }

  /// The tool in the place of the scene's run.
  public var shownTool: ShownTool? { left == nil ? state.shownTool : nil }
  /// What that wants to have worked out.
  public var question: Question? { left == nil ? state.toolQuestion : nil }

  /// A lesson's file may be edited while it is open; its tool may play while one is in it.
  public var waits: Waits {
    var waits = Waits()
    if let tool = state.toolScreen?.waits {
      waits.beat = state.isInTool ? tool.beat : nil
      waits.refresh = tool.refresh
    }
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
    case .shownTool(let shown, let screen): state.take(shown, screen)
    case .findings, .tick: state.hand(message)
    case .toolFacts(let facts):
      state.receive(facts)
      return [.keep(state)]
    case .look(let look): return take(look)
    case .scene(let runs):
      left = nil
      state.show(runs)
      state.viewer.closePanel()
      return [.keep(state)] + (state.step.scene.review ? [.listMissed] : [])
    case .missed(let places): state.missed = places
    // What was answered since counts.
    case .uncovered: return state.step.scene.review ? [.listMissed] : []
    case .lesson(let lesson, let runs, let isEdited):
      state.replace(lesson, traces: runs)
      if isEdited { state.note(state.language("课文已更新", "the lesson was read again")) }
    case .fileChanged(let path):
      return path == state.lesson.path ? [.reread(state.lesson, state.language)] : []
    case .note(let sentence): state.note(sentence)
    case .failed(let failure): fail(failure)
    case .glyphsAreWide, .run, .live, .recorded, .isThere, .trace, .given,
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
    state.hand(.look(look))
    return isTranslated ? [.translate(state.lesson, state.language)] : []
  }

  /// A step whose scene cannot run is not opened; a tool that cannot be shown, or goes no further, says why.
  private mutating func fail(_ failure: any Explained) {
    if let left {
      state = left
    } else {
      state.failTool(failure)
    }
    left = nil
    state.clearRequest()
    state.note(failure.sentence(state.language))
  }

  /// What was asked for, once: a tool is left, and the lesson is as it was.
  private mutating func takeRequests() -> [Effect] {
    defer { state.clearRequest() }
    switch state.request {
    case nil: return []
    case .leave: return [isAbove ? .back : .open(.home)]
    case .nextLesson: return [isAbove ? .back : .openNext(after: state.lesson.id)]
    case .nextDue: return [isAbove ? .back : .open(.due)]
    case .visit(let question): return [.open(.question(question))]
    case .open(let link): return open(link)
    case .facts(let link): return [.askTool(link)]
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
