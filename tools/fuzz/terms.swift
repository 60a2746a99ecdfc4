@testable import Base
@testable import Lessons

/// Reads an input as a list of terms, and looks for them in it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = LessonInput.text(start, count)
  LessonInput.findings { () throws(Finding) in
    let list = try TermList(path: "lessons/TERMS.yaml", text: text)
    precondition((1...TermLimits.terms).contains(list.terms.count))
    let sample = String(text.prefix(2000))
    for language in Language.allCases {
      for term in list.terms.prefix(20) {
        precondition(!term.name(language).isEmpty && !term.meaning(language).isEmpty)
        // A spelling that stands alone is met.
        precondition(term.range(in: term.name(language), language) != nil)
      }
      precondition(list.terms(in: sample, language).count <= list.terms.count)
    }
  }
  return 0
}
