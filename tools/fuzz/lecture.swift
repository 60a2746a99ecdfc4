@testable import Base
@testable import Lessons

/// Reads an input as a lecture, and looks up what it names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = LessonInput.text(start, count)
  LessonInput.findings { () throws(Finding) in
    let file = try LectureReader(path: "plans/lecture.yaml").file(text)
    precondition((1...LectureLimits.items).contains(file.parts.count))
    for language in Language.allCases {
      precondition(file.title(language).count <= LectureLimits.title)
      for part in file.parts {
        precondition(part.item.notes(language).count <= LessonLimits.notes && part.line >= 1)
      }
    }
    // Each lesson that is looked up is a file that is read.
    guard file.parts.count <= 2 else { return }
    let lecture = try file.lecture(course) { _ in nil }
    precondition(file.findings(course) { _ in nil }.isEmpty)
    precondition(lecture.items.count == file.parts.count)
    precondition(lecture.minutes ?? 0 <= LectureLimits.items * LectureLimits.minutes)
  }
  return 0
}

private let course = Course(folder: "lessons")
