internal import Base
internal import TinyModel

/// How long a model took to open, measured once in a process, before its runs.
struct BenchLoading {
  /// From its folder's name, or its shape's, to a model that can be run; a tokenizer is no part of it.
  let seconds: Double
  /// A first pass of one token behind that, which reads what loading left in the files.
  let firstPassSeconds: Double
  /// Packing the weights behind that, for all passes to come.
  let packingSeconds: Double
  /// The most memory that the process has had until then.
  let peakBytes: Int

  /// Feeds one token to a model that has just been loaded, and packs it.
  ///
  /// `progress` is called whenever some more was packed.
  init(
    _ model: Transformer, took loading: Duration, progress: (ReadingProgress) -> Void
  ) throws(ModelError) {
    let session = DecodeSession(model, capacity: 1)
    let clock = ContinuousClock()
    let start = clock.now
    session.feed([0])
    let first = clock.now
    if let failure = model.readingFailure { throw failure }
    try model.pack(progress)
    seconds = loading.inSeconds
    firstPassSeconds = start.duration(to: first).inSeconds
    packingSeconds = first.duration(to: clock.now).inSeconds
    peakBytes = PeakMemory.bytes
  }
}
