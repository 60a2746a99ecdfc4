#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A file that comes whole into the place of another.
///
/// It is written beside the old one and renamed, so that the old one stays until the new one is complete. What is not put in
/// its place leaves nothing behind.
package final class FileReplacement {
  /// What is replaced.
  package enum Kind {
    /// A file that a user named: links to it stay, and so do its owner and its mode.
    case named
    /// One that the program keeps for the user alone: it takes the place even of a link, and is on disk before it does.
    case own
  }

  /// The path that is written to until the end.
  private let temporary: String
  private let target: String
  private let kind: Kind
  private var descriptor: Int32
  private var isInPlace = false

  /// No chain of symbolic links is longer, in Linux either.
  private static let mostLinks = 40

  /// Begins a file that will stand at `path`, where there may be one.
  package init(of path: String, _ kind: Kind) throws(SystemFailure) {
    self.kind = kind
    switch kind {
    case .named:
      target = try Self.behindLinks(path)
      (temporary, descriptor) = try Self.create(beside: target)
      keepOwnerAndMode()
    case .own:
      (target, temporary) = (path, path + ".new")
      // One that a killed process left, or a link that somebody put there.
      unlink(temporary)
      descriptor = Self.create(temporary, mode: 0o600)
      guard descriptor >= 0 else { throw .last }
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isInPlace { unlink(temporary) }
  }

  /// Writes the whole content, once.
  package func write(_ content: [UInt8]) throws(SystemFailure) {
    try append(content)
    try finish()
  }

  /// Writes more of the content behind what was written.
  package func append(_ content: [UInt8]) throws(SystemFailure) {
    var rest = content[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { writeOnce($0) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .last }
      rest = rest.dropFirst(count)
    }
  }

  /// Says that the content is complete.
  package func finish() throws(SystemFailure) {
    if kind == .own && fsync(descriptor) != 0 { throw .last }
    let closed = close(descriptor)
    descriptor = -1
    // A device may say only now that it is full.
    guard closed == 0 else { throw .last }
  }

  private func writeOnce(_ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }

  /// Puts what was written in the old file's place.
  package func putInPlace() throws(SystemFailure) {
    guard rename(temporary, target) == 0 else { throw .last }
    isInPlace = true
    if kind == .own { syncFolder() }
  }

  /// Makes the new name durable; where that is refused the file is there all the same.
  private func syncFolder() {
    let folder = Self.folder(of: target)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The new file gets the owner and the mode of the old one, if there is one.
  private func keepOwnerAndMode() {
    var old = stat()
    guard stat(target, &old) == 0 else { return }
    // Owner first: changing it clears bits of the mode. Only root may give files away, so this may fail.
    _ = fchown(descriptor, old.st_uid, old.st_gid)
    _ = fchmod(descriptor, old.st_mode & 0o7777)
  }

  /// Creates a file in the target's folder, where it can be renamed.
  private static func create(beside target: String) throws(SystemFailure) -> (String, Int32) {
    guard target.utf8.last != UInt8(ascii: "/") else { throw SystemFailure(code: EISDIR) }
    guard access(target, W_OK) == 0 || errno == ENOENT else { throw .last }
    for attempt in 0..<100 {
      let name = folder(of: target) + ".kvtui-\(getpid())-\(attempt)"
      let descriptor = create(name, mode: 0o644)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST else { break }
    }
    throw .last
  }

  /// A file that was not there, open for writing; negative where it cannot be made.
  private static func create(_ path: String, mode: mode_t) -> Int32 {
    open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
  }

  /// The path behind symbolic links, which stay; it need not exist.
  private static func behindLinks(_ path: String) throws(SystemFailure) -> String {
    var target = path
    for _ in 0..<mostLinks {
      guard let link = try link(at: target) else { return target }
      target = link.hasPrefix("/") ? link : folder(of: target) + link
    }
    throw SystemFailure(code: ELOOP)
  }

  /// What a symbolic link says; nil for all else.
  private static func link(at target: String) throws(SystemFailure) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(target, &bytes, bytes.count)
    guard count >= 0 else { return nil }
    guard
      let link = String(validating: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    else { throw SystemFailure(code: EILSEQ) }
    return link
  }

  /// Everything up to the last slash.
  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[...slash])
  }
}
