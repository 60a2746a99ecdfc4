@testable import Base
@testable import TinyModel

/// A model's folder whose index is the scratch file, and whose other files are those of the fixture.
private let folder = scratchFolder("gpt2/sharded", without: "model.safetensors.index.json")

/// Reads an input as a shard index, then the weights that it leads to.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { _ throws(FileError) in
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
