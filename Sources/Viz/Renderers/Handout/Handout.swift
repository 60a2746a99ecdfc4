public import Base

/// A piece of a handout's text in one weight.
public struct HandoutText: Hashable, Sendable {
  /// How it is set off.
  public enum Weight: Hashable, Sendable {
    case plain, strong, emphasis, code
  }

  /// The text, without control characters.
  public let text: String
  /// How it is set off.
  public let weight: Weight

  /// A piece; its text passes the sanitiser.
  public init(_ text: String, _ weight: Weight = .plain) {
    self.text = Sanitiser.clean(text)
    self.weight = weight
  }
}

/// A block of a handout.
public indirect enum HandoutBlock: Hashable, Sendable {
  /// A heading, from 1 for the title.
  case heading(level: Int, [HandoutText])
  /// Running text.
  case paragraph([HandoutText])
  /// Items, each of blocks; numbered ones with their first number.
  case list(first: Int?, [[HandoutBlock]])
  /// What somebody else says.
  case quote([HandoutBlock])
  /// Lines as they are.
  case code(String)
  /// A picture, as text where there is no other.
  case picture(Canvas)
  /// A line across.
  case rule
}

/// Text with pictures, for paper: what a lesson becomes.
public struct Handout: Hashable, Sendable {
  /// The language of its text.
  public let language: Language
  /// What it is of.
  public let title: String
  /// The blocks in their order.
  public let blocks: [HandoutBlock]

  /// Creates a handout.
  public init(language: Language, title: String, blocks: [HandoutBlock]) {
    self.language = language
    self.title = Sanitiser.clean(title)
    self.blocks = blocks
  }
}
