/// What was computed of the tokens that are new at a step.
public struct Activations: Sendable, Equatable {
  /// Queries by layer, turned like the keys: `[rows][heads × head dimension]`.
  public package(set) var queries: [[Float]] = []
  /// Keys by layer, turned by their positions where positions are rotary: `[rows][kv heads × head dimension]`.
  public package(set) var keys: [[Float]] = []
  /// Values by layer: `[rows][kv heads × value dimension]`.
  public package(set) var values: [[Float]] = []
  /// The residual stream: after the embedding, then after the attention and after the MLP of each block:
  /// `[1 + 2 × layers][rows × model dimension]`.
  public package(set) var residuals: [[Float]] = []

  /// Rows as they were computed, or none.
  public init(
    queries: [[Float]] = [], keys: [[Float]] = [], values: [[Float]] = [], residuals: [[Float]] = []
  ) {
    self.queries = queries
    self.keys = keys
    self.values = values
    self.residuals = residuals
  }
}
