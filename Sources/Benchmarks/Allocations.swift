internal import AllocationCounter
internal import Kernels
internal import TinyModel
internal import Trace

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Counts what the decode steps of a generation ask the allocator for, with weights of each type.
///
/// - Returns: whether it is nothing.
func countAllocations(_ checkpoint: Checkpoint) throws -> Bool {
  guard ac_counts_allocations() != 0 else {
    print("allocations are not counted on this system")
    return true
  }
  let tokens = 64
  let plan = try RunPlan(
    start: .prompt, ids: [1, 2, 3], newTokens: tokens,
    contextLength: checkpoint.configuration.contextLength)
  var sum = 0
  for type in WeightType.allCases {
    let before = ac_allocations()
    // One thread: the counter is the calling thread's.
    let model = try Transformer(checkpoint, type: type, pool: ThreadPool(threads: 1))
    guard ac_allocations() > before else {
      print("the counter sees no allocation where a model is read")
      return false
    }
    let generation = Generation(model, plan: plan, usesCache: true)
    var counts: [Int] = []
    counts.reserveCapacity(tokens)
    _ = try generation.run { counts.append(ac_allocations()) }
    let decode = (counts.last ?? 0) - (counts.first ?? 0)
    print("\(type.rawValue): \(decode) allocations in \(counts.count - 1) decode steps")
    sum += decode
  }
  return sum == 0
}
