#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

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
