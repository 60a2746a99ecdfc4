@testable import Base
@testable import Kernels
@testable import TinyModel
@testable import Trace

/// A shape of which only the cache matters.
private let shape: ModelConfiguration? = {
  let json =
    #"{"model_type":"llama","hidden_size":8,"num_hidden_layers":2,"num_attention_heads":2,"num_key_value_heads":2,"head_dim":4,"intermediate_size":8,"vocab_size":9,"max_position_embeddings":64,"sliding_window":null}"#
  return try? Architecture.read(Array(json.utf8), file: "config.json").configuration
}()

/// Reads the first line of an input as what a lab is asked for, and has a store of it keep the rest as numbers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  let line = bytes.prefix { $0 != 10 }
  let text = String(decoding: line, as: UTF8.self)
  do throws(CachePolicyError) {
    let subject = try LabSubject(text)
    guard let again = try? LabSubject(subject.text), again == subject else {
      preconditionFailure("\(subject.text) is read otherwise")
    }
    if case .policy(let policy) = subject { keep(bytes.dropFirst(line.count + 1), policy) }
  } catch {
    precondition(!error.sentence(count % 2 == 0 ? .english : .chinese).isEmpty)
  }
  return 0
}

/// Feeds the bytes, four a number, to a store, and cuts it back now and then.
private func keep(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ policy: CachePolicy) {
  guard let shape else { preconditionFailure("no shape") }
  let lane = Lane(name: "policy", cache: policy)
  if let refusal = Stores.refusal(lane, shape) {
    return precondition(!refusal.sentence(.english).isEmpty)
  }
  let numbers = stride(from: bytes.startIndex, to: bytes.endIndex - 3, by: 4).map { at in
    Float(bitPattern: (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[at + $1]) })
  }
  let capacity = 40
  let store = Stores.make(lane, shape, capacity: capacity)
  store.calibrate(over: 3)
  for first in stride(from: 0, to: numbers.count - 15, by: 16) {
    if store.tokens == capacity { _ = store.truncate(to: first % capacity) }
    let position = store.tokens
    numbers[first..<first + 16].withUnsafeBufferPointer { row in
      guard let base = row.baseAddress else { return }
      let rows = KeyValueRows(
        keys: base, values: base + 8, rows: 1, stride: 16, position: position)
      for layer in 0..<2 {
        _ = store.append(rows, layer: layer, .best)
        let stored = store.read(layer: layer)
        precondition((1...min(capacity, position + 1)).contains(stored.slots))
      }
    }
    store.finishPass()
    precondition(store.tokens == position + 1 && store.usedBytes > 0)
  }
}
