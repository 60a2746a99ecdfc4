"""What each format exports when nothing else is said, of a run and of a recording."""

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import os

from support.checks import check, equal, skip
from support.here import work
from support.output import control_bytes, is_xml
from support.pictures import cells_of, frames_of
from support.program import fails, run, succeeds
from support.recordings import hostile, read, recorded, write

RUN = ["--text", "中华人民共和国", "--tokens", "2"]
STEPS = 9


def marks_of(film):
    return [event[2] for event in map(json.loads, film.text.splitlines()[1:]) if event[1] == "m"]


def case_defaults():
    text = succeeds("txt", "export", *RUN)
    equal("txt is every step, as --plain", text.out, run("--plain", *RUN).out)
    equal("txt: frames", len(frames_of(text.text)), STEPS)
    check("txt: the first layer and head", all("layer 1/4" in frame[2] and "head 1/4" in frame[2] for frame in frames_of(text.text)))
    handout = succeeds("md", "export", *RUN, "--format", "md")
    equal("md is every step", len(re.findall(r"^## Step \d+/9 · (?:prefill one by one|decode)$", handout.text, re.M)), STEPS)
    blocks = re.findall(r"```text\n(.*?)\n```", handout.text, re.S)
    equal("md: its blocks are txt's frames", "\n\n".join(blocks).split("\n"), text.text.rstrip("\n").split("\n"))
    film = succeeds("cast", "export", *RUN, "--format", "cast")
    equal("cast is every step", marks_of(film), [f"{step}/9 {'prefill one by one' if step <= 7 else 'decode'}" for step in range(1, STEPS + 1)])
    page = succeeds("html", "export", *RUN, "--format", "html")
    data = json.loads(page.text.split('id="data">')[1].split("</script>")[0])
    equal("html is every step, layer and head", (data["steps"], data["layers"], data["heads"], len(data["frames"])),
          (list(range(1, STEPS + 1)), [1, 2, 3, 4], [1, 2, 3, 4], 16 * STEPS))
    picture = succeeds("svg", "export", *RUN, "--format", "svg")
    equal("svg is the last step", picture.out, run("export", *RUN, "--format", "svg", "--step", str(STEPS)).out)


def case_chosen():
    every = frames_of(run("export", *RUN).text)
    for steps, first, last in (("3..5", 3, 5), ("1..1", 1, 1), ("9..9", 9, 9), ("1..9", 1, 9)):
        equal(f"--steps {steps}", frames_of(succeeds(f"--steps {steps}", "export", *RUN, "--steps", steps).text), every[first - 1:last])
    equal("--step 4", frames_of(run("export", *RUN, "--step", "4").text), every[3:4])
    for steps in ("0..3", "3..2", "1..10", "..", "1..", "a..b", "1-3", "1..2..3", "3...4"):
        fails(f"--steps {steps!r}", 64, "export", *RUN, f"--steps={steps}", words=["--steps", "A..B"])
    fails("--step and --steps", 64, "export", "--step", "1", "--steps", "1..2", words=["--step", "--steps"])
    fails("a range behind the end-of-sequence token", 64, "export", "--tokens", "40", "--steps", "1..45", words=["45", "27"])
    page = run("export", *RUN, "--format", "html", "--steps", "2..3", "--layer", "2", "--head", "4")
    data = json.loads(page.text.split('id="data">')[1].split("</script>")[0])
    equal("html of a range, a layer, a head", (data["steps"], data["layers"], data["heads"]), ([2, 3], [2], [4]))
    equal("a film of a range begins at 0", [json.loads(line)[0] for line in run("export", *RUN, "--format", "cast", "--steps", "4..5").text.splitlines()[1:]],
          [0, 0.01, 2, 2.01, 4])
    early = run("export", "--tokens", "40")
    equal("a run that ends early is exported to its end", len(frames_of(early.text)), 27)
    equal("a run that ends early: as --plain", early.out, run("--plain", "--tokens", "40").out)
    fails("a film of a version that is not there", 64, "export", "--cast-version", "4", words=["--cast-version", "2", "3"])
    fails("--format py belongs to a lesson", 64, "export", "--format", "py", words=["--lesson", "--format py"])
    many = fails("a page of too many pictures", 64, "export", "--prompt", "床前", "--tokens", "400", "--ignore-eos", "--format", "html",
                 words=["--steps", "--layer"], timeout=120)
    check("a page of too many pictures: how many", "5000" in many.message, "5000", many.message)


def case_recordings():
    path = recorded("run.kvtrace", *RUN)
    for kind in ("txt", "md", "svg", "cast", "html"):
        live, kept = run("export", *RUN, "--format", kind), succeeds(f"{kind} of a recording", "export", path, "--format", kind)
        check(f"{kind}: a recording's picture is the run's but for header and footer", abs(len(live.out) - len(kept.out)) < len(live.out) // 4,
              len(live.out), len(kept.out))
    pairs = zip(frames_of(run("export", *RUN).text), frames_of(run("export", path).text))
    equal("txt: the panes, the counters and the comparison are the run's", [[old[5:-1] == new[5:-1]] for old, new in pairs], [[True]] * STEPS)
    for option in (["--text", "中"], ["--prompt", "中"], ["--model", "tiny-zh"], ["--tokens", "3"], ["--random", "gpt2"]):
        fails(f"a recording with {option[0]}", 64, "export", path, *option, words=[option[0], "FILE"])
    fails("a recording that is not there", 66, "export", os.path.join(work, "nope.kvtrace"), words=["nope.kvtrace"])
    metadata, tensors, data = read(path)
    metadata["format"] = "other"
    fails("a file that is no recording", 65, "export", write("other.kvtrace", metadata, tensors, data), words=["other.kvtrace", "kvtrace"])


def case_hostile():
    """Nothing of a recording's texts reaches a file as more than text."""
    path = hostile()
    for language, size in (("zh", "80x24"), ("en", "120x36"), ("zh", "60x16")):
        options = [path, "--lang", language, "--size", size]
        name = f"{language} {size}"
        picture = succeeds(f"svg {name}", "export", *options, "--format", "svg")
        check(f"svg {name}: well-formed", is_xml(picture.out), "XML", picture.text[:200])
        tags = {element.tag.split("}")[1] for element in ElementTree.fromstring(picture.out).iter()}
        equal(f"svg {name}: its own elements alone", tags - {"title"}, {"svg", "rect", "text"})
        page = succeeds(f"html {name}", "export", *options, "--format", "html")
        equal(f"html {name}: two scripts, its own", len(re.findall(r"<\s*/\s*script", page.text, re.I)), 2)
        markup = page.text.split("<body>")[1].split('id="data"')[0]
        tags = set(re.findall(r"<([a-z0-9]+)", markup))
        equal(f"html {name}: its own elements alone", tags - {"main", "h1", "nav", "button", "label", "select", "option", "p", "section", "h2",
                                                              "div", "i", "table", "thead", "tbody", "tr", "th", "td", "script"}, set())
        handout = succeeds(f"md {name}", "export", *options, "--format", "md")
        equal(f"md {name}: as many headings as steps", len(re.findall(r"^#+ ", handout.text, re.M)), 17)
        film = succeeds(f"cast {name}", "export", *options, "--format", "cast")
        for line in film.text.splitlines()[1:]:
            event = json.loads(line)
            rest = re.sub(r"\x1b\[(?:\?25l|H|2J|\d+;1H|[0-9;]*m)", "", event[2])
            if control_bytes(rest.encode()):
                check(f"cast {name}: its own sequences alone", False, "", control_bytes(rest.encode())[:9])
        for kind, made in (("svg", picture), ("html", page), ("md", handout), ("cast", film), ("txt", run("export", *options))):
            check(f"{kind} {name}: clean", not control_bytes(made.out), "", control_bytes(made.out)[:9])


def case_svg_in_a_rasteriser():
    """Every 汉字 of a picture has a place of its own, and rsvg-convert draws it."""
    picture = run("export", "--format", "svg", "--lang", "zh", "--step", "4", "-o", "picture.svg")
    equal("svg -o", picture.code, 0)
    root = ElementTree.parse(os.path.join(work, "picture.svg")).getroot()
    frame = frames_of(run("export", "--lang", "zh", "--step", "4").text)[0]
    shown = {}
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        column, row = int(element.get("x")) // 10, int(element.get("y")) // 20
        check("a wide glyph stands alone", len(element.text) == 1 or element.text.isascii(), element.text) if len(element.text) > 1 else None
        shown.update({(row, place): glyph for place, glyph in cells_of(element.text, column).items()})
    wanted = {(row, place): glyph for row, line in enumerate(frame) for place, glyph in cells_of(line).items()}
    equal("svg: every cell is the canvas's", shown, wanted)
    if not shutil.which("rsvg-convert"):
        skip("a rasteriser", "there is no rsvg-convert here; it is in the package librsvg2-bin")
        return
    done = subprocess.run(["rsvg-convert", "-z", "2", "picture.svg", "-o", "picture.png"], cwd=work, capture_output=True, timeout=60, check=False)
    equal("rsvg-convert has no complaint", (done.returncode, done.stderr), (0, b""))
    with open(os.path.join(work, "picture.png"), "rb") as file:
        head = file.read(24)
    equal("the picture's size in points, doubled", (int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")), (1600, 960))
