internal import Base
import Testing

@testable import Viz

/// Handouts.
@Suite struct MarkdownRendererTests {
  @Test("A section a frame: heading, sentence, picture, numbers")
  func section() throws {
    let state = try Runs.china().state(step: 4, language: .english)
    var reel = Reel(language: .english, title: state.title)
    reel.append(Frame(state.view(.standard), theme: .dark), at: 0, state.notes)
    let parts = MarkdownRenderer().render(reel).split(separator: "```")
    #expect(
      parts[0] == """
        # kvtui · tiny-zh · 中华人民共和国

        ## Step 4/16 · prefill one by one

        Step 4 of 16, prefill one by one: each head computes 16 cells without a cache and 4 with the KV cache, 12 fewer; the likeliest next token is '共'.


        """)
    #expect(parts[1] == "text\n" + state.view(.standard).plainText + "\n")
    #expect(
      parts[2] == """


        |  | step FLOP | run FLOP | step QKᵀ/head | run QKᵀ/head | step K,V/layer | run K,V/layer | cache |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        | no cache | 1.77 M | 4.67 M | 16 | 30 | 4 | 10 | – |
        | KV cache | 574 k | 2.29 M | 4 | 10 | 1 | 4 | 8 KiB |
        | saved | 67 % | 51 % | 75 % | 67 % | 75 % | 60 % |  |

        """)
  }

  @Test("Nothing of a text is taken for markup")
  func escaping() {
    #expect(
      MarkdownText.escaped("<b>*a*_b_`c`|#&amp;[x](y)\\\nz")
        == "\\<b\\>\\*a\\*\\_b\\_\\`c\\`\\|\\#\\&amp;\\[x\\](y)\\\\ z")
    #expect(MarkdownText.paragraph("1. a") == "1\\. a")
    #expect(MarkdownText.paragraph("- a") == "\\- a")
    #expect(MarkdownText.paragraph("第 1. 步") == "第 1. 步")
  }

  @Test("A fence is longer than any in the picture")
  func fence() {
    #expect(MarkdownText.block("a ```` b") == "`````text\na ```` b\n`````\n")
    #expect(MarkdownText.block("a") == "```text\na\n```\n")
  }
}
