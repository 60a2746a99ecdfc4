#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// What stands at a path.
package enum PathKind {
  case nothing, regularFile, folder, other

  /// Asks the file system about `path`.
  package init(_ path: String) {
    var facts = stat()
    guard !path.utf8.contains(0), stat(path, &facts) == 0 else {
      self = .nothing
      return
    }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: self = .regularFile
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}

/// The name of the folder that `path` leads to, with `.` and `..` resolved.
package func realName(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved).utf8.split(separator: UInt8(ascii: "/")).last
    .map { String(Substring($0)) }
}

/// The names of what is in a folder, sorted, of a large one not more than `most`; empty where it cannot be read.
package func folderEntries(_ path: String, most: Int = .max) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names: [String] = []
  while names.count < most, let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted()
}
