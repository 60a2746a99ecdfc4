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
    ("h2o:8+24", CachePolicy(retention: .heavyHitters(8, newest: 24))),
    ("kivi:2", CachePolicy(format: .kivi(bits: 2))),
    ("kivi:8", CachePolicy(format: .kivi(bits: 8))),
    (
      "paged:16,fp8,window:8",
      CachePolicy(retention: .window(8), format: .fp8, layout: .paged(16))
    ),
  ])
  func isRead(text: String, policy: CachePolicy) throws {
    #expect(try CachePolicy(text) == policy)
    #expect(try CachePolicy(policy.text) == policy)
    #expect(try LabSubject(text) == .policy(policy))
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
    ("h2o:4", .malformed("h2o:4", form: "h2o:S+W")),
    ("h2o:4+", .malformed("h2o:4+", form: "h2o:S+W")),
    ("h2o:0+4", .malformed("h2o:0+4", form: "h2o:S+W")),
    ("kivi", .malformed("kivi", form: "kivi:BITS", numbers: 2...8)),
    ("kivi:1", .malformed("kivi:1", form: "kivi:BITS", numbers: 2...8)),
    ("kivi:9", .malformed("kivi:9", form: "kivi:BITS", numbers: 2...8)),
    ("full:", .malformed("full:", form: "full")), ("int8:8", .malformed("int8:8", form: "int8")),
    ("full,window:8", .twice("window:8")), ("int8,paged:16,int8", .twice("int8")),
  ])
  func whatIsNoPolicyIsRefusedByName(text: String, error: CachePolicyError) {
    #expect(throws: error) { try CachePolicy(text) }
    for language in Language.allCases { #expect(!error.sentence(language).isEmpty) }
    #expect(error.status == 64)
  }

  @Test func aWayOfDecodingIsASubject() throws {
    #expect(try LabSubject("speculative:4") == .speculative(drafted: 4))
    #expect(LabSubject.speculative(drafted: 4).text == "speculative:4")
    for text in ["speculative", "speculative:0", "speculative:4,int8", "speculative:2+2"] {
      #expect(throws: CachePolicyError.malformed(text, form: "speculative:G")) {
        try LabSubject(text)
      }
    }
    #expect(throws: CachePolicyError.unknown("speculative:4")) {
      try CachePolicy("speculative:4")
    }
    #expect(throws: CachePolicyError.unknown("speculativ")) { try LabSubject("speculativ") }
  }

  @Test func aSentenceSaysWhichNumbersThereAre() {
    let error = CachePolicyError.malformed("kivi:1", form: "kivi:BITS", numbers: 2...8)
    #expect(error.sentence(.english).contains("from 2 to 8"))
    #expect(error.sentence(.chinese).contains(" 2 到 8 "))
    #expect(CachePolicyError.unknown("x").sentence(.english).contains("kivi:BITS"))
    #expect(CachePolicyError.unknown("x").sentence(.english).contains("speculative:G"))
  }
}
