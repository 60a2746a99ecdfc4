import Foundation
import Testing

@testable import Base

/// What the writer writes is what the reference implementation writes.
@Suite struct SafetensorsWriterTests {
  private static let fixtures =
    URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().path + "/Fixtures/"

  /// Files of the Python package `safetensors`: of one type, of several, with and without metadata.
  @Test(arguments: [
    "gpt2/odd/reference.safetensors", "gpt2/odd/model.safetensors", "gpt2/f16/model.safetensors",
    "gpt2/unprefixed/model.safetensors", "gpt2/prefixed/model.safetensors",
    "llama/bf16/reference.safetensors", "reported/qwen3/model.safetensors",
  ])
  func aFileOfThePythonPackageIsWrittenByteForByte(name: String) throws {
    let path = Self.fixtures + name
    let file = try SafetensorsFile(path)
    let tensors = file.entries.reversed().map { ($0.name, $0.type, $0.shape) }
    let whole = try RegularFile(path).allBytes(limit: .max)
    let writer = SafetensorsWriter(tensors, metadata: file.metadata)
    let start = whole.count - writer.dataCount
    let written = writer.file { entry in
      Array(whole[(start + entry.range.lowerBound)..<(start + entry.range.upperBound)])
    }
    #expect(written == whole)
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    var random = SplitMix64(seed: 1)
    let tensors = TensorType.allCases.map { type in
      ("中 \"\(type.rawValue)\" \u{1F}\u{2028}", type, [Int(random.next() % 4), 3, 2])
    }
    let metadata = [("问", "a\\b\n"), ("é", ""), ("e\u{301}", "1")]
    let writer = SafetensorsWriter(tensors, metadata: metadata)
    var data: [[UInt8]] = []
    let bytes = writer.file { entry in
      data.append(entry.range.map { _ in UInt8(truncatingIfNeeded: random.next()) })
      return data[data.count - 1]
    }
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(filePath: path))
    let file = try SafetensorsFile(path)
    #expect(file.metadata.map(\.key) == metadata.map(\.0))
    #expect(file.metadata.map(\.value) == metadata.map(\.1))
    #expect(file.entries.count == tensors.count)
    for (name, type, shape) in tensors {
      let entry = try #require(file.entry(name))
      #expect(entry.type == type && entry.shape == shape)
      #expect(entry.range.lowerBound % type.width == 0)
    }
    for (entry, expected) in zip(file.entries, data) {
      var read = [UInt8](repeating: 0, count: entry.range.count)
      try read.withUnsafeMutableBytes { raw in
        Result { () throws(FileError) in try file.read(entry, into: raw) }
      }.get()
      #expect(read == expected)
    }
  }

  @Test func aFileWithoutTensorsIsOne() throws {
    let writer = SafetensorsWriter([])
    #expect(writer.dataCount == 0)
    #expect(writer.file { _ in [] } == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
  }
}
