/// Where the screen of the forms of attention begins.
public struct AttentionPlace: Hashable, Sendable {
  /// The forms, in the order of their columns.
  public enum Form: String, CaseIterable, Hashable, Sendable {
    case mha, gqa, mqa, mla
  }

  /// The step that is shown, counted from 1; nil for the last.
  public var step: Int?
  /// The form that is looked at.
  public var form = Form.mha

  /// The place where nothing else is said.
  public init() {}
}

extension AttentionState {
  /// What is looked at, as options of the command.
  var place: [String] {
    let forms = AttentionPlace.Form.allCases
    return ["--step", "\(max(1, step))", "--form", forms[model % forms.count].rawValue]
  }
}
