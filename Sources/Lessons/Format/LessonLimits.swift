/// How much a lesson file can ask for: far more than any lesson needs, and little enough to be answered at once.
package enum LessonLimits {
  /// Bytes of a file; the longest lesson has 6 KiB.
  static let bytes = 64 << 10
  /// Screens of a lesson.
  static let steps = 50
  /// Quizzes of a lesson.
  static let quizzes = 100
  /// Columns of what one can do afterwards, in the menu's list.
  static let outcomeColumns = 26
  /// The same in more words: how many lines, and their columns.
  static let abilities = 4
  static let abilityColumns = 50
  /// Hints of a quiz.
  static let hints = 10
  /// Known wrong answers of a quiz.
  static let replies = 20
  /// Lines of a program to complete, the lines to choose from, and the runs that they can be.
  static let programLines = 16
  static let choiceLines = 9
  static let programRuns = 8
  /// Characters of a program's line.
  static let programLine = 60
  /// Names of numbers that a quiz draws, how many each has, and how large they are.
  static let drawn = 4
  static let drawnValues = 12
  static let drawnNumber = 1e12
  /// Expressions of a screen, in its texts and its quizzes.
  static let expressions = 100
  /// Lists and quotes within each other.
  static let nesting = 20
  /// Characters of the text that a scene runs.
  static let text = 2000
  /// Commands whose facts a screen's expressions ask for.
  static let commands = 12
  /// Keys of a tool that a screen names.
  static let knobs = 40
  /// Lines that a command prints for a lesson, and their bytes.
  package static let printedLines = 2000
  package static let printedBytes = 4 << 20
  /// Characters of a command that a scene offers to open.
  static let link = 500
  /// A presenter's notes on a screen, or on a part of a lecture, and the characters of one.
  static let notes = 12
  static let note = 300
  /// Tokens of a scene's run, those that the model writes included.
  package static let tokens = 512
  /// Characters of an expression.
  static let expression = 500
  /// Parts of an expression that are looked at, each as often as a sum asks for it.
  static let work = 10_000
}
