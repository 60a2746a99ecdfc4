internal import Base

/// How many tokens vLLM would say that a cache holds, and how many requests: by its rules for blocks and groups.
///
/// Layers that keep alike are cut into groups of as many layers as the rarest kind has, one block table each; a block of
/// every group takes the same bytes, in which smaller rows get more tokens.
/// Source: vLLM 0.33, `v1/core/kv_cache_utils.py` and `v1/kv_cache_interface.py`.
package struct BlockPlan: Equatable, Sendable {
  /// Tokens of a block.
  package static let block = 16
  /// Tokens of a pass (`max_num_batched_tokens`): a window holds these beside its own.
  package static let tokensInFlight = 2048

  /// Blocks that there are.
  package let blocks: Int
  /// Blocks that a request of the longest kind takes, over all groups.
  package let blocksPerRequest: Int
  /// Tokens of a request.
  package let context: Int
  /// Tokens of a block; nil where layers differ in it.
  package let tokensPerBlock: Int?

  /// Layers that keep alike, as blocks of a size.
  private struct Spec {
    let kind: LayerGroup.Kind
    let layers: Int
    /// Bytes of a block of one layer.
    var page: Int
    /// Tokens of a block.
    var block: Int
  }

  /// Counts blocks; nil where vLLM has no way to.
  ///
  /// - Parameters:
  ///   - groups: what layers keep.
  ///   - context: tokens of a request.
  ///   - free: bytes that there are.
  ///   - type: what K and V are held as.
  init?(_ groups: [LayerGroup], context: Int, free: Int, _ type: Precision) {
    guard let specs = Self.specs(groups, type), let page = specs.first?.page else { return nil }
    self.context = context
    tokensPerBlock = specs.count == 1 ? specs[0].block : nil
    let (rarest, commonest) = (
      specs.map(\.layers).min() ?? 1, specs.map(\.layers).max() ?? 1
    )
    // Where they differ by less than half, padding is cheaper than more groups.
    let size = Double(commonest) < Double(rarest) * 1.5 ? commonest : rarest
    blocks = free / page / size
    blocksPerRequest = specs.reduce(0) { sum, spec in
      let groups = Self.ceil(spec.layers, size)
      return sum + groups * Self.blocks(of: spec, context: context)
    }
    guard blocksPerRequest > 0 else { return nil }
  }

  private static func specs(_ groups: [LayerGroup], _ type: Precision) -> [Spec]? {
    let attention = groups.filter { $0.held(of: 1) > 0 }
    var specs: [Spec] = []
    for group in attention {
      let bytes = (group.width.count * type.bytes).count
      let (page, overflow) = bytes.multipliedReportingOverflow(by: block)
      guard bytes > 0, !overflow, page < 1 << 48 else { return nil }
      specs.append(Spec(kind: group.kind, layers: group.layers, page: page, block: block))
    }
    let states = groups.compactMap { group -> (group: LayerGroup, bytes: Int)? in
      guard case .state(let state) = group.kind else { return nil }
      return (group, state.bytes(type).count)
    }
    if let state = states.first {
      // A block of attention is made as large as a state.
      guard specs.count == 1, states.count == 1, state.bytes < 1 << 48 else { return nil }
      let factor = ceil(state.bytes, specs[0].page)
      specs[0].page *= factor
      specs[0].block *= factor
      specs.append(
        Spec(
          kind: state.group.kind, layers: state.group.layers, page: specs[0].page, block: 1))
    }
    return unified(specs)
  }

  /// One size of block for all: kinds with smaller rows get more tokens.
  private static func unified(_ specs: [Spec]) -> [Spec]? {
    guard let first = specs.first else { return nil }
    if specs.count > 1, specs.allSatisfy({ $0.kind == first.kind }) {
      // All need the same slots: one group of rows of several widths.
      let page = specs.reduce(0) { $0 + $1.page * $1.layers }
      return [Spec(kind: first.kind, layers: 1, page: page, block: first.block)]
    }
    let largest = specs.map(\.page).max() ?? 1
    var unified: [Spec] = []
    for var spec in specs {
      guard largest % spec.page == 0 else { return nil }
      spec.block *= largest / spec.page
      spec.page = largest
      unified.append(spec)
    }
    return unified
  }

  private static func blocks(of spec: Spec, context: Int) -> Int {
    switch spec.kind {
    case .window(let window):
      // One more: a window need not begin where a block does.
      ceil(min(window - 1 + tokensInFlight, context), spec.block) + 1
    case .state: 1
    default: ceil(context, spec.block)
    }
  }

  private static func ceil(_ count: Int, _ step: Int) -> Int {
    count / step + (count % step == 0 ? 0 : 1)
  }

  /// Requests at once.
  package var concurrency: Double { Double(blocks) / Double(blocksPerRequest) }

  /// Tokens of all of them together.
  package var tokens: Int { Int(exactly: (concurrency * Double(context)).rounded(.down)) ?? 0 }

  /// What vLLM prints.
  package var sentence: String {
    "GPU KV cache size: \(DigitGroups.text(tokens)) tokens, Maximum concurrency for \(DigitGroups.text(context)) "
      + "tokens per request: \(Self.hundredths(concurrency))x"
  }

  /// Two decimals, as Python prints them: rounded from the exact value, ties to even.
  private static func hundredths(_ value: Double) -> String {
    let scaled = value * 100
    let error = (-scaled).addingProduct(value, 100)
    guard let whole = Int(exactly: scaled.rounded(.down)) else { return "\(value)" }
    let rest = (scaled - Double(whole) - 0.5) + error
    let rounded = rest > 0 || (rest == 0 && whole % 2 == 1) ? whole + 1 : whole
    let decimals = String(rounded % 100)
    return "\(rounded / 100)." + (decimals.count < 2 ? "0" : "") + decimals
  }
}
