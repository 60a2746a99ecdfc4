internal import ArgumentParser
internal import Base
internal import Planner
internal import Screens
internal import Terminal
internal import TinyModel
internal import Viz

/// `kvtui memory`: the planner, arithmetic on a shape; no model is loaded.
///
/// A screen on a terminal, else a page of text or a line of JSON.
struct MemoryCommand: ToolCommand, PrintingCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: wording(
      "算一算：KV 缓存要多少显存、放得下几个请求", "Work out what a KV cache takes and how many requests fit"))

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "模型：表里的名字（--list）、config.json 或模型文件夹",
        "the model: a name of the table (--list), a config.json or a model's folder"),
      valueName: "NAME|DIR|FILE"), completion: CompletionKind.plannedModels)
  var model: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("不给模型，而给层数", "layers, in place of a model"), valueName: "N"))
  var layers: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("和每层的 KV 头数", "and KV heads of a layer"), valueName: "N"))
  var kvHeads: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("和每个头的维度", "and the width of a head"), valueName: "N"))
  var dHead: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("每个请求多少词元", "tokens of a request"), valueName: "N"))
  var context: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(wording("同时几个请求", "requests at once"), valueName: "N"))
  var batch: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("K、V 用什么类型", "what K and V are held as"), valueName: "TYPE"))
  var dtype = Choice(Precision.fp16)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "权重用什么类型（默认按发布的样子，不知道就按 16 位；--dtype fp32 时 32 位）",
        "what the weights are held as (by default as published where that is known, else 16 bits; 32 with --dtype fp32)"
      ),
      valueName: "TYPE"))
  var weightsDtype: Choice<Precision>?

  @OptionGroup var machine: MachineOptions

  @Flag(help: ArgumentHelp(wording("列出表里的模型和机器", "list the tables' models and machines")))
  var list = false

  @Flag(
    help: ArgumentHelp(
      wording("一页纯文本（没有终端时的默认）", "a page of text (the default without a terminal)")))
  var plain = false

  @Flag(help: ArgumentHelp(wording("一行 JSON", "a line of JSON")))
  var json = false

  @OptionGroup var pressing: KeysOption

  @OptionGroup var look: LookOptions

  func run() throws {
    let keys = try pressedKeys()
    let (look, size) = (try look.look().inLocale, try look.frameSize())
    if list {
      try Output.standard.say(MemoryTables.text(look.language))
    } else if keys != nil || (!plain && !json && isInteractive) {
      try show(look, size, keys: keys)
    } else if json {
      try lines { try RunOutput.print($0) }
    } else {
      try printAnswer(look.language)
    }
  }

  private var isInteractive: Bool {
    TerminalFacts.current().isInteractive(input: .standardInput)
  }

  /// The keys of `--keys`, once the options are known to go together.
  private func pressedKeys() throws(CommandError) -> [Key]? {
    let others = [
      ("--list", list), ("--json", json), ("--plain", plain), ("--keys", pressing.isGiven),
    ]
    let given = others.filter(\.1).map(\.0)
    if given.count > 1 { throw .together(given[0], given[1]) }
    return try pressing.pressed()
  }

  func lines(_ line: (JSONText) throws -> Void) throws { try line(answer().answer.json) }

  private func printAnswer(_ language: Language) throws {
    let (answer, machine) = try answer()
    try Output.standard.say(
      MemoryPage(answer: answer, machine: machine, language: language).text)
  }

  private func answer() throws -> (answer: MemoryAnswer, machine: PlannedMachine?) {
    var question = try question(of: plannedModel())
    let machine = try machine.fill(&question)
    return (try MemoryAnswer(question), machine)
  }

  // MARK: The screen

  static let tool = Tool.planner

  /// The planner as the options say; the textbook's case where none says anything.
  func open(_ look: Look, isLive: Bool) throws -> OpenTool {
    OpenTool(PlannerScreen(try state(look)))
  }

  private func state(_ look: Look) throws -> PlannerState {
    guard isAnythingGiven else { return try PlannerState(look) }
    let isModelGiven = [model, layers, kvHeads, dHead].contains { $0 != nil }
    var question = try question(
      of: isModelGiven ? plannedModel() : PlannedModel.named("llama-2-7b"))
    if !isModelGiven { question.hasWeights = true }
    let card = try machine.fill(&question)
    return try PlannerState(question, machine: card, look)
  }

  private var isAnythingGiven: Bool {
    let options = [
      model, layers, kvHeads, dHead, context, batch, machine.gpu, machine.gpuMemory,
      machine.gpuBandwidth, machine.gpuFlops, machine.gpuUtilization,
    ]
    return options.contains { $0 != nil } || weightsDtype != nil
      || (try? dtype.value(of: "--dtype")) != .fp16
  }

  // MARK: The question

  private func question(of planned: PlannedModel) throws -> MemoryQuestion {
    var question = MemoryQuestion(planned)
    question.hasWeights = model != nil
    question.context = try context.map { text throws(CommandError) in
      try NumberArgument.whole(text, of: "--context", in: 1...1_000_000_000_000)
    }
    question.batch = try NumberArgument.whole(batch ?? "1", of: "--batch", in: 1...1_000_000_000)
    question.cacheType = try dtype.value(of: "--dtype")
    question.weightsType = try weightsDtype?.value(of: "--weights-dtype")
    return question
  }

  private func plannedModel() throws -> PlannedModel {
    let shape = [("--layers", layers), ("--kv-heads", kvHeads), ("--d-head", dHead)]
    let given = shape.first { $0.1 != nil }
    if let model {
      if let given { throw CommandError.together("--model", given.0) }
      return try PlannedModel.named(model)
    }
    guard let layers, let kvHeads, let dHead else {
      throw CommandError.missing(
        given == nil ? "--model" : (shape.first { $0.1 == nil }?.0 ?? ""),
        wording(
          "--model（如 llama-7b），或 --layers、--kv-heads 和 --d-head 三个",
          "--model, such as llama-7b, or all of --layers, --kv-heads and --d-head"))
    }
    return try PlannedModel(
      layers: NumberArgument.whole(layers, of: "--layers", in: 1...10_000),
      kvHeads: NumberArgument.whole(kvHeads, of: "--kv-heads", in: 1...100_000),
      headDimension: NumberArgument.whole(dHead, of: "--d-head", in: 1...1_000_000))
  }
}

/// Which machine: one of the table, or numbers, which win over the table's.
struct MachineOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("机器：表里的名字（--list）", "the machine: a name of the table (--list)"),
      valueName: "NAME"), completion: CompletionKind.machines)
  var gpu: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "显存：字节数，或 10GB（10⁹）、10GiB", "its memory: bytes, or 10GB (10⁹), 10GiB"),
      valueName: "BYTES"))
  var gpuMemory: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("显存带宽，如 600GB/s", "its memory's bandwidth, such as 600GB/s"), valueName: "RATE"))
  var gpuBandwidth: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("算力（稠密），如 125TFLOP/s", "its arithmetic (dense), such as 125TFLOP/s"),
      valueName: "RATE"))
  var gpuFlops: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("只用显存的几成，如 0.9（默认全用）", "the part of the memory to use, such as 0.9 (all by default)"),
      valueName: "X"))
  var gpuUtilization: String?

  /// Puts the numbers into a question.
  ///
  /// - Returns: the machine of the table, where one was named.
  func fill(_ question: inout MemoryQuestion) throws -> PlannedMachine? {
    let machine = try gpu.map { try Catalogue.machine($0) }
    question.memory =
      try gpuMemory.map { text throws(CommandError) in
        try QuantityArgument.bytes(text, of: "--gpu-memory")
      } ?? machine?.memory.value
    question.bandwidth =
      try gpuBandwidth.map { text throws(CommandError) in
        try QuantityArgument.bandwidth(text, of: "--gpu-bandwidth")
      } ?? machine?.bandwidth.value
    question.flops =
      try gpuFlops.map { text throws(CommandError) in
        try QuantityArgument.flops(text, of: "--gpu-flops")
      } ?? machine?.flops.value
    if let gpuUtilization { question.utilization = try Self.fraction(gpuUtilization) }
    return machine
  }

  private static func fraction(_ text: String) throws(CommandError) -> Double {
    guard let number = Double(text), number > 0, number <= 1 else {
      throw .badValue(
        option: "--gpu-utilization", value: text,
        expected: wording("大于 0、不大于 1 的数，如 0.9", "a number above 0 and at most 1, such as 0.9"))
    }
    return number
  }
}

extension PlannedModel {
  /// The model of the table that has the name, or what lies at a path, or in the library.
  ///
  /// A bare name is the table's first, whatever lies in the working folder.
  static func named(_ name: String) throws -> PlannedModel {
    let path = try ProcessFacts.path(name, of: "--model")
    let isPath = path.utf8.contains(UInt8(ascii: "/")) || path == "." || path == ".."
    if !isPath, let model = try Catalogue.model(path) { return model }
    switch PathKind(path) {
    case .folder: return try PlannedModel(folder: HubCache.followed(path), name: path)
    case .regularFile, .other: return try PlannedModel(config: path, name: path)
    case .nothing: break
    }
    if !isPath, let listing = ProcessFacts.modelLibrary.listings().first(where: { $0.name == path })
    {
      return try PlannedModel(folder: listing.folder, name: path)
    }
    throw PlannerError.unknownModel(path, known: try Catalogue.models().map(\.name))
  }
}
