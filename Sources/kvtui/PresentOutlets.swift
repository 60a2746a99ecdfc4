#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Classroom
internal import ClassroomServer
internal import Lessons
internal import Screens
internal import Synchronization
internal import Viz

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
  private let resultsFile: ResultsFile?
  /// Whether phones have another name for this machine than its address.
  private let namesHost: Bool
  private let isEnded = Mutex(false)

  /// What is opened.
  struct Wishes {
    var owner: String?
    var terminals: String?
    var phones: ServerSettings?
    var kept: String?
    var results: ResultsFile?
    var namesHost = false
  }

  /// Opens them.
  ///
  /// - Parameter wishes: what is wanted, and where.
  /// - Throws: why one cannot be opened; those before it are closed again.
  init(_ wishes: Wishes) throws {
    kept = wishes.kept.map { BackgroundFile($0, .own) }
    results = wishes.results.map { BackgroundFile($0.path, .named) }
    (resultsFile, namesHost) = (wishes.results, wishes.namesHost)
    var opened: [LocalServer] = []
    do {
      owner = try wishes.owner.map(Self.owner)
      if let owner { opened.append(owner) }
      terminals = try wishes.terminals.map { path throws(ClassroomError) in
        try LocalServer(path: path, access: .everyone)
      }
      if let terminals { opened.append(terminals) }
      phones = try wishes.phones.map { try ClassroomServer($0) }
      if let results { try Self.checkWriting(results.path) }
    } catch {
      for server in opened { server.stop() }
      throw error
    }
  }

  /// Whether a file can be written shows now, not after class; it is there once somebody has voted.
  private static func checkWriting(_ path: String) throws(CommandError) {
    do throws(SystemFailure) {
      _ = try FileReplacement(of: path, .named)
    } catch {
      throw .cannotCreate(file: path, error)
    }
  }

  private static func owner(_ path: String) throws -> LocalServer {
    do throws(ClassroomError) {
      return try LocalServer(path: path, access: .owner)
    } catch {
      if case .isInUse = error { throw CommandError.presentsAlready(socket: path) }
      throw error
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

  /// How phones join; nil where none can.
  var invitation: JoinInvitation? {
    guard let phones, obstacle == nil else { return nil }
    let url = phones.urls.first ?? ""
    return JoinInvitation(
      url: url, code: phones.code.description, modules: QRCode.modules(of: url))
  }

  /// Why no phone can join though there is a page; nil where one can.
  var obstacle: Bilingual<String>? {
    guard let address = phones?.address, !namesHost,
      ["127.0.0.1", "::1", "localhost"].contains(address.host)
    else { return nil }
    return Bilingual(
      "手机连不上：只有本机能连；用 --serve 本机地址:\(address.port)",
      "no phone can join, only this machine: --serve ADDRESS:\(address.port) names its address")
  }

  /// What is reachable, where and by whom, a line each.
  func notes(_ language: Language) -> [String] {
    var notes: [String] = []
    if let owner {
      notes.append(
        language(
          "讲稿：在另一个终端里用 kvtui notes（经 \(owner.path)）",
          "your notes: kvtui notes in another terminal (by \(owner.path))"))
    }
    if let terminals {
      notes.append(
        language(
          "\(terminals.path)：这台机器上的所有用户，用 kvtui follow（只读）",
          "\(terminals.path): every user of this machine, with kvtui follow (read only)"))
    }
    guard let phones else { return notes }
    for url in phones.urls { notes.append(url) }
    notes.append(
      obstacle.map {
        language("手机页（明文 HTTP）：", "the page for phones (plain HTTP): ") + $0(language)
      }
        ?? language(
          "手机页（明文 HTTP，同一网络里的人都能看到；没有代码进不来）",
          "the page for phones (plain HTTP, which others on the network can read; nobody enters without the code)"
        ))
    return notes
  }

  /// That results go elsewhere than they were asked for; nil where they do not.
  func resultsNotice(_ language: Language) -> String? { resultsFile?.notice(language) }

  /// The file with the results, for the next start.
  var resultsPath: String? { resultsFile?.absolute }

  /// The name of that file: where it lies is nobody's but the presenter's.
  var resultsName: String? {
    results.flatMap { $0.path.split(separator: "/").last }.map { Sanitiser.clean(String($0)) }
  }

  /// What there is after the end, a line each; `isOver` is whether the next start begins anew.
  func farewell(isOver: Bool, _ language: Language) -> [String] {
    var lines: [String] = []
    if let results {
      lines.append(
        PathKind(results.path) == .nothing
          ? language("没有人投票，没有写结果", "nobody voted: no results were written")
          : language("投票结果在 \(results.path)", "what was voted is in \(results.path)"))
    }
    if !isOver, kept != nil {
      lines.append(
        language(
          "讲到哪里记下了：6 小时内用同一条命令接着讲，--from-start 从头讲",
          "the place is kept: within 6 hours the same command goes on there, --from-start begins anew"
        ))
    }
    return lines
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
