internal import Base

/// Hugging Face's cache of models: `models--OWNER--NAME/snapshots/REVISION` holds a model's files, as links.
///
/// Source: "Understand caching" in the documentation of huggingface_hub.
public enum HubCache {
  /// The folder that holds a model's files, where `folder` is one of those around it; `folder` itself where it is not.
  ///
  /// That is `snapshots/` or the folder around it, or one that holds no other model; of several revisions the one that
  /// `refs/main` names.
  public static func followed(_ folder: String) -> String {
    guard PathKind(folder) == .folder, PathKind(folder + "/config.json") == .nothing else {
      return folder
    }
    if let snapshot = snapshot(in: folder) { return snapshot }
    if let snapshot = snapshot(in: folder + "/..", given: folder) { return snapshot }
    let models = folderEntries(folder, most: most).filter(isModel)
    guard models.count == 1, let only = models.first else { return folder }
    return snapshot(in: folder + "/" + only) ?? folder
  }

  /// The name of the model whose files `folder` holds, without its owner's; nil where it is no snapshot.
  static func modelName(of folder: String) -> String? {
    let parts = folder.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
      .filter { $0 != "." }
    guard parts.count >= 3, parts[parts.count - 2] == "snapshots" else { return nil }
    let name = parts[parts.count - 3]
    guard isModel(name) else { return nil }
    return name.split(separator: "--").last.map(String.init)
  }

  /// Whether a folder of this name has a model's revisions.
  static func isModel(_ name: String) -> Bool { name.hasPrefix("models--") }

  /// No more entries than this are looked at.
  private static let most = 4096

  /// The revision that a model's folder stands for: that of `refs/main`, or the only one.
  private static func snapshot(in model: String, given: String? = nil) -> String? {
    let snapshots = given ?? model + "/snapshots"
    guard PathKind(snapshots) == .folder, given == nil || isSnapshots(snapshots) else { return nil }
    let revisions = folderEntries(snapshots, most: most)
      .filter { PathKind(snapshots + "/" + $0) == .folder }
    let main = revision(of: model + "/refs/main")
    let chosen = revisions.first { $0 == main } ?? (revisions.count == 1 ? revisions.first : nil)
    return chosen.map { snapshots + "/" + $0 }
  }

  private static func isSnapshots(_ folder: String) -> Bool {
    folder.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) }
      == "snapshots"
  }

  private static func revision(of path: String) -> String? {
    guard let bytes = try? RegularFile(path).allBytes(limit: 256) else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
      .map(String.init)
  }
}
