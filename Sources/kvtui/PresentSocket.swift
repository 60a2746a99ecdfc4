internal import Base
internal import Lessons
#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The socket by which the presenter's other terminals find a presentation.
enum PresentSocket {
  /// `$XDG_RUNTIME_DIR/kvtui/present.sock`, else `present.sock` in the state folder; nil where nothing names a folder that is
  /// the user's own.
  ///
  /// Source: XDG base directory specification 0.8.
  static func path(environment: (String) -> String? = Environment.value) -> String? {
    folder(environment: environment).map { $0 + "/present.sock" }
  }

  private static func folder(environment: (String) -> String?) -> String? {
    if let runtime = environment("XDG_RUNTIME_DIR"), runtime.hasPrefix("/") {
      return runtime + "/kvtui"
    }
    return StateFolder.path(environment: environment)
  }

  /// The path, in a folder that is there; nil where none can be.
  static func madePath() throws(CommandError) -> String? {
    guard let path = path() else { return nil }
    let folder = String(path.dropLast("/present.sock".count))
    guard OwnFolder.make(folder) else { throw .cannotCreate(file: folder, .last) }
    return path
  }
}

/// A folder that is the user's alone.
enum OwnFolder {
  /// Makes a folder and those above it that are not there; false, with the reason in `errno`, where it cannot be made.
  static func make(_ folder: String) -> Bool {
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST, errno != EISDIR else { continue }
      // Asking whether it is there would put another reason in the place of this one.
      let reason = errno
      guard access(made, F_OK) == 0 else {
        errno = reason
        return false
      }
    }
    return true
  }
}
