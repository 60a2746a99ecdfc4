@testable import Base
@testable import TinyModel

/// Reads an input as a generation_config.json, and what of it nobody does.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let asked = UnheededFields.generation(path)?.fields ?? []
    precondition(asked.allSatisfy { !$0.isEmpty } && asked.count < max(1, count))
    let ids = try GenerationConfiguration(path: path).endOfSequence
    precondition(ids.allSatisfy { $0 >= 0 } && ids.count < max(1, count))
  }
}
