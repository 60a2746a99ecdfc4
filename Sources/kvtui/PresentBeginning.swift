#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons

/// Where a presentation begins: anew, or where one of the same lecture was interrupted.
struct PresentBeginning {
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
    guard let folder, OwnFolder.make(folder) else { return }
    path = folder + "/presentation.json"
    do throws(FileError) {
      guard let kept = try KeptPresentation.read(folder + "/presentation.json") else { return }
      sequence = kept.sequence + KeptPresentation.gap
      if !isAnew, kept.continues(lecture, at: now) { self.kept = kept }
    } catch {
      trouble = error
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
