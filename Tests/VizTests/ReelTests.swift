internal import Base
import Testing

@testable import Viz

/// Frames with their times and captions.
@Suite struct ReelTests {
  private let frames = Theme.allCases.map { theme in
    Frame(Canvas(Size(columns: 2, rows: 1)), theme: theme)
  }

  @Test("A still is a reel of one, at 0")
  func still() {
    let reel = Reel(frames[0], caption: "一句话。", language: .chinese)
    #expect(reel.shots.map(\.seconds) == [0])
    #expect(reel.shots[0].frame == frames[0] && reel.shots[0].caption == "一句话。")
    #expect(reel.durations == [nil])
  }

  @Test("Frames keep the times that they were given; each stays until the next")
  func times() {
    var reel = Reel(language: .english)
    for (frame, seconds) in zip(frames, [0.5, 2, 2.25]) { reel.append(frame, at: seconds) }
    #expect(reel.shots.map(\.seconds) == [0.5, 2, 2.25])
    #expect(reel.durations == [1.5, 0.25, nil])
    #expect(reel.shots.map(\.frame.theme) == Theme.allCases)
  }

  @Test("Time never runs back, and what is no time is that of the frame before")
  func noTime() {
    var reel = Reel(language: .english)
    for seconds in [Double.nan, -3, 1, 0.5, .infinity, -.infinity, 2] {
      reel.append(frames[0], at: seconds)
    }
    #expect(reel.shots.map(\.seconds) == [0, 0, 1, 1, 1, 1, 2])
  }

  @Test("Equal distances begin at 0")
  func interval() {
    let reel = Reel(frames, every: 0.5, language: .english)
    #expect(reel.shots.map(\.seconds) == [0, 0.5, 1])
    #expect(Reel([], every: 1, language: .english).shots.isEmpty)
  }

  @Test("A caption holds no control character, an empty one is none")
  func captions() {
    var reel = Reel(language: .english)
    for caption in ["one\ntwo\u{1B}[2J", "", nil] {
      reel.append(frames[0], at: 0, caption: caption)
    }
    #expect(reel.shots.map(\.caption) == ["one^Jtwo^[[2J", nil, nil])
  }
}
