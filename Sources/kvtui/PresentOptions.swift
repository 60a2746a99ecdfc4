internal import ArgumentParser
internal import Base
internal import Classroom
internal import ClassroomServer
internal import Lessons

/// Who may follow a presentation, and what is kept of it, as it was typed.
struct PresentOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "给手机开一页（明文 HTTP），如 192.168.1.5:8080；只写端口则只有本机能连，手机不行",
        "a page for phones (plain HTTP), as in 192.168.1.5:8080; a port alone is for this machine only, not for phones"
      ), valueName: "[HOST:]PORT"))
  var serve: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("手机页的四位代码；不给则随机", "the page's code of four letters; a random one without it"),
      valueName: "CODE"))
  var code: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      wording(
        "手机用的主机名（可多次）：页的地址也用第一个",
        "a name that phones call this machine by (may be repeated); the first stands in the page's URL"
      ),
      valueName: "NAME"))
  var host: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "本机其他用户可用 kvtui follow PATH 跟看", "others on this machine may follow with kvtui follow PATH"),
      valueName: "PATH"), completion: .file())
  var share: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "投票结果（只有人数）写入 FILE（JSON）；已有的不覆盖，改写 FILE-2",
        "write what was voted, as counts only, to FILE (JSON); one that is there stays, FILE-2 is written"
      ),
      valueName: "FILE"), completion: .file())
  var results: String?

  @Flag(
    help: ArgumentHelp(
      wording("从头开始，不接着上次中断处", "begin anew, not where an interrupted presentation stood")))
  var fromStart = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("不讲课，只试手机能否连上", "no lecture: try whether phones reach this machine"),
      valueName: "[HOST:]PORT"))
  var check: String?

  /// Whether anything is asked for that needs a live presentation.
  var sharing: String? {
    if serve != nil { return "--serve" }
    if share != nil { return "--share" }
    return results == nil ? nil : "--results"
  }

  /// The code that was given.
  func joinCode() throws -> JoinCode? { try code.map { try JoinCode(parsing: $0) } }

  /// How phones are served at an address that an option was given.
  func server(at address: String, _ language: Language, kept: KeptPresentation?) throws
    -> ServerSettings
  {
    var wanted = try ServeAddress(parsing: address)
    // Phones that follow still know the port that the system chose the last time.
    if wanted.port == 0, let before = kept?.address, before.host == wanted.host { wanted = before }
    let code = try joinCode() ?? kept?.code ?? .random()
    return ServerSettings(
      address: wanted, code: code, language: language, hosts: try host.map(Self.host))
  }

  /// A name without anything that a URL would take for something else.
  private static func host(_ text: String) throws(CommandError) -> String {
    let isName = text.utf8.allSatisfy { byte in
      (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2D || byte == 0x2E
    }
    guard isName, !text.isEmpty, text.utf8.count <= 253 else {
      throw .badValue(
        option: "--host", value: text.clipped,
        expected: wording("主机名，如 teacher.local", "a host's name, such as teacher.local"))
    }
    return text
  }

  /// What is opened for a lecture.
  func wishes(
    _ lecture: Lecture, _ beginning: PresentBeginning, _ language: Language
  ) throws -> PresentOutlets.Wishes {
    var wishes = PresentOutlets.Wishes()
    // What cannot be opened is said before anything is.
    wishes.phones = try serve.map { try server(at: $0, language, kept: beginning.kept) }
    wishes.terminals = try share.map { try ProcessFacts.path($0, of: "--share") }
    wishes.results = try results.map { path in
      try ResultsFile(
        ProcessFacts.path(path, of: "--results"), lecture, goingOnFrom: beginning.kept)
    }
    wishes.namesHost = !host.isEmpty
    wishes.owner = try ClassroomPaths.madeOwner()
    wishes.kept = beginning.path
    return wishes
  }
}
