#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// A regular file, open for reading.
///
/// It is read with `pread`, not mapped: a mapped file that shrinks ends the program.
final class RegularFile {
  /// The path it was opened by.
  let path: String
  /// Its length in bytes when it was opened.
  let count: Int
  private let descriptor: Int32

  /// Opens `path`; a folder, a FIFO or a device is refused, and never waited for.
  init(_ path: String) throws(CheckpointError) {
    // The system would read a path up to its first NUL only, and open another file.
    guard !path.utf8.contains(0) else {
      throw .cannotOpen(file: path, reason: SystemFailure(code: EINVAL))
    }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(file: path, reason: .last)
    }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notARegularFile(file: path)
    }
    self.path = path
    self.descriptor = descriptor
    count = Int(facts.st_size)
  }

  deinit { close(descriptor) }

  /// Reads exactly `buffer.count` bytes from `offset`.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(CheckpointError) {
    var done = 0
    while done < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else {
        throw .readFailed(file: path, offset: offset + done, reason: .last)
      }
      guard got > 0 else {
        throw .truncated(file: path, expected: offset + buffer.count, found: offset + done)
      }
      done += got
    }
  }

  /// Reads `length` bytes from `offset`; the range is checked against the file before anything is allocated.
  func bytes(at offset: Int, count length: Int) throws(CheckpointError) -> [UInt8] {
    guard offset >= 0, length >= 0, length <= count - offset else {
      let (end, overflow) = offset.addingReportingOverflow(length)
      throw .truncated(file: path, expected: overflow ? .max : end, found: count)
    }
    var bytes = [UInt8](repeating: 0, count: length)
    var failure: CheckpointError?
    bytes.withUnsafeMutableBytes { raw in
      do throws(CheckpointError) {
        try read(into: raw, at: offset)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The whole file, which may have at most `limit` bytes.
  func allBytes(limit: Int) throws(CheckpointError) -> [UInt8] {
    guard count <= limit else {
      throw .tooManyBytes(file: path, bytes: count, limit: limit)
    }
    return try bytes(at: 0, count: count)
  }
}

/// Bytes of memory that this machine has.
var physicalMemory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

/// What stands at a path.
enum PathKind {
  case nothing, regularFile, folder, other

  /// Asks the file system about `path`.
  init(_ path: String) {
    var facts = stat()
    guard !path.utf8.contains(0), stat(path, &facts) == 0 else {
      self = .nothing
      return
    }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: self = .regularFile
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}

/// The name of the folder that `path` leads to, with `.` and `..` resolved.
func realName(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved).utf8.split(separator: UInt8(ascii: "/")).last
    .map { String(Substring($0)) }
}

/// The names of what is in a folder, sorted; empty where it cannot be read.
func folderEntries(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
