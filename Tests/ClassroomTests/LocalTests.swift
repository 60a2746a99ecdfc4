import Base
import Foundation
import Testing

@testable import Classroom

struct LocalTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "kv-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String = "s") -> String { folder.appending(path: name).path }

  private static func document(_ sequence: Int, _ sentence: String = "") -> PresentationDocument {
    PresentationDocument(
      sequence: sequence, language: .english, place: ShownPlace(.run(arguments: []), step: 1),
      sentence: sentence)
  }

  /// What a reader gets next, or nothing within five seconds.
  private func next(_ reader: LocalReader) throws -> LocalReader.News {
    for _ in 0..<1000 {
      let news = try reader.news
      guard news == .none else { return news }
      usleep(5000)
    }
    return .none
  }

  private func wait(_ isThere: () -> Bool) -> Bool {
    for _ in 0..<1000 where !isThere() { usleep(5000) }
    return isThere()
  }

  @Test("Everybody gets every state in order; who comes late has the newest at once")
  func followers() throws {
    let server = try LocalServer(path: path(), access: .everyone)
    defer { server.stop() }
    let readers = try (0..<40).map { _ in try LocalReader(path: path()) }
    for sequence in 1...45 {
      server.publish(Self.document(sequence))
      for reader in readers {
        #expect(try next(reader) == .document(Self.document(sequence)))
      }
    }
    #expect(server.readers == 40)
    #expect(try next(LocalReader(path: path())) == .document(Self.document(45)))
  }

  @Test("A reader that reads nothing holds up nobody, and gets the newest when it reads again")
  func slowReader() throws {
    let server = try LocalServer(path: path(), access: .everyone)
    defer { server.stop() }
    let (slow, quick) = (try LocalReader(path: path()), try LocalReader(path: path()))
    let long = String(repeating: "x", count: 300_000)
    for sequence in 1...50 {
      server.publish(Self.document(sequence, long))
      #expect(try next(quick) == .document(Self.document(sequence, long)))
    }
    var last = 0
    while last < 50, case .document(let document) = try next(slow) {
      #expect(document.sequence > last)
      last = document.sequence
    }
    #expect(last == 50)
  }

  @Test("Lines of the owner are commands; what others say is dropped")
  func commands() throws {
    let owned = try LocalServer(path: path("owned"), access: .owner)
    let shared = try LocalServer(path: path("shared"), access: .everyone)
    defer {
      owned.stop()
      shared.stop()
    }
    for server in [owned, shared] {
      server.publish(Self.document(1))
      let reader = try LocalReader(path: server.path)
      #expect(reader.say("next"))
      #expect(reader.say("back"))
      #expect(try next(reader) == .document(Self.document(1)))
      if server === owned {
        var commands: [String] = []
        #expect(
          wait {
            commands += server.commands
            return commands.count == 2
          })
        #expect(commands == ["next", "back"])
      } else {
        usleep(50_000)
        #expect(server.commands == [])
      }
    }
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
    #expect(try mode(owned.path) == 0o600)
    #expect(try mode(shared.path) == 0o666)
  }

  @Test("Who says more than a reader has to say is dropped, and the presentation goes on")
  func flood() throws {
    let server = try LocalServer(path: path(), access: .owner)
    defer { server.stop() }
    server.publish(Self.document(1))
    let (hostile, friend) = (try LocalReader(path: path()), try LocalReader(path: path()))
    #expect(try next(hostile) == .document(Self.document(1)))
    _ = hostile.say(String(repeating: "y", count: 2000))
    #expect(try next(hostile) == .ended)
    server.publish(Self.document(2))
    #expect(try next(friend) != .none)
    #expect(wait { server.readers == 1 })
  }

  @Test("Beyond the limit readers are turned away, and those that are there stay")
  func limit() throws {
    let server = try LocalServer(path: path(), access: .everyone, limit: 2)
    defer { server.stop() }
    server.publish(Self.document(1))
    let readers = try (0..<5).map { _ in try LocalReader(path: path()) }
    let news = try readers.map(next)
    #expect(news.filter { $0 == .document(Self.document(1)) }.count == 2)
    #expect(news.filter { $0 == .ended }.count == 3)
  }

  @Test("A socket is removed in the end; a leftover is replaced; anything else stays")
  func paths() throws {
    let first = try LocalServer(path: path(), access: .owner)
    #expect(throws: ClassroomError.isInUse(path: path())) {
      try LocalServer(path: path(), access: .owner)
    }
    let reader = try LocalReader(path: path())
    first.stop()
    first.stop()
    #expect(try next(reader) == .ended)
    #expect(!FileManager.default.fileExists(atPath: path()))
    #expect(throws: ClassroomError.noPresentation(path: path())) { try LocalReader(path: path()) }

    // What a killed program leaves: a socket that nobody listens at.
    do { _ = try LocalSocket.listening(at: path(), mode: 0o600) }
    #expect(FileManager.default.fileExists(atPath: path()))
    #expect(throws: ClassroomError.noPresentation(path: path())) { try LocalReader(path: path()) }
    let second = try LocalServer(path: path(), access: .owner)
    second.stop()

    try "mine".write(toFile: path("file"), atomically: true, encoding: .utf8)
    #expect(throws: ClassroomError.isNoSocket(path: path("file"))) {
      try LocalServer(path: path("file"), access: .owner)
    }
    let long = path(String(repeating: "l", count: 200))
    #expect(throws: ClassroomError.self) { try LocalServer(path: long, access: .owner) }
    #expect(throws: ClassroomError.self) { try LocalReader(path: long) }
    #expect(throws: ClassroomError.self) {
      try LocalServer(path: path("no/such/folder"), access: .owner)
    }
  }

  @Test("A path at which somebody else talks gives a sentence, and takes no memory")
  func hostileServer() throws {
    let listener = try LocalSocket.listening(at: path(), mode: 0o600)
    for line in ["{}\n", "\u{1B}]0;x\u{7}\n", "[1,2\n", String(repeating: "z", count: 64)] {
      let reader = try LocalReader(path: path())
      let other = try #require(listener.accepted())
      let bytes = Array(line.utf8)
      if line.hasSuffix("\n") {
        #expect(other.write(bytes[...]) == .bytes(bytes.count))
        #expect(throws: FileError.self) { try next(reader) }
      } else {
        // No end of a line for ever.
        let block = [UInt8](repeating: 0x7A, count: 1 << 16)
        #expect(throws: FileError.self) {
          for _ in 0..<2000 {
            _ = other.write(block[...])
            _ = try reader.news
          }
        }
      }
    }
  }
}
