#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Why the system refused something, as `errno` says it.
public struct SystemFailure: Explained, Equatable, Sendable {
  /// The value of `errno`.
  public let code: Int32

  /// A failure that is known by its code.
  public init(code: Int32) { self.code = code }

  /// The last failure of this thread.
  public static var last: SystemFailure { SystemFailure(code: errno) }

  /// Whether there is nothing of that name.
  public var isAbsence: Bool { code == ENOENT }

  /// Whether there is no room for what was to be written.
  public var isLackOfSpace: Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }

  /// 70.
  public var status: Int32 { ExitStatus.internalError.rawValue }

  /// What is wrong where nothing else is known of it: memory, threads or descriptors could not be had.
  public func message(_ language: Language) -> String? {
    language(
      "系统资源不足（\(reason(language))）；请关闭一些程序再试，或用 ulimit -n 提高上限",
      "the system gives no more of something (\(reason(language))); "
        + "close some programs and try again, or raise the limit with ulimit -n")
  }

  /// The reason, to stand in brackets behind what could not be done.
  ///
  /// The system's own English is kept where it can be understood; its Chinese depends on what is installed.
  public func reason(_ language: Language) -> String {
    let system = String(cString: strerror(code))
    return switch code {
    case ENOENT: language("没有这个文件或文件夹", system)
    case EACCES: language("没有权限", system)
    case EISDIR: language("这是文件夹", system)
    case ENOTDIR: language("路径中有一段不是文件夹", system)
    case ENOSPC: language("没有剩余空间", system)
    case EDQUOT: language("超出磁盘配额", system)
    case EPIPE: language("读的一方已经离开", system)
    case EIO: language("设备出错", system)
    case EROFS: language("文件系统只读", system)
    case EMFILE: language("打开的文件太多", system)
    case ENAMETOOLONG: language("文件名太长", system)
    case ELOOP: language("符号链接太多或成环", system)
    case EFBIG: language("文件太大", system)
    case ENXIO: language("没有人读它，或没有这个设备", "nobody reads from it, or there is no such device")
    case EBADF: language("它已关闭", "it is closed")
    case EINVAL: language("无效的路径", system)
    default: system
    }
  }
}
