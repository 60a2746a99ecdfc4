internal import Base
import Testing
import Viz

@testable import Lessons
internal import TestSupport

/// Numbers in 汉字, typed as answers.
@Suite struct ChineseNumeralTests {
  private func numbers(_ text: String, _ question: String = "一共几格？") -> [Double] {
    AnswerReader(question: question).numbers(text)
  }

  private static let figures = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]

  /// A whole number below 10^12 as it is read aloud.
  private static func spelled(_ number: Int) -> String {
    guard number > 0 else { return "零" }
    var (text, rest, isSkipped) = ("", number, false)
    for (size, unit) in [(100_000_000, "亿"), (10_000, "万"), (1, "")] {
      let section = rest / size
      rest %= size
      guard section > 0 else {
        isSkipped = !text.isEmpty
        continue
      }
      if !text.isEmpty && (isSkipped || section < 1000) { text += "零" }
      text += Self.section(section) + unit
      isSkipped = false
    }
    return text.hasPrefix("一十") ? String(text.dropFirst()) : text
  }

  /// 1 to 9999.
  private static func section(_ number: Int) -> String {
    var (text, needsZero) = ("", false)
    for (size, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
      let figure = number / size % 10
      if figure == 0 {
        needsZero = !text.isEmpty
      } else {
        text += (needsZero ? "零" : "") + figures[figure] + unit
        needsZero = false
      }
    }
    return text
  }

  @Test("Every whole number that is spelled is read as what it was")
  func roundTrip() {
    var random = SplitMix64(seed: 22)
    let small = Array(0...2100)
    let large = (0..<3000).map { _ in Int(random.next() % (1 << (1 + random.next() % 39))) }
    for number in small + large {
      let text = Self.spelled(number)
      #expect(ChineseNumeral.value(text[...]) == Double(number), "\(number) \(text)")
      #expect(numbers(text + "格").first == Double(number), "\(number) \(text)")
    }
  }

  @Test("Decimals are read figure by figure")
  func decimals() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<500 {
      let (whole, places) = (Int(random.next() % 1000), Int(random.next() % 1000))
      let text =
        Self.spelled(whole) + "点"
        + String(places).map { Self.figures[Int(String($0)) ?? 0] }.joined()
      #expect(numbers(text).first == Double("\(whole).\(places)"), "\(text)")
    }
  }

  @Test(
    "As people say and write them",
    arguments: [
      ("二十八", 28), ("一百四十", 140), ("两千零四十八", 2048), ("一万九千", 19000), ("一点五", 1.5), ("半", 0.5),
      ("十", 10), ("十二格", 12), ("廿八格", nil), ("一百零四", 104), ("一百四", 140), ("两千五", 2500),
      ("一万九", 19000),
      ("二〇四八", 2048), ("〇", 0), ("两百", 200), ("二百零四", 204), ("一百一十个", 110), ("七倍", 7),
      ("五十二万四千二百八十八字节", 524288),
      ("一亿", 1e8), ("三万亿", 3e12), ("壹佰肆拾", 140), ("负三", -3), ("三分之二", 2.0 / 3), ("七分之一", 1.0 / 7),
      ("一半", 0.5),
      ("二十五分之三百", 12), ("一点九万", 19000), ("约二十八", 28), ("一共二十八格", 28), ("二乘三十二乘一百二十八", 8192),
      ("一百四十除以二十八", 5), ("二十一加七", 28), ("四十九减七", 42), ("十四的", 14), ("1.9 万", 19000),
      ("19 千", 19000),
      ("1万9千", nil), ("二十八二", nil), ("二三十", nil), ("一百零", nil), ("百", nil), ("万", nil), ("点五", nil),
      ("一点", nil), ("一点五点五", nil), ("一万半", nil), ("一百百", nil), ("一十百", nil), ("一百零四十", nil),
      ("两两", nil),
      ("几", nil), ("半半", nil), ("零分之一", nil), ("一分之", nil),
    ] as [(String, Double?)])
  func spoken(text: String, value: Double?) {
    #expect(numbers(text).first == value)
  }

  @Test("A percentage in 汉字 is one")
  func percent() {
    #expect(numbers("百分之二十八", "省下百分之几？") == [28])
    #expect(numbers("百分之二十八", "省下多少？") == [28, 0.28])
  }

  @Test(
    "Powers and full-width signs",
    arguments: [("2²", 4), ("２×３２×１２８", 8192), ("2^5", 32), ("2³×10", 80)])
  func signs(text: String, value: Double) { #expect(numbers(text).first == value) }

  @Test("Sizes may be in 汉字", arguments: ["四行十六列", "四乘十六", "四x十六"])
  func sizes(text: String) { #expect(AnswerReader(question: "").sizes(text) == [4, 16]) }

  @Test("What comes to something is said with it, in 汉字 too")
  func said() {
    for text in ["二十八", "2*3", "二乘三", "3²"] { #expect(AnswerReader.isSum(text)) }
    for text in ["28", "28 格", "-3"] { #expect(!AnswerReader.isSum(text)) }
  }

  @Test(
    "A rounding passes for a fraction and for a large number, and for no number that is counted",
    arguments: [
      (208.33, 208, true), (208.33, 208.3, true), (208.33, 210, false), (3.846, 3.85, true),
      (3.846, 3.8, true),
      (3.846, 4, false), (3.846, 3.9, false), (7.857, 7.9, true), (7.857, 8, false),
      (91.67, 92, true), (91.67, 91, false),
      (19073, 19000, true), (19073, 19100, true), (19073, 19070, true), (19073, 20000, false),
      (19073, 19050, false),
      (524288, 524000, true), (524288, 520000, false), (2048, 2050, false), (2048, 2000, false),
      (140, 100, false),
      (140, 141, false), (0.46, 0.5, false), (0.004, 0, false), (0.1, 0, false), (12.5, 13, true),
      (12.5, 12, false),
      (19073.49, 19073, true), (19073.49, 19074, false),
    ] as [(Double, Double, Bool)])
  func rounding(truth: Double, number: Double, passes: Bool) {
    #expect(
      (Rounding.isExact(number, truth, tolerance: 0) || Rounding.isSensible(number, of: truth))
        == passes)
  }

  @Test("A rounding that the lesson knows to be wrong is wrong")
  func known() throws {
    let quiz = Classroom.quiz(
      "id: q\nkind: number\nask: 几倍？\nanswer: 10.4\nreplies:\n  10: 少算了\n  else: 再想\nwhy: 好")
    let asked = try #require(try Classroom.parse(Classroom.text(body: quiz)).quizzes.first)
    let runs = try Classroom.runs().runs(of: Classroom.parse(Classroom.text()).steps[0].scene)
    let state = ViewerState(trace: runs.run, longest: 7, look: Look())
    let grader = Grader(quiz: asked, evaluator: Evaluator(runs.run, step: 3), state: state)
    #expect(try grader.judge(.number([10])) == Judgement(isRight: false, reply: "少算了"))
    #expect(
      try grader.judge(.number([11])) == Judgement(isRight: false, reply: "再想", isGeneral: true))
    #expect(try grader.judge(.number([10.4])).isRight)
  }
}
