import Glibc

@testable import Base

/// The file that every input is written to, and its path.
private let scratch: (descriptor: Int32, path: String) = {
  var template = Array("/tmp/kvtui-fuzz-XXXXXX".utf8CString)
  let descriptor = mkstemp(&template)
  precondition(descriptor >= 0, "no scratch file: errno \(errno)")
  return (
    descriptor,
    template.withUnsafeBufferPointer {
      String(decoding: $0.dropLast().map(UInt8.init), as: UTF8.self)
    }
  )
}()

/// A new folder that has the files of a fixture, all but the one whose place the input takes.
func scratchFolder(_ fixture: String, without name: String) -> String {
  var template = Array("/tmp/kvtui-fuzz-XXXXXX".utf8CString)
  precondition(mkdtemp(&template) != nil, "no scratch folder: errno \(errno)")
  let folder = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
  guard let resolved = realpath("Tests/Fixtures/" + fixture, nil) else {
    preconditionFailure("run this from the repository's root")
  }
  defer { free(resolved) }
  let fixture = String(cString: resolved)
  for entry in folderEntries(fixture) where entry != name {
    precondition(symlink(fixture + "/" + entry, folder + "/" + entry) == 0)
  }
  precondition(symlink(scratch.path, folder + "/" + name) == 0)
  return folder
}

/// Writes an input to a file, calls `body` with its path, and swallows the errors that bad files deserve.
func withFile(
  _ start: UnsafePointer<UInt8>, _ count: Int, _ body: (String) throws(FileError) -> Void
) -> CInt {
  guard ftruncate(scratch.descriptor, 0) == 0,
    pwrite(scratch.descriptor, start, count, 0) == count
  else { preconditionFailure("the scratch file cannot be written: errno \(errno)") }
  do throws(FileError) {
    try body(scratch.path)
  } catch {
    // A message is made of every error, as a user would see it.
    precondition(!error.sentence(count % 2 == 0 ? .chinese : .english).isEmpty)
  }
  return 0
}
