internal import Base
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Places and first results in a file that is replaced whole; programs of every version read it.
///
/// Whoever calls anything but `read` holds the folder's lock.
struct ProgressSnapshot {
  let path: String

  /// No progress has more bytes.
  private static let limit = 1 << 20

  /// What is in the file.
  enum Content {
    case nothing
    /// A folder, a FIFO, a link, far too large, or something else than progress.
    case noProgress
    /// The progress, and how many values were not understood.
    case progress(Progress, unknown: Int)
  }

  /// Reads the file.
  func read() throws(SystemFailure) -> Content {
    switch try StateFile.read(path, limit: Self.limit) {
    case .nothing: return .nothing
    case .foreign: return .noProgress
    case .bytes(let bytes):
      return ProgressReader.read(Data(bytes)).map { .progress($0.progress, unknown: $0.unknown) }
        ?? .noProgress
    }
  }

  /// When the file was last written, in seconds since 1970.
  var seconds: Int {
    var facts = stat()
    guard lstat(path, &facts) == 0 else { return 0 }
    #if canImport(Glibc)
      return max(0, facts.st_mtim.tv_sec)
    #else
      return max(0, facts.st_mtimespec.tv_sec)
    #endif
  }

  /// Moves away what is no progress; returns where to.
  func setAside() throws(SystemFailure) -> String { try SetAside.move(path) }

  /// Keeps the file as it is beside itself; returns where.
  func keepCopy() throws(SystemFailure) -> String {
    let aside = try SetAside.freeName(path)
    if case .bytes(let bytes) = try StateFile.read(path, limit: Self.limit) {
      try Self.write(bytes, to: aside)
    }
    return aside
  }

  /// Replaces the file.
  func write(_ progress: Progress) throws(SystemFailure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(progress) else { return }
    try Self.write(Array(data), to: path)
  }

  /// Writes a file whole, and makes it durable.
  private static func write(_ bytes: [UInt8], to path: String) throws(SystemFailure) {
    let file = try FileReplacement(of: path, .own)
    try file.write(bytes)
    try file.putInPlace()
  }
}

/// A file of the state folder, of which nobody knows what it is.
enum StateFile {
  case nothing
  /// A folder, a FIFO, a link, or far too large.
  case foreign
  case bytes([UInt8])

  /// Reads a file.
  static func read(_ path: String, limit: Int) throws(SystemFailure) -> StateFile {
    do throws(FileError) {
      return .bytes(try RegularFile(path, followsLinks: false).allBytes(limit: limit))
    } catch .cannotOpen(_, let reason) {
      switch reason.code {
      case ENOENT: return .nothing
      case ELOOP, ENXIO: return .foreign
      default: throw reason
      }
    } catch .readFailed(_, _, let reason) {
      throw reason
    } catch {
      return .foreign
    }
  }
}

/// Files that are moved out of the way; what was set aside before stays.
enum SetAside {
  /// Broken files that are kept beside each other.
  private static let most = 100

  /// Moves a file; returns where to.
  static func move(_ path: String) throws(SystemFailure) -> String {
    let aside = try freeName(path)
    guard rename(path, aside) == 0 else { throw .last }
    return aside
  }

  /// A name beside the file that nothing has; whoever holds the lock is alone here.
  static func freeName(_ path: String) throws(SystemFailure) -> String {
    for number in 1...most {
      let name = path + ".bad" + (number == 1 ? "" : "-\(number)")
      var facts = stat()
      if lstat(name, &facts) != 0 && errno == ENOENT { return name }
    }
    throw SystemFailure(code: EEXIST)
  }
}
