internal import Base
internal import Planner
internal import Viz

extension PlannerView {
  /// The card; a line where nobody says how large it is.
  var card: Block {
    guard PlannerCard(state, Area(x: 0, y: 0, columns: columns, rows: 3)) != nil else {
      return lines([], rank: 0)
    }
    let state = state
    let least = size.rows >= 30 ? 6 : size.rows >= 24 ? 5 : 3
    return Block(least: least, most: max(least, size.rows / 3), rank: 0) { area, canvas in
      PlannerCard(state, area)?.draw(on: &canvas)
    }
  }

  /// What fits and what does not, in numbers.
  var verdict: [Words] { flowed([weightWords + verdictWords]) }

  /// The weights, where they are too small on the card to be named there.
  private var weightWords: [Words] {
    let card = PlannerCard(state, Area(x: 0, y: 0, columns: columns, rows: 3))
    guard let card, !card.namesWeights, let weights = answer.weightBytes else { return [] }
    return [[span(language("权重 ", "weights "), .dim), span(gigabytes(weights), .heading)]]
  }

  private var verdictWords: [Words] {
    guard question.memory != nil else {
      return [
        [
          span(
            language(
              "这台机器的显存没有公开的数；--gpu-memory 可给",
              "nobody says this machine's memory; --gpu-memory does"), .wrong)
        ]
      ]
    }
    guard let free = answer.freeBytes else {
      return [
        [
          span(
            language(
              "权重多大不知道，剩多少也就不知道；w 定一种类型",
              "the weights are unknown, and so is what is left; w sets a type"), .wrong)
        ]
      ]
    }
    guard free >= 0 else {
      return [
        [
          span(
            "\(glyphs.wrong) " + language("光是权重就装不下，差 ", "the weights alone do not fit: missing "),
            .wrong),
          span(gigabytes(-free), .wrong, bold: true),
        ]
      ] + reserve
    }
    return fitWords(free) + reserve
  }

  private func fitWords(_ free: Int) -> [Words] {
    guard let fit = answer.requestsFit, let request = answer.requestBytes else { return [] }
    let (left, overflow) = request.multipliedReportingOverflow(by: fit)
    let rest = overflow ? 0 : free - left
    let isEnough = question.batch <= fit
    let wanted = language("要 \(grouped(question.batch)) 个  ", "\(grouped(question.batch)) wanted  ")
    let fits =
      isEnough ? span("\(glyphs.right) ", .right) : span("\(glyphs.wrong) " + wanted, .wrong)
    return [
      [
        fits, span(language("装得下 ", "room for "), .dim), span(grouped(fit), .selected),
        span(language(" 个请求", " " + plural(fit, "request")), .dim),
      ],
      [
        span(language("第 \(grouped(fit + 1)) 个要 ", "no. \(grouped(fit + 1)) needs "), .dim),
        span(gigabytes(request), .heading),
      ],
      [
        span(language("只剩 ", "left: "), .dim), span(gigabytes(rest), .heading),
        span("  \(glyphs.wrong) " + language("装不下", "does not fit"), .wrong),
      ],
    ]
  }

  private var reserve: [Words] {
    guard question.utilization < 1 || !isRoomy else {
      return [[span(language("没有给激活值等留余地（u 改）", "nothing kept for activations (u)"), .dim)]]
    }
    let rest = NumberText.fixed(100 - question.utilization * 100, 0)
    guard isRoomy else {
      return [[span(language("/ 留 \(rest) % 不用", "/ \(rest) % kept free"), .dim)]]
    }
    return [
      [
        span(
          language(
            "/ 留 \(rest) % 不用，激活值还没有扣（u 改）", "/ \(rest) % kept free, activations not counted (u)"),
          .dim)
      ]
    ]
  }
}
