public import Base

/// Why a presentation cannot be shared with other terminals of this machine.
public enum ClassroomError: Explained, Equatable {
  /// A socket's path is longer than the system takes.
  case pathTooLong(path: String, limit: Int)
  /// Another presentation is shared at this path.
  case isInUse(path: String)
  /// Something that is no socket of a presentation lies there.
  case isNoSocket(path: String)
  /// The socket cannot be made.
  case cannotShare(path: String, reason: SystemFailure)
  /// No presentation is shared at this path.
  case noPresentation(path: String)
  /// The presentation that was followed here has ended, in order.
  case hasEnded(path: String)
  /// It may not be opened.
  case cannotFollow(path: String, reason: SystemFailure)
  /// Descriptors or threads could not be had.
  case system(SystemFailure)

  /// 66 where nothing is followed, 73 where nothing can be shared, else 70.
  public var status: Int32 {
    switch self {
    case .pathTooLong, .isInUse, .isNoSocket, .cannotShare: ExitStatus.cannotCreate.rawValue
    case .noPresentation, .hasEnded, .cannotFollow: ExitStatus.noInput.rawValue
    case .system(let failure): failure.status
    }
  }

  /// What is wrong, where, and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .pathTooLong(let path, let limit):
      language(
        "\(path) 太长：套接字的路径最多 \(limit) 字节，请换一个短些的",
        "\(path) is too long: a socket's path has at most \(limit) bytes, name a shorter one")
    case .isInUse(let path):
      language(
        "\(path) 正有一场演示在用：请先结束它，或换一个路径",
        "a presentation is already shared at \(path): end it first, or name another path")
    case .isNoSocket(let path):
      language(
        "\(path) 已经存在，不是演示的套接字：请换一个路径",
        "\(path) is there already and is no socket of a presentation: name another path")
    case .cannotShare(let path, let reason):
      language(
        "不能在 \(path) 共享演示（\(reason.reason(language))）：请检查路径和权限",
        "cannot share the presentation at \(path) (\(reason.reason(language))): check the path and its permissions"
      )
    case .noPresentation(let path):
      language(
        "\(path) 没有演示：请先用 kvtui present 开始一场（给别人跟看要加 --share）",
        "there is no presentation at \(path): begin one with kvtui present (others may follow with --share)"
      )
    case .hasEnded(let path):
      language("演示结束了（\(path)）", "the presentation has ended (\(path))")
    case .cannotFollow(let path, let reason):
      language(
        "不能跟随 \(path)（\(reason.reason(language))）：请检查路径和权限",
        "cannot follow \(path) (\(reason.reason(language))): check the path and its permissions")
    case .system(let failure): failure.message(language)
    }
  }
}
