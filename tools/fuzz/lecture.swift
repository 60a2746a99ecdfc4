@testable import Base
@testable import Lessons

/// Reads an input as a lecture, and looks up what it names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = LessonInput.text(start, count)
  LessonInput.findings { () throws(Finding) in
    let file = try LectureReader(path: "plans/lecture.yaml").file(text)
    precondition((1...LectureLimits.items).contains(file.parts.count))
    let findings = file.findings(course) { _ in nil }
    precondition(findings.allSatisfy { $0.line >= 1 && !$0.sentence(.chinese).isEmpty })
    let lecture = try file.lecture(course) { _ in nil }
    precondition(findings.isEmpty && lecture.items.count == file.parts.count)
    precondition(lecture.minutes ?? 0 <= LectureLimits.items * LectureLimits.minutes)
    for language in Language.allCases {
      precondition(lecture.items.allSatisfy { $0.notes(language).count <= LessonLimits.notes })
    }
  }
  return 0
}

private let course = Course(folder: "lessons")
