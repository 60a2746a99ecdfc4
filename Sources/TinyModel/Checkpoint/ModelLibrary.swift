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
        let folder = HubCache.followed(path + "/" + name)
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
  /// A bare name is a path if a model lies there, or the library has none of the name: a folder that happens to have it hides nothing.
  public func folder(of name: String) throws(ModelError) -> String {
    let isPath = name.utf8.contains(UInt8(ascii: "/")) || name == "." || name == ".."
    if PathKind(name) == .folder, isPath || PathKind(name + "/config.json") == .regularFile {
      return name
    }
    if !isPath, let listing = listings().first(where: { $0.name == name }) { return listing.folder }
    switch PathKind(name) {
    case .regularFile, .other: throw Self.error(ofFile: name)
    case .folder where !name.utf8.isEmpty: return name
    case .folder, .nothing: break
    }
    // A folder among the models that has none: what opens it says what lies there.
    let places = isPath || name.isEmpty ? [] : searchPaths.map { $0 + "/" + name }
    guard let place = places.first(where: { PathKind($0) == .folder }) else {
      throw .unknownModel(name: name, searched: searchPaths)
    }
    return place
  }

  /// Why a file is no model: it is of a kind that others run, or its folder is meant.
  private static func error(ofFile path: String) -> ModelError {
    if let kind = FileKind(of: path) { return .file(.otherKind(file: path, kind: kind)) }
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return .notAFolder(path: path, folder: PathKind("config.json") == .regularFile ? "." : nil)
    }
    let folder = String(Substring(path.utf8[..<slash]))
    return .notAFolder(
      path: path, folder: PathKind(folder + "/config.json") == .regularFile ? folder : nil)
  }
}
