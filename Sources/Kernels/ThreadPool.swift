internal import CKernels

/// Threads that share large products; for small ones they are not woken.
///
/// The bits of a result do not depend on their number.
public final class ThreadPool: @unchecked Sendable {
  // Sendable: the C pool locks itself; where it is busy the caller works alone.

  /// The C pool; nil is the caller alone.
  package let pool: OpaquePointer?

  /// A pool of `threads` threads, the caller among them, or of fewer where the system grants no more.
  public init(threads: Int) {
    pool = threads > 1 ? ck_pool_create(Int32(clamping: threads)) : nil
  }

  deinit { ck_pool_destroy(pool) }

  /// Runs `body` for every part, each with the number of the thread that runs it: the caller is thread 0.
  package func run(parts: Int, _ body: (_ part: Int, _ thread: Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var job = Job(body: body)
      withUnsafeMutablePointer(to: &job) { job in
        ck_pool_run(
          pool, parts,
          { context, part, thread in
            context.assumingMemoryBound(to: Job.self).pointee.body(part, Int(thread))
          }, job)
      }
    }
  }

  private struct Job {
    let body: (Int, Int) -> Void
  }

  /// Its threads, the caller among them.
  public var threads: Int { Int(ck_pool_threads(pool)) }

  /// Lets what else the program does go first, from the next job on: a screen that is drawn meanwhile keeps no key waiting.
  ///
  /// The thread that calls gives way at once, and both for good. On an idle machine nothing is slower. Linux only.
  public func giveWay() {
    ck_give_way()
    ck_pool_give_way(pool)
  }

  /// The caller alone.
  package static let single = ThreadPool(threads: 1)

  /// One for the whole program, of every processor that it may use, up to `mostByDefault`.
  public static let shared = ThreadPool(threads: min(Int(ck_processors()), mostByDefault))

  /// The most threads that a pool can have.
  public static let most = Int(CK_MOST_THREADS)

  /// Decoding is bound by memory, which a few threads saturate.
  private static let mostByDefault = 8
}
