import Foundation
import Testing

@testable import Base

/// What is written is read again, by this program and by others; a field says where it stands.
@Suite struct JSONTests {
  private func scalar(_ random: inout SplitMix64) -> Unicode.Scalar {
    let most: UInt32 = Bool.random(using: &random) ? 0xFF : 0x10FFFF
    while true {
      if let scalar = Unicode.Scalar(UInt32.random(in: 0...most, using: &random)) { return scalar }
    }
  }

  @Test func anyTextAndAnyFiniteNumberReadBackToTheSameBits() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<500 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...20, using: &random) { scalars.append(scalar(&random)) }
      let text = String(scalars)
      let float = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random))
      let number = float.isFinite ? float : 0
      let line = JSONText.object([("z", .string(text)), ("a", .float(number))]).text
      let read = try JSON.parse(Array(line.utf8), file: "x")
      #expect(read.fields?.map(\.key) == ["z", "a"])
      #expect(read["z"]?.string.map { Array($0.utf8) } == Array(text.utf8))
      #expect(read["a"]?.number.map(Float.init) == number)
      let other = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect((other?["z"] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    }
  }

  @Test func aLineCannotSteerATerminal() {
    let line = JSONText.string("\u{1B}[2J\u{9B}\u{202E}\u{2028}\n").text
    #expect(line == #""\u001b[2J\u009b\u202e\u2028\n""#)
  }

  @Test func whatIsWrongWithAFieldIsSaidWithItsPlace() throws {
    let text = #"{"a": {"b": [1, "x"], "n": null, "f": 1, "s": -1}}"#
    let root = JSONField(file: "f", value: try JSON.parse(Array(text.utf8), file: "f"))
    let a = try root.required("a")
    func error(_ work: () throws(FileError) -> Void) -> FileError? {
      do throws(FileError) {
        try work()
        return nil
      } catch {
        return error
      }
    }
    #expect(
      error { () throws(FileError) in _ = try a.required("b").elements()[1].count() }
        == .badField(file: "f", field: "a.b[1]", value: "\"x\"", expected: .size(0...Int.max)))
    #expect(
      error { () throws(FileError) in _ = try a.size("n") }
        == .missingField(file: "f", field: "a.n"))
    #expect(
      error { () throws(FileError) in _ = try a.size("s") }
        == .badField(file: "f", field: "a.s", value: "-1", expected: .size(1...(1 << 28))))
    #expect(
      error { () throws(FileError) in _ = try a.flag("f") }
        == .badField(file: "f", field: "a.f", value: "1", expected: .boolean))
    #expect(
      error { () throws(FileError) in try a.require(true, at: "n") } == nil
        && error { () throws(FileError) in try a.requireNone(at: "f") }
          == .unsupported(file: "f", field: "a.f", value: "1", supported: ["null"])
    )
    let list = JSONField(file: "f", value: .array([]))
    #expect(
      error { () throws(FileError) in _ = try list.optional("x") }
        == .notAnObject(file: "f", found: "[]"))
  }
}
