internal import Base
internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Shares the state of a presentation with other programs of this machine, through a Unix socket.
///
/// Each that connects gets the newest document at once, and then every newer one, a line each. What it does with them
/// concerns nobody here: one that is slow, stops or dies holds up nothing.
public final class LocalServer: Sendable {
  /// Who may connect, and what becomes of what they say.
  public enum Access: Sendable {
    /// The same user, whose lines are commands.
    case owner
    /// Everybody; whatever they say is dropped.
    case everyone

    fileprivate var mode: mode_t { self == .owner ? 0o600 : 0o666 }
  }

  private struct Shared {
    var document: [UInt8]?
    var commands: [String] = []
    var readers = 0
    var isStopped = false
  }

  /// The socket's path.
  public let path: String
  private let access: Access
  private let listener: LocalSocket
  private let limit: Int
  /// Wakes the thread that serves.
  private let work: WakePipe
  /// Wakes whoever asks for `commands` and `readers`.
  private let news: WakePipe
  private let shared = Mutex(Shared())
  private let ended = DispatchSemaphore(value: 0)

  /// Begins to listen; what a killed presentation left behind is removed.
  ///
  /// - Parameters:
  ///   - path: where the socket is made.
  ///   - access: who may connect.
  ///   - limit: how many may be connected at once; more are turned away.
  /// - Throws: why it cannot be shared there.
  public init(path: String, access: Access, limit: Int = 300) throws(ClassroomError) {
    guard path.utf8.count <= Sockets.longestPath else {
      throw .pathTooLong(path: path, limit: Sockets.longestPath)
    }
    try Self.removeLeftover(path)
    self.path = path
    self.access = access
    self.limit = limit
    do throws(SystemFailure) {
      work = try WakePipe()
      news = try WakePipe()
    } catch {
      throw .system(error)
    }
    do throws(SystemFailure) {
      listener = try LocalSocket.listening(at: path, mode: access.mode)
    } catch {
      throw error.code == EADDRINUSE
        ? .isInUse(path: path) : .cannotShare(path: path, reason: error)
    }
    let thread = DispatchQueue(label: "kvtui.local", qos: .userInitiated)
    thread.async { self.serve() }
  }

  /// A socket that nobody listens at is a leftover; anything else is left alone.
  private static func removeLeftover(_ path: String) throws(ClassroomError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .isNoSocket(path: path) }
    do throws(SystemFailure) {
      _ = try LocalSocket.connected(to: path)
    } catch {
      guard error.code == ECONNREFUSED else { throw .cannotShare(path: path, reason: error) }
      unlink(path)
      return
    }
    throw .isInUse(path: path)
  }

  /// A descriptor that is readable when there is something new to ask for.
  public var wake: Int32 { news.readEnd }

  /// What the owner's other programs said since this was last asked.
  public var commands: [String] {
    shared.withLock { shared in
      defer { shared.commands = [] }
      return shared.commands
    }
  }

  /// How many are connected.
  public var readers: Int { shared.withLock { $0.readers } }

  /// Sends a document to all, now and to those who come later.
  public func publish(_ document: PresentationDocument) {
    shared.withLock { $0.document = Array(document.json.utf8) }
    work.wake()
  }

  /// Lets go of all and removes the socket; returns when nothing is left.
  public func stop() {
    let wasRunning = shared.withLock { shared in
      defer { shared.isStopped = true }
      return !shared.isStopped
    }
    guard wasRunning else { return }
    work.wake()
    ended.wait()
  }

  // MARK: The thread that serves

  private func serve() {
    var audience = LocalAudience<Int32>()
    var sockets: [Int32: LocalSocket] = [:]
    while takeOver(&audience) {
      var waits = [
        pollfd(fd: work.readEnd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      for id in audience.ids {
        let events = audience.pending(id).isEmpty ? POLLIN : POLLIN | POLLOUT
        waits.append(pollfd(fd: id, events: Int16(events), revents: 0))
      }
      guard poll(&waits, nfds_t(waits.count), -1) >= 0 || errno == EINTR else { break }
      if waits[0].revents != 0 { work.drain() }
      for wait in waits.dropFirst(2) where wait.revents != 0 {
        guard let socket = sockets[wait.fd], !exchange(socket, &audience) else { continue }
        audience.leave(wait.fd)
        sockets[wait.fd] = nil
      }
      if waits[1].revents != 0 { accept(&audience, &sockets) }
      note(readers: audience.count)
    }
    unlink(path)
    // Who waits to be let in must not wait for ever.
    while listener.accepted() != nil {}
    ended.signal()
  }

  /// Takes the newest document; false when all is to end.
  private func takeOver(_ audience: inout LocalAudience<Int32>) -> Bool {
    let (document, isStopped) = shared.withLock { shared in
      defer { shared.document = nil }
      return (shared.document, shared.isStopped)
    }
    if let document { audience.publish(document) }
    return !isStopped
  }

  private func accept(
    _ audience: inout LocalAudience<Int32>, _ sockets: inout [Int32: LocalSocket]
  ) {
    while let socket = listener.accepted() {
      guard audience.count < limit else { continue }
      sockets[socket.descriptor] = socket
      audience.join(socket.descriptor)
    }
  }

  /// Reads and writes what can be read and written; false when the other side is gone.
  private func exchange(_ socket: LocalSocket, _ audience: inout LocalAudience<Int32>) -> Bool {
    let id = socket.descriptor
    var (bytes, buffer): ([UInt8], [UInt8]) = ([], Array(repeating: 0, count: 1024))
    switch socket.read(into: &bytes, &buffer) {
    case .bytes, .blocked: break
    case .ended, .failed: return false
    }
    guard let lines = audience.lines(bytes, from: id) else { return false }
    if access == .owner, !lines.isEmpty {
      shared.withLock { $0.commands += lines }
      news.wake()
    }
    let pending = audience.pending(id)
    guard !pending.isEmpty else { return true }
    switch socket.write(pending) {
    case .bytes(let count): audience.sent(count, to: id)
    case .blocked: break
    case .ended, .failed: return false
    }
    return true
  }

  private func note(readers: Int) {
    let isNew = shared.withLock { shared in
      defer { shared.readers = readers }
      return shared.readers != readers
    }
    if isNew { news.wake() }
  }
}
