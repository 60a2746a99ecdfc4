internal import Base

/// A model that the program can see.
public struct ModelListing: Sendable, Equatable {
  /// The name by which `--model` finds it.
  public let name: String
  /// Its folder.
  public let folder: String
}

/// Where models are looked up by name.
public struct ModelLibrary: Sendable {
  /// The folders that hold model folders, in the order in which they are searched.
  public let searchPaths: [String]

  /// Creates a library over `searchPaths`.
  public init(searchPaths: [String]) {
    self.searchPaths = searchPaths
  }

  /// Every model in the search paths; the first of a name wins.
  public func listings() -> [ModelListing] {
    var found: [ModelListing] = []
    for path in searchPaths {
      for name in folderEntries(path) where !found.contains(where: { $0.name == name }) {
        let folder = path + "/" + name
        if PathKind(folder + "/config.json") == .regularFile {
          found.append(ModelListing(name: name, folder: folder))
        }
      }
    }
    return found
  }

  /// The folder of a model of the library, whatever lies in the working folder.
  public func folder(named name: String) throws(ModelError) -> String {
    guard let listing = listings().first(where: { $0.name == name }) else {
      throw .unknownModel(name: name, searched: searchPaths)
    }
    return listing.folder
  }

  /// The folder of a model that is given by its path or by its name in the library.
  ///
  /// A bare name is a path only if a model lies there: a folder that happens to have the name hides nothing.
  public func folder(of name: String) throws(ModelError) -> String {
    let isPath = name.utf8.contains(UInt8(ascii: "/")) || name == "." || name == ".."
    if PathKind(name) == .folder, isPath || PathKind(name + "/config.json") == .regularFile {
      return name
    }
    if !isPath, let listing = listings().first(where: { $0.name == name }) { return listing.folder }
    switch PathKind(name) {
    case .regularFile, .other: throw .notAFolder(path: name)
    case .folder, .nothing: throw .unknownModel(name: name, searched: searchPaths)
    }
  }
}
