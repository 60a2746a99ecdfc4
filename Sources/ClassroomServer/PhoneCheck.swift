internal import Base
internal import Classroom

/// Tries before class whether phones reach this machine: a state that says hello and asks whether it can be read.
///
/// It goes the way of a lecture, page, events and vote, so that what works here works then.
package struct PhoneCheck {
  /// The server behind it.
  package let server: ClassroomServer
  /// What the phone must show for the teacher to know that it is this machine's page.
  package let words: String

  private static let colours = [
    ("红", "red"), ("橙", "orange"), ("黄", "yellow"), ("绿", "green"), ("蓝", "blue"), ("紫", "purple"),
  ]
  private static let animals = [
    ("马", "horse"), ("虎", "tiger"), ("鹤", "crane"), ("鱼", "fish"), ("牛", "ox"), ("兔", "rabbit"),
  ]

  /// Begins to serve.
  ///
  /// - Throws: what `ClassroomServer` throws.
  package init(_ settings: ServerSettings) throws {
    server = try ClassroomServer(settings)
    words = Self.words(settings.language)
    server.publish(
      document: Array(Self.document(words, settings.language).utf8), sequence: 1,
      poll: Poll(question: Self.question, round: 1, options: 1, isOpen: true))
  }

  /// How often the page was loaded, how many phones hold the connection now, and how many have said that they can read it.
  package var result: (loaded: Int, following: Int, confirmed: Int) {
    let news = server.news
    return (news.pages, news.followers, news.ballot?.answered(in: 1) ?? 0)
  }

  private static let question = "check"

  private static func words(_ language: Language) -> String {
    let (colour, animal) = (
      colours.randomElement() ?? colours[0], animals.randomElement() ?? animals[0]
    )
    return language(colour.0 + animal.0, "\(colour.1) \(animal.1)")
  }

  private static func document(_ words: String, _ language: Language) -> String {
    PresentationDocument(
      sequence: 1, language: language, place: ShownPlace(.run(arguments: []), step: 1),
      sentence: language("你好！这是 kvtui：手机连得上。", "Hello! This is kvtui: phones reach this machine."),
      question: HeldQuestion(
        id: question,
        ask: language("投影上写的也是“\(words)”吗？", "Does the projector say “\(words)” as well?"),
        options: [language("是", "yes")], phase: .vote, answered: 0)
    ).json
  }
}
