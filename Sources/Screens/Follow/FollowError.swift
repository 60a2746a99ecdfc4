public import Base
internal import Viz

/// Why what a presentation shows cannot be shown to who follows it.
public enum FollowError: Explained, Equatable {
  /// The lesson has no such screen.
  case noScreen(String, lesson: String)
  /// The run's options are not such as a run that is followed may have.
  case badRun(reason: String)

  /// Bad data: a document says so.
  public var status: Int32 { ExitStatus.badData.rawValue }

  /// What is wrong, and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .noScreen(let screen, let lesson):
      language(
        "这里的课 \(Self.clean(lesson)) 没有这一屏：\(Self.clean(screen))；看投影，或用同一版 kvtui",
        "lesson \(Self.clean(lesson)) has no screen \(Self.clean(screen)) here: look at the projector, or use the same version of kvtui"
      )
    case .badRun(let reason):
      language(
        "演示里的这次运行不能在这里算：\(Self.clean(reason))；看投影",
        "this run of the presentation cannot be computed here: \(Self.clean(reason)); look at the projector"
      )
    }
  }

  private static func clean(_ text: String) -> String {
    Sanitiser.clean(String(text.prefix(200)), ascii: false)
  }
}
