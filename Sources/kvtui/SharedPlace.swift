internal import Base
internal import Classroom

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

extension PresentationDocument {
  /// The document for other programs of this machine: they stand in other folders, so paths are told from the root.
  ///
  /// Phones are not told where anything lies.
  var fromRoot: PresentationDocument {
    guard let folder = Self.workingFolder else { return self }
    var document = self
    document.place.source = document.place.source.from(folder)
    return document
  }

  private static var workingFolder: String? {
    guard let path = getcwd(nil, 0) else { return nil }
    defer { free(path) }
    return String(validatingCString: path)
  }
}

extension ShownPlace.Source {
  /// The same with its paths from the root.
  func from(_ folder: String) -> ShownPlace.Source {
    func path(_ name: String) -> String { name.hasPrefix("/") ? name : folder + "/" + name }
    switch self {
    case .recording(let name): return .recording(path: path(name))
    case .lesson(let id, let screen):
      return .lesson(id: id.hasSuffix(".md") ? path(id) : id, screen: screen)
    case .run(var arguments):
      for index in arguments.indices.dropFirst()
      where ["--model", "--random"].contains(arguments[index - 1]) && arguments[index].contains("/")
      {
        arguments[index] = path(arguments[index])
      }
      return .run(arguments: arguments)
    }
  }
}
