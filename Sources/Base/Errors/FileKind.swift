/// What a file is by its first bytes: of what people have in the place of a model's files.
public enum FileKind: Equatable, Sendable {
  /// What Git LFS leaves where the large file was not fetched.
  case lfsPointer
  /// A model for llama.cpp; Ollama's blobs are such files too.
  case gguf
  /// A page about the file, which a browser saved.
  case webPage
  /// What `torch.save` writes: a zip archive, or a pickle.
  case pyTorch
  /// What Keras and TensorFlow write.
  case hdf5
  /// A symbolic link that became a text: where it leads.
  case link(to: String)

  /// How much of a file tells its kind.
  private static let length = 512

  /// The kind of a file; nil for any other, and where it cannot be read.
  package init?(of path: String) {
    guard let file = try? RegularFile(path) else { return nil }
    self.init(of: file)
  }

  /// The kind of a file that is open.
  init?(of file: RegularFile) {
    guard let bytes = try? file.beginning(upTo: Self.length) else { return nil }
    self.init(beginning: bytes)
  }

  /// The kind of a file that begins with these bytes; of a short one, they are all.
  init?(beginning file: [UInt8]) {
    let bytes = Array(file.prefix(Self.length))
    func begins(_ text: String) -> Bool { bytes.starts(with: text.utf8) }
    if begins("version https://git-lfs.github.com/spec/") {
      self = .lfsPointer
    } else if begins("GGUF") {
      self = .gguf
    } else if begins("PK\u{3}\u{4}")
      || bytes.first == 0x80 && (2...5).contains(bytes.dropFirst().first ?? 0)
    {
      self = .pyTorch
    } else if bytes.starts(with: [0x89] + Array("HDF".utf8)) {
      self = .hdf5
    } else if Self.isPage(bytes) {
      self = .webPage
    } else if begins("../"), bytes.count < Self.length, let path = Self.line(bytes) {
      self = .link(to: path)
    } else {
      return nil
    }
  }

  private static func isPage(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }

  /// The one line that a text is; nil where it is more, or none.
  private static func line(_ bytes: [UInt8]) -> String? {
    let text = String(validating: bytes, as: UTF8.self).map {
      $0.hasSuffix("\n") ? String($0.dropLast()) : $0
    }
    guard let text, text.unicodeScalars.allSatisfy({ $0.value >= 32 }) else { return nil }
    return text
  }
}
