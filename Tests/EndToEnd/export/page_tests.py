"""The web page in a real browser: keys, clicks, swipes, links, a phone, a printer, no script, a hostile recording."""

import base64
import os
import re

from support.browser import Browser, found
from support.checks import check, equal, skip
from support.here import work
from support.pictures import canvas, cells_of, frames_of
from support.program import run, succeeds
from support.recordings import hostile

# It takes a processor of its own.
ALONE = True

RUN = ["--text", "中华人民共和国", "--tokens", "3", "--lang", "zh"]
STEPS = 10

# Rows of the shown picture: where each run of cells stands and how wide it is, in columns, and its text.
SHOWN = """(() => {
  const grid = document.querySelector("section:not([hidden]) .grid");
  const box = grid.getBoundingClientRect();
  const column = parseFloat(getComputedStyle(grid).getPropertyValue("--c"));
  return [...grid.children].map((row) => [...row.children].map((run) => {
    const place = run.getBoundingClientRect();
    return [(place.left - box.left) / column, place.width / column, run.textContent];
  }));
})()"""


def browser():
    if found():
        return Browser(work)
    skip("the page in a browser", "there is no chromium here; it is in the package of that name")
    return None


def page(name, *arguments):
    path = os.path.join(work, name)
    succeeds(name, "export", *arguments, "--format", "html", "-o", path)
    return path


def without_keys(frames):
    """The frames as a page has them: the row of a terminal's keys is empty."""
    return [frame[:-1] + [""] for frame in frames]


def cells_shown(shown):
    """The cells of each row as the browser has placed them; None where a run is not on a column."""
    rows = []
    for runs in shown:
        cells = {}
        for left, width, text in runs:
            if abs(left - round(left)) > 0.02 or not -0.02 < width - round(width) < 0.12:
                return None
            cells.update(cells_of(text, round(left)))
        rows.append(cells)
    return rows


def same_cells(name, chromium, frame):
    """Whether the shown picture is this frame of the canvas, cell by cell."""
    shown = cells_shown(chromium.value(SHOWN))
    wanted = [cells_of(line) for line in frame]
    if shown != wanted:
        rows = [] if shown is None else [y for y, pair in enumerate(zip(shown, wanted)) if pair[0] != pair[1]]
        check(name, False, f"rows {rows} differ: {[wanted[y] for y in rows[:2]]}", [shown[y] for y in rows[:2]] if shown else shown)
    return shown == wanted


def told(chromium):
    return chromium.value("document.querySelector('#say').textContent")


def address(chromium):
    return chromium.value("location.hash")


def quiet(name, chromium):
    equal(f"{name}: nothing is fetched", chromium.fetched(), [])
    equal(f"{name}: the console is empty", chromium.complaints(), [])


def case_steps():
    """By keys and by clicks, every picture is the canvas's, cell by cell."""
    path = page("page.html", *RUN)
    frames = without_keys(canvas(*RUN))
    equal("frames of the canvas", len(frames), STEPS)
    chromium = browser()
    if not chromium:
        return
    with chromium:
        chromium.size(1280, 900)
        chromium.open(path)
        on_keys = [same_cells("the first step", chromium, frames[0])]
        for step in range(1, STEPS):
            chromium.press("ArrowRight")
            on_keys.append(same_cells(f"→ to step {step + 1}", chromium, frames[step]))
            # Seven characters are given, three written.
            if not told(chromium).startswith(f"第 {step + 1}/{STEPS} 步，{'prefill，逐字' if step < 7 else 'decode'}"):
                check("the sentence is the step's", False, step + 1, told(chromium))
        equal("→: every step is the canvas's", on_keys, [True] * STEPS)
        chromium.press("ArrowRight")
        equal("→ at the end stays", address(chromium), f"#step={STEPS}&layer=1&head=1")
        chromium.press("ArrowLeft")
        equal("←", same_cells("←", chromium, frames[STEPS - 2]), True)
        chromium.press("Home")
        equal("Home", (same_cells("Home", chromium, frames[0]), address(chromium)), (True, "#step=1&layer=1&head=1"))
        chromium.press("ArrowLeft")
        equal("← at the beginning stays", address(chromium), "#step=1&layer=1&head=1")
        chromium.press("End")
        equal("End", same_cells("End", chromium, frames[-1]), True)
        chromium.click("#first")
        on_clicks = [same_cells("|←", chromium, frames[0])]
        for step in range(1, STEPS):
            chromium.click("#next")
            on_clicks.append(same_cells(f"a click to step {step + 1}", chromium, frames[step]))
        equal("clicks: every step is the canvas's", on_clicks, [True] * STEPS)
        for selector, step in (("#back", STEPS - 2), ("#first", 0), ("#last", STEPS - 1)):
            chromium.click(selector)
            equal(f"a click on {selector}", same_cells(selector, chromium, frames[step]), True)
        quiet("stepping", chromium)


def case_layers_and_links():
    path = page("page.html", *RUN)
    chromium = browser()
    if not chromium:
        return
    with chromium:
        chromium.size(1280, 900)
        for layer in range(1, 5):
            for head in range(1, 5):
                frames = without_keys(canvas(*RUN, "--layer", str(layer), "--head", str(head), "--step", "8"))
                chromium.open(path, f"#step=8&layer={layer}&head={head}")
                equal(f"a link to step 8, layer {layer}, head {head}", same_cells("linked", chromium, frames[0]), True)
        chromium.open(path, "#step=3&layer=2&head=1")
        for key, hash_ in (("]", "layer=3&head=1"), ("}", "layer=3&head=2"), ("[", "layer=2&head=2"), ("{", "layer=2&head=1")):
            chromium.press(key)
            equal(f"{key} changes layer or head", address(chromium), f"#step=3&{hash_}")
        chromium.value("(() => { const e = document.querySelector('#head'); e.selectedIndex = 3; e.dispatchEvent(new Event('change', {bubbles: true})) })()")
        equal("a head is chosen from the list", (address(chromium), same_cells("chosen", chromium, without_keys(canvas(*RUN, "--layer", "2", "--head", "4", "--step", "3"))[0])),
              ("#step=3&layer=2&head=4", True))
        chromium.value("location.hash = '#step=5&layer=1&head=2'")
        chromium.value("new Promise((done) => setTimeout(done, 50))")
        equal("another link on the same page", same_cells("relinked", chromium, without_keys(canvas(*RUN, "--head", "2", "--step", "5"))[0]), True)
        for wrong in ("#step=0", "#step=99&layer=-1&head=1e9", "#step=<script>", "#%ff", "#step=3.5", "#nothing"):
            chromium.open(path, wrong)
            equal(f"{wrong}: the first", address(chromium), "#step=1&layer=1&head=1")
        quiet("links", chromium)


def case_accessible():
    path = page("page.html", *RUN)
    chromium = browser()
    if not chromium:
        return
    with chromium:
        chromium.size(1280, 900)
        chromium.open(path, "#step=4")
        equal("one live region, polite", chromium.value("[...document.querySelectorAll('[aria-live]')].map((e) => e.getAttribute('aria-live'))"), ["polite"])
        equal("the sentence", told(chromium), "第 4/10 步，prefill，逐字：每个头不用缓存算 16 格，用 KV 缓存算 4 格，省下 12 格；最可能的下一个是「共」。")
        heads = chromium.value("[...document.querySelectorAll('section:not([hidden]) thead th')].map((e) => e.textContent)")
        equal("the numbers' heads", heads, ["", "本步 FLOP", "累计 FLOP", "本步 QKᵀ/头", "累计 QKᵀ/头", "本步 K,V/层", "累计 K,V/层", "缓存"])
        numbers = chromium.value("[...document.querySelectorAll('section:not([hidden]) tbody tr')].map((r) => [...r.children].map((e) => e.textContent))")
        equal("the numbers", [row[:2] + row[3:5] for row in numbers],
              [["不用缓存", "1.77 M", "16 格", "30 格"], ["用 KV 缓存", "574 k", "4 格", "10 格"], ["省下", "67 %", "75 %", "67 %"]])
        equal("the language", chromium.value("document.documentElement.lang"), "zh-CN")
        equal("no application role", chromium.value("document.querySelectorAll('[role=application]').length"), 0)
        small = chromium.value("[...document.querySelectorAll('button,select')].map((e) => e.getBoundingClientRect()).filter((r) => r.width < 44 || r.height < 44).length")
        equal("buttons and lists of 44 px at least", small, 0)
        equal("every button has a name", chromium.value("[...document.querySelectorAll('button')].every((b) => b.getAttribute('aria-label'))"), True)
        equal("hidden steps cannot be reached", chromium.value("[...document.querySelectorAll('section[hidden]')].every((s) => s.getClientRects().length === 0)"), True)
        dark = {}
        for scheme in ("dark", "light"):
            chromium.prefer(scheme)
            dark[scheme] = chromium.value("getComputedStyle(document.body).backgroundColor")
        equal("dark and light as one prefers", dark, {"dark": "rgb(16, 16, 20)", "light": "rgb(255, 255, 255)"})
        quiet("reading", chromium)


def case_phone():
    path = page("page.html", *RUN)
    chromium = browser()
    if not chromium:
        return
    with chromium:
        chromium.size(360, 740, phone=True)
        chromium.open(path, "#step=4")
        equal("the page itself does not scroll sideways", chromium.value("document.documentElement.scrollWidth"), 360)
        shown = chromium.value("[...document.querySelectorAll('section:not([hidden]) .box')].filter((b) => b.getClientRects().length)"
                               ".map((b) => [b.className, b.scrollWidth <= b.clientWidth, b.textContent])")
        equal("the narrow picture alone is shown, and none of it is cut", [(name, whole) for name, whole, _ in shown], [("box narrow", True)])
        text = shown[0][2]
        check("the panes are one above the other", -1 < text.find("不用缓存") < text.find("用 KV 缓存"), "both", text)
        check("no key of a terminal", "帮助" not in text and "离开" not in text, "none", text)
        place = chromium.value("(() => { const r = document.querySelector('#say').getBoundingClientRect(); return [r.left, r.right, r.top, r.bottom] })()")
        check("the sentence is in view", 0 <= place[0] and place[1] <= 360 and 0 <= place[2] and place[3] <= 740, "in 360 x 740", place)
        size = chromium.value("parseFloat(getComputedStyle(document.querySelector('#say')).fontSize)")
        check("the sentence can be read", size >= 16, "16 px", size)
        low = chromium.value("document.querySelector('#say').getBoundingClientRect().top + 10")
        for start, end, step in ((300, 60, 5), (60, 300, 4), (60, 300, 3), (200, 180, 3)):
            chromium.swipe(start, end, low)
            equal(f"a swipe from {start} to {end}", address(chromium), f"#step={step}&layer=1&head=1")
        quiet("a phone", chromium)


def case_without_script():
    path = page("page.html", *RUN)
    chromium = browser()
    if not chromium:
        return
    with chromium:
        chromium.size(1280, 900)
        chromium.allow_scripts(False)
        chromium.open(path)
        texts = chromium.value("[...document.querySelectorAll('section')].map((s) => [s.getClientRects().length, [...s.querySelectorAll('.wide .grid div')].map((r) => r.textContent)])")
        equal("without scripts every step is shown", [[rects, [line.rstrip() for line in lines]] for rects, lines in texts],
              [[1, frame] for frame in without_keys(canvas(*RUN))])
        equal("and its sentence", chromium.value("[...document.querySelectorAll('.told')].every((p) => p.getClientRects().length === 1)"), True)
        equal("and no button", chromium.value("document.querySelector('nav').getClientRects().length"), 0)
        chromium.allow_scripts(True)
        chromium.open(path, "#step=3&layer=2")
        printed = base64.b64decode(chromium.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        equal("a page a step on paper", len(re.findall(rb"/Type\s*/Page\b", printed)), STEPS)
        chromium.prefer("dark", "print")
        equal("paper is white", chromium.value("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        equal("on paper every step is shown", chromium.value("[...document.querySelectorAll('section')].every((s) => s.getClientRects().length === 1)"), True)


def case_hostile():
    """No script of a recording runs, nothing is fetched, and its texts stand there as the canvas has them."""
    for size in ("80x24", "120x36"):
        rows = int(size.split("x")[1])
        path = hostile()
        made = page(f"hostile-{size}.html", path, "--size", size, "--lang", "zh")
        chromium = browser()
        if not chromium:
            return
        with chromium:
            frames = without_keys(frames_of(run("export", path, "--size", size, "--lang", "zh").text, rows))
            chromium.size(1280, 900)
            chromium.open(made)
            same = []
            for frame in frames:
                same.append(same_cells("a hostile frame", chromium, frame))
                chromium.press("ArrowRight")
            equal(f"hostile {size}: every picture is the canvas's", same, [True] * len(frames))
            equal(f"hostile {size}: no script of it ran", chromium.value("typeof window.pwned"), "undefined")
            equal(f"hostile {size}: no element of it", chromium.value("document.querySelectorAll('img, iframe, object, h3, a').length"), 0)
            quiet(f"hostile {size}", chromium)
            chromium.value("(() => { const s = document.createElement('script'); s.textContent = 'window.pwned = 1'; document.body.append(s) })()")
            equal(f"hostile {size}: the policy lets no other script run", chromium.value("typeof window.pwned"), "undefined")


def case_size():
    path = page("whole.html", "--text", "中华人民共和国", "--tokens", "9", "--lang", "zh")
    size = os.path.getsize(path)
    check("16 steps with all layers and heads are under 1 MB", size < 1_000_000, 1_000_000, size)
