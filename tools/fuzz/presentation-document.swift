// Fuzzes what followers read of a presentation at a socket: a document is refused, or is the same when it is written and read again.

import Classroom

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let document = try? PresentationDocument(bytes, from: "socket") else { return 0 }
  let again = try? PresentationDocument(Array(document.json.utf8), from: "socket")
  precondition(again == document)
  return 0
}
