internal import Base
internal import Screens
internal import TinyModel
internal import Trace
internal import Viz

/// The screens of `lab` that serve requests and verify drafts.
extension LabCommand {
  private static let standardDrafts = 4
  private static let standardBlockSize = 4

  /// Which of the two screens shows what was asked for; nil where neither does.
  func toolOfRequestsOrDrafts() throws -> Tool? {
    if requests.requests != nil { return .serving }
    guard policy != nil else { return nil }
    switch try subject() {
    case .speculative: return .speculative
    case .policy(let policy):
      guard case .paged(let size) = policy.layout,
        policy == CachePolicy(layout: .paged(size)), options.text == nil, options.prompt == nil,
        place.placeOfText == nil, place.first.step == nil || requests.hasPool
      else { return nil }
      return .serving
    }
  }

  /// The tool with its screen.
  func open(_ tool: Tool, _ look: Look, isLive: Bool) throws -> OpenTool {
    tool == .serving
      ? try openServing(look, isLive: isLive) : try openSpeculative(look, isLive: isLive)
  }

  /// The requests of a file, or the five that come with the program.
  func openServing(_ look: Look, isLive: Bool) throws -> OpenTool {
    if let option = place.placeOfText { throw CommandError.together("--requests", option) }
    if let batching = requests.batching {
      throw CommandError.badValue(
        option: "--batching", value: batching.defaultValueDescription,
        expected: wording(
          "和 --json 或 --plain 一起给：屏幕上两种都有", "it with --json or --plain: the screen shows both"))
    }
    let session = try requestsLab().session()
    var start = session.start
    start.step = try place.first.checked(steps: nil)
    return OpenTool(ServingScreen(start, look), try session.service(isLive: isLive))
  }

  /// Where a screen begins is said of cache policies, and of requests a step.
  private func requireNoPlace(with other: String) throws(CommandError) {
    if let option = place.firstOption { throw .together(other, option) }
  }

  /// What the screen of requests shows, as lines of JSON.
  func linesOfRequests(_ line: (JSONText) throws -> Void) throws { try requestsLab().lines(line) }

  private func requestsLab() throws -> RequestsLab {
    if requests.requests != nil,
      let lab = try RequestsLab(requests, options: options, policy: policy, draft: draft)
    {
      return lab
    }
    return try RequestsLab(
      bundled: requests, options: options, policy: policy ?? "paged:\(Self.standardBlockSize)",
      draft: draft)
  }

  /// A text that one model drafts and another verifies.
  func openSpeculative(_ look: Look, isLive: Bool) throws -> OpenTool {
    try requireNoPlace(with: "--policy speculative")
    let session = try speculativeLab(options).session()
    return OpenTool(
      SpeculativeScreen(session.start, look), try session.service(isLive: isLive))
  }

  /// What the screen of drafts shows, as lines of JSON.
  func linesOfDrafts(_ line: (JSONText) throws -> Void) throws {
    try speculativeLab(SpeculativeSession.completed(options)).lines(line)
  }

  private func speculativeLab(_ options: RunOptions) throws -> SpeculativeLab {
    var drafts = Self.standardDrafts
    if policy != nil, case .speculative(let drafted) = try subject() { drafts = drafted }
    return SpeculativeLab(options: options, draft: draft, drafted: drafts)
  }
}
