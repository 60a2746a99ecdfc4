public import Base
internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import TinyModel

/// The progress on disk: written whole and atomically at every change, so that nothing is lost when the program is killed.
public final class ProgressFile {
  /// Why progress is not kept.
  public enum Trouble: Equatable, Sendable {
    /// Another kvtui has the file.
    case inUse
    /// The folder or the file cannot be written.
    case cannotWrite(SystemFailure)
    /// The file was no progress; it was set aside under this name.
    case setAside(String)
  }

  /// What the learner has done.
  public private(set) var progress = Progress()
  /// What went wrong, to be said once.
  public private(set) var trouble: Trouble?
  private let path: String
  private var lock: Int32 = -1
  private var canWrite = true

  /// Opens the file of a state folder, such as `$XDG_STATE_HOME/kvtui`.
  public init(folder: String) {
    path = folder + "/progress.json"
    guard makeFolder(folder), takeLock(folder) else { return }
    load()
  }

  deinit { if lock >= 0 { close(lock) } }

  /// The state folder by the XDG base directory specification: `$XDG_STATE_HOME/kvtui`, else `~/.local/state/kvtui`.
  public static func folder(environment: (String) -> String?) -> String {
    if let state = environment("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/kvtui" }
    return (environment("HOME") ?? "/tmp") + "/.local/state/kvtui"
  }

  /// Changes the progress of a lesson and saves.
  public func update(_ id: String, _ change: (inout LessonProgress) -> Void) {
    var lesson = progress.lessons[id] ?? LessonProgress()
    change(&lesson)
    guard lesson != progress.lessons[id] else { return }
    progress.lessons[id] = lesson
    save()
  }

  /// Forgets a lesson.
  public func reset(_ id: String) {
    progress.lessons[id] = nil
    save()
  }

  private func makeFolder(_ folder: String) -> Bool {
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      if mkdir(made, 0o700) != 0 && errno != EEXIST && errno != EISDIR && access(made, F_OK) != 0 {
        fail()
        return false
      }
    }
    return true
  }

  /// A second instance reads and does not write.
  private func takeLock(_ folder: String) -> Bool {
    lock = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else {
      fail()
      load()
      return false
    }
    if flock(lock, LOCK_EX | LOCK_NB) != 0 {
      canWrite = false
      trouble = .inUse
    }
    return true
  }

  private func load() {
    guard let data = FileManager.default.contents(atPath: path) else { return }
    if let read = try? JSONDecoder().decode(Progress.self, from: data), read.format == 1 {
      progress = read
    } else if canWrite {
      let aside = path + ".bad"
      if rename(path, aside) == 0 { trouble = .setAside(aside) }
    }
  }

  private func fail() {
    canWrite = false
    trouble = .cannotWrite(.last)
  }

  /// Writes a new file beside the old one, makes it durable and puts it in its place.
  private func save() {
    guard canWrite else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(progress) else { return }
    let temporary = path + ".new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      fail()
      return
    }
    let isWritten = data.withUnsafeBytes { bytes in
      write(file, bytes.baseAddress, bytes.count) == bytes.count
    }
    let isDurable = isWritten && fsync(file) == 0
    close(file)
    guard isDurable, rename(temporary, path) == 0 else {
      fail()
      unlink(temporary)
      return
    }
    syncFolder()
  }

  private func syncFolder() {
    let folder = open(String(path.dropLast("/progress.json".count)), O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
