internal import Base
internal import TinyModel

/// How long a model took to open, measured once in a process, before its runs.
struct BenchLoading {
  /// From its folder's name, or its shape's, to a model that can be run; a tokenizer is no part of it.
  let seconds: Double
  /// A first pass of one token behind that, which finds whatever loading left to it.
  let firstPassSeconds: Double
  /// The most memory that the process has had until then.
  let peakBytes: Int

  /// Feeds one token to a model that has just been loaded.
  init(_ model: Transformer, took loading: Duration) {
    let session = DecodeSession(model, capacity: 1)
    let clock = ContinuousClock()
    let first = clock.measure { session.feed([0]) }
    seconds = loading.inSeconds
    firstPassSeconds = first.inSeconds
    peakBytes = PeakMemory.bytes
  }
}
