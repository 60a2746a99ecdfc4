internal import Base
internal import Classroom
internal import Viz

extension QuestionPhase {
  /// What it is called.
  func name(_ language: Language) -> String {
    switch self {
    case .think: language("想", "think")
    case .vote: language("投票", "vote")
    case .discuss: language("讨论", "discuss")
    case .voteAgain: language("再投", "vote again")
    case .reveal: language("揭晓", "reveal")
    }
  }
}

/// What a class does in a phase of a question, in a few words.
struct PhaseWords {
  let ballots: Ballots
  let phase: QuestionPhase
  /// Whether phones vote; else hands are shown.
  let hasPhones: Bool
  let language: Language

  /// What is to be done.
  var guide: String {
    switch phase {
    case .think:
      language("先自己想，不讨论。", "Think on your own; no talking yet.")
    case .vote: vote
    case .discuss: discuss
    case .voteAgain:
      language("再投一次，可以改主意。", "Vote again; you may change your mind. ") + vote
    case .reveal: ""
    }
  }

  private var discuss: String {
    ballots.isVoted
      ? language("和邻座讨论 2–4 分钟：为什么？", "Discuss with a neighbour, 2–4 minutes: why?")
      : language("和邻座讨论 2–4 分钟，再说出来。", "Discuss with a neighbour, 2–4 minutes, then say it.")
  }

  private var vote: String {
    switch (ballots, hasPhones) {
    case (.number, true):
      language(
        "在手机上输入你的数；没有手机就写在纸上举起来。",
        "Type your number on your phone; without one, write it on paper and hold it up.")
    case (.number, false):
      language("把你的数写在纸上，一起举起来。", "Write your number on paper, then all hold it up.")
    case (_, true):
      language(
        "用手机投票，各投各的；没有手机，叫到字母就举手。",
        "Vote on your phone, each for yourself; without one, show your hand at the letter.")
    case (_, false): language("叫到你选的字母就举手。", "Show hands at the letter that you choose.")
    }
  }

  /// What stands in the place of options where there are none.
  var asksFor: String {
    switch ballots {
    case .options: ""
    case .number: language("答案是一个数。", "The answer is a number.")
    case .aloud: language("答案说出来，或上来指。", "Say the answer, or come and point.")
    }
  }
}
