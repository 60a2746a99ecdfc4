internal import Viz

/// A chart as lines of text.
enum ChartText {
  static func lines(_ chart: some Chart, columns: Int, rows: Int) -> [String] {
    var canvas = Canvas(Size(columns: columns, rows: rows))
    chart.draw(in: Area(x: 0, y: 0, columns: columns, rows: rows), on: &canvas)
    return canvas.plainText.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
  }
}
