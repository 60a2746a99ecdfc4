@testable import Base
@testable import Kernels

/// Opens an input as a safetensors file and reads every tensor that could be a weight.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let file = try SafetensorsFile(path)
    var bytes = 0
    for entry in file.entries {
      precondition(file.entry(entry.name)?.range == entry.range)
      bytes += entry.range.count
      if entry.type.isWeight { _ = try file.floats(of: entry) }
    }
    precondition(bytes < count)
  }
}
