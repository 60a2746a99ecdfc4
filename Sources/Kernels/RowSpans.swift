internal import Base
internal import Synchronization

/// How the rows of a matrix are shared out among threads: spans that stay in a processor's own cache.
struct RowSpans {
  /// Rows in all.
  let count: Int
  /// Bytes of a row as it is stored.
  let rowBytes: Int
  /// Rows of a span but the last.
  let rowsPerSpan: Int

  /// About this many bytes a span: they are still in the second cache when they are packed.
  private static let spanBytes = 256 << 10

  /// Spans of whole multiples of `step` rows.
  init(count: Int, rowBytes: Int, step: Int = 1) {
    self.count = count
    self.rowBytes = rowBytes
    rowsPerSpan = max(1, Self.spanBytes / max(1, (Bytes(rowBytes) * step).count)) * step
  }

  /// How many there are.
  var spans: Int { (count + rowsPerSpan - 1) / rowsPerSpan }

  /// The rows of a span.
  func rows(ofSpan span: Int) -> Range<Int> {
    span * rowsPerSpan..<min((span + 1) * rowsPerSpan, count)
  }

  /// Bytes of the largest span.
  var largest: Bytes { Bytes(min(rowsPerSpan, count)) * rowBytes }
}

extension ThreadPool {
  /// Runs `body` for the rows of every span, each with the number of the thread that runs it.
  ///
  /// `progress` is told on the caller's thread how many more bytes are done.
  /// - Throws: what the first of the spans that failed threw; those behind one that failed may be left out.
  func run(
    over spans: RowSpans, progress: (Int) -> Void,
    _ body: (Range<Int>, Int) throws(FileError) -> Void
  ) throws(FileError) {
    let failure = Mutex<(span: Int, error: FileError)?>(nil)
    let done = Atomic(0)
    var told = 0
    run(parts: spans.spans) { span, thread in
      guard failure.withLock({ $0 == nil }) else { return }
      let rows = spans.rows(ofSpan: span)
      do throws(FileError) {
        try body(rows, thread)
      } catch {
        failure.withLock { if span < $0?.span ?? .max { $0 = (span, error) } }
      }
      let now = done.add(rows.count * spans.rowBytes, ordering: .relaxed).newValue
      guard thread == 0 else { return }
      progress(now - told)
      told = now
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
    let rest = done.load(ordering: .relaxed) - told
    if rest > 0 { progress(rest) }
  }
}
