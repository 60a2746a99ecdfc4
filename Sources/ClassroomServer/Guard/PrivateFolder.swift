internal import Classroom
internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A folder that only this user can enter, for one socket; what a killed process left of its own is cleared away.
struct PrivateFolder {
  /// The folder.
  private let path: String
  /// Where the socket will be.
  var socket: String { path + Self.socketName }

  private static let prefix = "kvtui-serve-"
  private static let socketName = "/s"
  /// The longest path that a socket can have, on any system.
  private static let longestPath = 100

  init() throws(ServerError) {
    let parent = Self.parent
    Self.clear(parent)
    var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .noFolder(parent, .last) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes it with its socket.
  func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    unlink(path + socketName)
    rmdir(path)
  }

  private static var parent: String {
    let wanted = Environment.value("TMPDIR") ?? "/tmp"
    let length = wanted.utf8.count + prefix.utf8.count + 7 + socketName.utf8.count
    return wanted.hasPrefix("/") && length <= longestPath ? wanted : "/tmp"
  }

  /// Folders of this user whose socket nobody answers at any more.
  private static func clear(_ parent: String) {
    for name in folderEntries(parent) where name.hasPrefix(prefix) {
      let path = parent + "/" + name
      if isLeft(path) { remove(path) }
    }
  }

  /// Whether nobody answers there; a socket that was made just now may not listen yet.
  private static func isLeft(_ path: String) -> Bool {
    var facts = stat()
    guard lstat(path + socketName, &facts) == 0, facts.st_uid == getuid(),
      facts.st_mode & S_IFMT == S_IFSOCK, facts.seconds + 10 < time(nil)
    else { return false }
    guard let descriptor = try? Sockets.connect(to: path + socketName) else { return true }
    close(descriptor)
    return false
  }
}

extension stat {
  /// When it was changed last, in seconds of the epoch.
  fileprivate var seconds: time_t {
    #if canImport(Glibc)
      st_mtim.tv_sec
    #else
      st_mtimespec.tv_sec
    #endif
  }
}
