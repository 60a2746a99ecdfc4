@testable import Base
@testable import TinyModel

/// Reads an input as a tokenizer.json, and encodes and decodes the input itself with it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let tokenizer = try Tokenizer(path: path, vocabulary: 5_000)
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    for text in [text, "中华 <eos>aab\u{301}ab<0x41>", ""] {
      let ids = try tokenizer.encode(text)
      precondition(ids.allSatisfy { (0..<min(5_000, tokenizer.count)).contains($0) })
      _ = tokenizer.decode(ids)
      _ = ids.map(tokenizer.text(of:))
    }
  }
}
