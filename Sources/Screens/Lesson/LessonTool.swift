public import Base
public import Lessons
internal import Trace

/// A command whose tool a lesson can open, with the options that it may give: none of them names a file or a place to write to.
struct LessonTool: Sendable {
  /// The command, as it is typed.
  let command: String
  /// The tool, by the options that are given.
  let tool: @Sendable ([String]) -> Tool
  /// Options with a value.
  let valued: [String]
  /// Options without one.
  var flags: [String] = []
  /// What may stand in the first place without an option.
  var names: [String] = []

  /// Options whose value is a name of a table or of the library, and no path.
  private static let named: Set = ["--model", "--draft", "--random", "--gpu", "--machine"]

  /// The commands.
  static let all = [
    LessonTool(
      command: "memory", tool: { _ in .planner },
      valued: [
        "--model", "--layers", "--kv-heads", "--d-head", "--context", "--batch", "--dtype",
        "--weights-dtype", "--gpu", "--gpu-memory", "--gpu-bandwidth", "--gpu-flops",
        "--gpu-utilization",
      ]),
    LessonTool(
      command: "growth", tool: { _ in .growth },
      valued: [
        "--model", "--prompt-tokens", "--tokens", "--until", "--step", "--picture", "--axes",
      ]),
    LessonTool(
      command: "phases", tool: { _ in .phases },
      valued: ["--model", "--prompt-tokens", "--context", "--batch", "--machine"]),
    LessonTool(
      command: "chat", tool: { _ in .conversation },
      valued: ["--model", "--tokens", "--turns"]),
    LessonTool(
      command: "lab", tool: { lab($0) },
      valued: [
        "--policy", "--model", "--draft", "--text", "--prompt", "--tokens", "--step", "--layer",
        "--head", "--beside", "--blocks", "--budget",
      ]),
    LessonTool(
      command: "attention", tool: { _ in .attention }, valued: ["--text", "--step", "--form"]),
    LessonTool(
      command: "fault", tool: { _ in .faults },
      valued: ["--model", "--text", "--prompt", "--tokens", "--seed", "--step"],
      names: Fault.allCases.map(\.rawValue) + ["none"]),
  ]

  /// What `lab` shows goes by the policy.
  private static func lab(_ arguments: [String]) -> Tool {
    let place = arguments.firstIndex(of: "--policy").map { $0 + 1 }
    let policy = place.flatMap { arguments.indices.contains($0) ? arguments[$0] : nil } ?? ""
    if policy.hasPrefix("speculative") { return .speculative }
    // Blocks of a text of its own stand beside the full cache, not in a pool of requests.
    let isOfText = !ofText.isDisjoint(with: arguments)
    let isStepOfText = arguments.contains("--step") && ofRequests.isDisjoint(with: arguments)
    return policy.hasPrefix("paged") && !isOfText && !isStepOfText ? .serving : .policies
  }

  private static let ofText: Set = ["--text", "--prompt", "--layer", "--head", "--beside"]
  /// A step beside these is the scheduler's.
  private static let ofRequests: Set = ["--budget", "--blocks"]

  /// Refuses what is no option of this command, or has no value.
  func check(_ arguments: [String]) throws(ToolLinkError) {
    var rest = arguments[...]
    if let first = rest.first, names.contains(first) { rest.removeFirst() }
    while let option = rest.popFirst() {
      if flags.contains(option) { continue }
      guard valued.contains(option) else {
        throw .unknownOption(option, of: command, known: valued + flags)
      }
      guard let value = rest.popFirst() else { throw .noValue(option) }
      if Self.named.contains(option), value.contains("/") || value.hasPrefix(".") {
        throw .path(option, value)
      }
    }
  }
}

extension ToolPlace {
  /// The tool that a lesson links to.
  ///
  /// - Throws: what of the link no lesson can ask for.
  public init(_ link: ToolLink) throws(ToolLinkError) {
    guard let known = LessonTool.all.first(where: { $0.command == link.command }) else {
      throw .unknownCommand(link.command, known: LessonTool.all.map(\.command))
    }
    try known.check(link.arguments)
    self.init(known.tool(link.arguments), link.arguments)
  }
}

/// Why a lesson's link opens nothing.
public enum ToolLinkError: Explained {
  case unknownCommand(String, known: [String])
  case unknownOption(String, of: String, known: [String])
  case noValue(String)
  case path(String, String)

  /// Bad data, all of them.
  public var status: Int32 { ExitStatus.badData.rawValue }

  /// What is wrong and what can stand there.
  public func message(_ language: Language) -> String? {
    switch self {
    case .unknownCommand(let name, let known):
      language(
        "课里打不开「\(name.prefix(40))」；可以是 \(known.joined(separator: "、"))",
        "a lesson cannot open '\(name.prefix(40))'; give one of \(known.joined(separator: ", "))")
    case .unknownOption(let name, let command, let known):
      language(
        "课里的 \(command) 不能带「\(name.prefix(40))」；可以是 \(known.joined(separator: "、"))",
        "in a lesson \(command) has no '\(name.prefix(40))'; give \(known.joined(separator: ", "))")
    case .noValue(let option):
      language("\(option) 后面要有值", "\(option) needs a value")
    case .path(let option, let value):
      language(
        "课里的 \(option) 只能是名字，不能是路径「\(value.prefix(40))」",
        "in a lesson \(option) is a name, not a path such as '\(value.prefix(40))'")
    }
  }
}
