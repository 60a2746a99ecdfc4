internal import Base
package import Planner
public import Viz

/// The planner's question as knobs that keys turn, and its answer: arithmetic on a shape, no model is run.
public struct PlannerState: Sendable {
  /// What can be changed.
  enum Knob: CaseIterable, Sendable {
    case model, weightsType, machine, utilization, context, batch, cacheType

    /// The key that picks it.
    var letter: Character {
      switch self {
      case .model: "m"
      case .weightsType: "w"
      case .machine: "g"
      case .utilization: "u"
      case .context: "n"
      case .batch: "b"
      case .cacheType: "k"
      }
    }
  }

  /// A machine, as far as its memory goes.
  struct Card: Hashable, Sendable {
    let title: String
    /// Bytes; nil where nobody says it.
    let memory: Int?
    /// Its name in the table; nil for one that is not of the table.
    var name: String?

    /// As options name it.
    fileprivate var options: [String] {
      if let name { return ["--gpu", name, "--gpu-memory"] }
      return ["--gpu", "--gpu-memory"] + (memory.map { ["\($0)"] } ?? [])
    }
  }

  /// What can be chosen from.
  let models: [PlannedModel]
  let cards: [Card]
  private(set) var modelIndex: Int
  private(set) var cardIndex: Int
  /// The answer to what the knobs say.
  private(set) var answer: MemoryAnswer
  /// The knob that the arrows change.
  var picked = Knob.batch
  /// Whether the working stands there in full.
  var showsWorking = false
  /// The number that is being typed for the knob that is picked.
  private(set) var field: TextField?
  var help = HelpPage()
  var isLeft = false
  var notice: String?
  /// How it looks.
  public var look: Look

  var question: MemoryQuestion { answer.question }
  var card: Card { cards[cardIndex] }
  var context: Int { question.context ?? 1 }

  /// The textbook's case: four requests fill a card.
  public init(_ look: Look) throws {
    guard let model = try Catalogue.model("llama-2-7b") else {
      throw PlannerError.unknownModel("llama-2-7b", known: [])
    }
    var question = MemoryQuestion(model)
    question.batch = 4
    question.weightsType = .fp16
    question.utilization = 0.92
    try self.init(question, look)
  }

  /// A question that was asked; what it leaves open is 4,096 tokens on the table's A10.
  ///
  /// - Parameters:
  ///   - question: the question.
  ///   - machine: the machine of the table that was named.
  ///   - look: how it looks.
  /// - Throws: that a sum is beyond all numbers.
  package init(
    _ question: MemoryQuestion, machine: PlannedMachine? = nil, _ look: Look
  ) throws {
    let table = try Catalogue.models().map { try $0.model() }
    let place = table.firstIndex { $0.name == question.model.name }
    models = place == nil ? [question.model] + table : table
    modelIndex = place ?? 0
    let machine =
      try machine ?? (question.memory == nil ? Catalogue.machine("a10") : nil)
    let cards = try Catalogue.machines().map {
      Card(title: $0.title, memory: $0.memory.value, name: $0.name)
    }
    let asked = Card(
      title: machine?.title ?? "", memory: question.memory ?? machine?.memory.value)
    let known = cards.firstIndex { $0.title == asked.title && $0.memory == asked.memory }
    self.cards = known == nil ? [asked] + cards : cards
    cardIndex = known ?? 0
    var question = question
    question.memory = asked.memory
    question.context = question.context ?? 4096
    answer = try MemoryAnswer(question)
    self.look = look
  }

  // MARK: Changing

  /// Asks anew; what leads beyond all numbers stays as it was, and is said.
  private mutating func ask(_ change: (inout MemoryQuestion) -> Void) {
    var question = question
    change(&question)
    do {
      answer = try MemoryAnswer(question)
    } catch {
      notice = language("再大就没有数了", "there are no larger numbers")
    }
  }

  /// Changes the knob that is picked by a step up or down.
  mutating func change(_ step: Int) {
    switch picked {
    case .model: modelIndex = (modelIndex + models.count - step) % models.count
    case .machine: cardIndex = (cardIndex + cards.count - step) % cards.count
    case .context: ask { $0.context = Self.length(after: $0.context ?? 1, step) }
    case .batch: ask { $0.batch = min(max(1, $0.batch + step), 1_000_000_000) }
    case .cacheType:
      ask { $0.cacheType = Self.neighbour($0.cacheType, of: Precision.allCases, step) }
    case .weightsType:
      ask { $0.weightsType = Self.neighbour($0.weightsType, of: [nil] + Precision.allCases, step) }
    case .utilization: ask { $0.utilization = Self.share(after: $0.utilization, step) }
    }
    guard [.model, .machine].contains(picked) else { return }
    let (model, memory) = (models[modelIndex], card.memory)
    ask {
      ($0.model, $0.memory) = (model, memory)
      $0.hasWeights = !model.name.isEmpty
    }
  }

  /// The knob's own key, again: the next one of a list, more of a number.
  mutating func turn() {
    let isList = [.model, .machine, .cacheType, .weightsType].contains(picked)
    change(isList ? -1 : 1)
  }

  /// Those that are given here; all where none of their keys is named.
  var knobs: [Knob] {
    let given = Knob.allCases.filter { help.given?.contains(.character($0.letter)) ?? true }
    return given.isEmpty ? Knob.allCases : given
  }

  /// Takes the keys that are given; one of their knobs is picked.
  mutating func take(_ given: Set<Key>?) {
    help.given = given
    if !knobs.contains(picked) { picked = knobs[0] }
  }

  mutating func pick(_ step: Int) {
    let all = knobs
    let index = (all.firstIndex(of: picked) ?? 0) + step
    picked = all[(index + all.count) % all.count]
  }

  // MARK: Where it stands

  /// What the knobs say, as options; a model that has no name stays as it was given.
  var place: [String] {
    let isNamed = !question.model.name.isEmpty
    let model =
      isNamed ? ["--layers", "--kv-heads", "--d-head", "--model", question.model.name] : []
    let weights = question.weightsType.map { [$0.rawValue] } ?? []
    return model + ["--weights-dtype"] + weights + card.options
      + [
        "--gpu-utilization", "\(question.utilization)", "--context", "\(context)",
        "--batch", "\(question.batch)", "--dtype", question.cacheType.rawValue,
      ]
  }

  // MARK: Typing

  /// Begins a number, where the knob that is picked is one.
  mutating func begin(_ digit: Key) {
    guard [.context, .batch, .utilization].contains(picked),
      case .character(let first) = digit.folded
    else {
      return notice = language(
        "数字打给长度 n、请求 b、用几成 u", "numbers are for the length n, the requests b, the part used u")
    }
    field = TextField(String(first), limit: 10)
  }

  /// A key while a number is typed: what is no digit and edits nothing stays away.
  mutating func type(_ key: Key) {
    notice = nil
    switch PlannerKeys.typing.action(for: key) {
    case .leave: field = nil
    case .set: set()
    case nil:
      if case .character(let typed) = key.folded {
        guard typed.isASCII, typed.isNumber else {
          return notice = language("这里打数字；Esc 不要了", "digits go here; Esc leaves")
        }
        _ = field?.edit(key.folded)
      } else {
        _ = field?.edit(key)
      }
    }
  }

  /// The number is the knob's, as far as there is such a knob.
  private mutating func set() {
    guard let number = field.flatMap({ Int($0.text) }), number > 0 else {
      return notice = language("先打一个大于 0 的数", "type a number above 0 first")
    }
    field = nil
    switch picked {
    case .context: ask { $0.context = min(number, 1 << 30) }
    case .batch: ask { $0.batch = min(number, 1_000_000_000) }
    case .utilization: ask { $0.utilization = Double(min(number, 100)) / 100 }
    default: break
    }
  }

  /// The next power of two.
  private static func length(after length: Int, _ step: Int) -> Int {
    let powers = (7...30).map { 1 << $0 }
    if step > 0 { return powers.first { $0 > length } ?? length }
    return powers.last { $0 < length } ?? length
  }

  private static func share(after share: Double, _ step: Int) -> Double {
    let percent = (share * 100).rounded() + Double(step)
    return min(100, max(1, percent)) / 100
  }

  private static func neighbour<Value: Equatable>(
    _ value: Value, of all: [Value], _ step: Int
  ) -> Value {
    let index = (all.firstIndex(of: value) ?? 0) - step
    return all[(index + all.count) % all.count]
  }
}
