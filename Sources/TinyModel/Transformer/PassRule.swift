internal import Trace

/// Which positions a pass gives to its rows, and how it uses the layers' masks: as the text and the model say, unless a fault
/// says otherwise.
struct PassRule {
  /// Tokens that the store held before the pass.
  let past: Int
  private let numbering: Numbering
  private let maskUse: MaskUse

  private enum Numbering {
    /// Every row has the same.
    case same(Int)
    /// They count from here.
    case from(Int)
  }

  /// The rule of a pass.
  ///
  /// - Parameters:
  ///   - past: tokens that the store holds.
  ///   - prompt: tokens that the first pass fed.
  ///   - fault: what is wrong with the lane on purpose.
  init(past: Int, prompt: Int = 0, fault: Fault? = nil) {
    self.past = past
    maskUse = MaskUse(fault)
    numbering =
      switch fault {
      case .positionNotAdvanced where past > 0: .same(prompt - 1)
      case .positionRestarted where past > 0: .from(past - prompt)
      default: .from(past)
      }
  }

  /// The position that a row is embedded or turned with.
  func position(ofRow row: Int) -> Int {
    switch numbering {
    case .same(let position): position
    case .from(let first): first + row
    }
  }

  /// What is left of a layer's mask.
  func mask(_ mask: AttentionMask) -> AttentionMask { maskUse.mask(mask) }

  /// Where the rows and the slots stand for the mask.
  func places(rows: Int, _ stored: StoredLayer, kvHead: Int) -> MaskPlaces {
    guard !maskUse.countsRows else { return MaskPlaces(first: 0) }
    return stored.places(rows: rows, past: past, kvHead: kvHead)
  }
}
