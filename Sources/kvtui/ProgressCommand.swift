internal import ArgumentParser
internal import Base
internal import Lessons
internal import Viz

/// `kvtui progress`: what was asked, how it ended, what is due; and what a class's exports come to.
struct ProgressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "progress",
    abstract: wording("学了什么、答得怎样、该复习什么", "What is done, how it was answered, what is due"))

  @Flag(help: ArgumentHelp(wording("一行 JSON", "a line of JSON")))
  var json = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "导出给老师的文件：没有名字，没有时间（- 是标准输出）",
        "write a file for a teacher, without name and time (- is standard output)"),
      valueName: "FILE"), completion: .file())
  var export: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      wording("把全班导出的文件加起来", "add up the files that a class exported"), valueName: "FILE"),
    completion: .file())
  var sum: [String] = []

  @OptionGroup var page: PageOptions

  func run() throws {
    let look = try page.look().inLocale
    try requireTogether()
    if !sum.isEmpty { return try printSum(look) }
    let course = StoredCourse()
    let record = try course.record(look.language)
    if let export {
      try OutputFile(try ProcessFacts.path(export, of: "--export")).write(
        ProgressExport(record).text)
    } else if json {
      try RunOutput.print(ProgressFields.json(record, now: course.now))
    } else {
      try Output.standard.say(
        ProgressPage(record: record, course: course, look: look).text(
          try ProcessFacts.course().ids.map { id in
            try ProcessFacts.course().lesson(id, look.language)
          }))
    }
  }

  private func requireTogether() throws(CommandError) {
    guard export != nil else { return }
    if !sum.isEmpty { throw .together("--export", "--sum") }
    if json { throw .together("--export", "--json") }
  }

  private func printSum(_ look: Look) throws {
    let exports = try sum.map { path in
      try ProgressExport(reading: try ProcessFacts.path(path, of: "--sum"))
    }
    let course = try ProcessFacts.course()
    let lessons = try course.ids.map { try course.lesson($0, look.language) }
    let whole = CourseRecord(LearnerRecord(), lessons)
    let sum = ClassSum(exports, whole)
    if json {
      try RunOutput.print(ProgressFields.json(sum))
    } else {
      try Output.standard.say(SumPage(sum: sum, course: whole, look: look).text)
    }
  }
}
