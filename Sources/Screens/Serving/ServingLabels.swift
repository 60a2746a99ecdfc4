internal import Base
internal import Trace
internal import Viz

/// What requests are called on the serving screen, and their colours.
struct ServingLabels {
  let glyphs: GlyphSet

  /// A letter, or beyond the alphabet a number.
  func name(_ request: Int) -> String {
    guard let scalar = Unicode.Scalar(64 + request), (1...26).contains(request) else {
      return "#\(request)"
    }
    return String(Character(scalar))
  }

  /// Those who hold a block: their names, or how many they are.
  func names(_ requests: [Int], columns: Int) -> String {
    let names = requests.map(name).joined()
    guard requests.allSatisfy({ $0 <= 26 }), names.count <= columns else {
      return "\(glyphs.times)\(requests.count)"
    }
    return names
  }

  /// What a request computes all at once, and what it holds.
  static func prefill(_ request: Int) -> Style {
    Style(.request((request - 1) % Role.requestHues), bold: true)
  }

  /// What it computes token by token, and what it has not filled.
  static func decode(_ request: Int) -> Style {
    Style(.requestDecode((request - 1) % Role.requestHues))
  }
}

/// A block of the pool in a step: who holds it, and how much of it is filled.
struct ServingBlock: Equatable {
  /// What a block is.
  enum Kind: Equatable {
    /// Requests hold it, in the order of their numbers.
    case held([Int])
    /// Nobody holds it, but a text can still find it.
    case findable
    case free
  }

  var kind = Kind.free
  /// Slots that are filled.
  var filled = 0

  /// The blocks of a step, block 1 first.
  static func all(_ step: ServingStep) -> [ServingBlock] {
    var blocks = Array(repeating: ServingBlock(), count: step.pool.blocks)
    for number in step.pool.cachedBlocks {
      blocks[number - 1] = ServingBlock(kind: .findable, filled: step.pool.blockSize)
    }
    for row in step.requests {
      for (index, number) in row.blocks.enumerated() {
        let slots = row.held - index * step.pool.blockSize
        var holders: [Int] = []
        if case .held(let others) = blocks[number - 1].kind { holders = others }
        blocks[number - 1].kind = .held(holders + [row.request])
        blocks[number - 1].filled = max(
          blocks[number - 1].filled, min(step.pool.blockSize, max(0, slots)))
      }
    }
    return blocks
  }

  /// The requests that hold it.
  var holders: [Int] {
    if case .held(let requests) = kind { requests } else { [] }
  }
}
