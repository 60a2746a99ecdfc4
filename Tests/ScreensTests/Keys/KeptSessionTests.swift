import Base
import Foundation
import Testing
import Viz

@testable import Screens

/// The file of a session: what is written reads back, and what anyone may have written is refused with its line.
@Suite struct KeptSessionTests {
  private static let head =
    #"{"format":"kvtui-keys","version":1,"command":"run","options":{"text":"中华"},"language":"zh","theme":"dark","size":"80x24"}"#

  private func session(_ text: String) throws -> KeptSession {
    try KeptSession(Array(text.utf8), file: "demo.keys")
  }

  /// The sentence that a file is refused with.
  private func refusal(_ text: String, _ language: Language = .english) -> String {
    do {
      _ = try session(text)
      return "accepted"
    } catch let error as any Explained {
      #expect(error.status == 65)
      return error.sentence(language)
    } catch {
      return "\(error)"
    }
  }

  @Test("A session reads back as it was written")
  func roundTrip() throws {
    let opening = KeptOpening(
      .run,
      [
        .init("model", "tiny-zh-gqa"), .init("text", "\u{1B}[31m\n\"中\""), .init("tokens", "9"),
        .init("temperature", "0.8"), .init("ignore-eos"),
      ])
    let look = Look(language: .english, theme: .projector, glyphs: .ascii)
    let written = KeptSession(opening, look, Size(columns: 120, rows: 36))
    let events: [KeptEvent] = [
      KeptEvent(after: 0, .key(.right)), KeptEvent(after: 1234, .paste("床\n前\u{202E}")),
      KeptEvent(after: 600_000, .key(.character("中"))),
    ]
    let lines = [written.firstLine] + events.map(\.line)
    #expect(
      lines.allSatisfy { !$0.contains("\n") && !$0.contains("\u{1B}") && !$0.contains("\u{202E}") })
    let read = try session(lines.joined(separator: "\n") + "\n")
    #expect(read.opening.command == .run && read.opening.options == opening.options)
    #expect(read.look == look && read.size == written.size && read.events == events)
    #expect(read.leaving == nil)
    let left = try session((lines + [KeptSession.lastLine]).joined(separator: "\r\n") + "\r\n\r\n")
    #expect(left.events == Array(events.dropLast()) && left.leaving == events.last)
    #expect(
      read.opening.arguments == [
        "--model", "tiny-zh-gqa", "--text", "\u{1B}[31m\n\"中\"", "--tokens", "9", "--temperature",
        "0.8", "--ignore-eos",
      ])
  }

  @Test("Every key that a terminal sends has a name that reads back")
  func names() throws {
    var keys: [Key] = [
      .left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .enter, .escape, .backspace,
      .delete, .tab, .other("f1"), .other("btab"), .other("ic"), .other("m-x"), .other("s-up"),
    ]
    keys += "aZ0 ~[{\"\\中［é·".map { .character($0) } + "abcz".map { .control($0) }
    for key in keys { #expect(Key(tmuxName: key.tmuxName) == key, "\(key)") }
    let lines = keys.map { KeptEvent(after: 1, .key($0)).line }
    let read = try session(([Self.head] + lines).joined(separator: "\n"))
    #expect(read.events.map(\.input) == keys.map { .key($0) })
  }

  @Test(
    "A line that is wrong is named with its place and what is wrong with it",
    arguments: [
      (#"{"after":5,"key":"Rihgt"}"#, "Rihgt"), (#"{"after":5,"key":"\u001b"}"#, "key"),
      (#"{"after":5,"key":"e\u0301\u0301"}"#, "key"), (#"{"after":5,"key":""}"#, "key"),
      (#"{"after":5,"key":7}"#, "key"), (#"{"after":5}"#, "key"), ("{}", "key"),
      (#"{"after":-1,"key":"q"}"#, "-1"), (#"{"after":600001,"key":"q"}"#, "600001"),
      (#"{"after":1e300,"key":"q"}"#, "after"), (#"{"after":"5","key":"q"}"#, "after"),
      (#"{"key":"q","paste":"x"}"#, "paste"), (#"{"paste":3}"#, "paste"),
      (#"{"key":"q","file":"/etc/x"}"#, "file"), (#"{"end":false}"#, "end"),
      (#"{"end":true,"key":"q"}"#, "key"), ("[]", "[]"), ("q", "JSON"), (#"{"key":"q","#, "JSON"),
      (#"{"key":"q","key":"r"}"#, "JSON"), (#"{"key":"\ud800"}"#, "JSON"),
      (#"{"after":99999999999999999999,"key":"q"}"#, "JSON"),
    ])
  func badLine(line: String, word: String) {
    let sentence = refusal(Self.head + "\n\n" + #"{"key":"Right"}"# + "\n" + line + "\n")
    #expect(
      sentence.hasPrefix("demo.keys:4") || sentence.hasPrefix("demo.keys, line 4"), "\(sentence)")
    #expect(sentence.contains(word) && !sentence.contains("\n"), "\(sentence)")
    #expect(refusal(Self.head + "\n" + line, .chinese) != refusal(Self.head + "\n" + line))
  }

  @Test(
    "A first line that is wrong is named with what is wrong with it",
    arguments: [
      ("kvtui-keys", "kvtrace", "format"), (":1,", ":2,", "version"), (":1,", ":\"1\",", "version"),
      ("\"run\"", "\"export\"", "command"), ("\"run\"", "\"record\"", "command"),
      ("\"run\"", "null", "command"), ("\"zh\"", "\"de\"", "language"), ("\"dark\"", "3", "theme"),
      ("80x24", "80x0", "size"), ("80x24", "9999x24", "size"), ("80x24", "80x24x1", "size"),
      ("\"text\"", "\"o\"", "options.o"), ("\"text\"", "\"output\"", "options.output"),
      ("\"text\"", "\"keep-keys\"", "options.keep-keys"),
      ("\"text\"", "\"ignore-eos\"", "ignore-eos"),
      ("\"中华\"", "[1]", "options.text"), ("\"中华\"", "true", "options.text"),
      ("{\"text\":\"中华\"}", "[]", "options"),
      ("\"text\":\"中华\"", "\"prompt\":\"-\"", "options.prompt"),
      ("\"run\",\"options\":{\"text\":\"中华\"}", "\"replay\"", "options.file"),
      ("\"size\"", "\"sizes\"", "sizes"), ("{\"format\"", "{\"ascii\":1,\"format\"", "ascii"),
    ])
  func badHead(old: String, new: String, word: String) {
    let sentence = refusal(Self.head.replacing(old, with: new))
    #expect(sentence.hasPrefix("demo.keys:1") && sentence.contains(word), "\(sentence)")
  }

  @Test("What stands behind the end, or an end behind nothing, is refused")
  func end() {
    let key = #"{"key":"q"}"#
    let end = #"{"end":true}"#
    #expect(refusal([Self.head, key, end, key].joined(separator: "\n")).hasPrefix("demo.keys:4"))
    #expect(refusal([Self.head, end].joined(separator: "\n")).hasPrefix("demo.keys:2"))
    #expect(refusal("").contains("format") && refusal("\n\n").contains("format"))
  }

  @Test("No command and no option of a session can write a file")
  func whitelist() {
    #expect(KeptOpening.Command.allCases.map(\.rawValue) == ["run", "lesson", "replay"])
    let options = Set(KeptOpening.Command.allCases.flatMap { $0.valued + $0.flags })
    #expect(
      options == [
        "model", "random", "mla", "dtype", "prompt", "text", "tokens", "seed", "temperature",
        "top-k", "top", "ignore-eos", "id", "file", "from",
      ])
  }

  @Test("A file that is too large, or none, is refused before it is read")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "a.keys").path
    func status() -> Int32? {
      do {
        _ = try KeptSession(reading: path)
        return nil
      } catch {
        return (error as? any Explained)?.status
      }
    }
    #expect(status() == 66)
    try (Self.head + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(status() == nil)
    try String(repeating: "\n", count: KeptSession.limit + 1).write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(status() == 65)
  }

  @Test("Bytes of any kind are a session or are refused with a sentence")
  func anything() {
    var random = SplitMix64(seed: 7)
    let good = Array(
      (Self.head + "\n" + #"{"after":5,"key":"Right"}"# + "\n" + #"{"end":true}"#).utf8)
    for count in 0..<good.count {
      for bytes in [Array(good.prefix(count)), flipped(good, at: count, &random)] {
        do {
          _ = try KeptSession(bytes, file: "demo.keys")
        } catch {
          #expect((error as? any Explained)?.sentence(.english).isEmpty == false)
        }
      }
    }
  }

  private func flipped(_ bytes: [UInt8], at index: Int, _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    bytes[index] ^= UInt8.random(in: 1...255, using: &random)
    return bytes
  }
}
