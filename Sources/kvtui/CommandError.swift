#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// A failure of the command line itself, or of its output.
enum CommandError: Explained {
  /// Two options that exclude each other.
  case together(String, String)
  /// An option is needed.
  case missing(String, String)
  /// An option's value is out of its range.
  case badValue(option: String, value: String, expected: String)
  /// A name in `--keys` that no key has.
  case unknownKey(String)
  /// Standard input holds more than a prompt can be.
  case inputTooLong(limit: Int)
  /// Text on the command line is not UTF-8.
  case badText(option: String)
  /// Standard input is not UTF-8.
  case inputNotUTF8(byte: Int)
  /// A shape without weights has fewer ids than the bundled tokenizer, which stands in for its own.
  case smallVocabulary(shape: String, vocabulary: Int, ids: Int)
  /// An order of latent attention was asked of a model without a latent.
  case noLatent(model: String, String)
  /// A path on the command line is not UTF-8.
  case badPath(option: String, path: String)
  /// The first argument is neither a subcommand nor a lesson.
  case unknownCommand(String)
  /// No lesson has this number or name.
  case noSuchLesson(String, folder: String)
  /// There are no lessons where they were looked for.
  case noLessons(searched: [String], variable: String)
  /// No lecture that comes with the program has this name.
  case noSuchLecture(String, known: [String])
  /// No lesson has this name, but a lecture has.
  case lectureNotLesson(String)
  /// The linter found something, and has said it.
  case lint(Int)
  /// The end-of-sequence token came before the step to export.
  case noSuchStep(Int, steps: Int)
  /// A page would hold more pictures than a browser bears.
  case tooManyPictures(Int, most: Int)
  /// A file could not be made.
  case cannotCreate(file: String, SystemFailure)
  /// Something is where a new file is to be.
  case exists(file: String)
  /// A new lesson was to be made where one is.
  case lessonIsThere(file: String)
  /// The same user presents already.
  case presentsAlready(socket: String)
  /// A recording has no model that could run another text.
  case recordingOnly
  /// A run that is broken on purpose was to be kept, and a recording does not say so.
  case brokenRun
  /// Keys were to be kept where nobody can press any.
  case keepsNoKeys
  /// A command that is a screen and nothing else has none.
  case needsTerminal(String)
  /// A session that is performed was to write a file.
  case writesNothing
  /// The model of a recording is not where models are looked up.
  case noModel(String)
  /// The model that was found is not the one of the recording.
  case otherModel(String)
  /// Reading standard input failed.
  case cannotRead(SystemFailure)
  /// Writing failed; without a file, to standard output.
  case cannotWrite(file: String?, SystemFailure)
  /// Whoever read the output has left, and wants no more of it.
  case readerGone
  /// Progress could not be forgotten.
  case progress(trouble: String)
  /// Memory, threads or descriptors could not be had.
  case system(SystemFailure)

  /// The exit code.
  var status: Int32 {
    switch self {
    case .together, .missing, .badValue, .noLatent, .badPath, .badText, .unknownCommand,
      .unknownKey,
      .noSuchStep,
      .tooManyPictures:
      ExitStatus.usage.rawValue
    case .inputTooLong, .inputNotUTF8, .smallVocabulary, .lint: ExitStatus.badData.rawValue
    case .noSuchLesson, .noLessons, .noSuchLecture, .lectureNotLesson: ExitStatus.noInput.rawValue
    case .cannotCreate, .exists, .lessonIsThere, .presentsAlready, .writesNothing,
      .brokenRun:
      ExitStatus.cannotCreate.rawValue
    case .recordingOnly, .noModel, .otherModel: ExitStatus.noInput.rawValue
    case .keepsNoKeys, .needsTerminal: ExitStatus.noTerminal.rawValue
    case .cannotRead, .cannotWrite, .progress: ExitStatus.inputOutput.rawValue
    case .readerGone: 128 + SIGPIPE
    case .system: ExitStatus.internalError.rawValue
    }
  }

  /// What is wrong and what to do; nil where nobody needs to be told.
  func message(_ language: Language) -> String? {
    switch self {
    case .together(let one, let other):
      language("\(one) 和 \(other) 只能给一个", "give \(one) or \(other), not both")
    case .missing(let option, let expected):
      language("缺少 \(option)；请给出 \(expected)", "\(option) is missing; give \(expected)")
    case .badValue(let option, let value, let expected):
      language(
        "\(option) 不能是「\(value)」；要 \(expected)",
        "\(option) cannot be '\(value)'; give \(expected)")
    case .noLatent(let model, let architecture):
      language(
        "--mla 只用于有潜在向量的模型，而 \(model)（\(architecture)）没有；请去掉它，或用 --model tiny-zh-mla",
        "--mla is for models with a latent, and \(model) (\(architecture)) has none; leave it out, or use --model tiny-zh-mla"
      )
    case .badPath(let option, let path):
      language(
        "\(option) 的路径 \(path) 不是 UTF-8；请给文件或文件夹改名，或另取一个链接",
        "the path \(path) of \(option) is not UTF-8; give another name, or make a link to it")
    case .badText(let option):
      language(
        "\(option) 的文本不是 UTF-8；请在 UTF-8 的终端里给出，或先用 iconv 转换",
        "the text of \(option) is not UTF-8; give it in a UTF-8 terminal, or convert it with iconv first"
      )
    case .inputNotUTF8(let byte):
      language(
        "标准输入从第 \(byte) 字节起不是 UTF-8；请先用 iconv 转换",
        "standard input is not UTF-8 from byte \(byte) on; convert it with iconv first")
    case .smallVocabulary(let shape, let vocabulary, let ids):
      language(
        "\(shape)：字段 vocab_size 是 \(vocabulary)，而代替它的自带分词器有 \(ids) 个编号；"
          + "请把 vocab_size 改为至少 \(ids)，或用 kvtui bench --prompt-tokens",
        "\(shape): the field vocab_size is \(vocabulary), and the bundled tokenizer, which stands in for its own, "
          + "has \(ids) ids; make vocab_size at least \(ids), or use kvtui bench --prompt-tokens")
    case .unknownCommand(let name):
      language(
        "没有叫 '\(name)' 的子命令或课；请看 kvtui --help 或 kvtui lesson --list",
        "there is no subcommand and no lesson '\(name)'; see kvtui --help or kvtui lesson --list")
    case .unknownKey(let name):
      language(
        "--keys 里没有叫 '\(name)' 的键；请按 tmux 的写法，如 Right Space i",
        "--keys knows no key '\(name)'; name keys as tmux does, such as Right Space i")
    case .noSuchStep(let step, let steps):
      language(
        "没有第 \(step) 步：结束符让这次运行停在第 \(steps) 步；请给 --step 1 到 \(steps)，或加上 --ignore-eos",
        "there is no step \(step): the end-of-sequence token ends this run at step \(steps); "
          + "choose one from 1 to \(steps), or add --ignore-eos")
    case .tooManyPictures(let count, let most):
      language(
        "这一页会有 \(count) 幅图，最多 \(most) 幅；请用 --steps A..B、--layer 或 --head 少取一些",
        "the page would hold \(count) pictures, and \(most) at most; choose fewer with --steps A..B, --layer or --head"
      )
    case .exists(let file):
      language(
        "已经有 \(file)；请另取一个名字，或加上 --force 替换它",
        "\(file) is there already; give another name, or add --force to replace it")
    case .lessonIsThere(let file):
      language(
        "已经有 \(file)；请给另一个文件夹",
        "\(file) is there already; give another folder")
    case .presentsAlready(let socket):
      language(
        "你已经有一场演示在进行（\(socket)）；请先结束它",
        "a presentation of yours is going on (\(socket)); end it first")
    case .recordingOnly:
      language("只是录像，没有模型可以运行别的文字", "a recording only: no model is at hand to run another text")
    case .brokenRun:
      language(
        "这次运行是故意弄坏的，录像里记不下坏法；请不带 --fault 再运行",
        "this run is broken on purpose, which a recording does not tell; give no --fault to keep a run"
      )
    case .keepsNoKeys:
      language(
        "--keep-keys 存的是在终端里按的键；这里没有终端，请在终端里用",
        "--keep-keys keeps what is pressed in a terminal, and there is none here; use it in one")
    case .needsTerminal(let command):
      language(
        "kvtui \(command) 要在终端里用；给 --keys 则打印画面",
        "kvtui \(command) needs a terminal; with --keys it prints its frames")
    case .writesNothing:
      language(
        "重演时不写文件；请用 kvtui run 或 replay 保存",
        "a performance writes no file; use kvtui run or replay to keep a run")
    case .noModel(let name):
      language(
        "只是录像：手边没有模型 \(name)（可用 --model 指出）",
        "a recording only: the model \(name) is not at hand (--model names it)")
    case .otherModel(let name):
      language(
        "只是录像：手边的模型不是录像里的 \(name)",
        "a recording only: the model at hand is not the \(name) that was recorded")
    case .inputTooLong(let limit):
      language(
        "标准输入超过 \(limit) 字节；请给短一些的提示词",
        "standard input is over \(limit) bytes; give a shorter prompt")
    case .noSuchLesson(let name, let folder):
      language(
        "\(folder) 里没有课 '\(name)'；请用 kvtui lesson --list 查看全部",
        "there is no lesson '\(name)' in \(folder); use kvtui lesson --list to see all")
    case .noLessons(let searched, let variable):
      language(
        "在 \(searched.joined(separator: "、")) 里没有课程；请设 \(variable)",
        "there are no lessons in \(searched.joined(separator: ", ")); set \(variable), or check it")
    case .noSuchLecture(let name, let known):
      language(
        "没有自带的课堂 '\(name)'；请给出 YAML 文件，或 \(known.joined(separator: "、"))",
        "there is no bundled lecture '\(name)'; give a YAML file, or \(known.joined(separator: ", "))"
      )
    case .lectureNotLesson(let name):
      language(
        "没有课 '\(name)'；一整堂课请用 kvtui present --course \(name)",
        "there is no lesson '\(name)'; the lecture is kvtui present --course \(name)")
    case .lint(let count):
      language("课文有 \(count) 处要改", "\(counted(count, "finding")) in the lessons")
    case .cannotCreate(let file, let failure):
      language(
        "不能创建 \(file)（\(failure.reason(language))）；请另给一个路径",
        "cannot create \(file) (\(failure.reason(language))); give another path")
    case .cannotRead(let failure):
      language(
        "不能读标准输入（\(failure.reason(language))）；请把提示词从管道送入，或用 --prompt 直接给出",
        "cannot read standard input (\(failure.reason(language))); "
          + "give the prompt through a pipe, or itself behind --prompt")
    case .cannotWrite(let file, let failure):
      language(
        "不能写入\(file.map { " " + $0 } ?? "标准输出")（\(failure.reason(language))）；请\(failure.isLackOfSpace ? "腾出空间，或" : "")写到别处",
        "cannot write to \(file ?? "standard output") (\(failure.reason(language))); "
          + (failure.isLackOfSpace ? "free some space there, or " : "") + "give another place")
    case .readerGone: nil
    case .progress(let trouble):
      language(
        "进度没有改动：\(trouble)；请检查后再试", "progress is as it was: \(trouble); check that and try again")
    case .system(let failure): failure.message(language)
    }
  }
}
