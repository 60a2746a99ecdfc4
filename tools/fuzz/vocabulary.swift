@testable import Base
@testable import TinyModel

/// A folder whose `vocab.txt` is the scratch file, and whose other files are those of the fixture.
private let folder = scratchFolder("reported/gpt2-chinese-vocabtxt", without: "vocab.txt")

/// Reads an input as a vocab.txt, and encodes and decodes the input itself with it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { _ throws(FileError) in
    let tokenizer = try Tokenizer(folder: folder, vocabulary: nil)
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    for text in [text, "中华 [MASK]Ünaffable\u{301} 12", ""] {
      let ids = try tokenizer.encode(text)
      precondition(ids.allSatisfy { (0..<tokenizer.count).contains($0) })
      _ = tokenizer.decode(ids)
    }
  }
}
