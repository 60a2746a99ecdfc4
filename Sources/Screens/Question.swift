public import Trace

/// What a screen wants to have worked out: a case for each kind of screen.
public enum Question: Hashable, Sendable {
  /// The growth, step by step.
  case growth
  /// Prefill and decode, pass by pass: decode of so many sequences together.
  case phases(batch: Int)
  /// A picture of a line of the menu.
  case home(HomeQuestion)
  /// The recordings that there are.
  case recordings(RecordingsQuestion)
  /// A turn of a conversation, or what it took in another way.
  case conversation(ConversationQuestion)
  /// Requests over a pool of blocks, step by step.
  case serving(ServingQuestion)
  /// Drafts that are verified, pass by pass.
  case speculative(SpeculativeQuestion)
}

/// What was worked out, whole or as far as it has come.
public enum Findings: Sendable {
  /// The growth as far as it is measured.
  case growth(Growth)
  /// Prefill and decode as far as they are measured.
  case phases(Phases)
  /// A picture of a line of the menu.
  case home(HomeAnswer)
  /// The recordings as far as they are read.
  case recordings(RecordingsFindings)
  /// A turn of a conversation, or what it took in another way.
  case conversation(ConversationAnswer)
  /// Requests over a pool of blocks as far as they are served.
  case serving(ServingBoard)
  /// Speculative decoding as far as it has come.
  case speculative(SpeculativeBoard)
}
