internal import Base
internal import Trace
internal import Viz

/// A broken run as a page of text: its steps, then what the cache holds at the end, a row a token.
struct FaultText {
  let run: FaultRun
  /// Whether its name is to be guessed.
  let isHidden: Bool
  let seed: UInt64?
  let look: Look

  private var language: Language { look.language }
  private var glyphs: GlyphSet { look.glyphs }
  /// Columns of a token, and of a number.
  private static let (token, number) = (10, 9)
  private static let columns = 80
  /// The most groups of layers that stand side by side.
  private static let mostGroups = 4

  var page: String {
    let blocks = [head, steps, cells(.keys), cells(.values)] + (isHidden ? [] : [causes])
    return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var head: [String] {
    let name = run.fault?.title(language) ?? language("没有弄坏", "mended")
    let model = Sanitiser.clean(run.trace.model.name)
    let title =
      seed.map { language("第 \($0) 题，缓存哪里坏了？", "round \($0): what is wrong with this cache?") }
      ?? name
    let explanation = language(
      "两边喂同样的词元，是不用缓存、没有错的那遍选的；差是最大的 |Δ|，= 是一个比特都不差",
      "both are fed what the sound run without a cache chooses; differences are the largest |Δ|, = where not one bit differs"
    )
    return [model + language("：", ": ") + title]
      + glyphs.adapted(explanation).wrapped(to: Self.columns) + scope
  }

  /// Which run is broken, where it could be both.
  private var scope: [String] {
    guard !isHidden, let words = run.fault?.scope(language)?.first else { return [] }
    return glyphs.adapted(words).wrapped(to: Self.columns)
  }

  private func row(_ cells: [String], first: Int = 4) -> String {
    glyphs.shown(
      zip(cells, [first, Self.token] + Array(repeating: Self.number, count: cells.count)).map {
        $0.padded(to: $1, right: true)
      }.joined())
  }

  private func label(_ text: String) -> String {
    TokenLabel.short(text, columns: Self.token - 2, glyphs)
  }

  private func text(_ gap: Float?) -> String {
    guard let gap else { return glyphs.read }
    return NumberText.score(gap, columns: Self.number - 1, glyphs, digits: 4)
  }

  private var steps: [String] {
    [
      language("每一步：", "a step:"),
      row([
        language("步", "step"), language("喂到", "fed up to"), "logits", language("不用", "sound"),
        language("坏的", "broken"),
      ]),
    ]
      + run.steps.map { step in
        let last = run.trace.tokens[step.length - 1].text
        return row([
          "\(step.number)", label(last), text(step.logitGap), label(step.sound.text),
          label(step.broken.text) + (step.saysTheSame ? "" : " !"),
        ])
      }
  }

  private var groups: [Range<Int>] {
    let layers = run.trace.model.layers
    let count = min(layers, Self.mostGroups)
    return (0..<count).map { $0 * layers / count..<($0 + 1) * layers / count }
  }

  private var columns: [FaultColumn] { run.columns(through: run.steps.count) }

  private func cells(_ part: FaultColumn.Part) -> [String] {
    let letter = part == .keys ? "K" : "V"
    let names = groups.map { group in
      group.count == 1
        ? language("第 \(group.lowerBound + 1) 层", "layer \(group.lowerBound + 1)")
        : "\(group.lowerBound + 1)-\(group.upperBound)"
    }
    return [
      language("最后一步时缓存里的 \(letter)：", "\(letter) in the cache at the last step:"),
      row([language("位置", "at"), language("词元", "token")] + names),
    ]
      + columns.map { column in
        row(
          ["\(column.position)", label(run.trace.tokens[column.position].text)]
            + groups.map { text(column.gap(part, $0)) })
      }
  }

  private var causes: [String] {
    [
      language("每个词元：", "each token:"),
      row([
        language("位置", "at"), language("词元", "token"), language("给的位置", "given"),
        language("看见几键", "keys seen"), language("该看见", "of"), language("存了几份", "copies"),
        language("V 读作", "V reads"),
      ]),
    ]
      + columns.map { column in
        let own = run.trace.tokens[column.position].text
        return row([
          "\(column.position)",
          column.owner.map { label($0.text) + " !" } ?? label(own), "\(column.given)",
          "\(column.seen)", "\(column.toSee)", "\(column.copies)", column.readsZero ? "0" : "V",
        ])
      }
  }
}
