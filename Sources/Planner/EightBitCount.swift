internal import Base

/// The matrices that DeepSeek publishes in FP8: those of attention and of all MLPs, not the router, the norms, the embedding and the head.
///
/// Each block of 128 × 128 numbers, or what an edge leaves of one, has a scale.
/// Source: deepseek-ai/DeepSeek-V3, `README_WEIGHTS.md` (type, block, scale) and `inference/model.py` (which matrices).
extension ParameterCounter {
  /// A matrix, and how many of it there are.
  private struct Matrix {
    var rows: Int
    var columns: Int
    var count: Int

    func numbers() -> Bytes { Bytes(rows) * columns * count }

    func scales(block: Int) -> Bytes {
      func blocks(_ size: Int) -> Int { size / block + (size % block == 0 ? 0 : 1) }
      return Bytes(blocks(rows)) * blocks(columns) * count
    }
  }

  /// How many numbers and scales they are; none in other families.
  ///
  /// - Parameters:
  ///   - dense: layers with one MLP.
  ///   - sparse: layers with experts.
  /// - Returns: the counts.
  /// - Throws: that a size is missing or none.
  func eightBit(dense: Int, sparse: Int) throws(FileError) -> ParameterCount.ScaledCount {
    guard case .latent = config.family.layers else { return .init() }
    var matrices = try latentMatrices(dense + sparse)
    if dense > 0 { matrices += gated(try config.size("intermediate_size"), dense) }
    if sparse > 0 {
      let inner = try config.field.size("moe_intermediate_size")
      let shared = try config.field.optionalSize("n_shared_experts") ?? 0
      matrices += gated(inner, (Bytes(sparse) * (try config.field.size("n_routed_experts"))).count)
      if shared > 0 { matrices += gated((Bytes(inner) * shared).count, sparse) }
    }
    let numbers = matrices.reduce(Bytes(0)) { $0 + $1.numbers() }
    let scales = matrices.reduce(Bytes(0)) {
      $0 + $1.scales(block: PlannedModel.scaledBlock)
    }
    return .init(numbers: numbers.count, scales: scales.count)
  }

  private func gated(_ inner: Int, _ count: Int) -> [Matrix] {
    [
      Matrix(rows: inner, columns: config.width, count: count),
      Matrix(rows: inner, columns: config.width, count: count),
      Matrix(rows: config.width, columns: inner, count: count),
    ]
  }

  private func latentMatrices(_ layers: Int) throws(FileError) -> [Matrix] {
    let field = config.field
    let (plain, rotary) = (try field.size("qk_nope_head_dim"), config.headDimension)
    let (value, rank) = (try field.size("v_head_dim"), try field.size("kv_lora_rank"))
    let (width, heads) = (config.width, Bytes(config.heads))
    let query = (heads * (Bytes(plain) + Bytes(rotary)).count).count
    var matrices: [Matrix] = []
    if let low = try field.optionalSize("q_lora_rank") {
      matrices.append(Matrix(rows: low, columns: width, count: layers))
      matrices.append(Matrix(rows: query, columns: low, count: layers))
    } else {
      matrices.append(Matrix(rows: query, columns: width, count: layers))
    }
    matrices.append(
      Matrix(rows: (Bytes(rank) + Bytes(rotary)).count, columns: width, count: layers))
    let expanded = (heads * (Bytes(plain) + Bytes(value)).count).count
    matrices.append(Matrix(rows: expanded, columns: rank, count: layers))
    matrices.append(Matrix(rows: width, columns: (heads * value).count, count: layers))
    return matrices
  }
}
