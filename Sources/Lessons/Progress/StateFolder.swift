#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Where a user's progress lies, by the XDG base directory specification.
public enum StateFolder {
  /// `$XDG_STATE_HOME/kvtui`, else `.local/state/kvtui` in the home folder.
  ///
  /// - Parameters:
  ///   - environment: a variable's value.
  ///   - home: the home folder for those without `$HOME`.
  /// - Returns: the folder; nil where nothing names one that is the user's own.
  public static func path(
    environment: (String) -> String?, home: () -> String? = passwordDatabaseHome
  ) -> String? {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/kvtui" }
    let named = environment("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    guard let folder = named ?? home(), folder.hasPrefix("/") else { return nil }
    return folder + "/.local/state/kvtui"
  }

  /// The home folder that the password database has of the user.
  public static func passwordDatabaseHome() -> String? {
    guard let user = getpwuid(geteuid()), let folder = user.pointee.pw_dir else { return nil }
    return String(cString: folder)
  }
}
