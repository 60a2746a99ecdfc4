/// A mistake that is put into a lane on purpose, to see what it does.
///
/// All but `maskOff` show from the first decode step on: a prefill is what it should be.
public enum Fault: String, CaseIterable, Sendable {
  /// K and V of position 0 are those of the token with the next id.
  case stalePrefix = "stale-prefix"
  /// K and V of each new token are stored twice; positions are right.
  case appendedTwice = "appended-twice"
  /// V of earlier positions reads as 0.
  case keysOnly = "keys-only"
  /// Each new token gets the position of the prompt's last.
  case positionNotAdvanced = "position-not-advanced"
  /// The positions of new tokens count from 0 again.
  case positionRestarted = "position-restarted"
  /// Row r of a pass sees keys 0 … r only, wherever its token stands.
  case maskTopLeft = "mask-top-left"
  /// Every query sees every key that is there.
  case maskOff = "mask-off"

  /// What a fault is a mistake of.
  public enum Part: Sendable {
    /// What the store holds, or gives to attention.
    case store
    /// Which positions new tokens get.
    case position
    /// Which keys a query sees.
    case mask
  }

  /// What it is a mistake of.
  public var part: Part {
    switch self {
    case .stalePrefix, .appendedTwice, .keysOnly: .store
    case .positionNotAdvanced, .positionRestarted: .position
    case .maskTopLeft, .maskOff: .mask
    }
  }

  /// Whether it is in the lane without a cache too; there it would show at once, or not at all.
  public var isInEveryLane: Bool { self == .maskOff }
}

/// How the passes of a lane use the layers' masks.
package struct MaskUse: Equatable, Sendable {
  /// Whether rows are counted from the pass's first, not by their positions: a mask that is aligned at its top left
  /// corner, as PyTorch's `is_causal` is.
  package let countsRows: Bool
  private let isOff: Bool

  /// How a lane with a fault, or none, uses them.
  package init(_ fault: Fault?) {
    countsRows = fault == .maskTopLeft
    isOff = fault == .maskOff
  }

  /// What is left of a layer's mask.
  package func mask(_ mask: AttentionMask) -> AttentionMask { isOff ? .off : mask }
}
