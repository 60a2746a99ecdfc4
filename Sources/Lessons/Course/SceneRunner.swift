public import Base
public import Trace

/// The run of a lesson's scene, and that of its second text.
public typealias SceneRuns = (run: Trace, comparison: Trace?)

/// What computes the runs of scenes; a lesson has no model of its own.
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
  /// It asks for a longer run than a lesson can.
  case tooLong(tokens: Int, most: Int)

  /// The cause's exit code; 65 for a run that is too long.
  public var status: Int32 {
    switch self {
    case .cannotCompute(let error): error.status
    case .tooLong: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .cannotCompute(let error): error.message(language)
    case .tooLong(let tokens, let most):
      language(
        "这个场景要跑到 \(tokens) 个 token；课里最多 \(most) 个，把 text 或 tokens 改短",
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
