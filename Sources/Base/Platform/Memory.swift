#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Bytes of memory that this machine has.
package var physicalMemory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }
