public import Base
public import Trace
public import Viz

/// Which runs a scene shows.
public enum ScenePanes: String, CaseIterable, Sendable {
  /// Both, one above or beside the other.
  case both
  case uncached
  case cached
  /// What of K and V moves when the scene's second text takes the place of the first, by layer and token.
  case change
}

/// A moment of a run that a lesson shows.
public struct SceneSpec: Hashable, Sendable {
  /// The step's id, on which progress hangs; never changed once published.
  public let id: String
  /// A model's name in the library.
  public let model: String
  /// The text, fed token by token, or the prompt, fed at once.
  public let text: String
  /// How it is fed.
  public let start: Feeding
  /// How many tokens the model writes.
  public let tokens: Int
  /// The second text, for `change`.
  public let change: String?
  /// The step shown at first, counted from 1.
  public let step: Int
  /// The layer, counted from 1.
  public let layer: Int
  /// The head, counted from 1.
  public let head: Int
  /// How far a key goes.
  public let depth: Depth
  /// Which runs are shown.
  public let panes: ScenePanes
  /// A cell to point at: query and key, counted from 1.
  public let point: [Int]
  /// Whether the counters are shown where there is room.
  public let counters: Bool
  /// What the picture leaves out, since it has not been introduced.
  public let hidden: Set<FigurePart>
  /// Whether the pseudo-code is shown, its lines lit as the operations run.
  public let code: Bool
  /// A tool that the screen offers to open; nil for none.
  public let open: ToolLink?
  /// Whether the learner's own record stands in the picture's place: what he missed, to go there.
  public var review = false
  /// The tool that is shown beside the text, at its place; nil where the run is.
  public let tool: ToolLink?
  /// The keys of the tool that the lesson gives, as they are typed; empty for all.
  public let knobs: [String]
  /// The commands whose facts the screen's expressions ask for.
  public internal(set) var commands: [ToolLink] = []
  /// What a presenter is told of the screen, and nobody else; texts with expressions, a line each.
  public let notes: [String]
  /// The line of the block.
  public let line: Int
}

/// Prose or a quiz, in the order of the file.
public enum LessonItem: Hashable, Sendable {
  case prose(Prose)
  case quiz(Quiz)
}

/// One screen of a lesson: a `##` section with its scene.
public struct LessonStep: Hashable, Sendable {
  /// The heading.
  public let title: String
  /// The scene beside the text.
  public let scene: SceneSpec
  /// Prose and quizzes.
  public internal(set) var items: [LessonItem]

  /// The step's id.
  public var id: String { scene.id }

  /// The quizzes in their order.
  public var quizzes: [Quiz] {
    items.compactMap { item in
      if case .quiz(let quiz) = item { quiz } else { nil }
    }
  }
}

/// A lesson in one language.
public struct Lesson: Hashable, Sendable {
  /// The folder's name, such as `03-recomputing`.
  public let id: String
  /// The file.
  public let path: String
  /// The language.
  public let language: Language
  /// The title.
  public let title: String
  /// Sections of the chapter that it covers.
  public let sections: [String]
  /// What one can do afterwards, by name.
  public let outcomes: [String]
  /// What one can do afterwards, in so few words that a menu has room for them; empty where the file does not say.
  public let outcome: String
  /// The same in more words, a line each.
  public let abilities: [String]
  /// The step whose scene stands for the lesson in the menu; nil for the first.
  public let preview: String?
  /// Minutes that it takes.
  public let minutes: Int
  /// The screens.
  public internal(set) var steps: [LessonStep]

  /// All quizzes.
  public var quizzes: [Quiz] { steps.flatMap(\.quizzes) }

  /// The scene that stands for the lesson in the menu.
  public var previewScene: SceneSpec {
    (steps.first { $0.id == preview } ?? steps[0]).scene
  }
}
