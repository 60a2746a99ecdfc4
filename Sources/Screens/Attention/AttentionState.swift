internal import Base
internal import Trace
internal import Viz

/// The forms of attention side by side: which step is shown, and which model is looked at.
struct AttentionState: Sendable {
  /// How many models are run.
  static let count = 4

  /// The models as far as they were run.
  private(set) var forms: [AttentionForm] = []
  /// Published models of the same forms, computed.
  let published: [PublishedForm]
  /// The step that was gone to, counted from 1; nil for the last.
  private(set) var wanted: Int?
  /// The model that is looked at, by its place.
  private(set) var model = 0
  private(set) var isPlaying = false
  var help = HelpPage()
  private(set) var hasFailed = false
  var isLeft = false
  var notice: String?
  var look: Look

  init(_ published: [PublishedForm], at place: AttentionPlace = AttentionPlace(), look: Look) {
    (self.published, self.look) = (published, look)
    wanted = place.step
    model = AttentionPlace.Form.allCases.firstIndex(of: place.form) ?? 0
  }

  /// Whether every model has had every token.
  var isComplete: Bool {
    forms.count == Self.count && forms.allSatisfy { $0.steps.count == $0.tokens.count }
  }

  /// Tokens of the text.
  var longest: Int { max(1, forms.map(\.tokens.count).max() ?? 1) }

  /// Steps of the model that is farthest.
  var available: Int { forms.map(\.steps.count).max() ?? 0 }

  /// The step that is shown, counted from 1; 0 where there is none yet.
  var step: Int { min(max(1, wanted ?? available), available) }

  /// What a model did at the step that is shown; nil where it has not come there.
  func shown(_ place: Int) -> AttentionFormStep? {
    guard forms.indices.contains(place), step > 0, step <= forms[place].steps.count else {
      return nil
    }
    return forms[place].steps[step - 1]
  }

  /// Bytes that the token of the step shown added to a model's cache, counted.
  func bytesOfToken(_ place: Int) -> Int? {
    guard let here = shown(place) else { return nil }
    return here.cacheBytes - (step > 1 ? forms[place].steps[step - 2].cacheBytes : 0)
  }

  /// The most bytes that a token adds, of all models: what bars are as long as.
  var mostBytesOfToken: Int {
    max(1, forms.indices.compactMap { bytesOfToken($0) }.max() ?? 1)
  }

  // MARK: What happens

  mutating func take(_ forms: [AttentionForm]) {
    // What begins anew takes the place of what was there once it has come as far.
    let done = { (forms: [AttentionForm]) in forms.reduce(0) { $0 + $1.steps.count } }
    if done(forms) >= done(self.forms) { self.forms = forms }
  }

  /// Nothing more is computed.
  mutating func fail(_ sentence: String) {
    (notice, hasFailed, isPlaying) = (sentence, true, false)
  }

  /// The play clock moved by one beat.
  mutating func tick() {
    guard isPlaying else { return }
    guard step < available else {
      if isComplete { isPlaying = false }
      return
    }
    wanted = step + 1
  }

  mutating func press(_ key: Key) {
    notice = nil
    guard let action = keysNow.action(for: key) else {
      notice = noSuchKey
      return
    }
    if action != .play { isPlaying = false }
    switch action {
    case .next: move(to: step + 1)
    case .back: move(to: step - 1)
    case .first: go(to: 1)
    case .last: go(to: available)
    case .play: play()
    case .nextModel: model = (model + 1) % Self.count
    case .previousModel: model = (model + Self.count - 1) % Self.count
    case .language: changeLanguage()
    case .theme: changeTheme()
    case .help: isHelp = true
    case .leave: isLeft = true
    }
  }

  private mutating func move(to next: Int) {
    guard step > 0 else { return tellComputing() }
    guard next > 0, next <= available else {
      if next > available, !isComplete { return tellComputing() }
      notice =
        next < 1
        ? language("这就是第一步", "this is the first step")
        : language(
          "这是最后一步；\(left) 往回走，Home 从头看",
          "this is the last step; \(left) goes back, Home to the first")
      return
    }
    wanted = next
  }

  /// The key that goes back, as the footer writes it.
  private var left: String { AttentionKeys.map.row(.back)?.name(look) ?? "" }

  private mutating func go(to step: Int) {
    guard step > 0 else { return tellComputing() }
    if step == self.step { notice = language("就在这一步", "this is where you are") }
    wanted = step
  }

  private mutating func tellComputing() { notice = language("还在算", "still computing") }

  private mutating func play() {
    guard step > 0 else { return tellComputing() }
    isPlaying.toggle()
    if isPlaying, step == available { wanted = 1 }
  }

  private mutating func changeLanguage() {
    guard look.glyphs != .ascii else {
      notice = language("只有英文", "in English only")
      return
    }
    look.language = look.language == .chinese ? .english : .chinese
  }
}

extension AttentionState: ToolState {
  mutating func receive(_ findings: Findings) {
    if case .attention(let found) = findings { take(found) }
  }

  static var keys: KeyMap<AttentionAction> { AttentionKeys.map }
  var keysNow: KeyMap<AttentionAction> { isPlaying ? AttentionKeys.playing : AttentionKeys.map }

  func isOffered(_ action: AttentionAction) -> Bool {
    let isAtEnd = isComplete && step == available
    return switch action {
    case .next: !isAtEnd
    case .back: step > 1
    case .first: isAtEnd && step > 1
    default: true
    }
  }

  var about: [String] {
    [
      language(
        "四个小模型各自真的走一遍同一段文字。灰块的宽是缓存占的字节，四栏同一把尺；一行一个字（放不下时一行几个，左边写着），最新的字是彩色的 K、V，同在一格时写 +。字节、FLOP、下一个字都是数出来、算出来的。",
        "Four small models, each really run over one text. A row is as wide as its bytes in the cache, on one scale for all four; a row is a token (or some, as the left says). The newest token is in colour, K and V, or + where they share a column. Bytes, FLOP and the next token were counted and computed."
      ),
      language(
        "MHA：每个查询头有自己的 K、V。GQA：几个查询头共用一份。MQA：全部共用一份。MLA：只存一个潜在向量（c）和旋转的、带位置的一小段（r），K、V 由它得出。屏幕有 \(AttentionLayout.leastPublished) 行以上时，最下面还有大模型：没有跑，是按形状算的。",
        "MHA: each query head has its own K and V. GQA: some share. MQA: all share one. MLA: only a latent vector (c) and a small rotary part with the position (r) are kept; K and V come from them. From \(AttentionLayout.leastPublished) rows on, large models stand at the bottom: not run, arithmetic on their shapes."
      ),
    ]
  }
}
