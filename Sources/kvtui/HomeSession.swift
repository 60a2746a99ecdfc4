internal import ArgumentParser
internal import Base
internal import Lessons
internal import Screens
internal import TinyModel
internal import Trace
internal import Viz

/// Works out the menu's pictures, each when its line is selected; models are loaded with the first.
final class HomeSession: WorkSession {
  private let library = RunLibrary(models: ProcessFacts.modelLibrary)
  /// The step of the free run that is shown.
  private static let freeStep = 4
  /// The steps whose cells are counted.
  private static let growthSteps = "7"

  static func asked(_ question: Question) -> HomeQuestion? {
    if case .home(let asked) = question { asked } else { nil }
  }

  static func findings(_ news: HomeAnswer) -> Findings { .home(news) }

  /// A picture that cannot be had is no failure of the menu: in its place stands why.
  func work(on asked: HomeQuestion, _ goesOn: (HomeAnswer) -> Bool) -> HomeAnswer {
    do {
      return HomeAnswer(asked, try picture(asked))
    } catch let error as any Explained {
      return HomeAnswer(asked, .nothing(error.sentences))
    } catch {
      return HomeAnswer(asked, .nothing([:]))
    }
  }

  private func picture(_ asked: HomeQuestion) throws -> HomeAnswer.Picture {
    switch asked {
    case .scene(let scene): .run(try library.runs(of: scene).run, step: scene.step)
    case .freeRun: .run(try freeRun(), step: Self.freeStep)
    case .planner: .planner(try PlannerState(Look()))
    case .growth: try growth()
    case .recordings: .recordings(RecordingShelf.current.list().entries)
    case .screen(let shown): try screen(shown)
    }
  }

  /// A tool opened as its letter opens it, with what it has to work out worked out.
  private func screen(_ shown: ToolPicture) throws -> HomeAnswer.Picture {
    let frame = try Toolbox.lastFrame(
      shown.place, shown.look, size: shown.size, keys: shown.keys)
    return frame.map { .screen($0.canvas) } ?? .nothing([:])
  }

  private func freeRun() throws -> Trace {
    let runner = try RunOptions.parse([]).session().runner()
    for _ in 0..<Self.freeStep { _ = try runner.computeNextStep() }
    return runner.trace
  }

  private func growth() throws -> HomeAnswer.Picture {
    let steps = Self.growthSteps
    let session = try GrowthCommand.parse(["--tokens", steps, "--until", steps]).session()
    return .growth(session.start, try session.measure { _ in true })
  }
}
