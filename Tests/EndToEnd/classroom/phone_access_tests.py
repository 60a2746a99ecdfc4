"""The phone's page can be used by everybody: WCAG 2.2 AA, by hand, and by axe-core where it is there.

axe-core is looked for in `AXE` (the path of axe.min.js), and in the Python packages that carry it.
"""

import glob
import json
import os
import sys

from support.checks import check, equal, skip
from support.here import work
from support.lecture import Lecture, question
from classroom.phone_tests import browser

ALONE = True

ASKED = [
    ("following", None), ("think", question("think")), ("vote", question("vote", answered=3)), ("discuss", question("discuss")),
    ("vote-again", question("vote-again")), ("reveal", question("reveal", counts=[[3, 5, 12], [1, 15, 4]], answer=1)),
    ("a number", {**question("vote"), "options": None}),
    ("numbers", {**question("reveal"), "options": None, "values": [1, 4, 16], "counts": [[1, 2, 3], [0, 5, 1]], "answer": 1}),
]

# WCAG 2.2, success criterion 1.4.3: every text that is seen, against the first ground behind it.
CONTRAST = """(() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => { const [r, g, b] = rgb.map((v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.getClientRects().length || e.closest("script,style,noscript")) continue;
    const [one, two] = [light(parse(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
    if (ratio < 4.5) poor.push([walker.currentNode.data, ratio]);
  }
  return poor;
})()"""

# 1.4.11: what says that something can be chosen or typed in.
EDGES = """(() => {
  const light = (text) => { const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map((v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const page = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll("label, input[type=text], button")].map((e) => light(getComputedStyle(e).borderTopColor))
    .filter((edge) => (Math.max(edge, page) + .05) / (Math.min(edge, page) + .05) < 3).length;
})()"""

SMALL_TEXT = """[...document.querySelectorAll("body *")].filter((e) => e.getClientRects().length && !e.closest("#box") && e.textContent.trim()
  && parseFloat(getComputedStyle(e).fontSize) < 16).map((e) => e.outerHTML.slice(0, 80))"""

SMALL_TARGETS = """[...document.querySelectorAll("button, label, input[type=text]")].map((e) => [e.tagName, e.getBoundingClientRect().width, e.getBoundingClientRect().height])
  .filter(([, width, height]) => width < 44 || height < 44)"""

# Names, roles and states (4.1.2), structure (1.3.1), language (3.1.1), status messages (4.1.3).
FACTS = """({
  language: document.documentElement.lang, title: document.title, h1: document.querySelectorAll("h1").length,
  levels: [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].filter((e) => e.getClientRects().length).map((e) => Number(e.tagName[1])),
  main: document.querySelectorAll("main").length,
  live: [...document.querySelectorAll("[aria-live]")].map((e) => e.getAttribute("aria-live")),
  ids: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, index, all) => all.indexOf(id) !== index),
  unnamed: [...document.querySelectorAll("input")].filter((e) => !e.labels.length || !e.labels[0].textContent.trim()).length
    + [...document.querySelectorAll("button")].filter((e) => !e.textContent.trim()).length,
  groups: [...document.querySelectorAll("[role=radiogroup]")].filter((e) => !document.getElementById(e.getAttribute("aria-labelledby")).textContent.trim()).length,
  broken: [...document.querySelectorAll("[aria-labelledby], [aria-describedby]")].filter((e) => !document.getElementById(e.getAttribute("aria-labelledby") || e.getAttribute("aria-describedby"))).length,
  heads: [...document.querySelectorAll("th")].filter((e) => !e.scope).length,
  picture: [document.querySelector("#box").tabIndex, document.querySelector("#box").getAttribute("aria-label").length > 0],
  zoom: document.querySelector("meta[name=viewport]").content.match(/maximum-scale|user-scalable/)
})"""

# 1.4.12: nothing is cut where somebody spaces the text out.
SPACED = """(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}");
  document.adoptedStyleSheets = [sheet];
  const wide = document.documentElement.scrollWidth;
  const cut = [...document.querySelectorAll("button, label, h1, h2, p")].filter((e) => e.scrollWidth > e.clientWidth + 1 && e.getClientRects().length).map((e) => e.outerHTML.slice(0, 80));
  document.adoptedStyleSheets = [];
  return [wide, cut];
})()"""


def axe():
    """The text of axe-core, or None."""
    places = [os.environ.get("AXE", "")]
    for folder in sys.path:
        places += glob.glob(os.path.join(folder, "axe*", "**", "axe.min.js"), recursive=True)
    path = next((path for path in places if os.path.isfile(path)), None)
    if path is None:
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()


def by_axe(phone, name, text):
    """What axe-core finds, told by rule and element."""
    # A declaration of a module is none here; the page's own policy forbids scripts that are put into it, not what is evaluated.
    phone.value(text + "; typeof axe")
    found = phone.value("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
                        ".then((r) => [r.passes.length, r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 120))])])")
    check(f"{name}: axe-core has looked", found[0] > 10, "more than 10 rules", found[0])
    equal(f"{name}: axe-core finds nothing", found[1], [])


def at(phone, lecture, name, asked, language):
    lecture.show(f"{name} ({language})", asked, language)
    phone.shows(f"{name} ({language})")


def by_hand(phone, name, language):
    for scheme in ("light", "dark"):
        phone.prefer(scheme)
        equal(f"{name}, {scheme}: texts have a contrast of 4.5", phone.value(CONTRAST), [])
        equal(f"{name}, {scheme}: edges have one of 3", phone.value(EDGES), 0)
    equal(f"{name}: texts of 16 px", phone.value(SMALL_TEXT), [])
    equal(f"{name}: targets of 44 px", phone.value(SMALL_TARGETS), [])
    facts = phone.value(FACTS)
    expected = {"language": "en" if language == "en" else "zh-CN", "title": "kvtui classroom" if language == "en" else "kvtui 课堂", "h1": 1, "main": 1,
                "live": ["polite"], "ids": [], "unnamed": 0, "groups": 0, "broken": 0, "heads": 0, "picture": [0, True], "zoom": None,
                "levels": [1] if name == "following" else [1, 2]}
    equal(f"{name}: names, roles, structure", facts, expected)
    equal(f"{name}: spaced out", phone.value(SPACED), [360, []])


def case_wcag():
    phone = browser()
    if not phone:
        return
    text = axe()
    if text is None:
        skip("axe-core", "it is not here: pip install axe-playwright-python, or AXE=path of axe.min.js")
    with phone, Lecture() as lecture:
        lecture.show("…")
        phone.visit(lecture.url)
        for language in ("zh", "en"):
            for name, asked in ASKED:
                at(phone, lecture, name, asked, language)
                by_hand(phone, name, language)
                if text:
                    for scheme in ("light", "dark"):
                        phone.prefer(scheme)
                        by_axe(phone, f"{name}, {language}, {scheme}", text)
                if language == "zh":
                    phone.prefer("light")
                    phone.picture(os.path.join(work, f"{name}.png"))


def case_narrow():
    """1.4.10: at 320 px, and as wide at a zoom of 400 %, nothing but the picture scrolls sideways."""
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        lecture.show("…")
        phone.visit(lecture.url)
        phone.size(320, 480, phone=True)
        for name, asked in ASKED:
            at(phone, lecture, name, asked, "en")
            equal(f"{name}: 320 px", phone.value("document.documentElement.scrollWidth"), 320)
        long = question("vote", ask="x" * 300, options=["y" * 200, "长" * 200, "z"])
        at(phone, lecture, "long", long, "zh")
        equal("long words break", phone.value("document.documentElement.scrollWidth"), 320)
        phone.picture(os.path.join(work, "long.png"))


def case_keyboard():
    """2.1.1, 2.4.7, 3.2.2: by keys alone, the focus is seen, and choosing does not send."""
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        lecture.show("…", question("vote"))
        phone.visit(lecture.url)
        phone.shows("…")
        order = []
        for _ in range(3):
            phone.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
            phone.call("Input.dispatchKeyEvent", type="keyUp", key="Tab", code="Tab", windowsVirtualKeyCode=9)
            order.append(phone.value("document.activeElement.id || document.activeElement.type"))
            outline = phone.value("getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth")
            equal(f"the focus on {order[-1]} is seen", outline, "solid3px")
            if order[-1] == "radio":
                phone.press(" ")
                phone.press("ArrowDown")
                equal("choosing sends nothing", [phone.value("document.querySelector('input:checked').value"), lecture.news()["counts"]], ["1", []])
                # The state goes on, and the focus stays.
                lecture.show("… …", question("vote", answered=4))
                phone.shows("… …")
                equal("the focus stays", phone.value("document.activeElement.value"), "1")
            if order[-1] == "submit":
                phone.call("Input.dispatchKeyEvent", type="keyDown", key="Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
                check("Enter votes", phone.says("#mine", "你投了 B。结束前可以改。"), phone.text("#mine"))
                equal("and keeps the focus", phone.value("document.activeElement.type"), "submit")
        equal("the order", order, ["radio", "submit", "box"])
