#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Kernels
internal import TinyModel

/// What the program runs on, as the system says it.
enum DoctorMachine {
  static var system: DoctorSection {
    DoctorSection(
      name: "system", title: ("系统", "System"),
      facts: [
        DoctorFact("kernel", "内核", "kernel", .text(kernel)),
        DoctorFact("distribution", "发行版", "distribution", .text(distribution)),
      ])
  }

  static var processor: DoctorSection {
    DoctorSection(
      name: "processor", title: ("处理器", "Processor"),
      facts: [
        DoctorFact("name", "型号", "name", .text(processorName)),
        DoctorFact("processors", "个数", "processors", .number(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
        DoctorFact("threads", "计算用的线程", "threads that compute", .number(ThreadPool.shared.threads)),
        DoctorFact(
          "instruction_set", "用的指令集", "instruction set in use", .text("\(InstructionSet.best)")),
        DoctorFact("caches", "缓存", "caches", .list(caches)),
        DoctorFact("memory_bytes", "内存", "memory", .bytes(memory)),
        DoctorFact(
          "allowed_bytes", "这个进程可用", "for this process", .bytes(MemoryPlan.available)),
      ])
  }

  private static var kernel: String? {
    var names = utsname()
    guard uname(&names) == 0 else { return nil }
    return [text(of: names.sysname), text(of: names.release), text(of: names.machine)]
      .joined(separator: " ")
  }

  /// The text of a C array of characters, up to its NUL.
  private static func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  private static var memory: Int? {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages * size : nil
  }

  /// The lines of a small file of the system's.
  private static func lines(_ path: String) -> [Substring] {
    let bytes = (try? RegularFile(path).beginning(upTo: 1 << 16)) ?? []
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  #if canImport(Darwin)
    private static var distribution: String? {
      value("kern.osproductversion").map { "macOS \($0)" }
    }

    private static var processorName: String? { value("machdep.cpu.brand_string") }

    private static var caches: [String] {
      ["hw.l1dcachesize", "hw.l1icachesize", "hw.l2cachesize", "hw.l3cachesize"].compactMap {
        name in
        var (bytes, size) = (Int64(0), MemoryLayout<Int64>.size)
        guard sysctlbyname(name, &bytes, &size, nil, 0) == 0, bytes > 0 else { return nil }
        return "\(name) \(bytes >> 10)K"
      }
    }

    private static func value(_ name: String) -> String? {
      var bytes = [UInt8](repeating: 0, count: 256)
      var size = bytes.count
      guard sysctlbyname(name, &bytes, &size, nil, 0) == 0 else { return nil }
      return String(decoding: bytes.prefix(size).prefix { $0 != 0 }, as: UTF8.self)
    }
  #else
    /// What `/etc/os-release` calls it.
    ///
    /// Source: os-release(5).
    private static var distribution: String? {
      let files = ["/etc/os-release", "/usr/lib/os-release"]
      let line = files.lazy.flatMap { lines($0) }.first { $0.hasPrefix("PRETTY_NAME=") }
      return line.map { String($0.dropFirst(12)).filter { $0 != "\"" && $0 != "'" } }
    }

    /// Processors that are not of x86 have no name there.
    private static var processorName: String? {
      let line = lines("/proc/cpuinfo").first { $0.hasPrefix("model name") }
      return line?.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
    }

    /// Those of the first processor.
    ///
    /// Source: the kernel's `sysfs-devices-system-cpu`.
    private static var caches: [String] {
      let folder = "/sys/devices/system/cpu/cpu0/cache"
      return folderEntries(folder, most: 64).filter { $0.hasPrefix("index") }.compactMap { name in
        let words = ["level", "type", "size"].compactMap { lines("\(folder)/\(name)/\($0)").first }
        return words.count == 3 ? "L\(words[0]) \(words[1]) \(words[2])" : nil
      }
    }
  #endif
}
