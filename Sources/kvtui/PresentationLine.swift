internal import Base
internal import Classroom
internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Hears a presentation through its socket, on a thread of its own, and finds it again where it was gone.
final class PresentationLine: Sendable {
  /// What was heard last.
  enum Heard: Sendable {
    case document(PresentationDocument)
    case absent(any Explained)
  }

  private struct Shared {
    var heard: Heard?
    var isNew = false
    var commands: [Classroom.PresentCommand] = []
    var isStopped = false
  }

  private let path: String
  private let shared = Mutex(Shared())
  /// Wakes the thread.
  private let work: WakePipe
  /// Wakes who asks for `news`.
  private let pipe: WakePipe

  /// How long it waits before it looks again for a presentation.
  private static let pause: Int32 = 250

  /// Begins to listen for a presentation, which may not have begun.
  init(path: String) throws(CommandError) {
    self.path = path
    do throws(SystemFailure) {
      work = try WakePipe()
      pipe = try WakePipe()
    } catch {
      throw .system(error)
    }
    DispatchQueue(label: "kvtui.follow", qos: .userInitiated).async { self.listen() }
  }

  /// A descriptor that is readable when there is news.
  var wake: Int32 { pipe.readEnd }

  /// What was heard last, once.
  var news: Heard? {
    shared.withLock { shared in
      defer { shared.isNew = false }
      return shared.isNew ? shared.heard : nil
    }
  }

  /// Waits until something is new, at most so many milliseconds; negative for ever.
  func wait(_ milliseconds: Int32 = -1) {
    var waits = [pollfd(fd: pipe.readEnd, events: Int16(POLLIN), revents: 0)]
    _ = poll(&waits, 1, milliseconds)
    pipe.drain()
  }

  /// Has the presentation do something; where nobody is heard, it is forgotten.
  func say(_ command: Classroom.PresentCommand) {
    shared.withLock { $0.commands.append(command) }
    work.wake()
  }

  /// Hears nothing more.
  func stop() {
    shared.withLock { $0.isStopped = true }
    work.wake()
  }

  // MARK: The thread

  private var isStopped: Bool { shared.withLock { $0.isStopped } }

  private func listen() {
    while !isStopped {
      do throws(ClassroomError) {
        let reader = try LocalReader(path: path)
        // What was wanted while nobody listened is not done now.
        _ = takeCommands()
        exchange(with: reader)
      } catch {
        tell(.absent(error))
      }
      var waits = [pollfd(fd: work.readEnd, events: Int16(POLLIN), revents: 0)]
      if !isStopped { _ = poll(&waits, 1, Self.pause) }
      work.drain()
    }
  }

  /// Reads and writes until the presentation is gone.
  private func exchange(with reader: LocalReader) {
    while !isStopped {
      var waits = [work.readEnd, reader.wake].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&waits, 2, -1) >= 0 || errno == EINTR else { return }
      work.drain()
      for command in takeCommands() where !reader.say(command.line) { return }
      guard waits[1].revents != 0 else { continue }
      do throws(FileError) {
        switch try reader.news {
        case .none: break
        case .document(let document): tell(.document(document))
        case .ended: return tell(.absent(end))
        }
      } catch {
        return tell(.absent(error))
      }
    }
  }

  /// Who ends a presentation removes its socket; who is killed does not.
  private var end: ClassroomError {
    access(path, F_OK) == 0 ? .noPresentation(path: path) : .hasEnded(path: path)
  }

  private func takeCommands() -> [Classroom.PresentCommand] {
    shared.withLock { shared in
      defer { shared.commands = [] }
      return shared.commands
    }
  }

  /// That nothing is heard is said once.
  private func tell(_ heard: Heard) {
    let isNew = shared.withLock { shared in
      if case .absent = heard, case .absent? = shared.heard { return false }
      (shared.heard, shared.isNew) = (heard, true)
      return true
    }
    if isNew { pipe.wake() }
  }
}
