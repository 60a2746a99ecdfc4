import Base
import Testing

@testable import kvtui

@Suite("What a build says of itself")
struct BuildRecordTests {
  private static let hash = "168ead646a5616c60d41214634399f801fbda67b"

  @Test("A record is the commit, its day, and whether the sources were changed")
  func read() {
    let record = BuildRecord("\(Self.hash) 2026-11-27")
    #expect(record.commit == Self.hash && record.day == "2026-11-27" && !record.isChanged)
    #expect(record.origin(.english) == "commit \(Self.hash), 2026-11-27")
    let changed = BuildRecord("\(Self.hash) 2026-11-27 changed")
    #expect(changed.isChanged)
    #expect(changed.origin(.english).hasSuffix("with changes since"))
    #expect(changed.origin(.chinese).hasSuffix("源码在此之后有改动"))
  }

  @Test("Without a record nothing is made up")
  func unknown() {
    let record = BuildRecord("")
    #expect(record.commit == nil && record.day == nil && !record.isChanged)
    #expect(record.origin(.english) == "built without a record of its commit")
    #expect(record.text(.chinese) == "kvtui \(BuildRecord.version)（编译时没有记下提交）")
  }
}
