#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import TinyModel

/// A file by its path: replaced whole, so that the old one stays until the new one is complete.
struct OutputFile {
  private let path: String

  /// No chain of symbolic links is longer, in Linux either.
  private static let mostLinks = 40

  /// A path as it was given.
  init(_ path: String) { self.path = path }

  /// Writes `text` to a file that is created or replaced; `-` is standard output.
  func write(_ text: String) throws(CommandError) {
    var facts = stat()
    guard path != "-" else { return try Output.standard.write(text) }
    guard stat(path, &facts) == 0 else {
      guard errno == ENOENT else { throw cannotCreate() }
      return try replace(nil, with: text)
    }
    if isStandardOutput(facts) { return try Output.standard.write(text) }
    switch facts.st_mode & S_IFMT {
    case S_IFDIR: throw .cannotCreate(file: path, SystemFailure(code: EISDIR))
    case S_IFREG: try replace(facts, with: text)
    default: try writeInPlace(text)
    }
  }

  private func cannotCreate() -> CommandError { .cannotCreate(file: path, .last) }

  /// `/dev/stdout` may be a file to which the shell appends: that file is not replaced.
  private func isStandardOutput(_ facts: stat) -> Bool {
    var standard = stat()
    return fstat(STDOUT_FILENO, &standard) == 0 && standard.st_dev == facts.st_dev
      && standard.st_ino == facts.st_ino
  }

  /// Writes to a device, or to a FIFO, which is not waited for while nobody reads.
  private func writeInPlace(_ text: String) throws(CommandError) {
    let descriptor = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { throw cannotCreate() }
    Descriptors.block(descriptor)
    try write(text, to: Output(descriptor: descriptor, file: path))
  }

  private func write(_ text: String, to output: Output) throws(CommandError) {
    do throws(CommandError) {
      try output.write(text)
    } catch {
      try? output.close()
      throw error
    }
    try output.close()
  }

  /// Writes a new file beside the old one and puts it in its place.
  private func replace(_ old: stat?, with text: String) throws(CommandError) {
    let target = try linkedPath()
    guard old == nil || access(target, W_OK) == 0 else { throw cannotCreate() }
    let (temporary, descriptor) = try openTemporary(beside: target)
    do throws(CommandError) {
      if let old {
        // Owner first: changing it clears bits of the mode. Only root may give files away, so this may fail.
        _ = fchown(descriptor, old.st_uid, old.st_gid)
        _ = fchmod(descriptor, old.st_mode & 0o7777)
      }
      try write(text, to: Output(descriptor: descriptor, file: path))
      guard rename(temporary, target) == 0 else { throw cannotCreate() }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Creates a file in the target's folder, where it can be renamed.
  private func openTemporary(beside target: String) throws(CommandError) -> (String, Int32) {
    guard target.utf8.last != UInt8(ascii: "/") else {
      throw .cannotCreate(file: path, SystemFailure(code: EISDIR))
    }
    for attempt in 0..<100 {
      let name = Self.folder(of: target) + ".kvtui-\(getpid())-\(attempt)"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (name, descriptor) }
      guard errno == EEXIST else { break }
    }
    throw cannotCreate()
  }

  /// The path behind symbolic links, which stay; it need not exist.
  private func linkedPath() throws(CommandError) -> String {
    var target = path
    for _ in 0..<Self.mostLinks {
      guard let link = try link(at: target) else { return target }
      target = link.hasPrefix("/") ? link : Self.folder(of: target) + link
    }
    throw .cannotCreate(file: path, SystemFailure(code: ELOOP))
  }

  /// What a symbolic link says; nil for all else.
  private func link(at target: String) throws(CommandError) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(target, &bytes, bytes.count)
    guard count >= 0 else { return nil }
    guard
      let link = String(validating: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    else {
      throw .cannotCreate(file: path, SystemFailure(code: EILSEQ))
    }
    return link
  }

  /// Everything up to the last slash.
  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[...slash])
  }
}
