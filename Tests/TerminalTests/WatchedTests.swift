import CTerminal
import Testing

@testable import Terminal

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

@Suite("Waiting for descriptors")
struct WatchedTests {
  /// A pipe that is closed with its owner.
  private final class Pipe {
    let readEnd: Int32
    private(set) var writeEnd: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
      close(readEnd)
      closeWriteEnd()
    }

    func closeWriteEnd() {
      if writeEnd >= 0 { close(writeEnd) }
      writeEnd = -1
    }
  }

  @Test("Nothing is ready when the time is over")
  func timeout() throws {
    let pipe = try Pipe()
    let start = ContinuousClock.now
    let ready = Watched.wait(
      [Watched(pipe.readEnd), Watched(-1)], until: start + .milliseconds(20))
    #expect(ready.allSatisfy { !$0.isReadable && !$0.isHungUp })
    #expect(ContinuousClock.now - start >= .milliseconds(20))
  }

  @Test("A written byte is seen, at the place of its descriptor")
  func readable() throws {
    let (silent, written) = (try Pipe(), try Pipe())
    ct_write_all(written.writeEnd, "x", 1)
    let ready = Watched.wait([Watched(silent.readEnd), Watched(written.readEnd)], until: nil)
    #expect(ready.map(\.isReadable) == [false, true])
  }

  @Test("The other end's closing is seen")
  func hungUp() throws {
    let pipe = try Pipe()
    pipe.closeWriteEnd()
    let ready = Watched.wait([Watched(pipe.readEnd)], until: nil)
    #expect(ready[0].isReadable || ready[0].isHungUp)
  }

  @Test("A descriptor that is not open is gone")
  func invalid() {
    let ready = Watched.wait([Watched(9999)], until: nil)
    #expect(ready[0].isHungUp)
  }
}
