#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import ClassroomServer
internal import Viz

/// Tries whether phones reach this machine: says where the page is, and then what came of it, until a signal ends it.
struct PresentCheck {
  private let settings: ServerSettings
  private let look: Look

  init(_ settings: ServerSettings, _ look: Look) { (self.settings, self.look) = (settings, look) }

  /// Serves until a signal; once a phone has confirmed, that is no failure.
  func run() throws {
    let check = try PhoneCheck(settings)
    let language = look.language
    try EndingSignals.before {
      check.server.stop()
      if check.result.confirmed > 0 { exit(0) }
    }
    try Output.standard.say(opening(check))
    var told = ""
    while true {
      let line = Self.line(check.result, language)
      if line != told { try Output.standard.say(line + "\n") }
      told = line
      Self.wait(check.server.wake)
    }
  }

  private func opening(_ check: PhoneCheck) -> String {
    let language = look.language
    let urls = check.server.urls
    return
      ([
        language(
          "用手机打开这一页（明文 HTTP），看上面是不是写着“\(check.words)”，再点“是”：",
          "Open this page on a phone (plain HTTP), see whether it says “\(check.words)”, and answer yes:"
        )
      ] + urls).joined(separator: "\n") + "\n" + code(of: urls.first ?? "")
      + language("Ctrl-C 结束。\n", "Ctrl-C ends it.\n")
  }

  /// The QR code, dark on white with its quiet zone, where there is a terminal to show it.
  private func code(of url: String) -> String {
    guard isatty(STDOUT_FILENO) == 1 else { return "" }
    return QRCode.lines(of: url, isASCII: look.glyphs == .ascii).map { $0 + "\n" }.joined()
  }

  private static func line(
    _ result: (loaded: Int, following: Int, confirmed: Int), _ language: Language
  ) -> String {
    language(
      "打开 \(result.loaded) 次，正连着 \(result.following) 台，确认 \(result.confirmed) 台",
      "opened \(counted(result.loaded, "time")), \(result.following) connected now, \(result.confirmed) confirmed"
    )
  }

  private static func wait(_ descriptor: Int32) {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&waiting, 1, 1000)
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &bytes, bytes.count) > 0 {}
  }
}
