"""Pages of text, at every size, in every look."""

from support.checks import begin, check, equal
from support.here import COUNTRY
from support.json_output import json_run
from support.output import clean_pages, header_lines, split_pages
from support.program import run, succeeds


def case_pages():
    begin("pages")
    bare = succeeds("no option, no terminal", )
    plain = succeeds("--plain", "--plain")
    equal("not a terminal: --plain by default", bare.out, plain.out)
    clean_pages("--plain", plain, 80)
    equal("a page a step", len(header_lines(plain)), 16)
    listed = split_pages(plain)
    check("no page is higher than 24", all(page.count("\n") < 24 for page in listed), "", [p.count("\n") for p in listed])
    for number, page in enumerate(listed, 1):
        check(f"page {number} names its step", f"{number}/16" in page, f"{number}/16", page.split("\n")[0])
    steps = json_run("as JSON").steps
    for number in (1, 4, 7, 16):
        shown = succeeds(f"export --step {number}", "export", "--step", str(number))
        equal(f"page {number} = export --step {number}", listed[number - 1], split_pages(shown)[0])
        best = steps[number - 1]["next"][0]
        check(f"page {number} shows the best candidate", f"{best['text']} {100 * best['probability']:.1f}%" in listed[number - 1],
              f"{best['text']} {100 * best['probability']:.1f}%", listed[number - 1].split("\n")[2])
    check("the fourth page has the counters of step 4", all(word in listed[3] for word in ("16", "8 KiB", "1.77 M", "574 k")),
          "16 cells, 8 KiB, 1.77 M, 574 k", listed[3])
    for size in ("80x24", "60x16", "120x36", "200x60", "300x100", "1000x1000", "59x24", "80x15", "19x4", "1x1", "2x1", "1x1000", "1000x1"):
        columns, rows = map(int, size.split("x"))
        result = succeeds(f"--size {size}", "--plain", "--size", size)
        clean_pages(f"--size {size}", result, columns)
        if columns >= 60 and rows >= 16:
            equal(f"--size {size}: pages", len(header_lines(result)), 16)
            check(f"--size {size}: heights", all(page.count("\n") < rows for page in split_pages(result)), f"at most {rows} lines")
    small = run("--plain", "--text", "中", "--size", "40x10").text
    check("a small size says what it needs", "40" in small and "60" in small and "10" in small and "16" in small, "40 of 60, 10 of 16", small)
    for language in ("zh", "en"):
        shown = run("--plain", "--ascii", "--text", "abc", "--lang", language, "--size", "120x40", "--tokens", "3")
        letters = {c for c in shown.text if ord(c) > 126} - set("，。：；（）、“”？")
        letters = {c for c in letters if not "\u4e00" <= c <= "\u9fff"} if language == "zh" else letters
        check(f"--ascii --lang {language}: ASCII glyphs only", not letters, "ASCII", sorted(letters))
    helped = run("--keys", "?", "--ascii", "--lang", "en", "--size", "80x100")
    check("the help page under --ascii is ASCII", helped.text.replace(COUNTRY, "").isascii() or
          not [c for c in split_pages(helped)[-1] if ord(c) > 126 and c not in COUNTRY], "ASCII",
          sorted({c for c in helped.text if ord(c) > 126}))
    for names in ("End Right", "g", "/ x", "p", "Right Right i", "d", "f f", "o", "Space", "x", "/ Enter", "Right p Enter", "Left"):
        shown = run("--text", "abcdefgh", "--ascii", "--lang", "en", "--top", "1", "--size", "120x40", "--keys", names)
        strange = sorted({c for c in shown.text if ord(c) > 126})
        check(f"--ascii --keys {names!r}: no arrows, boxes or dashes", not [c for c in strange if not "\u4e00" <= c <= "\u9fff"], "ASCII", strange)
    for theme in ("dark", "light"):
        equal(f"--theme {theme}: text is the same", run("--plain", "--theme", theme).out, plain.out)
    # A projector's cells may be larger; what is counted is the same.
    counted = [[line for line in page.text.splitlines() if line.startswith(("  no cache", "  KV cache  ", "  saved"))]
               for page in (plain, run("--plain", "--theme", "projector"))]
    equal("--theme projector: the counters are the same", counted[1], counted[0])
    check("--theme projector: there are counters", len(counted[0]) >= 3 * len(split_pages(plain)), "three a page", counted[0])
