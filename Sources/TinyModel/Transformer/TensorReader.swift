internal import Base
internal import Kernels

/// Reads a model's tensors, each checked against the shape that it must have, and counts their elements.
struct TensorReader {
  private let source: any TensorSource
  /// What matrices are held as.
  private let type: WeightType
  /// Elements of what was read; a tied matrix once.
  private(set) var parameters = 0

  init(_ source: any TensorSource, type: WeightType) {
    self.source = source
    self.type = type
  }

  mutating func read(_ name: String, _ shape: [Int]) throws(FileError) -> FloatBuffer {
    let buffer = try source.tensor(name, shape: shape)
    parameters += buffer.count
    return buffer
  }

  /// A product whose matrix is stored `[inner][outer]`, as GPT-2's `Conv1D` does.
  mutating func convolution(
    _ name: String, _ inner: Int, _ outer: Int, hasBias: Bool
  ) throws(FileError) -> Linear {
    try pack(
      name + ".weight", try read(name + ".weight", [inner, outer]), .innerFirst, inner, outer,
      bias: hasBias ? try read(name + ".bias", [outer]) : nil)
  }

  /// A product whose matrix is stored `[outer][inner]`, as `nn.Linear` does.
  mutating func linear(
    _ name: String, _ inner: Int, _ outer: Int, hasBias: Bool
  ) throws(FileError) -> Linear {
    try linear([(name, outer)], inner, hasBias: hasBias)
  }

  /// Several such products of the same x as one, their outputs side by side.
  mutating func linear(
    _ parts: [(name: String, outer: Int)], _ inner: Int, hasBias: Bool
  ) throws(FileError) -> Linear {
    var matrices: [FloatBuffer] = []
    var biases: [FloatBuffer] = []
    for part in parts {
      matrices.append(try read(part.name + ".weight", [part.outer, inner]))
      if hasBias { biases.append(try read(part.name + ".bias", [part.outer])) }
    }
    return try pack(
      parts[0].name + ".weight", .joining(matrices), .outerFirst, inner,
      parts.reduce(0) { $0 + $1.outer }, bias: hasBias ? .joining(biases) : nil)
  }

  /// The token embedding and the logits' product; tied ones are held once, where the type of the weights loses nothing.
  ///
  /// A tied matrix may stand in the file under either name. One that the file holds with other numbers is no longer tied, as in
  /// `transformers`.
  mutating func embeddingAndHead(
    _ embeddingName: String, _ shape: ModelConfiguration
  ) throws(FileError) -> (Embedding, Linear) {
    let (name, size) = (shape.headName, [shape.vocabulary, shape.modelDimension])
    let (hasEmbedding, hasHead) = (source.has(embeddingName), source.has(name))
    if !shape.tiesEmbeddings, hasEmbedding != hasHead {
      let names = hasHead ? (embeddingName, name) : (name, embeddingName)
      throw .untied(file: source.path, missing: names.0, present: names.1)
    }
    let isUnderHead = shape.tiesEmbeddings && hasHead && !hasEmbedding
    let embedding = try read(isUnderHead ? name : embeddingName, size)
    var own: FloatBuffer?
    if !shape.tiesEmbeddings { own = try read(name, size) }
    if shape.tiesEmbeddings, !isUnderHead { own = try other(name, than: embedding, size) }
    let head = try pack(
      name, own ?? embedding, .outerFirst, shape.modelDimension, shape.vocabulary, bias: nil)
    let isOne = own == nil && head.holds(embedding)
    return (isOne ? .tied(head) : .rows(embedding), head)
  }

  /// The tensor of that name, where there is one and its numbers are not those of `embedding`.
  private mutating func other(
    _ name: String, than embedding: FloatBuffer, _ size: [Int]
  ) throws(FileError) -> FloatBuffer? {
    guard let own = try source.optionalTensor(name, shape: size),
      Kernels.best.maxAbsDifference(own.pointer, embedding.pointer, count: own.count) != 0
    else { return nil }
    parameters += own.count
    return own
  }

  /// A product whose matrix is stored `[outer][inner]`, its outputs taken in another order: output i is row `order[i]`.
  ///
  /// The order is asked for behind the matrix, whose size is the file's.
  mutating func linear(
    _ name: String, _ inner: Int, _ outer: Int, hasBias: Bool, order: () -> [Int]
  ) throws(FileError) -> Linear {
    let matrix = try read(name + ".weight", [outer, inner])
    let bias = try hasBias ? read(name + ".bias", [outer]) : nil
    let order = order()
    return try pack(
      name + ".weight", matrix.reordered(order, width: inner), .outerFirst, inner, outer,
      bias: bias?.reordered(order, width: 1))
  }

  /// Packs a matrix that was read, or a part of one.
  func pack(
    _ name: String, _ matrix: FloatBuffer, _ layout: Linear.Layout, _ inner: Int, _ outer: Int,
    bias: FloatBuffer? = nil
  ) throws(FileError) -> Linear {
    guard
      let linear = Linear(matrix, layout, inner: inner, outer: outer, bias: bias, type: type)
    else { throw .badTensor(file: source.path, tensor: name, flaw: .beyondType(type.rawValue)) }
    return linear
  }
}

extension FloatBuffer {
  /// Its rows of `width` floats in another order; itself where that is its own.
  fileprivate func reordered(_ order: [Int], width: Int) -> FloatBuffer {
    guard order.enumerated().contains(where: { $0.offset != $0.element }) else { return self }
    let copy = FloatBuffer(count: order.count * width)
    for (row, source) in order.enumerated() {
      (copy.pointer + row * width).update(from: pointer + source * width, count: width)
    }
    return copy
  }

  /// A copy of some of its rows of `width` floats.
  func rows(_ rows: Range<Int>, width: Int) -> FloatBuffer {
    let copy = FloatBuffer(count: rows.count * width)
    copy.pointer.update(from: pointer + rows.lowerBound * width, count: copy.count)
    return copy
  }
}
