#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Why the system refused something, as `errno` says it.
public struct SystemFailure: Error, Equatable, Sendable {
  /// The value of `errno`.
  public let code: Int32

  /// A failure that is known by its code.
  public init(code: Int32) { self.code = code }

  /// The last failure of this thread.
  public static var last: SystemFailure { SystemFailure(code: errno) }

  /// Whether there is no room for what was to be written.
  public var isLackOfSpace: Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }

  /// The reason, to stand in brackets behind what could not be done.
  ///
  /// The system's own English is kept where it can be understood; its Chinese depends on what is installed.
  public func message(_ language: Language) -> String {
    (language == .chinese ? inChinese : inEnglish) ?? String(cString: strerror(code))
  }

  private var inEnglish: String? {
    switch code {
    case ENXIO: "nobody reads from it, or there is no such device"
    case EBADF: "it is closed"
    default: nil
    }
  }

  private var inChinese: String? {
    switch code {
    case ENOENT: "没有这个文件或文件夹"
    case EACCES: "没有权限"
    case EISDIR: "这是文件夹"
    case ENOTDIR: "路径中有一段不是文件夹"
    case ENOSPC: "没有剩余空间"
    case EDQUOT: "超出磁盘配额"
    case EPIPE: "读的一方已经离开"
    case EIO: "设备出错"
    case EROFS: "文件系统只读"
    case EMFILE: "打开的文件太多"
    case ENAMETOOLONG: "文件名太长"
    case ELOOP: "符号链接太多或成环"
    case EFBIG: "文件太大"
    case ENXIO: "没有人读它，或没有这个设备"
    case EBADF: "它已关闭"
    case EINVAL: "无效的路径"
    default: nil
    }
  }
}
