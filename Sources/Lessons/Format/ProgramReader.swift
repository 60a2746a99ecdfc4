internal import Base
internal import Trace

/// Reads the program of a `lines` quiz: its gaps, the lines to choose from, and which of them are programs that run.
struct ProgramReader {
  let reader: BlockReader
  let fields: YAMLFields

  /// The program.
  ///
  /// - Throws: a program without gaps, or with other gaps than 1, 2, …; too few lines; runs that are none.
  var gaps: ProgramGaps {
    get throws(Finding) {
      let program = try program
      let lines = try fields.strings("lines", most: LessonLimits.choiceLines)
      let gaps = ProgramGaps(program: program, lines: lines, arrangements: [])
      guard lines.count > gaps.count, lines.allSatisfy(isLine), Set(lines).count == lines.count
      else {
        throw fields.problem("lines", expected: .moreLines(than: gaps.count))
      }
      return ProgramGaps(program: program, lines: lines, arrangements: try runs(gaps))
    }
  }

  private func isLine(_ line: String) -> Bool {
    !line.isEmpty && line.count <= LessonLimits.programLine && !line.contains("\n")
  }

  private var program: [String] {
    get throws(Finding) {
      var lines = try fields.string("program").split(
        separator: "\n", omittingEmptySubsequences: false
      ).map(String.init)
      while lines.last?.isEmpty == true { lines.removeLast() }
      let gaps = lines.compactMap(ProgramGaps.gap)
      let isWhole = lines.allSatisfy { $0.count <= LessonLimits.programLine }
      guard isWhole, lines.count <= LessonLimits.programLines, !gaps.isEmpty,
        gaps.sorted() == Array(gaps.indices)
      else {
        throw fields.problem("program", expected: .program)
      }
      return lines
    }
  }

  private func runs(_ gaps: ProgramGaps) throws(Finding) -> [ProgramGaps.Arrangement] {
    guard let sound = try reader.link("at", fields), sound.command == "fault" else {
      throw fields.problem("at", expected: .notation("fault none …"))
    }
    var arrangements: [ProgramGaps.Arrangement] = []
    for run in try fields.mappings(
      "runs", known: ["choose", "fault", "reply"], most: LessonLimits.programRuns)
    {
      let letters = try run.strings("choose").joined(separator: " ")
      guard gaps.isReplied(letters), let chosen = ProgramGaps.places(letters),
        !arrangements.contains(where: { $0.chosen == chosen })
      else {
        throw run.problem("choose", expected: .letters(gaps))
      }
      let name = try run.string("fault")
      guard name == "none" || Fault(rawValue: name) != nil else {
        let names = ["none"] + Fault.allCases.map(\.rawValue)
        throw run.problem("fault", expected: .notation(names.joined(separator: ", ")))
      }
      arrangements.append(
        ProgramGaps.Arrangement(
          chosen: chosen, place: sound.with([name]), reply: try run.optionalString("reply"),
          line: run.line))
    }
    guard !arrangements.isEmpty else {
      throw Finding(reader.path, reader.line, .missingField("runs"))
    }
    return arrangements
  }
}

extension ProgramGaps {
  /// Whether a text names a line for each gap, none of them twice.
  func isReplied(_ text: String) -> Bool {
    guard let places = Self.places(text) else { return false }
    return places.count == count && Set(places).count == count
      && places.allSatisfy(lines.indices.contains)
  }
}

extension Expectation {
  fileprivate static let program = Self(
    "一段程序，空处单独一行写 [1]、[2]……，最多 \(LessonLimits.programLines) 行，每行最多 \(LessonLimits.programLine) 个字符",
    "a program with lines [1], [2], … where one is missing; at most \(LessonLimits.programLines) lines of \(LessonLimits.programLine) characters"
  )

  fileprivate static func moreLines(than gaps: Int) -> Self {
    Self(
      "多于 \(gaps) 行、最多 \(LessonLimits.choiceLines) 行，各不相同，每行一到 \(LessonLimits.programLine) 个字符",
      "more than \(gaps) lines, at most \(LessonLimits.choiceLines), none twice, each of 1 to \(LessonLimits.programLine) characters"
    )
  }

  /// Letters of lines, one for each gap.
  static func letters(_ gaps: ProgramGaps) -> Self {
    let last = ProgramGaps.letter(gaps.lines.count - 1)
    return Self(
      "\(gaps.count) 个不同的字母（a 至 \(last)），每种次序只写一次",
      "\(gaps.count) different letters, a to \(last), each order once")
  }
}
