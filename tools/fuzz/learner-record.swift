@testable import Base
@testable import Lessons

/// What is allocated between these two is no leak.
@_silgen_name("__lsan_disable") private func beginKeeping()
@_silgen_name("__lsan_enable") private func endKeeping()

/// The questions that records are held against; they stay, some behind pointers that carry a tag, which are not seen as such.
private let lessons: [Lesson] = {
  beginKeeping()
  defer { endKeeping() }
  do {
    let course = Course(folder: "lessons")
    return try course.ids.map { try course.lesson($0, .english) }
  } catch {
    preconditionFailure("\(error)")
  }
}()

/// Reads an input as a record and as an export: what is understood is written so that it reads back the same, and adds up.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  readRecord(bytes)
  do throws(FileError) {
    let export = try ProgressExport(
      JSONField(file: "export", value: JSON.parse(bytes, file: "export")))
    let text = Array(export.text.utf8)
    let again = try ProgressExport(JSONField(file: "again", value: JSON.parse(text, file: "again")))
    precondition(again == export)
    add([export, again])
  } catch {
    precondition(!error.sentence(.english).isEmpty)
  }
  return 0
}

private func readRecord(_ bytes: [UInt8]) {
  var record = LearnerRecord()
  let damaged = RecordLines.read(bytes, into: &record)
  precondition(damaged <= bytes.count && record.questions.count <= bytes.count / 20 + 1)
  var summed = LearnerRecord()
  let sums = record.questions.map { RecordLines.line($0.key, $0.value) }.joined()
  precondition(RecordLines.read(Array(sums.utf8), into: &summed) == 0 && summed == record)
  let course = CourseRecord(record, lessons)
  precondition(course.due(at: 0).count <= record.questions.count)
  precondition(course.misconceptions.count > 0 && course.missed.count <= record.questions.count)
  let export = ProgressExport(course)
  precondition(export.questions.count == record.questions.values.count { $0.first != nil })
  add([export])
}

private func add(_ exports: [ProgressExport]) {
  let sum = ClassSum(exports, CourseRecord(LearnerRecord(), lessons))
  precondition(sum.learners == exports.count)
  precondition(
    sum.rows.reduce(0) { $0 + $1.count } == exports.reduce(0) { $0 + $1.questions.count })
}
