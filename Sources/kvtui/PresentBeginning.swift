#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons
internal import Screens

/// Where a presentation begins: anew, or where one of the same lecture was interrupted.
struct PresentBeginning {
  /// When the lecture began, in seconds of the epoch.
  private(set) var began = time(nil)
  /// Where what is kept lies; nil where there is no place for it.
  private(set) var path: String?
  /// Where it goes on; nil where it begins anew.
  private(set) var kept: KeptPresentation?
  /// The number of a document that somebody may have already.
  private(set) var sequence = 0
  /// What is wrong with what was kept.
  private var trouble: (any Explained)?

  /// A beginning of which nothing is kept.
  init() {}

  /// Looks at what was kept; where that makes no sense the lecture begins anew.
  init(
    of lecture: Lecture, isAnew: Bool,
    folder: String? = StateFolder.path(environment: Environment.value), now: Int = time(nil)
  ) {
    began = now
    guard let folder, OwnFolder.make(folder) else { return }
    let path = KeptPresentation.path(of: lecture, in: folder)
    self.path = path
    Self.forgetOld(folder, but: path, at: now)
    do throws(FileError) {
      guard let kept = try KeptPresentation.read(path) else { return }
      sequence = kept.sequence + KeptPresentation.gap
      guard !isAnew, kept.continues(lecture, at: now) else { return }
      (self.kept, began) = (kept, kept.began)
    } catch {
      trouble = error
    }
  }

  /// What no start goes on with any more is removed.
  private static func forgetOld(_ folder: String, but path: String, at now: Int) {
    for other in KeptPresentation.paths(in: folder) where other != path {
      guard let stamp = FileStamp(other), now - stamp.seconds > KeptPresentation.longest else {
        continue
      }
      unlink(other)
    }
  }

  /// What is to be said of it first.
  func notice(_ language: Language) -> String? {
    if let trouble {
      return language(
        "从头开始：\(trouble.sentence(language))", "begins anew: \(trouble.sentence(language))")
    }
    guard kept != nil else { return nil }
    return language(
      "接着上次中断处；从头讲用 --from-start", "goes on where it was interrupted; --from-start begins anew")
  }
}
