#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Classroom
internal import ClassroomServer
internal import Screens
internal import Synchronization

/// The sockets and the server by which a presentation leaves the program, and the files in which it is kept.
///
/// Ended by whoever is first: the presenter who leaves, or a signal on a thread of its own.
final class PresentOutlets: Sendable {
  /// For the presenter's other terminals; nil where there is no place for it.
  let owner: LocalServer?
  /// For terminals of others; nil where it is not shared.
  let terminals: LocalServer?
  /// For phones; nil where it is not served.
  let phones: ClassroomServer?
  /// Where it stands, for the next start; nil where there is no place for it.
  let kept: BackgroundFile?
  /// What was voted; nil where nobody wants to know.
  let results: BackgroundFile?
  private let isEnded = Mutex(false)

  /// What is opened.
  struct Wishes {
    var owner: String?
    var terminals: String?
    var phones: ServerSettings?
    var kept: String?
    var results: String?
  }

  /// Opens them.
  ///
  /// - Parameters:
  ///   - wishes: what is wanted, and where.
  ///   - parts: what is presented, of which nothing was voted yet.
  /// - Throws: why one cannot be opened; those before it are closed again.
  init(_ wishes: Wishes, results parts: [String] = []) throws {
    kept = wishes.kept.map { BackgroundFile($0, .own) }
    results = wishes.results.map { BackgroundFile($0, .named) }
    var opened: [LocalServer] = []
    do {
      owner = try wishes.owner.map(Self.owner)
      if let owner { opened.append(owner) }
      terminals = try wishes.terminals.map { path throws(ClassroomError) in
        try LocalServer(path: path, access: .everyone)
      }
      if let terminals { opened.append(terminals) }
      phones = try wishes.phones.map { try ClassroomServer($0) }
      // Whether it can be written shows now, not after class.
      if let results, PathKind(results.path) == .nothing {
        results.replace(with: PresentResults(parts: parts).json)
        results.finish()
        if let failure = results.failure {
          throw CommandError.cannotCreate(file: results.path, failure)
        }
      }
    } catch {
      for server in opened { server.stop() }
      throw error
    }
  }

  private static func owner(_ path: String) throws -> LocalServer {
    do throws(ClassroomError) {
      return try LocalServer(path: path, access: .owner)
    } catch .isInUse {
      throw CommandError.presentsAlready(socket: path)
    }
  }

  /// Tells somebody something.
  func tell(_ telling: PresentTeller.Telling) {
    switch telling.listener {
    case .owner: owner?.publish(telling.document.fromRoot)
    case .terminals: terminals?.publish(telling.document.fromRoot)
    case .phones:
      phones?.publish(
        document: Array(telling.document.json.utf8), sequence: telling.document.sequence,
        poll: telling.poll)
    }
  }

  /// How phones join.
  var invitation: JoinInvitation? {
    phones.map { phones in
      let url = phones.urls.first ?? ""
      return JoinInvitation(
        url: url, code: phones.code.description, modules: QRCode.modules(of: url))
    }
  }

  /// What is reachable, where and by whom, a line each.
  func notes(_ language: Language) -> [String] {
    var notes: [String] = []
    if let owner {
      notes.append(
        language(
          "\(owner.path)：同一用户的 kvtui notes", "\(owner.path): kvtui notes of the same user"))
    }
    if let terminals {
      notes.append(
        language(
          "\(terminals.path)：这台机器上的所有用户，用 kvtui follow（只读）",
          "\(terminals.path): every user of this machine, with kvtui follow (read only)"))
    }
    guard let phones else { return notes }
    let isLocal = ["127.0.0.1", "::1", "localhost"].contains(phones.address.host)
    for url in phones.urls { notes.append(url) }
    notes.append(
      isLocal
        ? language("手机页（明文 HTTP）：只有这台机器能连", "the page for phones (plain HTTP): this machine only")
        : language(
          "手机页（明文 HTTP，同一网络里的人都能看到；没有代码进不来）",
          "the page for phones (plain HTTP, which others on the network can read; nobody enters without the code)"
        ))
    return notes
  }

  /// Lets go of all who follow, removes the sockets and writes what is not written yet; more calls do nothing.
  ///
  /// - Parameter isOver: whether the next start begins anew.
  func end(isOver: Bool) {
    let isFirst = isEnded.withLock { isEnded in
      defer { isEnded = true }
      return !isEnded
    }
    guard isFirst else { return }
    for server in [owner, terminals] { server?.stop() }
    phones?.stop()
    for file in [results, kept] { file?.finish() }
    if isOver, let kept { unlink(kept.path) }
  }
}
