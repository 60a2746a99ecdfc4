internal import Base
import Foundation
import TestSupport
import Testing

@testable import Lessons

/// Every example of the documents for authors is a lesson, or becomes one when what it leaves out stands around it.
@Suite struct FormatDocumentTests {
  /// A fenced block of a document: its name, its text, and how many backticks it has.
  struct Block: CustomTestStringConvertible, Sendable {
    let file: String
    let line: Int
    let fence: Int
    let name: String
    let text: String
    var testDescription: String { "\(file):\(line) \(name)" }
  }

  static let documents = ["FORMAT.md", "FORMAT.zh.md"]

  static func text(_ file: String) throws -> String {
    try String(contentsOfFile: Checkout.root + "/lessons/" + file, encoding: .utf8)
  }

  /// The fenced blocks of a document; one that lies in another is of that.
  static func blocks(_ file: String) throws -> [Block] {
    var blocks: [Block] = []
    var open: (line: Int, fence: Int, name: String, lines: [String])?
    for (index, line) in try text(file).components(separatedBy: "\n").enumerated() {
      let ticks = line.prefix { $0 == "`" }.count
      if let block = open {
        if ticks == block.fence && line.count == ticks {
          blocks.append(
            Block(
              file: file, line: block.line, fence: block.fence, name: block.name,
              text: block.lines.joined(separator: "\n") + "\n"))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if ticks >= 3 {
        open = (index + 1, ticks, String(line.dropFirst(ticks)), [])
      }
    }
    return blocks
  }

  /// The block as a lesson; nil where it is none, such as a command.
  private func lesson(_ block: Block) -> String? {
    let scene = Classroom.head + "## A\n\n```scene\nid: around\nstep: 3\n```\n\n"
    switch block.name {
    case "markdown":
      if block.text.hasPrefix("---") { return block.text }
      return block.text.contains("```scene")
        ? Classroom.head + (block.text.hasPrefix("##") ? "" : "## A\n\n") + block.text
        : scene + block.text
    case "scene", "yaml scene":
      return Classroom.head + "## A\n\nWords.\n\n```scene\n\(withID(block.text))```\n"
    case "quiz", "yaml quiz": return scene + "```quiz\n\(withID(block.text))```\n"
    case "yaml": return "---\n" + block.text + "---\n" + scene.dropFirst(Classroom.head.count)
    default: return nil
    }
  }

  private func withID(_ yaml: String) -> String {
    yaml.contains("id:") ? yaml : "id: example\n" + yaml
  }

  @Test("Every example is a lesson that the linter has nothing against", arguments: documents)
  func examples(file: String) throws {
    let linter = Linter(Classroom.runs())
    let blocks = try Self.blocks(file)
    #expect(!blocks.isEmpty)
    for block in blocks {
      guard let text = lesson(block) else {
        #expect(["sh", "text", "json"].contains(block.name), "\(block.testDescription): its name")
        continue
      }
      do throws(Finding) {
        let lesson = try Classroom.parse(text)
        let findings = linter.findings(in: lesson).map { $0.sentence(.english) }
        #expect(findings == [], "\(block.testDescription)")
      } catch {
        Issue.record("\(block.testDescription): \(error.sentence(.english))")
      }
    }
  }

  @Test("Both documents have the same examples", arguments: [0])
  func same(_: Int) throws {
    let names = try Self.documents.map { try Self.blocks($0).map(\.name) }
    #expect(names[0] == names[1])
  }

  /// What stands in backticks in the paragraphs of a document under a heading, which begin with these words.
  private func code(
    _ file: String, under heading: String, in paragraphs: [String]
  ) throws -> [String] {
    let parts = try Self.text(file).components(separatedBy: "\n## ")
    let part = try #require(parts.first { $0.hasPrefix(heading + "\n") })
    let chosen = part.components(separatedBy: "\n\n").filter { paragraph in
      paragraphs.contains { paragraph.hasPrefix($0) }
    }
    #expect(chosen.count == paragraphs.count)
    return chosen.joined(separator: " ").components(separatedBy: "`").enumerated().filter {
      $0.offset % 2 == 1
    }.map(\.element)
  }

  /// A scene's field, and functions of tools, whose examples are lessons.
  private static let ofScenes: Set = [
    "change", "tool", "size", "total", "smallest", "largest", "place",
  ]

  @Test(
    "Every field and every example of an expression has a value in a run",
    arguments: [
      ("FORMAT.md", "Expressions", ["Fields", "Functions", "Operators"]),
      ("FORMAT.zh.md", "表达式", ["字段", "函数", "运算"]),
    ])
  func expressions(file: String, heading: String, paragraphs: [String]) throws {
    let lesson = try Classroom.parse(
      Classroom.text(scene: "id: one\ntext: 中华人民共和国\nchange: 中华人民共和人\nstep: 4"))
    let runs = try Classroom.runs().runs(of: lesson.steps[0].scene)
    let evaluator = Evaluator(runs.run, comparison: runs.comparison, step: 4)
    func hasValue(_ text: String) -> Bool {
      do throws(ExpressionError) {
        _ = try evaluator.value(of: Expression(text))
        return true
      } catch { return false }
    }
    // Signatures are tried with these in the place of their names.
    let given = [
      "layer": "1", "position": "2", "head": "1", "query": "2", "key": "1", "part": "1",
      "whole": "2", "step": "2", "e": "length",
    ]
    var tried = 0
    for code in try code(file, under: heading, in: paragraphs) where !Self.ofScenes.contains(code) {
      let isField = code.wholeMatch(of: /[a-z_]+(\.[a-z_]+)?/) != nil
      let isCall = code.wholeMatch(of: /[a-z_]+\([a-z, ]+\)/) != nil
      if isCall {
        let name = code.prefix { $0 != "(" }
        let arguments = code.dropFirst(name.count + 1).dropLast()
          .components(separatedBy: ", ").map { given[$0] ?? $0 }
        #expect(hasValue("\(name)(\(arguments.joined(separator: ", ")))"), "\(file): \(code)")
      } else if isField {
        #expect(hasValue(code) || hasValue("cached." + code), "\(file): \(code)")
      } else if code.contains(" == ") || code.first?.isNumber == true && !code.contains(",") {
        #expect(hasValue(code), "\(file): \(code)")
      } else {
        continue
      }
      tried += 1
    }
    #expect(tried > 30)
  }

  @Test("Every field of a scene and of a quiz stands in the documents", arguments: documents)
  func fields(file: String) throws {
    let text = try Self.text(file)
    for field in BlockReader.sceneFields + BlockReader.quizFields + LessonParser.headFields {
      #expect(text.contains("`\(field)`"), "\(field)")
    }
  }

  @Test(
    "A new lesson is one that the linter has nothing against and no warning of, the same in both languages"
  )
  func template() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-template-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: folder + "/01-new", withIntermediateDirectories: true)
    for language in Language.allCases {
      try Data(LessonTemplate.text(language).utf8).write(
        to: URL(filePath: "\(folder)/01-new/lesson.\(language.rawValue).md"))
    }
    let (linter, course) = (Linter(Classroom.runs()), Course(folder: folder))
    let findings = linter.findings(in: course) + linter.warnings(in: course)
    #expect(findings.map { $0.sentence(.english) } == [])
  }
}
