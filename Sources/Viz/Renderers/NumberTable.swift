/// Numbers with the names of their rows and columns, as texts.
public struct NumberTable: Hashable, Sendable {
  /// A row.
  public struct Row: Hashable, Sendable {
    /// What the numbers are of.
    public let name: String
    /// A text for each head, empty where there is nothing to say.
    public let cells: [String]
  }

  /// The columns' heads.
  public let heads: [String]
  /// The rows from top to bottom.
  public let rows: [Row]
}
