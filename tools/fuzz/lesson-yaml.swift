@testable import Base
@testable import Lessons

/// Reads an input as a lesson's front matter, as a scene and as a quiz.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let text = LessonInput.text(start, count)
  let reader = BlockReader(path: "lesson.en.md", line: 7)
  LessonInput.findings { () throws(Finding) in _ = try LessonInput.parser.lesson("---\n\(text)\n---\n") }
  LessonInput.findings { () throws(Finding) in
    let scene = try reader.scene(text)
    precondition(scene.step >= 1 && scene.layer >= 1 && scene.head >= 1 && !scene.id.isEmpty)
    precondition(scene.knobs.isEmpty || scene.tool != nil && scene.open == nil)
    precondition(scene.text.count <= LessonLimits.text && [0, 2].contains(scene.point.count))
  }
  LessonInput.findings { () throws(Finding) in
    let quiz = try reader.quiz(text)
    precondition(quiz.hints.count <= LessonLimits.hints && quiz.at ?? 1 >= 1)
    precondition(quiz.place == nil || quiz.at == nil)
  }
  return 0
}
