"""The frames of --keys."""

from support.checks import begin, check, equal
from support.output import clean_pages, header_lines, split_pages
from support.program import fails, run, succeeds


def case_keys():
    begin("--keys")
    plain = split_pages(run("--plain"))
    frames = succeeds('--keys "Right Right i"', "--keys", "Right Right i")
    clean_pages('--keys "Right Right i"', frames, 80)
    equal('--keys "Right Right i": frames', len(header_lines(frames)), 4)
    parts = split_pages(frames)
    equal("the frames before i are the pages", parts[:3], plain[:3])
    check("i changes the frame", parts[3] != parts[2])
    refused = split_pages(run("--keys", "/ Enter"))[-1]
    check("an empty prompt typed on the screen is not answered with options", "--prompt" not in refused, "type at least one character",
          refused[-700:])
    equal("--keys '': one frame", split_pages(run("--keys", "")), plain[:1])
    equal("--keys of blanks: one frame", split_pages(run("--keys", "   ")), plain[:1])
    equal("--size with --keys", split_pages(run("--keys", "Right", "--size", "120x36")), split_pages(run("--plain", "--size", "120x36"))[:2])
    for forth, back in (("Right", "Left"), ("l", "h"), ("NPage", "PPage"), ("PgDn", "PgUp"), ("PageDown", "PageUp"), ("End", "Home"),
                        ("i", "Escape"), ("?", "Escape"), ("Right Right Right", "Left Left Left"), ("]", "["), ("}", "{")):
        got = split_pages(run("--keys", f"{forth} {back}"))
        equal(f"{forth} {back}: the first frame again", got[-1:], plain[:1])
        if forth in ("Right", "l", "NPage", "PgDn", "PageDown"):
            equal(f"{forth}: the second page", got[1:2], plain[1:2])
    themes = [frame.rsplit("\n", 1) for frame in split_pages(run("--keys", "t t t"))]
    equal("t t t: the first frame again", themes[3][0], themes[0][0])
    equal("t: the footer names each theme", ["theme: " in footer for _, footer in themes], [False, True, True, True])
    got = split_pages(run("--keys", " ".join(["Right"] * 20)))
    equal("Right to the end", got[:16], plain)
    check("Right beyond the end stays at the last step", len(got) == 21 and all("16/16" in frame for frame in got[16:]), "16/16",
          [frame.split("\n")[0] for frame in got[16:]])
    equal("Right beyond the end, then Left and Right: the last page again", split_pages(run("--keys", "End Right Left Right"))[-1], plain[-1])
    equal("End is the last page", split_pages(run("--keys", "End"))[-1], plain[-1])
    equal("Left at the beginning stays; only the footer may say so",
          [frame.split("\n")[:-1] for frame in split_pages(run("--keys", "Left Left"))], [plain[0].split("\n")[:-1]] * 3)
    equal("Left at the beginning, then Right and Left: the first page again", split_pages(run("--keys", "Left Left Right Left"))[-1], plain[0])
    equal("g 5 Enter", split_pages(run("--keys", "g 5 Enter"))[-1], plain[4])
    for name in ("Right", "Left", "Up", "Down", "PPage", "PgUp", "PageUp", "NPage", "PgDn", "PageDown", "Home", "End", "Enter", "Escape",
                 "BSpace", "Tab", "Space", "DC", "Delete", "C-x", "a", "?", "/", "中", "［", "BTab", "IC", "Insert", "F1", "F12", "M-x"):
        equal(f"tmux's name {name} is known", run("--keys", name).code, 0)
    for quit in ("q", "C-c"):
        equal(f"{quit} ends: one frame", len(header_lines(run("--keys", f"{quit} Right Right"))), 1)
    equal("full-width keys count", split_pages(run("--keys", "］ ］"))[-1], split_pages(run("--keys", "] ]"))[-1])
    fresh = run("--keys", "/ 世 界 Enter")
    clean_pages("a new prompt", fresh, 80)
    equal("a new prompt runs", fresh.code, 0)
    check("a new prompt is shown", "世 界" in split_pages(fresh)[-1], "世 界", split_pages(fresh)[-1][:200])
    equal("Escape leaves the prompt alone", split_pages(run("--keys", "/ 世 Escape"))[-1], plain[0])
    again = run("--keys", "Right i f } ] t L d p o")
    equal("two runs print the same frames", again.out, run("--keys", "Right i f } ] t L d p o").out)
    fails("a bad name among good ones", 64, "--keys", "Right Nope Left", words=["Nope"])
    fails("a bad name of control characters is shown clean", 64, "--keys", "\x1b[31m", words=["^["])
    for key in ("Right", "i", "?", "L", "o", "f", "/"):
        huge = run("--keys", " ".join([key] * 300), "--size", "60x16", timeout=20)
        check(f"300 times {key}", huge.code == 0, 0, huge)
