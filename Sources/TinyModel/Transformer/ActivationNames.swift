internal import Base
internal import Kernels

/// What Hugging Face calls the forms of GELU.
enum GELU {
  /// The form with tanh.
  static let tanhNames = ["gelu_new", "gelu_pytorch_tanh", "gelu_fast"]
}

extension JSONField {
  /// The activation of an MLP without a gate.
  func activation(
    _ key: String, default standard: Activation
  ) throws(FileError) -> Activation {
    try requireOneOf(GELU.tanhNames + ["gelu", "relu"], at: key)
    switch value[key]?.string {
    case nil: return standard
    case "gelu": return .gelu
    case "relu": return .relu
    default: return .geluTanh
    }
  }
}
