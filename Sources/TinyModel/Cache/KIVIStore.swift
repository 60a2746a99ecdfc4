internal import Base
internal import Kernels
internal import Trace

/// Keeps K and V in a few bits: keys in groups of 16 tokens of a channel, values in groups of 16 channels of a token and KV
/// head, each group with its least number and the step between two of its 2ᵇⁱᵗˢ levels, in f32.
///
/// The newest 16 tokens are exact. A value is quantised when it is not among them any more, a group of keys when none of its
/// tokens is. A number becomes the nearest level, of two as near the even one.
/// Source: Liu et al. 2024 (arXiv:2402.02750).
typealias KIVIStore = QuantisedStore<KIVIRows>

/// K and V of a layer as `KIVIStore` keeps them.
struct KIVIRows: QuantisedRows {
  /// Numbers of a group, and tokens that are exact.
  static let group = 16

  private let row: CachedRow
  /// A group for each channel and 16 tokens: `[groups of tokens][kv heads × head dimension]`.
  private var keys: PackedGroups
  /// Groups of channels, the last of a head may have fewer: `[tokens][kv heads][groups of channels]`.
  private var values: PackedGroups
  /// Keys behind the last group: `[tokens][kv heads × head dimension]`.
  private var exactKeys: [Float] = []
  /// Values of the newest tokens: `[tokens][kv heads × head dimension]`.
  private var exactValues: [Float] = []
  private(set) var count = 0

  /// No token, in `bits` bits, 2 to 8.
  init(_ shape: ModelConfiguration, bits: Int) {
    row = shape.cached
    keys = PackedGroups(bits: bits)
    values = keys
  }

  /// Bytes of so many tokens at most.
  static func bytes(_ shape: ModelConfiguration, bits: Int, capacity: Int) -> Bytes {
    let row = shape.cached
    let groups = (row.valueDimension + group - 1) / group
    let packed = Bytes(group * bits / 8 + 2 * MemoryLayout<Float>.stride)
    let values = packed * groups * row.heads * capacity
    let keys = packed * row.keyWidth * (capacity / group + 1)
    return keys + values + .floats(Bytes(2 * group) * row.width)
  }

  var bytes: Int {
    let exact = exactKeys.count + exactValues.count
    return keys.bytes + values.bytes + exact * MemoryLayout<Float>.stride
  }

  mutating func append(key: UnsafePointer<Float>, value: UnsafePointer<Float>) {
    exactKeys.append(contentsOf: UnsafeBufferPointer(start: key, count: row.keyWidth))
    exactValues.append(contentsOf: UnsafeBufferPointer(start: value, count: row.valueWidth))
    count += 1
    if exactKeys.count == 2 * Self.group * row.keyWidth { packKeys() }
    if exactValues.count > Self.group * row.valueWidth { packValue() }
  }

  /// The oldest 16 exact keys become groups.
  private mutating func packKeys() {
    let width = row.keyWidth
    for channel in 0..<width {
      let tokens = (0..<Self.group).map { exactKeys[$0 * width + channel] }
      keys.append(tokens[...])
    }
    exactKeys.removeFirst(Self.group * width)
  }

  /// The oldest exact value becomes groups.
  private mutating func packValue() {
    for channels in channelGroups { values.append(exactValues[channels]) }
    exactValues.removeFirst(row.valueWidth)
  }

  /// The channels of each group of a token's values.
  private var channelGroups: [Range<Int>] {
    (0..<row.heads).flatMap { head in
      stride(from: 0, to: row.valueDimension, by: Self.group).map { first in
        let last = min(first + Self.group, row.valueDimension)
        return head * row.valueDimension + first..<head * row.valueDimension + last
      }
    }
  }

  func read(
    keys: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>, stride: Int
  ) {
    readKeys(into: keys, stride: stride)
    readValues(into: values, stride: stride)
  }

  private func readKeys(into keys: UnsafeMutablePointer<Float>, stride: Int) {
    let packed = count - exactKeys.count / row.keyWidth
    var reader = self.keys.reader
    for first in Swift.stride(from: 0, to: packed, by: Self.group) {
      for channel in 0..<row.keyWidth {
        reader.read(Self.group, into: keys + first * stride + channel, stride: stride)
      }
    }
    Self.copy(exactKeys, width: row.keyWidth, to: keys + packed * stride, stride: stride)
  }

  private func readValues(into values: UnsafeMutablePointer<Float>, stride: Int) {
    let packed = count - exactValues.count / row.valueWidth
    let groups = channelGroups
    var reader = self.values.reader
    for token in 0..<packed {
      for channels in groups {
        reader.read(
          channels.count, into: values + token * stride + channels.lowerBound, stride: 1)
      }
    }
    Self.copy(exactValues, width: row.valueWidth, to: values + packed * stride, stride: stride)
  }

  private static func copy(
    _ floats: [Float], width: Int, to rows: UnsafeMutablePointer<Float>, stride: Int
  ) {
    for (place, x) in floats.enumerated() { rows[place / width * stride + place % width] = x }
  }

  /// What is packed cannot be made exact again: of more than 16 tokens a few values are.
  mutating func truncate(to count: Int) -> Bool {
    guard count < self.count else { return true }
    guard self.count <= Self.group else { return false }
    exactKeys.removeLast((self.count - count) * row.keyWidth)
    exactValues.removeLast((self.count - count) * row.valueWidth)
    self.count = count
    return true
  }
}

/// Groups of numbers, each as its least, the step between two levels, and the levels' numbers in a few bits.
private struct PackedGroups {
  private let bits: Int
  /// The numbers of levels, the first in the lowest bits; each group begins a byte.
  private var codes: [UInt8] = []
  /// `[groups]` of a least number and a step.
  private var bounds: [Float] = []

  init(bits: Int) { self.bits = bits }

  var bytes: Int { codes.count + bounds.count * MemoryLayout<Float>.stride }

  private var levels: Int { 1 << bits }

  /// Adds a group, which is not empty.
  mutating func append(_ numbers: ArraySlice<Float>) {
    let least = numbers.reduce(.infinity, min)
    let step = (numbers.reduce(-.infinity, max) - least) / Float(levels - 1)
    bounds += [least, step]
    var (pending, filled) = (0, 0)
    for x in numbers {
      pending |= code((x - least) / step) << filled
      filled += bits
      while filled >= 8 {
        codes.append(UInt8(pending & 255))
        (pending, filled) = (pending >> 8, filled - 8)
      }
    }
    if filled > 0 { codes.append(UInt8(pending)) }
  }

  /// The nearest level; of equal numbers, whose step is 0, the quotients are none.
  private func code(_ quotient: Float) -> Int {
    guard !quotient.isNaN else { return 0 }
    return Int(min(Float(levels - 1), max(0, quotient.rounded(.toNearestOrEven))))
  }

  /// Reads the groups in their order.
  var reader: Reader { Reader(groups: self) }

  /// A place in the groups.
  struct Reader {
    private let groups: PackedGroups
    private var group = 0
    private var byte = 0

    fileprivate init(groups: PackedGroups) { self.groups = groups }

    /// Reads the next group, of `count` numbers, to places that are `stride` floats apart.
    mutating func read(_ count: Int, into floats: UnsafeMutablePointer<Float>, stride: Int) {
      let (least, step) = (groups.bounds[2 * group], groups.bounds[2 * group + 1])
      var (pending, filled) = (0, 0)
      for index in 0..<count {
        while filled < groups.bits {
          pending |= Int(groups.codes[byte]) << filled
          (byte, filled) = (byte + 1, filled + 8)
        }
        floats[index * stride] = Float(pending & (groups.levels - 1)) * step + least
        (pending, filled) = (pending >> groups.bits, filled - groups.bits)
      }
      group += 1
    }
  }
}
