/// What speculative decoding has written so far, and the passes that it took.
public struct SpeculativeTrace: Equatable, Sendable {
  /// The ids of the prompt.
  public let prompt: [Int]
  /// The ids that were written: the end-of-sequence token among them, where one ended the text.
  public package(set) var written: [Int] = []
  /// FLOP of the model's prefill, which writes the first token; 0 before it.
  public package(set) var prefillFLOPs = 0
  /// Bytes of weights that the prefill read.
  public package(set) var prefillBytes = 0
  /// The verifying passes.
  public package(set) var passes: [SpeculativePass] = []

  /// A trace at its beginning.
  public init(prompt: [Int]) {
    self.prompt = prompt
  }

  /// Prompt and written.
  public var text: [Int] { prompt + written }

  /// FLOP of everything so far, the prefill and the draft among it.
  public var flops: Int { passes.reduce(prefillFLOPs) { $0 + $1.flops } }

  /// FLOP of the model, the prefill among them.
  public var modelFLOPs: Int { passes.reduce(prefillFLOPs) { $0 + $1.modelFLOPs } }

  /// FLOP of the small model.
  public var draftFLOPs: Int { passes.reduce(0) { $0 + $1.draftFLOPs } }

  /// Bytes of weights that the model has read, those of the prefill among them.
  public var modelBytes: Int { passes.reduce(prefillBytes) { $0 + $1.modelBytes } }

  /// Bytes of weights that the small model has read.
  public var draftBytes: Int { passes.reduce(0) { $0 + $1.draftBytes } }

  /// Passes of the model, the prefill among them.
  public var modelPasses: Int { passes.count + (written.isEmpty ? 0 : 1) }

  /// Tokens that were drafted.
  public var drafted: Int { passes.reduce(0) { $0 + $1.drafted.count } }

  /// Of these, the accepted ones.
  public var accepted: Int { passes.reduce(0) { $0 + $1.accepted } }

  /// The share of what was drafted that was accepted; nil where nothing was drafted.
  public var acceptance: Double? { drafted > 0 ? Double(accepted) / Double(drafted) : nil }
}

/// What the model writes alone, greedily with a cache: what speculative decoding is held against.
public struct PlainDecoding: Equatable, Sendable {
  /// The ids that were written: the end-of-sequence token among them, where one ended the text.
  public let written: [Int]
  /// FLOP counted in all passes.
  public let flops: Int
  /// Bytes of weights that all passes have read.
  public let weightBytes: Int

  /// What was done, as it was counted.
  public init(written: [Int], flops: Int, weightBytes: Int) {
    (self.written, self.flops, self.weightBytes) = (written, flops, weightBytes)
  }

  /// Passes of the model, the prefill among them.
  public var passes: Int { written.count }
}
