public import Base

extension Finding: Explained {
  /// 66 where the file cannot be read, else 65.
  public var status: Int32 {
    if case .unreadable = problem {
      ExitStatus.noInput.rawValue
    } else {
      ExitStatus.badData.rawValue
    }
  }

  /// The finding as a linter prints it.
  ///
  /// - Parameter language: of the sentence.
  /// - Returns: `path:line: ` and one sentence.
  public func message(_ language: Language) -> String? {
    let level = isWarning ? language("提醒：", "warning: ") : ""
    return "\(path):\(line): \(level)\(problem.wording(language))"
  }
}

extension Problem {
  fileprivate func wording(_ language: Language) -> String {
    switch self {
    case .unreadable(let failure):
      language(
        "读不了：\(failure.reason(language))",
        "cannot be read: \(failure.reason(language))")
    case .notText:
      language(
        "不是 UTF-8 文本，或大于 \(LessonLimits.bytes >> 10) KiB",
        "this is not UTF-8 text, or larger than \(LessonLimits.bytes >> 10) KiB")
    case .noFrontMatter:
      language(
        "文件要以 --- 开头的 YAML 头开始，并以 --- 结束",
        "the file must begin with YAML between two lines ---")
    case .badYAML(let reason):
      language("YAML 有误：\(reason)", "bad YAML: \(reason)")
    case .unknownField(let field, let nearest):
      language(
        "没有字段 \(field.excerpt)" + (nearest.map { "；是不是 \($0)？" } ?? ""),
        "unknown field \(field.excerpt)" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    case .missingField(let field):
      language("缺少字段 \(field)", "the field \(field) is missing")
    case .badValue(let field, let value, let expected):
      language(
        "\(field) 不能是 \(value)；要\(expected.wording(language))",
        "\(field) cannot be \(value); give \(expected.wording(language))")
    case .unknownBlock(let name):
      language(
        "不认识的代码块 \(name)；要 scene、quiz 或不写名字",
        "unknown block \(name); name it scene or quiz, or not at all")
    case .sceneCount(let step, let count):
      language(
        "步骤「\(step)」有 \(count) 个 scene；要正好 1 个",
        "the step \"\(step)\" has \(count) scenes; it needs exactly one")
    case .blockBeforeFirstStep(let name):
      language(
        "\(name) 在第一个 ## 标题之前；放进一个步骤里",
        "\(name) stands before the first ## heading; put it into a step")
    case .duplicateID(let id):
      language(
        "id \(id) 出现了两次；每个 id 只用一次",
        "the id \(id) stands twice; use each id once")
    case .badExpression(let text, let error):
      language(
        "表达式「\(text.excerpt)」读不懂：\(error.sentence(language))",
        "cannot read the expression \"\(text.excerpt)\": \(error.sentence(language))")
    case .cannotRun(let failure):
      language(
        "这个场景跑不起来：\(failure.sentence(language))",
        "this scene cannot run: \(failure.sentence(language))")
    case .cannotOpen(let field, let failure):
      language(
        "\(field) 打不开：\(failure.sentence(language))",
        "\(field) opens nothing: \(failure.sentence(language))")
    case .cannotShow(let failure):
      language(
        "这一部分放不出来：\(failure.sentence(language))",
        "this part cannot be shown: \(failure.sentence(language))")
    case .noValue(let text, let error):
      language(
        "表达式「\(text.excerpt)」在这个场景里没有值：\(error.sentence(language))",
        "\"\(text.excerpt)\" has no value in this scene: \(error.sentence(language))")
    case .trueOptions(let quiz, let count):
      language(
        "题目 \(quiz) 有 \(count) 个选项为真；要正好 1 个",
        "\(count) options of the quiz \(quiz) are true of the run; it needs exactly one")
    case .replyToRightAnswer(let quiz, let answer):
      language(
        "题目 \(quiz) 的回应 \(answer) 就是正确答案",
        "the quiz \(quiz) has a reply to \(answer), which is the right answer")
    case .wrongSetting(let quiz):
      language(
        "题目 \(quiz) 的 at 处 answer 不为真；at 要是一个对的设定",
        "at the place that the quiz \(quiz) names in at, its answer is not true; at is a right setting"
      )
    case .soundRuns(let quiz, let count):
      language(
        "题目 \(quiz) 的 runs 里有 \(count) 种跑出来处处相同；要正好 1 种",
        "\(count) runs of the quiz \(quiz) differ nowhere from the run without a cache; it needs exactly one"
      )
    case .replyToRun(let quiz, let lines):
      language(
        "题目 \(quiz)：\(lines.excerpt) 是 runs 里的程序，回应写在那里",
        "\(quiz): \(lines.excerpt) is a program of runs; give its reply there")
    case .rightFromTheStart(let quiz):
      language(
        "题目 \(quiz) 一打开就是对的；换一个开头，或换一个要求",
        "the quiz \(quiz) is answered before anything is turned; begin elsewhere, or ask for more")
    case .unknownMisconception(let id):
      language(
        "没有编号为 \(id) 的误解；见 lessons/README.md 的表",
        "there is no misconception \(id); see the table in lessons/README.md")
    case .languagesDiffer(let what, let chinese, let english):
      language(
        "两种语言的 \(what) 不同：中文 \(chinese)，英文 \(english)",
        "the languages differ in \(what): zh has \(chinese), en has \(english)")
    case .missingLanguage(let file):
      language("缺少 \(file)", "\(file) is missing")
    case .tooMany(let what, let most):
      language(
        "\(what) 多于 \(most) 个；请减少，或分开来写",
        "there are more than \(most) \(what); use fewer, or split it")
    case .tooDeep(let most):
      language(
        "列表和引用套了不止 \(most) 层；请少套几层",
        "lists and quotes nest more than \(most) deep; nest fewer")
    case .notSupported(let what):
      language("这里不能有 \(what)", "\(what) cannot stand here")
    case .noScreen(let place):
      language("没有 \(place.excerpt) 这一屏", "there is no screen \(place.excerpt)")
    default: warning(language)
    }
  }

  private func warning(_ language: Language) -> String {
    switch self {
    case .noQuestion(let id):
      language("这一屏（\(id)）没有题；加一个 quiz", "the screen \(id) asks nothing; add a quiz")
    case .answerOnScreen(let quiz, let answer):
      language(
        "题目 \(quiz) 的答案 \(answer) 就写在同一屏上；换个问法或先藏起来",
        "the answer to \(quiz), \(answer), stands on its own screen; ask otherwise, or hide it")
    case .noReply(let quiz, let numbers):
      language(
        "题目 \(quiz)：屏上的 \(numbers.joined(separator: "、")) 不是答案，也没有回应；写进 replies，或加一条 else",
        "\(quiz): \(numbers.joined(separator: ", ")) on the screen is no answer and has no reply; "
          + "add it to replies, or an else")
    case .termTooEarly(let term, let screen, let introduced):
      language(
        "「\(term.excerpt)」在 \(screen) 就用了，\(introduced) 才讲；见 TERMS.yaml",
        "\"\(term.excerpt)\" is used on \(screen) and introduced on \(introduced) (TERMS.yaml)")
    case .termNotThere(let term, let place):
      language(
        "「\(term.excerpt)」说是在 \(place) 讲的，那一屏上没有这个词",
        "\"\(term.excerpt)\" is said to be introduced on \(place), where it does not stand")
    default: ""
    }
  }
}

extension String {
  /// As much of it as a sentence can quote.
  fileprivate var excerpt: String { count > 80 ? prefix(80) + "…" : self }
}
