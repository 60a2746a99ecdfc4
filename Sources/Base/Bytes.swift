/// A number of bytes, or of anything; what is beyond an `Int` stays at its end.
package struct Bytes: Comparable {
  package let count: Int

  package init(_ count: Int) { self.count = count }

  package static func + (a: Bytes, b: Bytes) -> Bytes {
    let (sum, overflow) = a.count.addingReportingOverflow(b.count)
    return Bytes(overflow ? .max : sum)
  }

  package static func * (a: Bytes, b: Int) -> Bytes {
    let (product, overflow) = a.count.multipliedReportingOverflow(by: b)
    return Bytes(overflow ? .max : product)
  }

  package static func < (a: Bytes, b: Bytes) -> Bool { a.count < b.count }
}
