import Testing

@testable import Base

/// The sequences are part of what the program does: the same seed chooses the same tokens for ever.
@Suite struct RandomNumberTests {
  /// Source: the reference implementation, splitmix64.c of Sebastiano Vigna (prng.di.unimi.it), with seed 1234567.
  @Test func splitMix64IsThatOfTheReference() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func uniformNumbersAreFrom0UpTo1() {
    var random = SplitMix64(seed: 7)
    let numbers = (0..<10_000).map { _ in random.uniform() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.02)
  }

  /// Source: the recurrence itself, worked out with whole numbers of any size.
  @Test func linearCongruentialIsTheRecurrence() {
    var random = LinearCongruential(seed: 1)
    #expect(
      (0..<3).map { _ in random.next() } == [
        7_806_831_264_735_756_412, 9_396_908_728_118_811_419, 11_960_119_808_228_829_710,
      ])
  }
}
