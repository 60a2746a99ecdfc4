import Base
import Classroom
import Testing

@testable import kvtui

/// Who is told what of a presentation, and when.
@Suite struct PresentTellerTests {
  private typealias Telling = PresentTeller.Telling
  private let begin = ContinuousClock.now

  private func state(
    _ sentence: String = "one", answered: Int = 0, seconds: Int = 0, picture: String = "a",
    phase: QuestionPhase = .vote
  ) -> PresentTeller.State {
    let document = PresentationDocument(
      sequence: 0, language: .english, place: ShownPlace(.run(arguments: []), step: 1),
      sentence: sentence,
      question: HeldQuestion(
        id: "q", ask: "?", options: ["a", "b"], phase: phase, answered: answered))
    var backstage = Backstage(
      items: [Backstage.Item(title: "t", minutes: nil, seconds: seconds)], item: 0,
      notes: ["secret"])
    backstage.counts = [[answered, 0], [0, 0]]
    backstage.answer = 1
    return PresentTeller.State(
      document: document, backstage: backstage,
      canvas: CanvasMarkup(columns: 1, rows: 1, html: picture),
      poll: Poll(question: "q", round: 1, options: 2, isOpen: phase == .vote))
  }

  private func take(
    _ teller: inout PresentTeller, _ state: PresentTeller.State, _ milliseconds: Int
  ) -> [PresentTeller.Listener] {
    listeners(teller.take(state, at: begin + .milliseconds(milliseconds)))
  }

  private func due(_ teller: inout PresentTeller, _ milliseconds: Int) -> [Telling] {
    teller.due(at: begin + .milliseconds(milliseconds))
  }

  private func listeners(_ tellings: [Telling]) -> [PresentTeller.Listener] {
    tellings.map(\.listener)
  }

  @Test("The first state goes to all, numbered 1; each is told its own part")
  func parts() throws {
    var teller = PresentTeller()
    let tellings = teller.take(state(), at: begin)
    #expect(listeners(tellings) == [.owner, .terminals, .phones])
    #expect(tellings.map(\.document.sequence) == [1, 1, 1])
    #expect(tellings.map { $0.document.backstage?.notes } == [["secret"], nil, nil])
    #expect(tellings.map { $0.document.canvas?.html } == [nil, nil, "a"])
    #expect(tellings.map { $0.poll?.isOpen } == [nil, nil, true])
    // What others are told knows neither notes nor the answer.
    for telling in tellings.dropFirst() {
      let text = telling.document.json
      #expect(!text.contains("secret") && !text.contains("answer\"") && !text.contains("counts"))
    }
  }

  @Test("What did not change is told to nobody, what concerns one to that one alone")
  func concerns() {
    var teller = PresentTeller()
    #expect(take(&teller, state(), 0).count == 3)
    #expect(take(&teller, state(), 0).isEmpty)
    // A clock is backstage, and there only.
    #expect(take(&teller, state(seconds: 1), 1000) == [.owner])
    // A picture is for phones; a terminal draws its own.
    #expect(take(&teller, state(seconds: 1, picture: "b"), 2000) == [.owner, .phones])
    #expect(
      take(&teller, state("two", seconds: 1, picture: "b"), 3000) == [.owner, .terminals, .phones])
    #expect(teller.sequence == 4)
  }

  @Test("Votes go out four times a second, and the last of them always")
  func counting() {
    var teller = PresentTeller()
    var told: [(Duration, Int)] = []
    func note(_ tellings: [Telling], _ time: Duration) {
      for telling in tellings where telling.listener == .phones {
        told.append((time, telling.document.question?.answered ?? -1))
      }
    }
    // A vote every 10 ms for a second, looked at each time; then a look every 10 ms.
    for number in 0...100 {
      let time = Duration.milliseconds(10 * number)
      note(teller.take(state(answered: number), at: begin + time), time)
    }
    for number in 101...200 {
      let time = Duration.milliseconds(10 * number)
      note(teller.due(at: begin + time), time)
    }
    #expect(told.map(\.1) == [0, 25, 50, 75, 100])
    #expect(zip(told, told.dropFirst()).allSatisfy { $1.0 - $0.0 >= PresentTeller.pause })
  }

  @Test("A step is told at once, and takes along what waited")
  func steps() {
    var teller = PresentTeller()
    _ = teller.take(state(), at: begin)
    #expect(take(&teller, state(answered: 1), 10).isEmpty)
    let tellings = teller.take(state("two", answered: 2), at: begin + .milliseconds(20))
    #expect(tellings.map { $0.document.question?.answered } == [2, 2, 2])
    #expect(due(&teller, 1000).isEmpty)
    // The end of a vote is a step, however soon it comes.
    _ = teller.take(state("two", answered: 3), at: begin + .milliseconds(30))
    let end = teller.take(
      state("two", answered: 3, phase: .discuss), at: begin + .milliseconds(40))
    #expect(end.last?.poll?.isOpen == false && end.last?.document.question?.answered == 3)
  }

  @Test("What waited and was taken back is not told")
  func takenBack() {
    var teller = PresentTeller()
    _ = teller.take(state(), at: begin)
    #expect(take(&teller, state(answered: 1), 10).isEmpty)
    #expect(take(&teller, state(), 20).isEmpty)
    #expect(due(&teller, 1000).isEmpty)
  }

  @Test("Numbers rise by one, from behind what somebody may have")
  func numbers() {
    var teller = PresentTeller(after: 41)
    for number in 0..<20 {
      let tellings = teller.take(state("\(number)"), at: begin)
      #expect(tellings.allSatisfy { $0.document.sequence == 42 + number })
    }
  }
}
