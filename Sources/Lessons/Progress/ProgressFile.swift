public import Base
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The progress on disk: written whole and atomically at every change, so that nothing is lost when the program is killed.
public final class ProgressFile {
  /// Why progress is not kept, or not all of it.
  public enum Trouble: Equatable, Sendable {
    /// Another kvtui has the file.
    case inUse
    /// Neither the environment nor the password database names a folder.
    case noFolder
    /// The folder or the file cannot be written.
    case cannotWrite(SystemFailure)
    /// The file was no progress; it was set aside under this name.
    case setAside(String)
    /// Some values of the file were not understood; the file as it was is kept under this name.
    case partlySetAside(String, values: Int)
  }

  /// What the learner has done.
  public private(set) var progress = Progress()
  /// What went wrong, to be said.
  public private(set) var trouble: Trouble?
  /// Whether what is done is on disk.
  public var isKept: Bool { canWrite }
  private let path: String
  private var lock: Int32 = -1
  private var canWrite = false
  /// Lessons that changed while another kvtui had the file.
  private var unsaved: Set<String> = []

  /// No progress has more bytes.
  private static let limit = 1 << 20
  /// Broken files that are kept beside each other.
  private static let mostAside = 100

  /// Opens the file of a state folder, such as `$XDG_STATE_HOME/kvtui`; without one nothing is kept.
  public init(folder: String?) {
    path = (folder ?? "") + "/progress.json"
    guard let folder else {
      trouble = .noFolder
      return
    }
    guard makeFolder(folder) else { return }
    takeLock(folder)
    load()
  }

  deinit { if lock >= 0 { close(lock) } }

  /// Changes the progress of a lesson and saves.
  public func update(_ id: String, _ change: (inout LessonProgress) -> Void) {
    takeOver()
    var lesson = progress.lessons[id] ?? LessonProgress()
    change(&lesson)
    guard lesson != progress.lessons[id] else { return }
    progress.lessons[id] = lesson
    if !canWrite { unsaved.insert(id) }
    save()
  }

  /// Forgets a lesson.
  public func reset(_ id: String) {
    takeOver()
    progress.lessons[id] = nil
    save()
  }

  /// Keeps the progress from now on, if the kvtui that kept it has ended: what it wrote, and what was done here since.
  public func takeOver() {
    guard trouble == .inUse, flock(lock, LOCK_EX | LOCK_NB) == 0 else { return }
    canWrite = true
    trouble = nil
    let mine = progress
    load()
    for id in unsaved {
      guard let done = mine.lessons[id] else { continue }
      progress.lessons[id] = progress.lessons[id]?.joined(by: done) ?? done
    }
    if !unsaved.isEmpty { save() }
    unsaved = []
  }

  // MARK: Opening

  private func makeFolder(_ folder: String) -> Bool {
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST, errno != EISDIR else { continue }
      // Asking whether it is there would put another reason in the place of this one.
      let failure = SystemFailure.last
      guard access(made, F_OK) == 0 else {
        fail(failure)
        return false
      }
    }
    return true
  }

  /// A second instance reads and does not write.
  private func takeLock(_ folder: String) {
    lock = open(folder + "/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
    guard lock >= 0 else {
      fail(.last)
      return
    }
    canWrite = flock(lock, LOCK_EX | LOCK_NB) == 0
    if !canWrite { trouble = .inUse }
  }

  private func fail(_ failure: SystemFailure) {
    canWrite = false
    trouble = .cannotWrite(failure)
  }

  // MARK: Reading

  private func load() {
    let data: Data
    switch Self.content(of: path) {
    case .nothing: return
    case .unreadable(let failure):
      fail(failure)
      return
    case .noProgress:
      setAside()
      return
    case .data(let content): data = content
    }
    guard let read = ProgressReader.read(data) else {
      setAside()
      return
    }
    progress = read.progress
    if read.unknown > 0 { keepCopy(of: data, unknown: read.unknown) }
  }

  private enum Content {
    case nothing
    case unreadable(SystemFailure)
    /// A folder, a FIFO, a link, or far too large.
    case noProgress
    case data(Data)
  }

  private static func content(of path: String) -> Content {
    do throws(FileError) {
      return .data(Data(try RegularFile(path, followsLinks: false).allBytes(limit: limit)))
    } catch .cannotOpen(_, let reason) {
      switch reason.code {
      case ENOENT: return .nothing
      case ELOOP, ENXIO: return .noProgress
      default: return .unreadable(reason)
      }
    } catch .readFailed(_, _, let reason) {
      return .unreadable(reason)
    } catch {
      return .noProgress
    }
  }

  // MARK: Setting aside

  /// Moves away what is no progress.
  ///
  /// What was set aside before stays: a name that is free is taken.
  private func setAside() {
    guard canWrite else { return }
    guard let aside = freeName else { return fail(SystemFailure(code: EEXIST)) }
    guard rename(path, aside) == 0 else { return fail(.last) }
    trouble = .setAside(aside)
  }

  /// Keeps a file of which only a part was understood: the next save writes that part alone.
  private func keepCopy(of data: Data, unknown: Int) {
    guard canWrite else { return }
    guard let aside = freeName else { return fail(SystemFailure(code: EEXIST)) }
    guard write(data, to: aside) else { return }
    trouble = .partlySetAside(aside, values: unknown)
    save()
  }

  /// A name beside the file that nothing has; whoever holds the lock is alone here.
  private var freeName: String? {
    (1...Self.mostAside).lazy.map { number in
      self.path + ".bad" + (number == 1 ? "" : "-\(number)")
    }.first { name in
      var facts = stat()
      return lstat(name, &facts) != 0 && errno == ENOENT
    }
  }

  // MARK: Writing

  private func save() {
    guard canWrite else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(progress) else { return }
    write(data, to: path)
  }

  /// Writes a file whole, and makes it durable; whether that went well.
  @discardableResult private func write(_ data: Data, to path: String) -> Bool {
    do throws(SystemFailure) {
      let file = try FileReplacement(of: path, .own)
      try file.write(Array(data))
      try file.putInPlace()
      return true
    } catch {
      fail(error)
      return false
    }
  }
}
