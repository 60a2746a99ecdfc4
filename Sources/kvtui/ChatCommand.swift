internal import ArgumentParser
internal import Base
internal import Screens
internal import Terminal
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui chat`: a conversation of several turns, with the K and V of earlier turns reused and without.
struct ChatCommand: ToolCommand, PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: wording(
      "多轮对话：前几轮的 K、V 重用与不重用，每轮各算了多少",
      "A conversation of several turns, with and without the K and V of earlier turns"),
    discussion: wording(
      """
      脚本每行一个问题；以 { 开头的行是 JSON：
        {"edit": 2, "question": "…"}  换掉第 2 轮的问题，后面的几轮丢掉
        {"conversation": "new", "question": "…"}  另开一个对话
        {"question": "{…"}  以 { 开头的问题
      另开的对话和以前的对话相同的开头，按整块（16 个词元）重用。
      脚本的每轮写成 问：…／答：…（英文界面是 Q: … / A: …）；没有脚本时，用模型学过的语言。
      在终端上打开画面：Enter 问脚本的下一句（没有脚本就是课文的四轮），也可以自己打字、改一轮的问题。
      """,
      """
      A script has a question a line; a line that begins with { is JSON:
        {"edit": 2, "question": "…"}  another question for turn 2; what followed goes
        {"conversation": "new", "question": "…"}  another conversation
        {"question": "{…"}  a question that begins with {
      Another conversation finds beginnings of earlier ones, in blocks of 16 tokens.
      A script's turns are written as Q: … / A: … (问：… / 答：… with --lang zh); without a script in the language
      that the model has learnt.
      On a terminal it is a screen: Enter asks the script's next question (without a script those of the four
      turns of the lesson); questions can be typed, and those of earlier turns edited.
      """))

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "问题的脚本，每行一个；- 读标准输入；不给就是四轮招呼",
        "a script of questions, one a line; - reads standard input; four turns of greetings without one"
      ),
      valueName: "FILE"), completion: .file())
  var script: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("一个回答最多几个词元", "how many tokens an answer has at most"), valueName: "N"))
  var tokens = "40"

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "脚本的前几轮：画面一打开就问（默认 0），--json 和 --plain 只到这里（默认全部）",
        "turns of the script: the screen asks them at once (default: 0), --json and --plain end with them (default: all)"
      ), valueName: "N"))
  var turns: String?

  @Flag(help: ArgumentHelp(wording("每轮一页纯文本", "a page of text per turn")))
  var plain = false

  @Flag(help: ArgumentHelp(wording("每轮一行 JSON", "a line of JSON per turn")))
  var json = false

  @OptionGroup var pressing: KeysOption

  @OptionGroup var engine: EngineOptions
  @OptionGroup var look: LookOptions

  func run() throws {
    let keys = try pressing.pressed(json: json, plain: plain)
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    let isInteractive = TerminalFacts.current().isInteractive(input: .standardInput)
    if json { return try lines { try RunOutput.print($0) } }
    guard keys != nil || !plain && isInteractive else { return try printTurns(look) }
    try show(look, size, keys: keys)
  }

  static let tool = Tool.conversation

  /// The weights are read when the first question is asked.
  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    let given = try self.look.language.value()
    // From the menu it is the menu's language; what was given stands, even where the screen cannot show it.
    let shown = given == ProcessFacts.language ? look.language : given
    let source = try model.source(seed: 0)
    let (type, pool) = (try engine.weightType(of: source), try engine.pool())
    let language = spoken(by: source, shown, look.glyphs)
    let script = try questions(language)
    let session = ConversationSession(
      source: source, tokenizer: try source.tokenizer(), type: type, pool: pool,
      tokens: try mostTokens())
    let start = ConversationStart(
      model: source.name, isLatent: source.configuration.latent != nil, language: language,
      script: script.lines.map { ConversationEntry($0.entry) },
      turns: try turns == nil ? 0 : played(script).count)
    return OpenTool(ConversationScreen(start, look), try session.service(isLive: isLive))
  }

  /// What turns are written as: a script's like the page; without one in the language that the model has learnt, where that can be shown.
  private func spoken(by source: ModelSource, _ language: Language, _ glyphs: GlyphSet) -> Language
  {
    let isChinese = ConversationStart.hasLearntChinese(source.name) && glyphs != .ascii
    return script == nil && isChinese ? .chinese : language
  }

  /// The lines of a script that are asked: all where nobody says.
  private func played(_ script: ChatScript) throws -> ArraySlice<ChatScript.Line> {
    guard let turns else { return script.lines[...] }
    let count = try NumberArgument.whole(turns, of: "--turns", in: 0...script.lines.count)
    return script.lines.prefix(count)
  }

  private func mostTokens() throws -> Int {
    try NumberArgument.whole(tokens, of: "--tokens", in: 1...Int.max)
  }

  func lines(_ line: (JSONText) throws -> Void) throws {
    let talk = try talk(try self.look.look().inLocale)
    let played = try played(talk.script)
    try line(StepFields.json(talk.conversation.description))
    for entry in played {
      let turn = try answer(entry, of: talk.script.file, talk.conversation)
      try line(talk.pages.json(turn, conversation: talk.conversation.number))
    }
  }

  /// Every turn as a page.
  private func printTurns(_ look: Look) throws {
    let talk = try talk(look)
    for line in try played(talk.script) {
      let turn = try answer(line, of: talk.script.file, talk.conversation)
      try Output.standard.say(talk.pages.text(turn, conversation: talk.conversation.number))
    }
    try Output.standard.say(talk.pages.total(talk.conversation.allTurns))
  }

  /// A conversation of which nothing was asked yet, its questions, and what is said of its turns.
  private func talk(
    _ look: Look
  ) throws -> (conversation: Conversation, script: ChatScript, pages: ChatPage) {
    let source = try model.source(seed: 0)
    let language = spoken(by: source, try self.look.language.value(), look.glyphs)
    let format = TurnFormat(language)
    let tokens = try mostTokens()
    let (type, pool) = (try engine.weightType(of: source), try engine.pool())
    let script = try questions(language)
    let tokenizer = try source.tokenizer()
    source.unheededFields(tokenizer)?.say()
    let conversation = Conversation(
      model: try source.transformer(type, pool), tokenizer: tokenizer, format: format,
      tokens: tokens)
    let pages = ChatPage(tokenizer: tokenizer, look: look, hasSeveral: script.hasSeveral)
    return (conversation, script, pages)
  }

  private func answer(
    _ line: ChatScript.Line, of file: String, _ conversation: Conversation
  ) throws(ChatScriptError) -> ConversationTurn {
    do throws(ConversationError) {
      switch line.entry {
      case .question(let question): return try conversation.ask(question)
      case .edit(let turn, let question):
        return try conversation.edit(turn: turn, question: question)
      case .begin(let question):
        try conversation.begin()
        return try conversation.ask(question)
      }
    } catch {
      throw .turn(file: file, line: line.number, error)
    }
  }

  private func questions(_ language: Language) throws -> ChatScript {
    guard let script else {
      let text = ConversationEntry.chapter(language).map(\.question).joined(separator: "\n")
      return try ChatScript(Array(text.utf8), file: wording("四轮招呼", "the four turns"))
    }
    guard script == "-" else {
      return try ChatScript(reading: ProcessFacts.path(script, of: "--script"))
    }
    let text = try StandardInput.prompt()
    return try ChatScript(Array(text.utf8), file: wording("标准输入", "standard input"))
  }
}
