#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The most memory that this process has had resident so far.
public enum PeakMemory {
  /// In bytes; of a program that another one has become, also what that one had.
  public static var bytes: Int {
    var usage = rusage()
    #if canImport(Glibc)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}
