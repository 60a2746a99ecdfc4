#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons
internal import TinyModel

/// Where models, lessons and progress were found.
enum DoctorFolders {
  static func section(_ language: Language) -> DoctorSection {
    let course = try? ProcessFacts.course()
    let lectures = ProcessFacts.lectures
    let state = StateFolder.path(environment: Environment.value)
    let variables = ["KVTUI_HOME", "KVTUI_LESSONS", "XDG_STATE_HOME"].compactMap { name in
      Environment.value(name).map { "\(name)=\($0)" }
    }
    return DoctorSection(
      name: "folders", title: ("文件夹", "Folders"),
      facts: [
        DoctorFact("variables", "变量", "variables", .list(variables)),
        DoctorFact(
          "models", "模型", "models", .list(ProcessFacts.modelLibrary.listings().map(\.folder))),
        DoctorFact("lessons", "课程", "lessons", .text(course?.folder)),
        DoctorFact("lessons_count", "课数", "how many", .number(course?.ids.count ?? 0)),
        DoctorFact("lectures", "讲授", "lectures", .list(lectures.paths)),
        DoctorFact("state", "进度存在", "progress is kept in", .text(state)),
        DoctorFact("state_writable", "那里可写", "which can be written", .flag(state.map(isWritable))),
      ])
  }

  /// Whether files can be made in a folder, or the folder itself where it is not there yet.
  private static func isWritable(_ folder: String) -> Bool {
    var folder = folder
    while PathKind(folder) == .nothing, let slash = folder.lastIndex(of: "/"),
      slash > folder.startIndex
    {
      folder = String(folder[..<slash])
    }
    return PathKind(folder) == .folder && access(folder, W_OK | X_OK) == 0
  }
}
