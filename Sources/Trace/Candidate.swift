/// A token that may come next.
public struct Candidate: Sendable, Equatable {
  /// Its id.
  public let id: Int
  /// What it adds to the text.
  public let text: String
  /// The model's output for it.
  public let logit: Float
  /// Its share of the softmax at temperature 1.
  public let probability: Double

  /// Creates a candidate.
  public init(id: Int, text: String, logit: Float, probability: Double) {
    self.id = id
    self.text = text
    self.logit = logit
    self.probability = probability
  }
}
