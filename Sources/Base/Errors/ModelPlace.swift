/// Where one of a model's files is, or should be, and the lines for a shell that put it there.
///
/// A name that a shell or Python could read as more than a name is not in them: a word stands for it.
struct ModelPlace {
  /// The file's name.
  let name: String
  private let folder: String

  /// Bytes of a path beyond which a line is no line to copy.
  private static let longest = 200

  init(of file: String) {
    let parts = file.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    name = parts.last.map { String(Substring($0)) } ?? file
    var folder = file.utf8.dropLast(name.utf8.count)
    while folder.count > 1, folder.last == UInt8(ascii: "/") { folder.removeLast() }
    self.folder = folder.isEmpty ? "." : String(Substring(folder))
  }

  /// What to do about a model that somebody made of another: find the other.
  static func original(_ language: Language) -> String {
    language(
      "请下载没有转换过的原模型，hf download 作者/模型 --local-dir 文件夹，再用 --model 文件夹 打开",
      "download the original model, hf download OWNER/NAME --local-dir DIR, and open it with --model DIR"
    )
  }

  /// The line that downloads all of the model into this folder, or of it one file.
  func download(_ language: Language, only: String? = nil) -> String {
    let repository = cachedName ?? language("作者/模型", "OWNER/NAME")
    let one = only.map { " " + $0 } ?? ""
    // What lies in the cache is better left to those who keep it.
    let into = cachedName == nil ? safe(folder, language) : language("文件夹", "DIR")
    return "hf download \(repository)\(one) --local-dir \(into)"
  }

  /// The line that downloads the file that this is of.
  func downloadOfFile(_ language: Language) -> String { download(language, only: name) }

  /// The line that has `transformers` read what lies there and save it anew.
  func saving(_ type: String, _ language: Language) -> String {
    let place = safe(folder, language)
    return
      "python -c \"from transformers import \(type) as A; A.from_pretrained('\(place)').save_pretrained('\(place)')\""
      + Self.needing("torch transformers", language)
  }

  /// What Python needs for a line.
  private static func needing(_ packages: String, _ language: Language) -> String {
    language("（先要 pip install \(packages)）", " (after pip install \(packages))")
  }

  /// The line that makes one model of an adapter and what it is of.
  func merging(_ base: String?, _ language: Language) -> String {
    let (place, word) = (safe(folder, language), language("原来的模型", "BASE"))
    let base = base.map { Self.isPlain($0) ? $0 : word } ?? word
    return
      "python -c \"from peft import AutoPeftModelForCausalLM as A; from transformers import AutoTokenizer as T; "
      + "A.from_pretrained('\(place)').merge_and_unload().save_pretrained('merged'); "
      + "T.from_pretrained('\(base)').save_pretrained('merged')\""
      + Self.needing("torch transformers peft", language)
      + language("，然后用 --model merged 打开", ", then --model merged")
  }

  /// The line that gives a file of the folder the name of this.
  func renaming(_ other: String, _ language: Language) -> String {
    guard Self.isPlain(folder), Self.isPlain(other) else { return name }
    return "mv \(folder)/\(other) \(folder)/\(name)"
  }

  /// The paths of entries of the folder.
  func paths(_ names: [String]) -> String {
    names.prefix(3).map { "\(folder)/\($0)" }.joined(separator: " ") + (names.count > 3 ? " …" : "")
  }

  /// `owner/name` of a folder in Hugging Face's cache; nil elsewhere.
  private var cachedName: String? {
    let parts = folder.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    guard let part = parts.last(where: { $0.hasPrefix("models--") }), Self.isPlain(part) else {
      return nil
    }
    return part.dropFirst("models--".count).split(separator: "--").joined(separator: "/")
  }

  private func safe(_ path: String, _ language: Language) -> String {
    Self.isPlain(path) ? path : language("文件夹", "DIR")
  }

  /// Whether a shell and Python take it for a name and nothing else.
  private static func isPlain(_ path: String) -> Bool {
    (1...longest).contains(path.utf8.count) && path.utf8.first != UInt8(ascii: "-")
      && path.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "._/+@-".unicodeScalars.contains(scalar)
      }
  }
}
