#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The process's environment.
package enum Environment {
  /// The value of a variable; nil where it is not set.
  package static func value(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
