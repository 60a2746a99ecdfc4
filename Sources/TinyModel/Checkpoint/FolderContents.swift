internal import Base

/// What lies in a model's folder, looked at where one of the model's files does not.
struct FolderContents {
  private let folder: String
  private let names: [String]

  /// No more entries than this are looked at.
  private static let most = 4096
  /// No more files than this are opened to see what they are.
  private static let mostOpened = 64

  private init(_ folder: String) {
    self.folder = folder
    names = folderEntries(folder, most: Self.most)
  }

  /// Does what reads a file of `folder`; where that is not there, the error says what is.
  static func explaining<Value>(
    _ folder: String, _ read: () throws(FileError) -> Value
  ) throws(FileError) -> Value {
    do throws(FileError) {
      return try read()
    } catch {
      // A folder that may not be read is another matter.
      guard case .cannotOpen(let file, let reason) = error, reason.isAbsence,
        PathKind(folder) == .folder
      else { throw error }
      throw .notThere(file: file, found: FolderContents(folder).instead(of: file))
    }
  }

  private func instead(of file: String) -> FolderFinding {
    let name =
      file.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
    if names.contains(name) { return .brokenLink }
    let found: FolderFinding? =
      switch name {
      case "config.json": adapter ?? gguf ?? ofAnotherFolder ?? weights
      case "tokenizer.json": slowTokenizer
      case "model.safetensors": shards ?? adapter ?? pyTorch ?? otherNames ?? otherFormat ?? gguf
      default: .index
      }
    return found ?? .others(Array(shown.prefix(3)), count: shown.count)
  }

  /// What people see of a folder.
  private var shown: [String] { names.filter { $0.first != "." } }

  private func names(endingIn endings: [String]) -> [String] {
    shown.filter { name in endings.contains { name.lowercased().hasSuffix($0) } }
  }

  // MARK: In the place of all

  private var adapter: FolderFinding? {
    guard names.contains("adapter_config.json") || names.contains("adapter_model.safetensors")
    else {
      return nil
    }
    let fields = try? JSONField(reading: folder + "/adapter_config.json", limit: 1 << 20)
    return .adapter(base: fields?.value["base_model_name_or_path"]?.string)
  }

  private var gguf: FolderFinding? {
    let isGGUF = { FileKind(of: folder + "/" + $0) == .gguf }
    let named = names(endingIn: [".gguf"]).first
    return
      (named
      ?? shown.filter { $0.hasPrefix("sha256-") }.prefix(Self.mostOpened).first(where: isGGUF))
      .map(FolderFinding.gguf)
  }

  /// A folder inside that should have been named.
  private var ofAnotherFolder: FolderFinding? {
    let cached = shown.filter { HubCache.isModel($0) }
    if cached.count > 1 { return .cachedModels(cached) }
    let inside = shown.prefix(Self.mostOpened).filter {
      PathKind(folder + "/" + $0 + "/config.json") == .regularFile
    }
    if !inside.isEmpty { return .models(inside) }
    let isOllama = names.contains("blobs") && names.contains("manifests")
    return isOllama ? FolderContents(folder + "/blobs").gguf : nil
  }

  // MARK: In the place of weights

  private var weights: FolderFinding? {
    names(endingIn: [".safetensors"]).first.map(FolderFinding.weights)
      ?? names(endingIn: [".bin"]).first { $0.hasPrefix("pytorch_model") }.map(
        FolderFinding.weights)
  }

  /// Files called `model-00001-of-00006.safetensors`.
  private var shards: FolderFinding? {
    var counts: [Int: [String]] = [:]
    for name in names(endingIn: [".safetensors"]) where name.hasPrefix("model-") {
      let parts = name.dropLast(".safetensors".count).split(separator: "-")
      guard parts.count == 4, parts[2] == "of", let count = Int(parts[3]), count > 1 else {
        continue
      }
      counts[count, default: []].append(name)
    }
    return counts.max { $0.value.count < $1.value.count }.map { .shards($0.value, all: $0.key) }
  }

  private var otherNames: FolderFinding? {
    let others = names(endingIn: [".safetensors"])
    return others.isEmpty ? nil : .otherNames(others)
  }

  private var pyTorch: FolderFinding? {
    names(endingIn: [".bin"]).first { $0.hasPrefix("pytorch_model") }.map(FolderFinding.pyTorch)
  }

  private var otherFormat: FolderFinding? {
    names(endingIn: [".pt", ".pth", ".ckpt", ".bin", ".h5", ".msgpack", ".onnx", ".keras", ".npz"])
      .first.map(FolderFinding.otherFormat)
  }

  // MARK: In the place of a tokenizer

  private var slowTokenizer: FolderFinding? {
    let parts = [
      "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "spiece.model",
      "sentencepiece.bpe.model",
    ].filter(names.contains)
    return parts.isEmpty ? nil : .slowTokenizer(parts)
  }
}
