public import Base
public import Trace

/// What a lesson's scene is made from.
public struct SceneRuns: Sendable {
  /// The run.
  public let run: Trace
  /// That of the second text.
  public let comparison: Trace?
  /// What commands print that the screen's expressions ask for.
  public let tools: ToolFacts

  /// Joins the runs of a scene with what is known of its tools.
  public init(_ run: Trace, comparison: Trace? = nil, tools: ToolFacts = ToolFacts()) {
    (self.run, self.comparison, self.tools) = (run, comparison, tools)
  }
}

/// What computes the runs of scenes, and what their tools print; a lesson has no model of its own.
public protocol SceneRunner {
  /// The run of a scene, and the run of its second text.
  ///
  /// - Throws: why one of them cannot be had.
  func runs(of scene: SceneSpec) throws(RunFailure) -> SceneRuns
}

/// Why a scene cannot run.
public enum RunFailure: Explained {
  /// Its model cannot be found, opened or run, or its text not be run.
  case cannotCompute(any Explained)
  /// A command prints more than a lesson can ask for.
  case tooMuch(lines: Int)
  /// It asks for a longer run than a lesson can.
  case tooLong(tokens: Int, most: Int)

  /// The cause's exit code; 65 for a run that is too long.
  public var status: Int32 {
    switch self {
    case .cannotCompute(let error): error.status
    case .tooLong, .tooMuch: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .cannotCompute(let error): error.message(language)
    case .tooMuch(let lines):
      language(
        "它的 --json 太长（课里至多 \(lines) 行）；把长度改小",
        "its --json is too long (\(lines) lines at most in a lesson); make it shorter")
    case .tooLong(let tokens, let most):
      language(
        "这个场景要跑到 \(tokens) 个词元；课里最多 \(most) 个，把 text 或 tokens 改短",
        "the scene runs to \(tokens) tokens, and a lesson's to \(most) at most; shorten text or tokens"
      )
    }
  }
}

extension RunFailure: Equatable {
  /// Failures that say the same are the same.
  public static func == (one: RunFailure, other: RunFailure) -> Bool {
    one.status == other.status
      && Language.allCases.allSatisfy { one.message($0) == other.message($0) }
  }
}
