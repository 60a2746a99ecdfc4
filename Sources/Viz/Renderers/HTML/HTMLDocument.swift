internal import Base

/// A page that needs nothing but itself: its policy lets nothing be fetched, and no script run but its own.
///
/// Source: Content Security Policy Level 3, sections 3.3 and 6.7.
package struct HTMLDocument {
  let language: Language
  let title: String
  let style: String
  let body: String
  /// What is run when the page is read; nil for nothing.
  var script: String?

  /// The file.
  var text: String {
    """
    <!DOCTYPE html>
    <html lang="\(language == .chinese ? "zh-CN" : "en")">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Markup.escaped(title))</title>
    <style>\(style)</style>
    </head>
    <body>
    \(body)
    \(script.map { "<script>\($0)</script>\n" } ?? "")</body>
    </html>

    """
  }

  private var policy: String {
    let scripts = script.map { "; script-src '\(SHA256.source(of: $0))'" } ?? ""
    return "default-src 'none'; style-src '\(SHA256.source(of: style))'\(scripts); img-src data:;"
      + " base-uri 'none'; form-action 'none'"
  }
}
