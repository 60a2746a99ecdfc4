internal import Base
internal import Kernels
public import Trace

/// Requests that can be served over a pool: checked against the model's positions, the pool and the machine's memory before
/// anything is allocated.
public struct ServingPlan: Sendable, Equatable {
  /// A request as ids.
  struct Request: Sendable, Equatable {
    let ids: [Int]
    let newTokens: Int
    let arrives: Int

    /// Tokens that are fed at most: the last one that is written is not.
    var longest: Int { ids.count + newTokens - 1 }
  }

  let requests: [Request]
  /// Tokens of a block.
  public let blockSize: Int
  /// Blocks of the pool, beside the null block.
  public let blocks: Int
  /// The most tokens of a step.
  public let budget: Int
  /// Whether the end-of-sequence token is passed over.
  let ignoresEndOfSequence: Bool
  /// Whether requests that begin alike share blocks.
  public var shares = true
  /// Who may begin while others run.
  public var batching = Batching.continuous

  /// Checks requests.
  ///
  /// - Parameters:
  ///   - script: the requests.
  ///   - tokenizer: the model's.
  ///   - shape: the model's.
  ///   - blockSize: tokens of a block, of which there are no more than the model's positions (`PolicyRefusal`).
  ///   - blocks: of the pool; nil for as many as all requests take at once.
  ///   - budget: the most tokens of a step.
  ///   - ignoresEndOfSequence: whether the end-of-sequence token is passed over.
  /// - Throws: why the requests cannot be served.
  public init(
    _ script: RequestScript, tokenizer: Tokenizer, shape: ModelConfiguration, blockSize: Int,
    blocks: Int? = nil, budget: Int, ignoresEndOfSequence: Bool = false
  ) throws(RequestScriptError) {
    var requests: [Request] = []
    for entry in script.entries {
      requests.append(
        try Self.request(entry, of: script.file, tokenizer, positions: shape.contextLength))
    }
    let needed = requests.map { ($0.longest + blockSize - 1) / blockSize }
    let blocks = blocks ?? needed.reduce(0, +)
    for (entry, needed) in zip(script.entries, needed) where needed > blocks {
      throw .poolTooSmall(
        file: script.file, line: entry.line, needed: needed, blocks: blocks, blockSize: blockSize)
    }
    self.init(
      requests, blockSize: blockSize, blocks: blocks, budget: budget,
      ignoresEndOfSequence: ignoresEndOfSequence)
  }

  /// A plan of requests that fit.
  init(
    _ requests: [Request], blockSize: Int, blocks: Int, budget: Int,
    ignoresEndOfSequence: Bool = false
  ) {
    self.requests = requests
    self.blockSize = blockSize
    self.blocks = blocks
    self.budget = budget
    self.ignoresEndOfSequence = ignoresEndOfSequence
  }

  private static func request(
    _ entry: RequestScript.Entry, of file: String, _ tokenizer: Tokenizer, positions: Int
  ) throws(RequestScriptError) -> Request {
    let ids: [Int]
    do throws(FileError) {
      ids = try tokenizer.encode(entry.prompt)
    } catch {
      throw .tokenizer(line: entry.line, error)
    }
    guard !ids.isEmpty else { throw .noToken(file: file, line: entry.line) }
    guard ids.count <= positions else {
      throw .promptTooLong(
        file: file, line: entry.line, tokens: ids.count, contextLength: positions)
    }
    let most = positions - ids.count + 1
    guard entry.tokens <= most else {
      throw .tooManyTokens(
        file: file, line: entry.line, tokens: entry.tokens, most: most, contextLength: positions)
    }
    return Request(ids: ids, newTokens: entry.tokens, arrives: entry.arrives)
  }
}

extension ServingPlan {
  /// The longest sequence of a request.
  var longest: Int { requests.map(\.longest).max() ?? 1 }

  /// Rows of the largest pass: of a step, or of a prompt that is computed alone.
  var rows: Int { max(min(budget, longest), requests.map(\.ids.count).max() ?? 1) }

  /// Refuses what does not fit beside the weights.
  ///
  /// - Parameters:
  ///   - weights: a plan of the model alone.
  ///   - shape: the model's.
  ///   - threads: how many compute.
  ///   - memory: bytes that there are.
  /// - Throws: `RequestScriptError.beyondMemory`.
  public func requireMemory(
    beside weights: MemoryPlan, of shape: ModelConfiguration, threads: Int,
    memory: Int = MemoryPlan.available
  ) throws(RequestScriptError) {
    // What each request is held against has a store of its own, while the request runs.
    let alone = requests.reduce(Bytes(0)) { $0 + FullStore.bytes(shape, capacity: $1.longest) }
    let pool = BlockMemory.bytes(shape, blocks: blocks, blockSize: blockSize, longest: longest)
    let buffers = ForwardBuffers.bytes(shape, rows: rows, length: longest, threads: threads)
    var plan = weights
    plan.caches = (pool + alone).count
    plan.buffers = buffers.count
    guard plan.total > memory, weights.total <= memory else { return }
    throw .beyondMemory(blocks: blocks, bytes: plan.total, memory: memory)
  }
}
