@testable import Base
@testable import TinyModel
@testable import Trace

/// Reads an input as a config.json.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    let shape = try ModelConfiguration(path: path)
    precondition(shape.layers > 0 && shape.modelDimension > 0 && shape.headDimension > 0)
    precondition(shape.kvHeads > 0 && shape.heads % shape.kvHeads == 0)
    for rotary in shape.rotaryEmbeddings {
      precondition(rotary.frequencies(dimension: min(64, shape.rotaryDimension)).allSatisfy { $0 >= 0 })
    }
    for form in LatentForm.allCases {
      let shape = shape.attending(form)
      precondition(shape.valueDimension > 0 && shape.heads % shape.kvHeads == 0)
      precondition(shape.parameters > 0 && MemoryPlan(weightsOf: shape, as: .int8).total > 0)
      precondition(ForwardBuffers.bytes(shape, rows: 3, length: 9, threads: 1) > Bytes(0))
      precondition(FullStore.bytes(shape, capacity: 9) > FullStore.bytes(shape, capacity: 0))
    }
    precondition(shape.endOfSequence.allSatisfy { (0..<shape.vocabulary).contains($0) })
  }
}
