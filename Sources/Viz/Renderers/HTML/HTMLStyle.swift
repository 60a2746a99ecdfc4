internal import Base

/// A page's style sheet.
struct HTMLStyle {
  let grid: HTMLGrid
  /// The only theme; nil for a dark and a light one, as the reader's machine prefers.
  let theme: Theme?
  /// What pictures for narrow pages measure; nil where there are none.
  var narrow: Size?

  /// The sheet.
  var text: String {
    Self.frame + size + places + colours
  }

  /// The picture's cells, as wide as the grid's own font has them; `--c` is one column, also for bold runs.
  private static let frame = """
    @property --c{syntax:"<length>";inherits:true;initial-value:0px}
    *{box-sizing:border-box}
    html{font-size:clamp(16px,1.3vw,26px);overscroll-behavior-x:none}
    body{margin:0;padding:.75rem;font:1rem/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
    h1{font-size:1.2rem;margin:0 0 .4rem;overflow-wrap:anywhere}
    h2{font-size:1.1rem;margin:.5rem 0 .25rem}
    p{margin:.25rem 0 .5rem;overflow-wrap:anywhere}
    nav{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
    button,select{min-width:44px;min-height:44px;font:inherit;color:inherit;background:transparent;border:1px solid;border-radius:6px;padding:0 .6rem}
    select{background:Canvas;color:CanvasText}
    button[aria-disabled=true]{opacity:.4}
    :focus-visible{outline:3px solid #3b82f6;outline-offset:2px}
    label{display:flex;align-items:center;gap:.3rem}
    [hidden]{display:none}
    .js .told{display:none}
    .js h2{position:absolute;width:1px;height:1px;margin:0;overflow:hidden;clip-path:inset(50%)}
    .box{overflow-x:auto;overflow-y:hidden;touch-action:pan-x pan-y pinch-zoom}
    .grid{position:relative;font-family:"Sarasa Mono SC","Noto Sans Mono CJK SC",ui-monospace,"DejaVu Sans Mono",monospace;--c:1ch}
    .grid div{position:relative;height:1.3em;line-height:1.3em}
    .grid i{position:absolute;top:0;height:100%;font-style:normal;white-space:pre}
    pre{overflow-x:auto}
    table{border-collapse:collapse;margin:.75rem 0;display:block;overflow-x:auto}
    th,td{padding:.15rem .6rem;text-align:right;border-bottom:1px solid #8886;white-space:nowrap}
    tbody th{text-align:left;font-weight:normal}
    @media print{
    @page{size:A4 landscape;margin:10mm}
    nav,#say{display:none}
    section,section[hidden]{display:block;break-after:page;break-inside:avoid}
    section:last-of-type{break-after:auto}
    html{font-size:12pt}
    .told,.js .told{display:block}
    .js h2{position:static;width:auto;height:auto;clip-path:none}
    .box,table{overflow:visible}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    }

    """

  /// The picture fills the window, both ways, but stays readable: then its box scrolls.
  private var size: String {
    let (wide, high) = (Double(grid.columns) * 0.61, Double(grid.rows) * 1.3)
    func css(_ value: Double) -> String { NumberText.fixed(value, 1) }
    return narrowSize
      + """
      .grid{width:calc(\(grid.columns)*var(--c));font-size:clamp(12px,min(calc((100vw - 1.6rem)/\(css(wide))),calc((100vh - 9.5rem)/\(css(high)))),48px)}
      @media print{.grid{font-size:min(calc(275mm/\(css(wide))),calc(115mm/\(css(high))))}}

      """
  }

  /// On a narrow page the picture that was made for it stands in the other's place, as wide as the page; print has the wide one.
  private var narrowSize: String {
    guard let narrow else { return "" }
    let wide = NumberText.fixed(Double(narrow.columns) * 0.61, 1)
    return """
      .narrow{display:none}
      @media screen and (max-width:40rem){.wide{display:none}.narrow{display:block}}
      .narrow .grid{width:calc(\(narrow.columns)*var(--c));font-size:clamp(11px,calc((100vw - 1.6rem)/\(wide)),28px)}

      """
  }

  /// Half a pixel more than its columns, under the next run, so that no seam shows between two grounds.
  private var places: String {
    (0..<grid.columns).map { ".x\($0){left:calc(\($0)*var(--c))}" }.joined()
      + (1...grid.columns).map { ".n\($0){width:calc(\($0)*var(--c) + .5px)}" }.joined() + "\n"
  }

  private var colours: String {
    if let theme { return colours(of: theme) }
    return ":root{color-scheme:light dark}\n" + colours(of: .light)
      + "@media screen and (prefers-color-scheme:dark){\n" + colours(of: .dark) + "}\n"
  }

  private func colours(of theme: Theme) -> String {
    let page = "body{background:\(theme.ground.hex);color:\(theme.ink.hex)}\n"
    let scheme = self.theme.map { ":root{color-scheme:\($0 == .dark ? "dark" : "light")}\n" } ?? ""
    return scheme + page
      + grid.styles.enumerated().map { index, style in
        let colours = theme.colours(of: style)
        let ground = colours.background ?? theme.ground
        let weight = colours.isBold ? ";font-weight:bold" : ""
        return ".s\(index){color:\(colours.foreground.hex);background:\(ground.hex)\(weight)}\n"
      }.joined()
  }
}
