#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base
internal import Lessons
internal import Viz

/// `lesson --new FOLDER`: a lesson to be written on, in both languages, which the linter has nothing against.
struct NewLesson {
  let folder: String

  /// Makes it, and says what to do next.
  func make(_ language: Language) throws(CommandError) {
    guard !folder.isEmpty else {
      throw .badValue(option: "--new", value: folder, expected: wording("一个文件夹", "a folder"))
    }
    let files = Language.allCases.map { (path($0), LessonTemplate.text($0)) }
    // Either both are made or none.
    for (path, _) in files {
      var facts = stat()
      if lstat(path, &facts) == 0 { throw .lessonIsThere(file: path) }
    }
    try makeFolders()
    for (path, text) in files { try create(path, text) }
    try Output.standard.say(next(language))
  }

  private func path(_ language: Language) -> String {
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    return "\(base)/lesson.\(language.rawValue).md"
  }

  private func makeFolders() throws(CommandError) {
    var made = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      made += part + "/"
      guard mkdir(made, 0o777) != 0, errno != EEXIST, errno != EISDIR else { continue }
      let failure = SystemFailure.last
      guard access(made, F_OK) == 0 else { throw .cannotCreate(file: folder, failure) }
    }
  }

  /// A file that was not there.
  private func create(_ path: String, _ text: String) throws(CommandError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw errno == EEXIST ? .lessonIsThere(file: path) : .cannotCreate(file: path, .last)
    }
    let output = Output(descriptor: descriptor, file: path)
    do throws(CommandError) {
      try output.write(text)
    } catch {
      try? output.close()
      throw error
    }
    try output.close()
  }

  private func next(_ language: Language) -> String {
    let (zh, en) = (Sanitiser.clean(path(.chinese)), Sanitiser.clean(path(.english)))
    let own = language == .chinese ? zh : en
    return language(
      """
      写好了两个文件：
        \(zh)
        \(en)
      接下来：
        kvtui lesson '\(own)'    边改边看，每次存盘都会重新显示；L 换语言
        kvtui lint '\(zh)' '\(en)'    检查
      格式见 lessons/FORMAT.zh.md。文件夹按 NN-名字 取名，放在同一个文件夹里，就是一门课：KVTUI_LESSONS=那个文件夹 kvtui

      """,
      """
      Two files were made:
        \(zh)
        \(en)
      Next:
        kvtui lesson '\(own)'    shows it anew whenever you save it; L changes the language
        kvtui lint '\(zh)' '\(en)'    checks it
      The format: lessons/FORMAT.md. Folders named NN-name beside each other are a course: KVTUI_LESSONS=THAT_FOLDER kvtui

      """)
  }
}
