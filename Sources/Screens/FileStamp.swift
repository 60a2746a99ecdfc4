#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// When a file was last changed.
public struct FileStamp: Hashable, Sendable {
  /// When, in seconds of the epoch.
  public let seconds: Int
  private let nanoseconds: Int
  private let size: Int

  /// The stamp of a file; nil where there is none.
  public init?(_ path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    #if canImport(Glibc)
      seconds = facts.st_mtim.tv_sec
      nanoseconds = facts.st_mtim.tv_nsec
    #else
      seconds = facts.st_mtimespec.tv_sec
      nanoseconds = facts.st_mtimespec.tv_nsec
    #endif
    size = Int(facts.st_size)
  }
}
