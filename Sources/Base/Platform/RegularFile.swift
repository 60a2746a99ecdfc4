internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A regular file, open for reading; whatever reads files reads them by this.
///
/// It is read with `pread`, not mapped: a mapped file that shrinks ends the program. What is looked at only for a moment may be
/// mapped (`look`).
package final class RegularFile: @unchecked Sendable {
  // Sendable: nothing but `mapping` is written after it was made.
  /// The path it was opened by.
  package let path: String
  /// Its length in bytes when it was opened.
  package let count: Int
  private let descriptor: Int32
  /// The file in memory, from the first look at it on; nil where the system cannot, or before.
  private let mapping = Mutex<Mapping>(.untried)

  private enum Mapping {
    case untried
    case refused
    case mapped(UnsafeMutableRawPointer)
  }

  /// Opens `path`; a folder, a FIFO or a device is refused, and never waited for.
  ///
  /// - Parameters:
  ///   - path: of a file, or of a link to one.
  ///   - followsLinks: whether it may be a link; where it may not, a link cannot be opened.
  /// - Throws: why it cannot be opened, or that it is no regular file.
  package init(_ path: String, followsLinks: Bool = true) throws(FileError) {
    // The system would read a path up to its first NUL only, and open another file.
    guard !path.utf8.contains(0) else {
      throw .cannotOpen(file: path, reason: SystemFailure(code: EINVAL))
    }
    let links = followsLinks ? 0 : O_NOFOLLOW
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | links)
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

  deinit {
    if case .mapped(let start) = mapping.withLock({ $0 }) { munmap(start, count) }
    close(descriptor)
  }

  /// Tells the system that the file will be read from end to end, by several threads: the disk is kept busy ahead of them.
  package func willBeReadWhole() {
    #if canImport(Glibc)
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_WILLNEED)
    #endif
  }

  /// Some bytes where the system keeps the file, to be looked at at once; nil where that cannot be had, and they are to be read.
  ///
  /// The system is asked to have them there, so that of a file that has shrunk there are none, and reading says so. One that
  /// shrinks while somebody looks still ends the program: this is for moments, and for bytes that are too many to be copied.
  package func look(at offset: Int, count length: Int) -> UnsafeRawPointer? {
    precondition(offset >= 0 && length >= 0 && length <= count - offset, "beyond \(path)")
    #if canImport(Glibc)
      guard let start = mapped() else { return nil }
      let first = offset / Self.pageBytes * Self.pageBytes
      // Unlike the look itself, this fails where there is nothing.
      guard madvise(start + first, offset + length - first, Self.populate) == 0 else { return nil }
      return UnsafeRawPointer(start + offset)
    #else
      return nil
    #endif
  }

  #if canImport(Glibc)
    /// MADV_POPULATE_READ, of Linux 5.14; headers may not have it.
    private static let populate: Int32 = 22
    private static let pageBytes = sysconf(Int32(_SC_PAGESIZE))

    private func mapped() -> UnsafeMutableRawPointer? {
      mapping.withLock { mapping in
        if case .untried = mapping {
          let start = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0)
          mapping = if let start, start != MAP_FAILED { .mapped(start) } else { .refused }
        }
        guard case .mapped(let start) = mapping else { return nil }
        return start
      }
    }
  #endif

  /// Gives back what memory holds of the file for looks at it.
  package func stopLooking() {
    if case .mapped(let start) = mapping.withLock({ $0 }) { madvise(start, count, MADV_DONTNEED) }
  }

  /// Reads exactly `buffer.count` bytes from `offset`.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) {
    let found = try fill(buffer, at: offset)
    guard found == buffer.count else {
      throw .truncated(file: path, expected: offset + buffer.count, found: offset + found)
    }
  }

  /// Reads into `buffer` until it is full or the file ends; how many bytes there were.
  private func fill(
    _ buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else {
        throw .readFailed(file: path, offset: offset + done, reason: .last)
      }
      guard got > 0 else { break }
      done += got
    }
    return done
  }

  /// Reads `length` bytes from `offset`; the range is checked against the file before anything is allocated.
  package func bytes(at offset: Int, count length: Int) throws(FileError) -> [UInt8] {
    guard offset >= 0, length >= 0, length <= count - offset else {
      let (end, overflow) = offset.addingReportingOverflow(length)
      throw .truncated(file: path, expected: overflow ? .max : end, found: count)
    }
    var bytes = [UInt8](repeating: 0, count: length)
    try bytes.withUnsafeMutableBytes { raw in
      Result { () throws(FileError) in try read(into: raw, at: offset) }
    }.get()
    return bytes
  }

  /// The file's beginning, whatever its length says: what the system makes up as it is read has none.
  package func beginning(upTo most: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: most)
    let found = try bytes.withUnsafeMutableBytes { raw in
      Result { () throws(FileError) in try fill(raw, at: 0) }
    }.get()
    return Array(bytes.prefix(found))
  }

  /// The whole file, which may have at most `limit` bytes.
  package func allBytes(limit: Int) throws(FileError) -> [UInt8] {
    guard count <= limit else {
      throw .tooManyBytes(file: path, bytes: count, limit: limit)
    }
    return try bytes(at: 0, count: count)
  }
}
