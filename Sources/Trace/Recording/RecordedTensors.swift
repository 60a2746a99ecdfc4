internal import Base

/// The tensors of a recording, each shape held against the model before anything of them is read.
struct RecordedTensors {
  /// The layers, counted from 0, whose queries there are.
  let layers: Set<Int>
  /// The query heads that were recorded; nil for all.
  let heads: [Int]?
  /// Tokens whose rows there are.
  let length: Int
  /// Width of a head's values.
  let valueDimension: Int
  /// Whether the residual stream is there, of every layer.
  let hasResiduals: Bool

  /// Checks the tensors of a file.
  ///
  /// - Parameters:
  ///   - file: a safetensors file.
  ///   - shape: what the recording says of its model.
  ///   - rules: what it says of each layer.
  ///   - heads: the query heads that it says it has; nil for all.
  /// - Throws: which tensor is missing or of another shape.
  init(
    _ file: SafetensorsFile, _ shape: RecordedShape, _ rules: [RecordedRule], heads: [Int]?
  ) throws(FileError) {
    let recorded = (0..<shape.layers).filter { file.entry(RecordingNames.rows(.query, $0)) != nil }
    guard let first = recorded.first, let entry = file.entry(RecordingNames.rows(.query, first))
    else { throw .missingTensor(file: file.path, tensor: RecordingNames.rows(.query, 0)) }
    self.heads = heads
    layers = Set(recorded)
    let length = entry.shape.count == 3 ? entry.shape[1] : 0
    let queries = heads?.count ?? shape.heads
    let keyValues = heads.map { Set($0.map(shape.kvHead)).count } ?? shape.kvHeads
    let values = file.entry(RecordingNames.rows(.value, rules[first].owner ?? first))
    let valueWidth = values.flatMap { $0.shape.count == 3 ? $0.shape[2] : nil } ?? 0
    let checked = CheckedTensors(file)
    for layer in recorded {
      let owner = rules[layer].owner ?? layer
      try checked.require(
        RecordingNames.rows(.query, layer), [queries, length, shape.headDimension])
      try checked.require(
        RecordingNames.rows(.key, owner), [keyValues, length, shape.headDimension])
      try checked.require(RecordingNames.rows(.value, owner), [keyValues, length, valueWidth])
      try checked.check(RecordingNames.sinks(layer), [queries])
    }
    self.length = length
    valueDimension = valueWidth
    hasResiduals = try checked.hasResiduals(shape, length: length)
  }
}

/// Holds tensors of a file against the shapes that they must have.
private struct CheckedTensors {
  private let file: SafetensorsFile

  init(_ file: SafetensorsFile) { self.file = file }

  /// A tensor that must be there.
  func require(_ name: String, _ shape: [Int]) throws(FileError) {
    guard try check(name, shape) else { throw .missingTensor(file: file.path, tensor: name) }
  }

  /// A tensor that may be there; false where it is not.
  @discardableResult
  func check(_ name: String, _ shape: [Int]) throws(FileError) -> Bool {
    guard let entry = file.entry(name) else { return false }
    guard entry.type.isWeight else {
      throw .badTensor(file: file.path, tensor: name, flaw: .notAWeightType(entry.type.rawValue))
    }
    guard entry.shape == shape, shape.allSatisfy({ $0 > 0 }) else {
      throw .wrongShape(file: file.path, tensor: name, expected: shape, found: entry.shape)
    }
    return true
  }

  /// Whether the residual stream before, within and behind every layer is there.
  func hasResiduals(_ shape: RecordedShape, length: Int) throws(FileError) -> Bool {
    guard let width = shape.modelDimension else { return false }
    var hasAll = try check(RecordingNames.output, [length, width])
    for layer in 0..<shape.layers where file.entry(RecordingNames.input(layer)) != nil || hasAll {
      let hasInput = try check(RecordingNames.input(layer), [length, width])
      let hasMiddle = try check(RecordingNames.middle(layer), [length, width])
      hasAll = hasAll && hasInput && hasMiddle
    }
    return hasAll
  }
}
