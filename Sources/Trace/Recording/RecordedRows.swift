internal import Base
internal import Kernels

/// Q, K and V in the tensors of a recording, read as they are looked at.
///
/// A file that is cut short while it is open gives NaN, which is drawn as "–".
final class RecordedRows: RowSource {
  let layers: Set<Int>
  let heads: Set<Int>?
  let isOnePass: Bool
  let hasResiduals: Bool
  private let file: SafetensorsFile
  /// The place of each recorded query head among the rows of a tensor, and of each KV head.
  private let places: (query: [Int: Int], kv: [Int: Int])
  /// The layer whose keys and values a layer reads, where they are not its own.
  private let owners: [Int: Int]
  private let sinks: [Int: [Float]]
  private let layerCount: Int
  /// Of a head's queries and keys, and of its values.
  private let widths: (head: Int, value: Int)

  /// Takes tensors whose shapes have been checked.
  init(
    _ file: SafetensorsFile, _ tensors: RecordedTensors, model: ModelDescription,
    owners: [Int: Int], isOnePass: Bool
  ) throws(FileError) {
    self.isOnePass = isOnePass
    self.file = file
    layers = tensors.layers
    heads = tensors.heads.map(Set.init)
    hasResiduals = tensors.hasResiduals
    let recorded = tensors.heads ?? Array(0..<model.heads)
    let kvHeads = recorded.map(model.kvHead(of:)).reduce(into: [Int]()) { known, head in
      if known.last != head { known.append(head) }
    }
    func places(_ heads: [Int]) -> [Int: Int] {
      Dictionary(zip(heads, heads.indices)) { first, _ in first }
    }
    self.places = (places(recorded), places(kvHeads))
    self.owners = owners
    layerCount = model.layers
    widths = (model.headDimension, model.valueDimension)
    var sinks: [Int: [Float]] = [:]
    for layer in tensors.layers {
      guard let entry = file.entry(RecordingNames.sinks(layer)) else { continue }
      sinks[layer] = try file.floats(of: entry, elements: 0..<recorded.count)
    }
    self.sinks = sinks
  }

  func rows(_ kind: RowKind, layer: Int, head: Int, _ positions: Range<Int>) -> [Float] {
    let owner = kind == .query ? layer : owners[layer] ?? layer
    guard let entry = file.entry(RecordingNames.rows(kind, owner)),
      let place = (kind == .query ? places.query : places.kv)[head]
    else {
      // A layer or head that was not recorded.
      let width = kind == .value ? widths.value : widths.head
      return Array(repeating: .nan, count: positions.count * width)
    }
    let (length, width) = (entry.shape[1], entry.shape[2])
    let first = (place * length + positions.lowerBound) * width
    return floats(entry, first..<first + positions.count * width)
  }

  func sink(layer: Int, head: Int) -> Float? {
    places.query[head].flatMap { sinks[layer]?[$0] }
  }

  func residual(_ place: Int, position: Int) -> [Float] {
    let name =
      place == 2 * layerCount
      ? RecordingNames.output
      : place.isMultiple(of: 2)
        ? RecordingNames.input(place / 2) : RecordingNames.middle(place / 2)
    guard let entry = file.entry(name) else { return [] }
    let width = entry.shape[1]
    return floats(entry, position * width..<(position + 1) * width)
  }

  private func floats(_ entry: TensorEntry, _ elements: Range<Int>) -> [Float] {
    (try? file.floats(of: entry, elements: elements))
      ?? Array(repeating: .nan, count: elements.count)
  }
}

/// What tensors and metadata of a recording are called.
enum RecordingNames {
  /// `[heads][n][width]`.
  static func rows(_ kind: RowKind, _ layer: Int) -> String { "layer.\(layer).\(kind.rawValue)" }
  /// `[heads]`.
  static func sinks(_ layer: Int) -> String { "layer.\(layer).sinks" }
  /// The residual stream before a layer: `[n][model dimension]`.
  static func input(_ layer: Int) -> String { "layer.\(layer).input" }
  /// The residual stream between the attention and the MLP of a layer: `[n][model dimension]`.
  static func middle(_ layer: Int) -> String { "layer.\(layer).middle" }
  /// The residual stream behind the last layer: `[n][model dimension]`.
  static let output = "output"
}
