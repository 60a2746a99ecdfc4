internal import Base
internal import Trace

/// What files say of a moment besides its frame: all of it is the trace's.
extension ViewerState {
  /// What is told of the frame.
  public var notes: FrameNotes {
    FrameNotes(
      mark: "\(moment.step)/\(knownSteps) \(phaseName)", heading: heading,
      caption: sentence,
      numbers: numbers,
      place: FramePlace(step: moment.step, layer: layer + 1, head: head + 1))
  }

  /// What runs: the model's name and the beginning of its text.
  public var title: String {
    let text = trace.tokens.prefix(trace.givenTokens).prefix(Self.titleColumns).map(\.text).joined()
    let clean = Sanitiser.clean(String(text.prefix(Self.titleColumns)), ascii: glyphs == .ascii)
    let short = clean.fitted(to: Self.titleColumns)
    let name = Sanitiser.clean(trace.model.name, ascii: glyphs == .ascii).fitted(
      to: Self.titleColumns)
    return
      "kvtui \(glyphs.dot) \(name) \(glyphs.dot) \(short)\(short == clean ? "" : glyphs.ellipsis)"
  }

  private static let titleColumns = 40

  private var heading: String {
    language("第 \(moment.step)/\(knownSteps) 步", "Step \(moment.step)/\(knownSteps)")
      + " \(glyphs.dot) \(phaseName)"
  }

  /// The step in one sentence, for who cannot see the picture.
  var sentence: String {
    let place = language(
      "第 \(moment.step)/\(knownSteps) 步，\(phaseName)",
      "Step \(moment.step) of \(knownSteps), \(phaseName)")
    let next = step.next.first.map { candidate in
      let token = TokenLabel.quoted(candidate.text, glyphs)
      return language("；最可能的下一个是「\(token)」", "; the likeliest next token is '\(token)'")
    }
    return glyphs.adapted(place + work + (next ?? "") + language("。", "."))
  }

  /// The cells of both runs, as far as they were counted.
  private var work: String {
    guard let whole = step.uncached.cells(layer: layer, head: head),
      let part = step.cached.cells(layer: layer, head: head)
    else { return "" }
    return language(
      "：每个头不用缓存算 \(whole) 格，用 KV 缓存算 \(part) 格，省下 \(whole - part) 格",
      ": each head computes \(whole) cells without a cache and \(part) with the KV cache, \(whole - part) fewer"
    )
  }

  /// Both runs' counters.
  var numbers: NumberTable {
    TableView(scene: Scene(self), area: Area(x: 0, y: 0, columns: 1000, rows: 4)).numbers
  }
}
