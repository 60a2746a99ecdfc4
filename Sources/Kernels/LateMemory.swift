internal import Base
internal import CKernels
internal import Synchronization

/// Memory that is filled once, perhaps late: until then there is a source of what it will hold.
///
/// Any thread may ask; it is filled by one.
final class LateMemory<Source: Sendable>: @unchecked Sendable {
  // Sendable: both fields see to that themselves.
  private let memory: Atomic<UnsafeMutableRawPointer?>
  /// nil once the memory is filled.
  private let source: Mutex<Source?>

  /// What is there.
  enum Contents {
    case memory(UnsafeMutableRawPointer)
    case source(Source)
  }

  /// Memory for `ck_free`, which is filled or about to be.
  init(_ filled: UnsafeMutableRawPointer) {
    memory = Atomic(filled)
    source = Mutex(nil)
  }

  /// Nothing yet but a source.
  init(from source: Source) {
    memory = Atomic(nil)
    self.source = Mutex(source)
  }

  deinit { memory.load(ordering: .acquiring).map(ck_free) }

  /// The memory, or the source as long as it is not filled.
  var contents: Contents {
    if let memory = memory.load(ordering: .acquiring) { return .memory(memory) }
    // Where there is none either, it was filled in between.
    return source.withLock { $0 }.map(Contents.source) ?? self.contents
  }

  /// Fills so many bytes from the source, where that was not done before; who uses the source meanwhile goes on with it.
  func fill(
    bytes: Int, _ body: (Source, UnsafeMutableRawPointer) throws(FileError) -> Void
  ) throws(FileError) {
    guard case .source(let from) = contents else { return }
    let filled = allocateUnset(bytes: bytes)
    do throws(FileError) {
      try body(from, filled)
    } catch {
      ck_free(filled)
      throw error
    }
    memory.store(filled, ordering: .releasing)
    source.withLock { $0 = nil }
  }
}
