/// The language of everything on screen.
public enum Language: String, CaseIterable, Sendable {
  /// 中文.
  case chinese = "zh"
  /// English.
  case english = "en"

  /// The language of a locale: Chinese if the first set of `LC_ALL`, `LC_MESSAGES`, `LANG` begins with `zh`.
  public init(environment: [String: String]) {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    self = locale?.hasPrefix("zh") == true ? .chinese : .english
  }

  /// The wording in this language; both stand side by side where they are used, so that neither lags.
  public func callAsFunction(_ chinese: String, _ english: String) -> String {
    self == .chinese ? chinese : english
  }
}
