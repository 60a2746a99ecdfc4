internal import Base

/// The one page that phones get: it needs nothing but itself, and runs no script but its own.
struct PhonePage: Sendable {
  /// The file.
  let text: String
  /// What the page may do, as its answer's head says it.
  ///
  /// Source: Content Security Policy Level 3, sections 3.3 and 6.
  let policy: String

  /// The page; its language is the lecture's as soon as it has got a state.
  init(language: Language) {
    let (style, script) = (PhoneStyle.text, PhoneScript.text)
    text = """
      <!DOCTYPE html>
      <html lang="\(language == .chinese ? "zh-CN" : "en")">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(language("kvtui 课堂", "kvtui classroom"))</title>
      <link rel="icon" href="data:,">
      <style>\(style)</style>
      </head>
      <body>
      \(Self.body(language))
      <script>\(script)</script>
      </body>
      </html>

      """
    policy =
      "default-src 'none'; script-src '\(SHA256.source(of: script))'; "
      + "style-src '\(SHA256.source(of: style))'; connect-src 'self'; img-src data:; "
      + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
  }

  private static func body(_ language: Language) -> String {
    """
    <main>
    <header>
    <h1>\(language("kvtui 课堂", "kvtui classroom"))</h1>
    <p id="line" role="status"></p>
    </header>
    <noscript><p lang="zh">这一页要用 JavaScript 才能跟着课走。请打开它，或向老师要导出的静态网页。</p>
    <p lang="en">This page follows the lecture with JavaScript. Allow it, or ask for the exported page, which needs none.</p></noscript>
    <p id="say" aria-live="polite"></p>
    <section id="ask" aria-labelledby="asked" hidden>
    <h2 id="asked"></h2>
    <p id="phase"></p>
    <form id="form" novalidate></form>
    <p id="mine" role="status"></p>
    <p id="answered"></p>
    <div id="result"></div>
    </section>
    <div id="box" tabindex="0" role="group" hidden></div>
    </main>
    """
  }
}
