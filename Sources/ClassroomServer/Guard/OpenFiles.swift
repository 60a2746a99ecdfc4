#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// How many descriptors this process may have open.
enum OpenFiles {
  /// What the program has open besides.
  private static let others = 128
  /// A request that is being answered takes one of the phone's, and two of the way to FlyingFox.
  private static let perConnection = 3

  /// Raises the limit for so many connections, as far as that is allowed.
  ///
  /// - Returns: how many connections fit.
  static func makeRoom(for connections: Int) -> Int {
    let needed = connections * perConnection + others
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return connections }
    if limit.rlim_cur < rlim_t(needed) {
      var raised = limit
      raised.rlim_cur = min(limit.rlim_max, rlim_t(needed))
      if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    let allowed = Int(clamping: limit.rlim_cur)
    return max(8, min(connections, (allowed - others) / perConnection))
  }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
