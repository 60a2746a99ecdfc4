import Base
import Classroom
import TestSupport
import Testing
import Trace
import Viz

@testable import Lessons
@testable import Screens

/// A presentation on a wall, without a loop: what it asks for of scenes it gets.
///
/// It is used by the test that made it alone.
struct Wall: Screen, @unchecked Sendable {
  private(set) var screen: PresentScreen
  private let runs: BundledRuns

  /// A lesson on the wall, at a screen of it, and phones, if any follow.
  init(
    _ lesson: Lesson, _ look: Look = Look(), phones: Int? = nil, step: String? = nil,
    runs: BundledRuns = BundledRuns(), title: String = ""
  ) throws {
    self.runs = runs
    let items = [LectureItem(.lesson(lesson.id, screens: [])), LectureItem(.run([]))]
    let invitation = phones.map { _ in Self.invitation }
    screen = PresentScreen(
      PresentOpening(
        Lecture(title: Bilingual(title), items: items), invitation: invitation), look)
    var progress = LessonProgress()
    progress.current = step
    let index = LessonState.index(of: step, in: lesson)
    let state = LessonState(
      lesson, progress: progress, look: look,
      traces: try runs.runs(of: lesson.steps[index].scene))
    _ = update(.exhibit(.lesson(state)))
    if let phones { tell(AudienceNews(phones: phones)) }
  }

  /// A run on the wall.
  init(run look: Look) throws {
    runs = BundledRuns()
    screen = PresentScreen(PresentOpening(Lecture(items: [LectureItem(.run([]))])), look)
    _ = update(.exhibit(.run(RunStart(trace: try Material.trace(), longest: 7))))
  }

  mutating func update(_ message: Message) -> [Effect] {
    let effects = screen.update(message)
    for effect in effects {
      if case .showScene(let scene) = effect, let runs = try? runs.runs(of: scene) {
        _ = update(.scene(runs))
      }
    }
    return effects
  }

  var waits: Waits { screen.waits }

  func view(_ size: Size, _ look: Look) -> Canvas { screen.view(size, look) }

  mutating func press(_ keys: String) throws {
    for name in keys.split(separator: " ") {
      _ = update(.key(try #require(Key(tmuxName: String(name)))))
    }
  }

  mutating func tell(_ news: AudienceNews) { _ = update(.audience(news)) }

  /// Tells what was voted on the question on the wall.
  mutating func vote(_ rounds: [VoteCounts], phones: Int? = nil) {
    guard let id = screen.state.held?.id else { return }
    tell(AudienceNews(phones: phones, votes: [id: rounds]))
  }

  /// The frame.
  func view(_ size: Size) -> Canvas { screen.view(size, screen.state.look) }

  func text(_ columns: Int, _ rows: Int) -> String {
    view(Size(columns: columns, rows: rows)).plainText
  }

  // MARK: Material

  static let invitation = JoinInvitation(
    url: "http://192.168.31.208:8080/J/K7Q2", code: "K7Q2", modules: modules)

  /// HTTP://192.168.31.208:8080/J/K7Q2 in version 2, level M, made by segno.
  private static let modules =
    """
    #######.#..#..#...#######
    #.....#.#..####.#.#.....#
    #.###.#.##.#...##.#.###.#
    #.###.#...##.#..#.#.###.#
    #.###.#.####...##.#.###.#
    #.....#...#...#...#.....#
    #######.#.#.#.#.#.#######
    ..........######.........
    #..#######.#.##.##..#.###
    ...#.#.#..##.#..#######..
    ..##.##..#####.###..#...#
    ###.##.##.#.##.....#.#.#.
    ....#####..#######.#...#.
    ##.###...#....####..#.#..
    ####.####..######.##..#..
    #...#...#.##.##....#.#.##
    #..####.#.#..########.###
    ........#..###.##...##...
    #######.#..#..#.#.#.####.
    #.....#.#...#.#.#...#.#.#
    #.###.#.#.#.##..#######.#
    #.###.#.###...#.#.....###
    #.###.#..#..#..#.###...##
    #.....#..#.....#..###..#.
    #######.##..###.#.#.#.###
    """.split(separator: "\n").map { $0.map { $0 == "#" } }

  static let number = """
    ```quiz
    id: cells
    kind: number
    at: 4
    ask: 下一步有 4 个字。一个头要算几格？
    answer: uncached.cells
    why: 四行四列，十六格。
    ```
    """
  static let short = """
    ```quiz
    id: short
    kind: choice
    at: 4
    ask: 下一步一个头要算几格？
    options:
      - {text: "4", if: uncached.cells == 4}
      - {text: "10", if: uncached.cells == 10}
      - {text: "16", if: uncached.cells == 16}
      - {text: "28", if: uncached.cells == 28}
    why: 四行四列，十六格。
    ```
    """
  static let long = """
    ```quiz
    id: long
    kind: choice
    at: 4
    ask: 要算出第 5 步的最后一行，前 4 个字的什么必须留着？
    options:
      - {text: "Q、K、V 都要留，一个也不能少，因为以后的每一步都要用到它们", if: length == 9}
      - {text: "只留 K 和 V，因为以后的每一个 Q 都要和它们相乘，旧的 Q 再也用不上", if: length == 4}
      - {text: "留旧的 QKᵀ 表，再添一行，这样连乘法也不用再做了", if: length == 8}
    why: 旧的 Q 没有人再读，这是看得见的。
    ```
    """
  static let marks = """
    ```quiz
    id: marks
    kind: cells
    mark: new
    pane: cached
    at: 4
    ask: 第 4 步，哪些字的 K 要新算？
    why: 只有最新的一个。
    ```
    """

  /// A wall in front of a question of a made lesson.
  static func asked(
    _ body: String, _ look: Look = Look(), phones: Int? = nil
  ) throws -> Wall {
    try Wall(
      try Material.lesson(body, language: look.language), look, phones: phones, step: "two")
  }
}
