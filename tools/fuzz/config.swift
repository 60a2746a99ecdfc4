/// Reads an input as a config.json.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(CheckpointError) in
    let shape = try ModelConfiguration(path: path)
    precondition(shape.heads * shape.headWidth == shape.width && shape.layers > 0)
    precondition(shape.endOfSequence.allSatisfy { (0..<shape.vocabulary).contains($0) })
  }
}
