import Testing

@testable import Lessons

/// What a person meant by a typed answer.
@Suite struct AnswerReaderTests {
  private func numbers(_ text: String, _ question: String = "下面累计几格？") -> [Double] {
    AnswerReader(question: question).numbers(text)
  }

  @Test(
    "A number with whatever people write around it",
    arguments: [
      ("28", 28), ("28 cells", 28), ("28cells", 28), ("28 格", 28), ("28格", 28), ("28 个格子", 28),
      ("7 times", 7), ("7倍", 7), ("7x", 7), ("7 ×", 7), ("208 tokens", 208), ("2048 bytes", 2048),
      ("约 208", 208), ("about 208", 208), ("= 28", 28), ("~28", 28), ("≈28", 28), ("+28", 28),
      ("28。", 28), ("28.", 28), ("28！", 28), ("２８", 28), ("２，０４８", 2048), ("（28）", 28),
      ("208。33", 208.33), ("208．33", 208.33), ("-3", -3), ("−3", -3), ("－３", -3), (".5", 0.5),
      ("1,000", 1000), ("1，000", 1000), ("1 000", 1000), ("1'000", 1000), ("1_000", 1000),
      ("19,073.5", 19073.5), ("1,234,567", 1_234_567), ("1e3", 1000), ("1.5E3", 1500),
      ("10 万", 100_000), ("2亿", 200_000_000), ("3 thousand", 3000),
    ] as [(String, Double)])
  func plain(text: String, value: Double) {
    #expect(numbers(text).first == value)
  }

  @Test(
    "A sum is worked out",
    arguments: [
      ("625/3", 625.0 / 3), ("625 ÷ 3", 625.0 / 3), ("2*32*32*128*2/1024", 512),
      ("2×32×32×128×2÷1024", 512), ("2x3x4", 24), ("(1+6)*4", 28), ("（1＋6）＊4", 28), ("2^10", 1024),
      ("2**10", 1024), ("21 + 7", 28), ("21+7=28", 28), ("4,096*8", 32768), ("-3+5", 2),
      ("14 * 14 cells", 196), ("14乘14", 196),
    ] as [(String, Double)])
  func sums(text: String, value: Double) {
    #expect(numbers(text).first == value)
  }

  @Test(
    "What is not understood is not guessed",
    arguments: [
      "28e", "", " ", "-", ".", "(", "1.2.3", "3、16", "3,16", "12,34", "1 2", "28 or 29", "28-",
      "1e9999", "1/0", "28 dozen", "abc", "uncached.cells", "sum(cached.cells)", "length", "1 == 1",
      "2^9999", "--", "7 7 7", "0x1c", "((((((((((1", "几十", "28 29 cells", "1e", "99e+", "5 3/4",
      "nan", "inf",
    ])
  func unclear(text: String) {
    #expect(numbers(text).isEmpty, "\(numbers(text))")
  }

  @Test("A size is read in the unit that is asked for")
  func bytes() {
    let kib = "Llama-7B 一个词元的缓存是多少 KiB？"
    #expect(numbers("512", kib) == [512])
    #expect(numbers("512 KiB", kib) == [512])
    #expect(numbers("0.5 MiB", kib) == [512])
    #expect(numbers("524288 bytes", kib) == [512])
    #expect(!numbers("512 bytes", kib).contains(512))
    #expect(numbers("2 KiB", "一个词元几字节？") == [2048])
    #expect(numbers("10 GB", "缓存共多少 GiB？").first == 10)
    #expect(numbers("2 KiB", "How many numbers?").contains(2048))
  }

  @Test("A percentage is one, where it is asked for or not")
  func percent() {
    #expect(numbers("28%", "省下百分之几？") == [28])
    #expect(numbers("28 ％", "What part?") == [28, 0.28])
  }

  @Test(
    "Sizes in all the ways that they are written",
    arguments: [
      "3 x 16", "3x16", "3X16", "3×16", "３×１６", "3*16", "3,16", "3，16", "3、16", "3 16", "[3, 16]",
      "(3, 16)", "torch.Size([3, 16])", "3 行 16 列", "3行16列", "3 rows, 16 columns", "3 by 16",
      "3乘16",
    ])
  func sizes(text: String) {
    #expect(AnswerReader(question: "").sizes(text) == [3, 16])
  }

  @Test(
    "What are no sizes is not guessed",
    arguments: ["", "x", "3.5x2", "三行", "3x", "1x2x3x4x5", "9999999999999999999x1", "3-16"])
  func noSizes(text: String) {
    let sizes = AnswerReader(question: "").sizes(text)
    #expect(sizes == nil || sizes?.count == 1)
  }

  @Test("A digit, a point, a sign or a bracket begins an answer, a letter is a command")
  func begins() {
    for character in "0123456789.-(+８．－（。约≈" { #expect(AnswerReader.begins(character)) }
    for character in "nbsqHtLidfgopc?？ [{]}ｎ、【" { #expect(!AnswerReader.begins(character)) }
  }
}
