import Glibc

@testable import Base
@testable import TinyModel

/// A folder whose `vocab.txt` is the scratch file, with the configuration of the fixture `reported/gpt2-chinese-vocabtxt`.
private let folder: String = {
  var template = Array("/tmp/kvtui-fuzz-XXXXXX".utf8CString)
  precondition(mkdtemp(&template) != nil, "no scratch folder: errno \(errno)")
  let folder = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
  let name = "tokenizer_config.json"
  guard let fixture = realpath("Tests/Fixtures/reported/gpt2-chinese-vocabtxt/" + name, nil) else {
    preconditionFailure("run this from the repository's root")
  }
  defer { free(fixture) }
  precondition(symlink(fixture, folder + "/" + name) == 0)
  return folder
}()

/// Reads an input as a vocab.txt, and encodes and decodes the input itself with it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let vocabulary = folder + "/vocab.txt"
    if PathKind(vocabulary) == .nothing { precondition(symlink(path, vocabulary) == 0) }
    let tokenizer = try Tokenizer(folder: folder, vocabulary: nil)
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    for text in [text, "中华 [MASK]Ünaffable\u{301} 12", ""] {
      let ids = try tokenizer.encode(text)
      precondition(ids.allSatisfy { (0..<tokenizer.count).contains($0) })
      _ = tokenizer.decode(ids)
    }
  }
}
