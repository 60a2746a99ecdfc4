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

  /// The folder of a model that is given by its path or by its name in the library.
  public func folder(of name: String) throws(CheckpointError) -> String {
    if PathKind(name) == .folder { return name }
    if !name.utf8.contains(UInt8(ascii: "/")),
      let listing = listings().first(where: { $0.name == name })
    {
      return listing.folder
    }
    if PathKind(name) != .nothing { throw .notAFolder(path: name) }
    throw .unknownModel(name: name, searched: searchPaths)
  }
}
