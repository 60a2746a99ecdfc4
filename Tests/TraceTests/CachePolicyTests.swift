import Base
import Testing
import Trace

/// A policy is three choices, each made once at most.
@Suite struct CachePolicyTests {
  @Test(arguments: [
    ("full", CachePolicy.full), ("window:64", CachePolicy(retention: .window(64))),
    ("sinks:4+64", CachePolicy(retention: .sinks(first: 4, newest: 64))),
    ("int8", CachePolicy(format: .int8)), ("fp8", CachePolicy(format: .fp8)),
    ("paged:16", CachePolicy(layout: .paged(16))),
    (
      "paged:16,fp8,window:8",
      CachePolicy(retention: .window(8), format: .fp8, layout: .paged(16))
    ),
  ])
  func isRead(text: String, policy: CachePolicy) throws {
    #expect(try CachePolicy(text) == policy)
  }

  @Test(arguments: [
    ("", CachePolicyError.unknown("")), ("all", .unknown("all")), ("int8,", .unknown("")),
    ("Full", .unknown("Full")), (" full", .unknown(" full")),
    ("window", .malformed("window", form: "window:W")),
    ("window:", .malformed("window:", form: "window:W")),
    ("window:0", .malformed("window:0", form: "window:W")),
    ("window:-3", .malformed("window:-3", form: "window:W")),
    ("window:３", .malformed("window:３", form: "window:W")),
    ("window:99999999999999999999", .malformed("window:99999999999999999999", form: "window:W")),
    ("window:4+4", .malformed("window:4+4", form: "window:W")),
    ("sinks:4", .malformed("sinks:4", form: "sinks:S+W")),
    ("sinks:4+", .malformed("sinks:4+", form: "sinks:S+W")),
    ("full:", .malformed("full:", form: "full")), ("int8:8", .malformed("int8:8", form: "int8")),
    ("full,window:8", .twice("window:8")), ("int8,paged:16,int8", .twice("int8")),
  ])
  func whatIsNoPolicyIsRefusedByName(text: String, error: CachePolicyError) {
    #expect(throws: error) { try CachePolicy(text) }
    for language in Language.allCases { #expect(!error.sentence(language).isEmpty) }
    #expect(error.status == 64)
  }
}
