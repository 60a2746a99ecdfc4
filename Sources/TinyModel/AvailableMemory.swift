#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

extension MemoryPlan {
  /// Bytes of memory that this process can have: what the machine has, or less where a limit is set.
  ///
  /// Looked up once, before weights are read: what they take does not count against themselves.
  public static let available = max(
    0, min(physical, addressSpace, limit(in: "/sys/fs/cgroup/memory.max")))

  private static var physical: Int { sysconf(Int32(_SC_PHYS_PAGES)) * pageSize }
  private static var pageSize: Int { sysconf(Int32(_SC_PAGESIZE)) }

  /// What `ulimit -v` leaves beside what is mapped already.
  private static var addressSpace: Int {
    var limits = rlimit()
    #if os(Linux)
      let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0
    #else
      let isKnown = getrlimit(RLIMIT_AS, &limits) == 0
    #endif
    guard isKnown, limits.rlim_cur < Int.max else { return .max }
    return Int(limits.rlim_cur) - mapped - forTheRest
  }

  /// For threads, text and whatever else is not planned.
  private static let forTheRest = 64 << 20

  private static var mapped: Int { (firstNumber(in: "/proc/self/statm") ?? 0) * pageSize }

  /// A container's limit; the file says "max" where there is none.
  private static func limit(in file: String) -> Int { firstNumber(in: file) ?? .max }

  private static func firstNumber(in path: String) -> Int? {
    let line = (try? RegularFile(path).beginning(upTo: 64)) ?? []
    let digits = line.prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
