public import Base
internal import Trace

/// Why a model cannot draft for another.
public enum SpeculationError: Equatable, Sendable {
  /// Its ids mean other tokens, or there are more or fewer of them.
  case otherTokens(model: String, draft: String)
  /// It has too few positions for the text.
  case fewPositions(draft: String, positions: Int, needed: Int)
}

extension SpeculationError: Explained {
  /// 64: an option was misused.
  public var status: Int32 { ExitStatus.usage.rawValue }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .otherTokens(let model, let draft):
      language(
        "--draft \(draft) 的词表和 \(model) 的不同，它起草的编号是别的字：请换一个词表相同的模型",
        "--draft \(draft) has another vocabulary than \(model), its ids are other tokens: name a model with the same tokens"
      )
    case .fewPositions(let draft, let positions, let needed):
      language(
        "--draft \(draft) 只有 \(positions) 个位置，而这段文字要 \(needed) 个：请把 --tokens 减少 \(needed - positions)，或换一个模型起草",
        "--draft \(draft) has \(positions) positions, and the text takes \(needed): give \(needed - positions) --tokens fewer, or name another draft"
      )
    }
  }
}

extension SpeculativeDecoding {
  /// Refuses a draft whose ids are other tokens than the model's.
  public static func requireSameTokens(
    _ model: (name: String, ModelConfiguration, Tokenizer),
    _ draft: (name: String, ModelConfiguration, Tokenizer)
  ) throws(SpeculationError) {
    guard model.1.vocabulary == draft.1.vocabulary, model.2.hasSameTokens(as: draft.2) else {
      throw .otherTokens(model: model.name, draft: draft.name)
    }
  }

  /// Refuses a draft that has too few positions for a plan.
  public static func requirePositions(
    for plan: RunPlan, _ draft: (name: String, ModelConfiguration)
  ) throws(SpeculationError) {
    let positions = draft.1.contextLength
    guard plan.longest <= positions else {
      throw .fewPositions(draft: draft.name, positions: positions, needed: plan.longest)
    }
  }

  /// Bytes that a run and the plain one after it take beside the model's weights: all rooms, and the draft's weights.
  public static func bytes(
    _ plan: RunPlan, drafts: Int, model: ModelConfiguration, draft: ModelConfiguration,
    draftWeights: Int, threads: Int, recordsWeights: Bool = false
  ) -> Int {
    let room = room(plan, drafts: drafts)
    let plain = DecodeSession.bytes(
      .cached, model, rows: plan.ids.count, capacity: plan.longest, threads: threads)
    let own = DecodeSession.bytes(
      .cached, model, rows: room.rows, capacity: plan.longest, logitRows: room.logitRows,
      threads: threads)
    let small = DecodeSession.bytes(
      .cached, draft, rows: room.draftRows, capacity: plan.longest, threads: threads)
    let rooms = [plain, own, small].reduce(Bytes(draftWeights)) { $0 + $1.store + $1.buffers }
    guard recordsWeights else { return rooms.count }
    let recorded = WeightRecorder.bytes(
      model, rows: room.logitRows, length: plan.longest, passes: plan.newTokens)
    return (rooms + recorded).count
  }
}
