import Foundation
import Testing

@testable import TinyModel

/// How the next token is chosen.
@Suite struct SamplerTests {
  private func draws(
    _ count: Int, _ logits: [Float], temperature: Double, topK: Int? = nil, seed: UInt64
  ) -> [Int] {
    var sampler = Sampler(SamplingOptions(temperature: temperature, topK: topK, seed: seed))
    return (0..<count).map { _ in sampler.choose(logits) }
  }

  @Test(arguments: 0..<40) func theRankingIsThatOfAFullSortWithTiesByTheLowerId(seed: Int) {
    var generator = SeededGenerator(seed: seed)
    // Few different logits, so that there are many ties.
    let logits = (0..<200).map { _ in Float(Int.random(in: -3...3, using: &generator)) }
    let sorted = logits.indices.sorted { (-logits[$0], $0) < (-logits[$1], $1) }
    for limit in [0, 1, 2, 5, 24, 25, 26, 199, 200, 300] {
      #expect(
        Sampler.ranking(logits, limit: limit) == Array(sorted.prefix(limit)),
        "seed \(seed), limit \(limit)")
    }
  }

  @Test func greedyTakesTheLargestLogitAndOfEqualsTheLowestId() {
    #expect(draws(3, [1, 5, 5, 2], temperature: 0, seed: 9) == [1, 1, 1])
    #expect(draws(1, [-.greatestFiniteMagnitude], temperature: 0, seed: 9) == [0])
    #expect(draws(1, [-0.0, 0], temperature: 0, seed: 9) == [0])
  }

  @Test func equalSeedsChooseEqually() {
    let logits: [Float] = (0..<50).map { sin(Float($0)) }
    let first = draws(200, logits, temperature: 1.3, seed: 7)
    #expect(first == draws(200, logits, temperature: 1.3, seed: 7))
    #expect(first != draws(200, logits, temperature: 1.3, seed: 8))
    #expect(Set(first).count > 10)
  }

  @Test(arguments: [1, 2, 5]) func topKDrawsFromTheMostLikelyOnly(topK: Int) {
    let logits: [Float] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    let drawn = Set(draws(500, logits, temperature: 5, topK: topK, seed: 1))
    #expect(drawn == Set((7 - topK)..<7))
  }

  @Test func aTopKBeyondTheVocabularyIsAllOfIt() {
    #expect(Set(draws(500, [0, 0, 0], temperature: 1, topK: 9, seed: 1)) == [0, 1, 2])
  }

  @Test(arguments: [0.5, 1, 2.0]) func frequenciesAreThoseOfTheSoftmaxAtTheTemperature(
    temperature: Double
  ) {
    let logits: [Float] = [0, 1, 2, -1]
    let masses = logits.map { exp(Double($0) / temperature) }
    let total = masses.reduce(0, +)
    let count = 20_000
    var frequencies = [0, 0, 0, 0]
    for id in draws(count, logits, temperature: temperature, seed: 3) { frequencies[id] += 1 }
    for (frequency, mass) in zip(frequencies, masses) {
      let p = mass / total
      let deviation = (p * (1 - p) / Double(count)).squareRoot()
      #expect(abs(Double(frequency) / Double(count) - p) < 4 * deviation)
    }
  }

  @Test(arguments: [1e-300, 1e-9, 1e300]) func extremeTemperaturesChooseATokenThatIsThere(
    temperature: Double
  ) {
    let drawn = draws(100, [1, 3, 2], temperature: temperature, seed: 5)
    #expect(drawn.allSatisfy { (0..<3).contains($0) })
    if temperature < 1 { #expect(Set(drawn) == [1]) }
  }

  @Test func probabilitiesAreTheSoftmaxAndDoNotOverflow() {
    let logits: [Float] = [1_000, 999, -1_000]
    let probabilities = Sampler.probabilities(logits, of: [0, 1, 2])
    #expect(abs(probabilities[0] - 1 / (1 + exp(-1.0))) < 1e-12)
    #expect(abs(probabilities.reduce(0, +) - 1) < 1e-12)
    #expect(Sampler.probabilities(logits, of: [1]) == [probabilities[1]])
  }
}
