internal import Base
internal import Lessons

/// Where programs of one user find each other.
enum ClassroomPaths {
  /// The socket that only the presenter's own terminals read: in `$XDG_RUNTIME_DIR/kvtui`, else where progress is kept; nil where
  /// nothing names a folder that is the user's own.
  static var owner: String? {
    let runtime = Environment.value("XDG_RUNTIME_DIR").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let folder = runtime.map { $0 + "/kvtui" } ?? StateFolder.path(environment: Environment.value)
    return folder.map { $0 + "/present.sock" }
  }

  /// The same, in a folder that is there.
  static func madeOwner() throws(CommandError) -> String? {
    guard let path = owner, let slash = path.lastIndex(of: "/") else { return nil }
    let folder = String(path[..<slash])
    guard OwnFolder.make(folder) else { throw .cannotCreate(file: folder, .last) }
    return path
  }
}
