/// What only the presenter's other terminals are told besides the document.
public struct Backstage: Hashable, Sendable {
  /// A part of the lecture, and the time that it took so far.
  public struct Item: Hashable, Sendable {
    /// What it is called.
    public var title: String
    /// Minutes that are planned for it; nil where none are.
    public var minutes: Int?
    /// Seconds that it was on the wall.
    public var seconds: Int

    /// Names a part.
    public init(title: String, minutes: Int?, seconds: Int) {
      self.title = title
      self.minutes = minutes
      self.seconds = seconds
    }
  }

  /// The parts of the lecture.
  public var items: [Item]
  /// Which is on the wall, counted from 0.
  public var item: Int
  /// Notes of a part that has none of its own.
  public var notes: [String]
  /// Votes of both rounds of the question, by option or by `values`; empty where none is held.
  public var counts: [[Int]]
  /// How many votes of each round were counted by hand, those in `counts`; empty where none were.
  public var hands: [Int]
  /// The numbers that were voted, where a number is asked.
  public var values: [Double]?
  /// The right option, counted from 0, or the right number; nil where nothing is voted on.
  public var answer: Double?
  /// Seconds that are left on the timer; nil while none runs.
  public var timer: Int?
  /// Phones that follow; nil where none can.
  public var phones: Int?
  /// Terminals that follow; nil where none can.
  public var terminals: Int?
  /// The screen of the lesson that comes next, by its id; nil where the part ends with this one.
  public var nextScreen: String?
  /// Which of the lesson's screens that the lecture shows is on the wall, counted from 1; nil for a run.
  public var screen: Int?
  /// How many of its screens the lecture shows; nil for a run.
  public var screens: Int?

  /// What is told of a lecture's parts; the rest is set as it is known.
  public init(items: [Item], item: Int, notes: [String] = []) {
    self.items = items
    self.item = item
    self.notes = notes
    (counts, hands) = ([], [])
  }
}
