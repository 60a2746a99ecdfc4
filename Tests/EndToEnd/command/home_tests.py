"""The menu without a terminal: what it says and shows is what the commands count."""

import json
import os
import re
import unicodedata

from support.checks import begin, check, equal
from support.here import LESSONS, work
from support.output import split_pages
from support.program import environment, run, succeeds

KEYS = {1: "1", 3: "3", 4: "4", 5: "5", 13: "1 3"}
# The text of each lesson's own scene, and the step that it shows.
SCENES = {
    1: (["--text", "中", "--tokens", "6"], 6), 3: (["--text", "中华人民共和国"], 3), 4: (["--text", "中华人民共和国"], 4),
    5: (["--text", "中华人民共和国"], 4),
    13: (["--text", "床前明月光，疑是地上"], 4),
}
LAST = " ".join(str(LESSONS))  # the keys that choose the last lesson


def fresh(name):
    """An environment in which nothing has been learned."""
    folder = os.path.join(work, name)
    os.makedirs(folder, exist_ok=True)
    return environment(XDG_STATE_HOME=folder, LANG="C.UTF-8")


def menu(keys, size="120x36", env=None, language="zh"):
    out = succeeds(f"the menu {size} {keys}", "lesson", "--lang", language, "--size", size, "--keys", keys,
                   env=env or fresh("home-nobody"))
    return split_pages(out)[-1]


def tool_line(letter):
    """How many tools below the last lesson one stands: its letter finds its line."""
    out = succeeds(f"the menu down to {letter}", "lesson", "--size", "120x36", "--keys", LAST + " Right" * 30, env=fresh("home-nobody"))
    for place, frame in enumerate(split_pages(out)[2:]):
        if re.search(rf"▸\s+{letter} ", frame):
            return place
    return 0


def beside(frame):
    """What stands beside the list."""
    return "\n".join(line.split("│", 1)[1] for line in frame.split("\n") if "│" in line)


def steps(options):
    lines = [json.loads(line) for line in run("run", *options, "--json").text.splitlines()]
    return {line["step"]: line for line in lines if line["type"] == "step"}


def case_pictures():
    """Every number of a lesson's picture is the run's."""
    begin("the menu's pictures")
    for lesson, (options, number) in SCENES.items():
        step = steps(options)[number]
        picture = beside(menu(KEYS[lesson]))
        counts = {"不用缓存": step["uncached"]["cells"], "用缓存": step["cached"]["cells"]}
        said = dict(re.findall(r"(?<![\w])(不用缓存|用缓存) (\d+) 格", picture))
        check(f"lesson {lesson}: some are counted", said, "counts", picture)
        for name, count in said.items():
            equal(f"lesson {lesson}: cells, {name}", int(count), counts[name])
        # The same step on the run screen has the same rows of weights.
        page = split_pages(run("run", *options, "--lang", "zh", "--size", "80x24", "--plain"))[number - 1]
        numbers = [re.findall(r"(?<![\w.])(?:\.\d\d|1\.0)(?![\w.])", line) for line in picture.split("\n")]
        own = [re.findall(r"(?<![\w.])(?:\.\d\d|1\.0)(?![\w.])", line.split("│")[0]) for line in page.split("\n")]
        own += [re.findall(r"(?<![\w.])(?:\.\d\d|1\.0)(?![\w.])", line.split("│")[-1]) for line in page.split("\n")]
        if lesson not in (3, 5, 13) or all(len(row) <= 4 for row in numbers):
            for row in filter(None, numbers):
                check(f"lesson {lesson}: the row {row} is the run's", row in own, "a row of the run screen", page)


def case_tools():
    """What a tool's picture says is what its command says."""
    begin("the menu's tools")
    def tool(letter):
        return beside(menu(LAST + " Right" * tool_line(letter)))
    planner = json.loads(run("memory", "--model", "llama-2-7b", "--gpu", "a10", "--context", "4096", "--batch", "4", "--json").text)
    card = tool("m")
    check("the card's weights", f"{planner['weights_bytes'] / 1e9:.2f} GB" in card, planner["weights_bytes"], card)
    check("it says that it is worked out", "没有运行" in card, "没有运行", card)
    total = [json.loads(line) for line in run("run", "--text", "中华人民共和国", "--tokens", "0", "--json").text.splitlines()][-1]
    piles = tool("g")
    for side in ("uncached", "cached"):
        check(f"the pile {side}", re.search(rf"(?<!\d){total[side]['cells']}(?!\d)", piles), total[side]["cells"], piles)
    check("a tool without a picture has words", "prefill" in tool("p"), "words", tool("p"))


def columns_of(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def case_screens():
    """Where there is room a tool's line has the tool's own screen beside it, as it is at that size."""
    begin("the menu's screens")
    for size in ("120x36", "200x60"):
        columns, rows = map(int, size.split("x"))
        for keys in ("c Enter Enter Enter Enter", "x", "a", "s", "d", "f"):
            frame = menu(LAST + " Right" * tool_line(keys[0]), size).split("\n")
            beside_it = [line.split("│", 1)[1][1:].rstrip() for line in frame if "│" in line]
            left = next(line for line in frame if "│" in line).split("│", 1)[0]
            # The menu keeps a title, a blank line and six of words; the tool's title and keys are left out.
            height = rows - 9
            own = menu(keys, f"{columns - columns_of(left) - 3}x{height}").split("\n")
            equal(f"{size} {keys[0]}", beside_it[2:height], [line.rstrip() for line in own[1:height - 1]])


def case_progress():
    """What was learned is what the menu says."""
    begin("the menu's progress")
    env = fresh("home-learner")
    # Right at once, then shown, which goes on, then left on the last screen.
    run("lesson", "1", "--keys", "2 8 Enter n s Enter n", env=env)
    frame = menu("1", env=env)
    line = next(line.split("│")[0] for line in frame.split("\n") if "逐字生成" in line.split("│")[0])
    check("right at once", "1/4" in line, "1/4", line)
    check("where one stopped", "停在第 4/4 屏" in frame, "4/4", frame)
    check("what to review", "有 1 题没答上" in frame, "1", frame)
    check("none is done", f"已学 0/{LESSONS} 课" in frame, f"0/{LESSONS}", frame)
    run("lesson", "1", "--keys", "n", env=env)
    frame = menu("1", env=env)
    check("one is done", f"已学 1/{LESSONS} 课" in frame and "停在" not in frame, f"1/{LESSONS}", frame)
    page = split_pages(run("lesson", "--keys", "2 Enter n n q Enter", "--lang", "zh", env=env))[-1]
    check("Enter goes on where one was", "第 2 课" in page and "3/4" in page, "3/4", page)


def case_sizes():
    """Nothing is wider or higher than the screen, in both languages."""
    begin("the menu's sizes")
    for size in ("60x16", "80x24", "120x36", "200x60", "40x10", "20x5"):
        columns, rows = map(int, size.split("x"))
        for language in ("zh", "en"):
            frame = menu("5", size, language=language)
            lines = frame.rstrip("\n").split("\n")
            wide = [line for line in lines if sum(2 if ord(c) > 0x2E80 else 1 for c in line) > columns]
            check(f"{size} {language}", not wide and len(lines) <= rows, size, frame)
    picture = menu("5", "60x16")
    check("60 x 16 keeps the picture", "中+" in picture and "×" in picture, "cells", picture)
