internal import Base
import Testing

@testable import Viz

/// Text with pictures, for paper.
@Suite struct HandoutTests {
  private var handout: Handout {
    var canvas = Canvas(Size(columns: 6, rows: 1))
    canvas.put("中<b>", at: Point(0, 0), Style(.newKey))
    return Handout(
      language: .english, title: "T & <t>",
      blocks: [
        .heading(level: 1, [HandoutText("A # heading")]),
        .paragraph([
          HandoutText("1. plain *"), HandoutText("strong", .strong), HandoutText(" and "),
          HandoutText("a ` tick", .code), HandoutText("<i>", .emphasis),
        ]),
        .list(
          first: 3,
          [[.paragraph([HandoutText("one")]), .code("x\ny")], [.paragraph([HandoutText("two")])]]),
        .list(first: nil, [[.paragraph([HandoutText("dot")])]]),
        .quote([.paragraph([HandoutText("q\u{1B}")]), .paragraph([HandoutText("r")])]),
        .picture(canvas), .rule,
      ])
  }

  @Test("Markdown: every block as CommonMark has it")
  func markdown() {
    #expect(
      handout.markdown == """
        # A \\# heading

        1\\. plain \\***strong** and ``a ` tick``*\\<i\\>*

        3. one

           ```text
           x
           y
           ```
        4. two

        - dot

        > q^\\[
        >
        > r

        ```text
        中<b>
        ```

        ---

        """)
  }

  @Test("HTML: every text escaped, no script, the colours of both themes or of one")
  func html() {
    let page = handout.html(theme: nil)
    #expect(page.contains("<title>T &amp; &lt;t&gt;</title>"))
    #expect(
      page.contains(
        "<p>1. plain *<strong>strong</strong> and <code>a ` tick</code><em>&lt;i&gt;</em></p>"))
    #expect(page.contains("<ol start=\"3\">\n<li><p>one</p>\n<pre>x\ny</pre>\n</li>"))
    #expect(page.contains("<blockquote>\n<p>q^[</p>\n<p>r</p>\n</blockquote>"))
    #expect(page.contains("<i class=\"x0 n2 s0\">中</i><i class=\"x2 n3 s0\">&lt;b&gt;</i>"))
    #expect(!page.contains("<script") && !page.contains("script-src"))
    #expect(page.contains("prefers-color-scheme:dark"))
    #expect(!handout.html(theme: .light).contains("prefers-color-scheme"))
  }
}
