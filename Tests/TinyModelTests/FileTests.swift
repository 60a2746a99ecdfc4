internal import Base
import Foundation
internal import Kernels
import Testing

@testable import TinyModel

/// What is read is a regular file that holds what it says, and models are found by name or path.
@Suite struct FileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aRegularFileIsReadWherePartsOfItLie() throws {
    let file = try RegularFile(folder.write([1, 2, 3, 4, 5], to: "x"))
    #expect(file.count == 5)
    #expect(try file.allBytes(limit: 5) == [1, 2, 3, 4, 5])
    #expect(try file.bytes(at: 1, count: 3) == [2, 3, 4])
    #expect(try file.bytes(at: 5, count: 0) == [])
  }

  @Test func aFolderADeviceAndAFIFOAreRefusedAndNotWaitedFor() throws {
    let fifo = folder("fifo")
    #expect(mkfifo(fifo, 0o600) == 0)
    for path in [folder.path, fifo, "/dev/null", "/dev/zero"] {
      #expect(throws: FileError.notARegularFile(file: path)) { _ = try RegularFile(path) }
    }
  }

  @Test func whatIsMissingIsMissingInput() {
    for path in [folder("nothing"), "", folder("a/b/c"), folder("x\0y")] {
      let error = #expect(throws: FileError.self) { _ = try RegularFile(path) }
      #expect(error?.status == 66)
      #expect(error?.sentence(.english).hasPrefix("cannot open \(path) (") == true)
    }
  }

  @Test func aPathEndsAtItsEndAndNotAtANUL() throws {
    let path = try folder.write([1], to: "x")
    #expect(throws: FileError.self) { _ = try RegularFile(path + "\0.safetensors") }
    if case .nothing = PathKind(path + "\0y") {} else { Issue.record("a path with a NUL is found") }
  }

  @Test(arguments: [(0, 6), (5, 1), (-1, 1), (0, -1), (6, 0), (.max, .max), (1, .max), (.max, 1)])
  func aRangeOutsideOfTheFileIsRefusedBeforeItIsAllocated(offset: Int, count: Int) throws {
    let file = try RegularFile(folder.write([1, 2, 3, 4, 5], to: "x"))
    #expect(throws: FileError.self) { _ = try file.bytes(at: offset, count: count) }
  }

  @Test func aFileThatShrinksWhileItIsReadIsTruncated() throws {
    let path = try folder.write([1, 2, 3, 4, 5], to: "x")
    let file = try RegularFile(path)
    #expect(truncate(path, 2) == 0)
    #expect(throws: FileError.truncated(file: path, expected: 5, found: 2)) {
      _ = try file.allBytes(limit: 10)
    }
  }

  @Test func weightsThatShrinkWhileTheyAreReadAreTruncated() throws {
    let shape = GPT2Shape()
    try folder.write(shape, seed: 1)
    let checkpoint = try Checkpoint(folder: folder.path)
    #expect(truncate(folder("model.safetensors"), 4_000) == 0)
    let error = #expect(throws: ModelError.self) { _ = try Transformer(checkpoint) }
    guard case .file(.truncated)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func readingTellsHowFarItHasCome() throws {
    var shape = GPT2Shape()
    (shape.heads, shape.headDimension, shape.inner) = (8, 64, 20_000)
    try folder.writeZeros(shape)
    var seen: [ReadingProgress] = []
    _ = try Transformer(Checkpoint(folder: folder.path)) { seen.append($0) }
    let bytes = shape.tensors.reduce(0) { $0 + 4 * $1.shape.reduce(1, *) }
    #expect(seen.allSatisfy { $0.total == bytes } && seen.last?.read == bytes)
    let steps = zip([0] + seen.map(\.read), seen.map(\.read)).map { $1 - $0 }
    // The two matrices of the MLP come in parts.
    let matrix = 4 * shape.width * shape.inner
    #expect(steps.allSatisfy { (1..<matrix).contains($0) })
    #expect(seen.count > shape.tensors.count)
  }

  /// A tied embedding that is held as it is stored and packed too is read twice, and counts as what it is.
  @Test(arguments: WeightType.allCases)
  func noMoreIsReadThanThereIs(type: WeightType) throws {
    let shape = GPT2Shape(vocabulary: 500)
    try folder.write(shape, seed: 1)
    var seen: [ReadingProgress] = []
    _ = try Transformer(Checkpoint(folder: folder.path), type: type) { seen.append($0) }
    #expect(seen.allSatisfy { $0.read <= $0.total })
    #expect(seen.last.map { $0.read == $0.total } == true)
    #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.read <= $1.read })
  }

  @Test func aTensorThatIsReadInPartsIsWholeInTheEnd() throws {
    let count = SafetensorsFile.partSize / 4 + 5
    var generator = SeededGenerator(seed: 1)
    let numbers = generator.floats(count, scale: 1)
    let written = SafetensorsWriter([("x", .float32, [count])])
    let path = try folder.write(written.file { _ in numbers.withUnsafeBytes(Array.init) }, to: "x")
    let file = try SafetensorsFile(path)
    var parts: [Int] = []
    let read = try file.floats(of: try #require(file.entry("x"))) { parts.append($0) }
    #expect(parts == [SafetensorsFile.partSize, 20])
    #expect(read.floats == numbers)
  }

  @Test func aFileBeyondTheLimitIsRefusedUnread() throws {
    let path = folder("sparse")
    try folder.write([], to: "sparse")
    #expect(truncate(path, 1 << 40) == 0)
    let file = try RegularFile(path)
    #expect(throws: FileError.self) { _ = try file.allBytes(limit: 1 << 20) }
    #expect(throws: FileError.self) { _ = try SafetensorsFile(path) }
    #expect(throws: FileError.self) { _ = try Tokenizer(path: path) }
    #expect(throws: FileError.self) { _ = try ModelConfiguration(path: path) }
  }

  @Test func aModelIsFoundByPathAndByNameInOrder() throws {
    for name in ["a/tiny", "b/tiny", "b/other", "b/no-model"] {
      try FileManager.default.createDirectory(
        atPath: folder(name), withIntermediateDirectories: true)
      if name != "b/no-model" { try folder.write("{}".utf8, to: name + "/config.json") }
    }
    try folder.write([], to: "b/a-file")
    let library = ModelLibrary(searchPaths: [folder("missing"), folder("a"), folder("b")])
    #expect(library.listings().map(\.name) == ["tiny", "other"])
    #expect(try library.folder(of: "tiny") == folder("a/tiny"))
    #expect(try library.folder(of: "other") == folder("b/other"))
    #expect(try library.folder(of: folder("b/no-model")) == folder("b/no-model"))
    #expect(try library.folder(named: "tiny") == folder("a/tiny"))
    #expect(throws: ModelError.self) { try library.folder(named: folder("a/tiny")) }
    // What opens it says that nothing lies there.
    #expect(try library.folder(of: "no-model") == folder("b/no-model"))
    for name in ["", "a-file", "..", "../b/other", "tiny\0", folder("nothing")]
    where name != ".." {
      let error = ModelError.unknownModel(name: name, searched: library.searchPaths)
      #expect(throws: error) { try library.folder(of: name) }
    }
    let file = folder("b/a-file")
    #expect(throws: ModelError.notAFolder(path: file)) { try library.folder(of: file) }
  }

  @Test func aCheckpointIsNamedByItsFolder() throws {
    try folder.write(GPT2Shape(), seed: 1)
    let name = String(folder.path.split(separator: "/").last ?? "")
    #expect(try Checkpoint(folder: folder.path).name == name)
    for path in ["//", "/.", "/./", "/../\(name)", "/../\(name)/.//."] {
      #expect(try Checkpoint(folder: folder.path + path).name == name)
    }
  }

  @Test(arguments: ["config.json", "model.safetensors", "tokenizer.json"])
  func aFileThatACheckpointLacksIsNamed(name: String) throws {
    try folder.write(GPT2Shape(), seed: 1)
    try FileManager.default.removeItem(atPath: folder(name))
    let error = #expect(throws: FileError.self) { _ = try LoadedModel(folder: folder.path) }
    #expect(error?.status == 66)
    #expect(error?.sentence(.english).contains(folder(name)) == true)
  }

  @Test func aGenerationConfigurationThatIsNoFileIsRefusedAndNotPassedOver() throws {
    try folder.write(GPT2Shape(), seed: 1)
    let path = folder("generation_config.json")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(throws: FileError.notARegularFile(file: path)) {
      _ = try Checkpoint(folder: folder.path)
    }
  }

  @Test func whatGenerationConfigurationNamesTakesThePlaceOfConfigurationsIDs() throws {
    var shape = GPT2Shape()
    shape.endOfSequence = 1
    try folder.write(shape, seed: 1)
    #expect(try Checkpoint(folder: folder.path).configuration.endOfSequence == [1])
    for (ids, expected) in [("[3, 4]", [3, 4]), ("2", [2]), ("null", []), ("[99, -1, 12]", [12])] {
      try folder.write(#"{"eos_token_id": \#(ids)}"#.utf8, to: "generation_config.json")
      #expect(try Checkpoint(folder: folder.path).configuration.endOfSequence == expected)
    }
  }

  @Test func aShardsNameCannotLeadOutOfTheFolder() throws {
    let inner = folder("inner")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    let file = ForgedSafetensors.file(
      header: #"{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#)
    // As Swift characters, a slash under a combining accent is no slash.
    try folder.write(file, to: "\u{301}x")
    try folder.write(file, to: "x")
    try folder.write(GPT2Shape().configuration.utf8, to: "inner/config.json")
    for name in ["../x", "../\u{301}x", "/etc/passwd", "x/../../x", "..", ".", "", "a\\u0000b"] {
      let index = #"{"weight_map":{"x":"\#(name)"}}"#
      try folder.write(index.utf8, to: "inner/model.safetensors.index.json")
      let error = #expect(throws: FileError.self) { _ = try Checkpoint(folder: inner) }
      guard case .badField? = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
    }
  }
}
