public import Base
internal import TinyModel

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
    "\(path):\(line): \(language(problem.inChinese, problem.inEnglish))"
  }
}

extension Problem {
  fileprivate var inChinese: String {
    switch self {
    case .unreadable(let failure): "读不了：\(failure.message(.chinese))"
    case .notText: "不是 UTF-8 文本，或大于 \(LessonLimits.bytes >> 10) KiB"
    case .noFrontMatter: "文件要以 --- 开头的 YAML 头开始，并以 --- 结束"
    case .badYAML(let reason): "YAML 有误：\(reason)"
    case .unknownField(let field, let nearest):
      "没有字段 \(field.excerpt)" + (nearest.map { "；是不是 \($0)？" } ?? "")
    case .missingField(let field): "缺少字段 \(field)"
    case .badValue(let field, let value, let expected): "\(field) 不能是 \(value)；要 \(expected)"
    case .unknownBlock(let name): "不认识的代码块 \(name)；要 scene、quiz 或不写名字"
    case .sceneCount(let step, let count): "步骤「\(step)」有 \(count) 个 scene；要正好 1 个"
    case .blockBeforeFirstStep(let name): "\(name) 在第一个 ## 标题之前；放进一个步骤里"
    case .duplicateID(let id): "id \(id) 出现了两次；每个 id 只用一次"
    case .badExpression(let text, let reason): "表达式「\(text.excerpt)」读不懂：\(reason)"
    case .cannotRun(let reason): "这个场景跑不起来：\(reason)"
    case .noValue(let text, let reason): "表达式「\(text.excerpt)」在这个场景里没有值：\(reason)"
    case .trueOptions(let quiz, let count): "题目 \(quiz) 有 \(count) 个选项为真；要正好 1 个"
    case .replyToRightAnswer(let quiz, let answer): "题目 \(quiz) 的回应 \(answer) 就是正确答案"
    case .unknownMisconception(let id): "没有编号为 \(id) 的误解；见 lessons/README.md 的表"
    case .languagesDiffer(let what, let chinese, let english):
      "两种语言的 \(what) 不同：中文 \(chinese)，英文 \(english)"
    case .missingLanguage(let file): "缺少 \(file)"
    case .tooMany(let what, let most): "\(what) 多于 \(most) 个；请减少，或分开来写"
    case .tooDeep(let most): "列表和引用套了不止 \(most) 层；请少套几层"
    case .notSupported(let what): "课文里不能有 \(what)"
    }
  }

  fileprivate var inEnglish: String {
    switch self {
    case .unreadable(let failure): "cannot be read: \(failure.message(.english))"
    case .notText: "this is not UTF-8 text, or larger than \(LessonLimits.bytes >> 10) KiB"
    case .noFrontMatter: "the file must begin with YAML between two lines ---"
    case .badYAML(let reason): "bad YAML: \(reason)"
    case .unknownField(let field, let nearest):
      "unknown field \(field.excerpt)" + (nearest.map { "; did you mean \($0)?" } ?? "")
    case .missingField(let field): "the field \(field) is missing"
    case .badValue(let field, let value, let expected):
      "\(field) cannot be \(value); give \(expected)"
    case .unknownBlock(let name): "unknown block \(name); name it scene or quiz, or not at all"
    case .sceneCount(let step, let count):
      "the step \"\(step)\" has \(count) scenes; it needs exactly one"
    case .blockBeforeFirstStep(let name):
      "\(name) stands before the first ## heading; put it into a step"
    case .duplicateID(let id): "the id \(id) stands twice; use each id once"
    case .badExpression(let text, let reason):
      "cannot read the expression \"\(text.excerpt)\": \(reason)"
    case .cannotRun(let reason): "this scene cannot run: \(reason)"
    case .noValue(let text, let reason): "\"\(text.excerpt)\" has no value in this scene: \(reason)"
    case .trueOptions(let quiz, let count):
      "\(count) options of the quiz \(quiz) are true of the run; it needs exactly one"
    case .replyToRightAnswer(let quiz, let answer):
      "the quiz \(quiz) has a reply to \(answer), which is the right answer"
    case .unknownMisconception(let id):
      "there is no misconception \(id); see the table in lessons/README.md"
    case .languagesDiffer(let what, let chinese, let english):
      "the languages differ in \(what): zh has \(chinese), en has \(english)"
    case .missingLanguage(let file): "\(file) is missing"
    case .tooMany(let what, let most): "there are more than \(most) \(what); use fewer, or split it"
    case .tooDeep(let most): "lists and quotes nest more than \(most) deep; nest fewer"
    case .notSupported(let what): "\(what) cannot stand in a lesson"
    }
  }
}

extension String {
  /// As much of it as a sentence can quote.
  fileprivate var excerpt: String { count > 80 ? prefix(80) + "…" : self }
}
