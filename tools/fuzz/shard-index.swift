import Glibc

@testable import Base
@testable import TinyModel

/// A model's folder whose index is the scratch file, and whose other files are those of the fixture `gpt2/sharded`.
private let folder: String = {
  var template = Array("/tmp/kvtui-fuzz-XXXXXX".utf8CString)
  precondition(mkdtemp(&template) != nil, "no scratch folder: errno \(errno)")
  let folder = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
  guard let resolved = realpath("Tests/Fixtures/gpt2/sharded", nil) else {
    preconditionFailure("run this from the repository's root")
  }
  defer { free(resolved) }
  let fixture = String(cString: resolved)
  for name in folderEntries(fixture) where name != "model.safetensors.index.json" {
    precondition(symlink(fixture + "/" + name, folder + "/" + name) == 0)
  }
  return folder
}()

/// Reads an input as a shard index, then the weights that it leads to.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let index = folder + "/model.safetensors.index.json"
    if PathKind(index) == .nothing { precondition(symlink(path, index) == 0) }
    let checkpoint = try Checkpoint(folder: folder)
    do throws(ModelError) {
      let model = try Transformer(checkpoint)
      precondition(checkpoint.weightBytes >= 4 * model.parameters)
    } catch .file(let error) {
      throw error
    } catch {
      precondition(!error.sentence(.english).isEmpty)
    }
  }
}
