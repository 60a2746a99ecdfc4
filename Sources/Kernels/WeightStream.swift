package import Base
internal import CKernels
internal import Synchronization

/// What weights share that are read anew for each use, as long as they are not packed: room to read into, and why that failed.
///
/// A use that fails computes zeros and is noted here; whoever shows a result asks before whether one has.
package final class WeightStream: Sendable {
  private struct State {
    var failure: FileError?
    var needed = StreamRoom.Size()
    var idle: [StreamRoom] = []
  }

  private let state = Mutex(State())
  private let threads: Int

  /// Of products that so many threads share.
  package init(threads: Int) { self.threads = threads }

  /// Why a use failed, the first that did; nil where none has.
  package var failure: FileError? { state.withLock { $0.failure } }

  /// Notes that a use has failed.
  package func fail(_ error: FileError) { state.withLock { $0.failure = $0.failure ?? error } }

  /// Rooms will have to hold so much.
  func reserve(_ size: StreamRoom.Size) { state.withLock { $0.needed.formUnion(size) } }

  /// Gives back the rooms that nobody uses.
  package func giveBackRooms() { state.withLock { $0.idle = [] } }

  /// Lends a room for as long as `body` runs: another one to each thread that asks, so that passes do not wait for each other.
  func withRoom<Result>(
    _ body: (StreamRoom) throws(FileError) -> Result
  ) throws(FileError) -> Result {
    let (idle, needed) = state.withLock { ($0.idle.popLast(), $0.needed) }
    let room = idle.flatMap { $0.holds(needed) ? $0 : nil } ?? StreamRoom(needed, threads: threads)
    defer { state.withLock { $0.idle.append(room) } }
    return try body(room)
  }
}

/// Where each thread of a product reads a span of rows to, and where it packs it.
struct StreamRoom {
  /// Bytes for one thread.
  struct Size {
    var rows = 0
    var packed = 0

    /// Makes it hold another one too.
    mutating func formUnion(_ other: Size) {
      (rows, packed) = (max(rows, other.rows), max(packed, other.packed))
    }
  }

  private let size: Size
  /// Where threads read rows to.
  let rows: [ThreadRoom]
  /// Where they pack them.
  let packed: [ThreadRoom]

  init(_ size: Size, threads: Int) {
    self.size = size
    rows = (0..<threads).map { _ in ThreadRoom(bytes: size.rows) }
    packed = (0..<threads).map { _ in ThreadRoom(bytes: size.packed) }
  }

  func holds(_ size: Size) -> Bool {
    size.rows <= self.size.rows && size.packed <= self.size.packed
  }
}

/// Memory that one thread at a time writes.
final class ThreadRoom: @unchecked Sendable {
  // Sendable: whoever lends it sees to that.
  let pointer: UnsafeMutableRawPointer
  init(bytes: Int) { pointer = allocateUnset(bytes: bytes) }
  deinit { ck_free(pointer) }
}

/// Weights that are read anew for each use until they are packed.
package protocol StreamedWeights: AnyObject, Sendable {
  /// Reads and packs them, by every thread; uses that are under way go on with what they read.
  ///
  /// - Parameters:
  ///   - kernels: what packs, and the threads.
  ///   - progress: told of bytes that were taken, on the caller's thread.
  /// - Throws: what taking rows leads to, or that a weight is beyond the range of its type.
  func pack(_ kernels: Kernels, progress: (Int) -> Void) throws(FileError)
}
