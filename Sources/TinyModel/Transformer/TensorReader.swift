internal import Base
internal import Kernels

/// Reads a model's tensors, each checked against the shape that it must have, and counts their elements.
struct TensorReader {
  private let source: any TensorSource
  /// What matrices are held as.
  private let type: WeightType
  /// What packs them, and the threads that read.
  private let kernels: Kernels
  /// Where weights go that are to be packed later; nil where they are packed at once.
  private let unpacked: UnpackedWeights?
  /// Elements of what was read; a tied matrix once.
  private(set) var parameters = 0

  init(
    _ source: any TensorSource, type: WeightType, _ kernels: Kernels,
    unpacked: UnpackedWeights? = nil
  ) {
    self.source = source
    self.unpacked = unpacked
    self.type = type
    self.kernels = kernels
  }

  mutating func read(_ name: String, _ shape: [Int]) throws(FileError) -> FloatBuffer {
    let buffer = try source.tensor(name, shape: shape)
    parameters += buffer.count
    return buffer
  }

  /// The rows of a matrix, `[rows, width]`, which are read when they are packed.
  mutating func matrix(_ name: String, _ shape: [Int]) throws(FileError) -> any MatrixRows {
    let rows = try source.matrix(name, shape: shape)
    parameters += rows.count * rows.width
    return rows
  }

  /// A product whose matrix is stored `[inner][outer]`, as GPT-2's `Conv1D` does.
  mutating func convolution(
    _ name: String, _ inner: Int, _ outer: Int, hasBias: Bool
  ) throws(FileError) -> Linear {
    try pack(
      name + ".weight", try matrix(name + ".weight", [inner, outer]), .innerFirst,
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
    var matrices: [any MatrixRows] = []
    var biases: [FloatBuffer] = []
    for part in parts {
      matrices.append(try matrix(part.name + ".weight", [part.outer, inner]))
      if hasBias { biases.append(try read(part.name + ".bias", [part.outer])) }
    }
    return try pack(
      parts[0].name + ".weight", JoinedRows(matrices), .outerFirst,
      bias: hasBias ? .joining(biases) : nil)
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
    let embedding = try matrix(isUnderHead ? name : embeddingName, size)
    var own: (any MatrixRows)?
    if !shape.tiesEmbeddings { own = try matrix(name, size) }
    if shape.tiesEmbeddings, !isUnderHead { own = try other(name, than: embedding, size) }
    let head = try pack(name, own ?? embedding, .outerFirst, bias: nil)
    if own == nil, try head.holds(embedding) { return (.tied(head), head) }
    return (.rows(try stored(embedding)), head)
  }

  /// A matrix whose rows are looked up.
  private func stored(_ rows: any MatrixRows) throws(FileError) -> StoredMatrix {
    guard let unpacked else {
      return try StoredMatrix(rows, kernels, progress: source.taken)
    }
    let matrix = StoredMatrix(streaming: rows, unpacked.stream)
    unpacked.add(matrix)
    return matrix
  }

  /// The matrix of that name, where there is one and its numbers are not those of `embedding`.
  private mutating func other(
    _ name: String, than embedding: any MatrixRows, _ size: [Int]
  ) throws(FileError) -> (any MatrixRows)? {
    guard let own = try source.optionalMatrix(name, shape: size), try own.differs(from: embedding)
    else { return nil }
    parameters += own.count * own.width
    return own
  }

  /// A product whose matrix is stored `[outer][inner]`, its outputs taken in another order: output i is row `order[i]`.
  ///
  /// The order is asked for behind the matrix, whose size is the file's.
  mutating func linear(
    _ name: String, _ inner: Int, _ outer: Int, hasBias: Bool, order: () -> [Int]
  ) throws(FileError) -> Linear {
    let matrix = try matrix(name + ".weight", [outer, inner])
    let bias = try hasBias ? read(name + ".bias", [outer]) : nil
    let order = order()
    return try pack(
      name + ".weight", matrix.reordered(order), .outerFirst, bias: bias?.reordered(order))
  }

  /// Packs a matrix, or a part of one; one that lies by outputs perhaps later.
  func pack(
    _ name: String, _ matrix: any MatrixRows, _ layout: Linear.Layout, bias: FloatBuffer? = nil
  ) throws(FileError) -> Linear {
    let beyondType = FileError.badTensor(
      file: source.path, tensor: name, flaw: .beyondType(type.rawValue))
    if let unpacked, layout == .outerFirst {
      let linear = Linear(
        streaming: matrix, bias: bias, type: type, unpacked.stream, beyondType: beyondType)
      unpacked.add(linear)
      return linear
    }
    let linear = try Linear(
      matrix, layout, bias: bias, type: type, kernels, progress: source.taken)
    guard let linear else { throw beyondType }
    return linear
  }
}

extension FloatBuffer {
  /// Its elements in another order; itself where that is its own.
  fileprivate func reordered(_ order: [Int]) -> FloatBuffer {
    guard order.enumerated().contains(where: { $0.offset != $0.element }) else { return self }
    let copy = FloatBuffer(count: order.count)
    for (place, source) in order.enumerated() { copy.pointer[place] = pointer[source] }
    return copy
  }
}
