internal import CKernels

/// What the matrices of a model are held as; sums are f32, and so are K and V, norms, biases and embeddings, but
/// for a tied one that the type holds exactly.
public enum WeightType: String, CaseIterable, Sendable {
  /// IEEE 754 binary32.
  case f32
  /// IEEE 754 binary16, rounded to the nearest.
  case f16
  /// bfloat16: the upper half of a binary32, rounded to the nearest.
  case bf16
  /// Scale × integer of −127 … 127; a scale for each output and `CK_BLOCK` (128) inputs.
  case int8

  /// About how many bytes a weight takes, its share of a scale among them.
  package var bytesPerWeight: Double {
    switch self {
    case .f32: 4
    case .f16, .bf16: 2
    case .int8: 1 + 4 / 128
    }
  }

  /// Bytes of a number that a file holds so, which is never int8.
  package var storedBytes: Int { self == .f32 ? 4 : 2 }

  /// What the kernels call it.
  package var code: Int32 {
    switch self {
    case .f32: Int32(CK_F32)
    case .f16: Int32(CK_F16)
    case .bf16: Int32(CK_BF16)
    case .int8: Int32(CK_INT8)
    }
  }
}
