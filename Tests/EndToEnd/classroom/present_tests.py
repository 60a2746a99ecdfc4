"""`kvtui present` on a terminal: what phones, terminals and the presenter's own are told, votes, commands, results, and its ends."""

import json
import os
import re
import shutil
import signal
import time

from support.checks import check, equal
from support.here import REPOSITORY
from support.lecture import free_port
from support.presentation import BACK, ENTER, Presenter, Reader, connects, mode
from support.program import run
from support.pseudo_terminal import QUIET, Pty
from support.waiting import poll

QUESTION = "03-recomputing/cells-at-4"


def results(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (FileNotFoundError, ValueError):
        return None


def case_a_question(place):
    """A question goes through its phases; what is told of it depends on who asks."""
    file = place.fresh() + "/results.json"
    shared = place.fresh() + "/share"
    with Presenter(place, "3", "--share", shared, "--results", file) as presenter:
        state = presenter.phase("think")
        said = presenter.said()
        for word in (presenter.url, presenter.socket, shared, "plain HTTP"):
            check(f"says {word}", word in said, word, said)
        equal("the owner's socket", mode(presenter.socket), "0o140600")
        equal("the shared socket", mode(shared), "0o140666")
        equal("the first state is number 1", state["sequence"], 1)
        check("a picture", state["canvas"]["html"].startswith('<div class="grid"') and len(state["canvas"]["styles"]) > 2, state["canvas"])
        equal("the page", presenter.ask("GET", "")[0], 200)
        with presenter.owner() as notes, Reader(shared) as follower:
            begin = notes.until(lambda document: True)
            equal("notes know the answer", begin["backstage"]["answer"], 16)
            other = follower.until(lambda document: True)
            equal("followers do not", [name for name in ("backstage", "counts", "answer") if name in other or name in other["question"]], [])
            equal("and draw themselves", other["canvas"], None)
            equal("no vote yet", presenter.vote("early", 16), 409)
            notes.say("go-on", "no command", "x" * 200)
            presenter.phase("vote")
            equal("votes", [presenter.vote(f"device {number}", 16 if number % 2 else 9) for number in range(7)], [204] * 7)
            state = presenter.until(lambda state: state["question"]["answered"] == 7)
            equal("only how many", [state["question"]["answered"], "counts" in state["question"], "answer" in state["question"]], [7, False, False])
            notes.until(lambda document: sum(document["backstage"]["counts"][0]) == 7)
            equal("notes see what", [notes.documents[-1]["backstage"][name] for name in ("values", "counts")], [[9, 16], [[4, 3], [0, 0]]])
            presenter.press(ENTER)
            presenter.phase("discuss")
            equal("no vote meanwhile", presenter.vote("device 0", 16, 1), 409)
            presenter.press(ENTER)
            presenter.phase("vote-again")
            equal("again", [presenter.vote(f"device {number}", 16, 2) for number in range(5)], [204] * 5)
            presenter.until(lambda state: state["question"]["answered"] == 5)
            check("the shared socket is written by nobody", "reveal" not in json.dumps(presenter.state()["question"]))
            follower.say("go-on")
            presenter.press(ENTER)
            state = presenter.phase("reveal")
            equal("both rounds", [state["question"][name] for name in ("values", "counts", "answer")], [[9, 16], [[4, 3], [0, 5]], 1])
            equal("the run has gone on to the answer", state["show"]["step"], 4)
            follower.until(lambda document: document["sequence"] == state["sequence"])
            equal("terminals get the same", {**follower.documents[-1], "canvas": 0}, {**state, "canvas": 0})
            # Seconds pass backstage alone.
            latest = notes.documents[-1]["sequence"]
            notes.until(lambda document: document["sequence"] > latest + 1)
            equal("a second is no news to phones", presenter.state()["sequence"], state["sequence"])
            for reader in (notes, follower):
                numbers = [document["sequence"] for document in reader.documents]
                equal("in order", numbers, sorted(set(numbers)))
        poll(lambda: (results(file) or {"questions": [{"answer": None}]})["questions"][0]["answer"])
        written = results(file)["questions"][0]
        equal("the results", [written[name] for name in ("id", "values", "rounds", "answer", "hands")],
              [QUESTION, [9, 16], [[4, 3], [0, 5]], {"value": 16}, []])
        presenter.press(BACK, b"q", b"q")
        equal("the end", presenter.terminal.end(), 0)
        equal("nothing is left", [path for path in (presenter.socket, shared) if os.path.exists(path)], [])
        equal("the place is, in the middle", os.path.exists(presenter.kept), True)
        ended = presenter.terminal.output.decode("utf-8", "replace")
        check("both are said after the end", file in ended and "the place is kept" in ended, ended[-400:])
        check("nothing in them leads to a device", "device" not in json.dumps(results(file)))


def case_blank_and_spotlight(place):
    """All who follow are told that the wall is blank and what the spotlight falls on; as long as neither is, the fields are absent."""
    shared = place.fresh() + "/share"
    with Presenter(place, "--text", "中华人民共和国", "--tokens", "0", "--share", shared) as presenter:
        state = presenter.until(lambda state: state["canvas"])
        with Reader(shared) as follower:
            equal("neither", [name in state for name in ("blank", "spotlight")], [False, False])
            presenter.press(ENTER, ENTER)
            for light in ("cell", "row", "strip", None):
                presenter.press(b".")
                state = presenter.until(lambda state, light=light: state.get("spotlight") == light)
                equal(f"phones: {light}", [state.get("spotlight"), "spotlight" in state], [light, light is not None])
                told = follower.until(lambda document, light=light: document.get("spotlight") == light)
                equal(f"terminals: {light}", told.get("spotlight"), light)
            presenter.press(b"b")
            state = presenter.until(lambda state: state.get("blank"))
            equal("blank", [state["blank"], state["canvas"]], [True, None])
            equal("terminals too", follower.until(lambda document: document.get("blank"))["blank"], True)
            presenter.press(b"b")
            state = presenter.until(lambda state: "blank" not in state)
            check("the picture is back", state["canvas"] and "blank" not in state, state)


def case_votes_are_told_slowly(place):
    """However fast votes come, nobody is told of them more than four times a second."""
    with Presenter(place, "3") as presenter:
        presenter.phase("think")
        with presenter.owner() as notes:
            presenter.press(ENTER)
            question = presenter.phase("vote")["question"]["id"]
            notes.until(lambda document: document["question"]["phase"] == "vote")
            before = len(notes.documents)
            began = time.monotonic()
            for number in range(120):
                presenter.vote(f"device {number}", 16, 1, question)
                # The screen is looked at, and so are votes, while they come.
                presenter.terminal.read(0.01)
            presenter.until(lambda state: state["question"]["answered"] == 120)
            passed = time.monotonic() - began
            notes.until(lambda document: document["question"]["answered"] == 120)
            told = len({document["question"]["answered"] for document in notes.documents[before:]})
            check("four times a second at most", 1 < told <= 4 * passed + 2, f"at most {4 * passed + 2:.0f}", told)


def case_killed(place):
    """After `kill -9` the next start goes on where it was, with the same code and port; who follows comes back by himself."""
    shared, file = place.fresh() + "/share", place.fresh() + "/results.json"
    arguments = ("3", "--share", shared, "--results", file)
    with Presenter(place, *arguments) as first:
        first.phase("think")
        first.press(ENTER)
        first.phase("vote")
        equal("votes", [first.vote(f"device {number}", 16) for number in range(3)], [204] * 3)
        first.until(lambda state: state["question"]["answered"] == 3)
        first.press(ENTER)
        last = first.phase("discuss")["sequence"]
        reader = first.owner()
        reader.until(lambda document: True)
        poll(lambda: os.path.exists(first.kept) and '"discuss"' in open(first.kept, encoding="utf-8").read())
        os.kill(first.pid, signal.SIGKILL)
        first.terminal.end()
        poll(lambda: reader.read() or reader.has_ended)
        check("who reads is told by the socket's end", reader.has_ended)
        equal("sockets are left", [bool(mode(path)) for path in (first.socket, shared)], [True, True])
        with Presenter(place, *arguments, home=first.home, port=first.port) as second:
            state = second.phase("discuss")
            equal("where it was", [state["show"]["screen"], state["question"]["answered"]], ["one-step", 3])
            check("its number is larger", state["sequence"] > last, last, state["sequence"])
            check("it says so", "--from-start" in second.said(), second.said())
            equal("sockets are its own", [connects(path) for path in (second.socket, shared)], [True, True])
            second.press(ENTER)
            second.phase("vote-again")
            equal("they vote on", [second.vote(f"device {number}", 9, 2) for number in range(2)], [204] * 2)
            second.until(lambda state: state["question"]["answered"] == 2)
            second.press(ENTER)
            state = second.phase("reveal")
            equal("both rounds", [state["question"][name] for name in ("values", "counts")], [[9, 16], [[0, 3], [2, 0]]])
            equal("in the results too", results(file)["questions"][0]["rounds"], [[0, 3], [2, 0]])
            second.press(b"q", b"q")
            equal("the end", second.terminal.end(), 0)
        with Presenter(place, *arguments, home=first.home, port=first.port) as third:
            equal("left in the middle it goes on", third.phase("reveal")["question"]["counts"], [[0, 3], [2, 0]])
            third.press(b">", b">", b">")
            third.until(lambda state: state["show"]["screen"] == "last-row")
            third.press(b"x", b"x")
            third.phase("reveal")
            third.press(b"q", b"q")
            equal("its last end", third.terminal.end(), 0)
            equal("that is forgotten", os.path.exists(third.kept), False)
        with Presenter(place, *arguments, home=first.home) as fourth:
            equal("the next begins anew", fourth.phase("think")["sequence"], 1)
            check("beside the results that are there", "results-2.json" in fourth.said(), fourth.said())
            equal("which nobody writes without a vote", os.path.exists(file.replace(".json", "-2.json")), False)
            equal("nor over", results(file)["questions"][0]["rounds"], [[0, 3], [2, 0]])


def case_hands(place):
    """Hands come on top of phones, on the wall and from notes; typed anew they replace hands alone, and phones go on to count."""
    file = place.fresh() + "/results.json"
    with Presenter(place, "3", "--results", file) as presenter:
        presenter.phase("think")
        equal("no file without a vote", os.path.exists(file), False)
        with presenter.owner() as notes:
            presenter.press(ENTER)
            presenter.phase("vote")

            def answered(name, count):
                equal(name, presenter.until(lambda state: state["question"]["answered"] == count)["question"]["answered"], count)

            equal("phones", [presenter.vote(f"device {number}", 16) for number in range(4)], [204] * 4)
            answered("they count", 4)
            presenter.press(b"v", b"28:2", ENTER)
            answered("hands on top", 6)
            equal("a phone later", presenter.vote("device 9", 9), 204)
            answered("counts too", 7)
            notes.say("hands 28:3 9:1")
            answered("hands from notes replace hands", 9)
            told = notes.until(lambda document: document["backstage"]["hands"] == [4, 0])["backstage"]
            equal("notes see both", [told[name] for name in ("values", "counts")], [[9, 16, 28], [[2, 4, 3], [0, 0, 0]]])
            notes.say("hands", "hands nonsense", "hands 1:x")
            answered("empty hands are none", 5)
            presenter.press(b"v", b"28:2", ENTER)
            answered("hands again", 7)
            # What is told is kept a moment later.
            check("is kept", poll(lambda: '"hands":[[[28.0,2]],' in open(presenter.kept, encoding="utf-8").read()))
            os.kill(presenter.pid, signal.SIGKILL)
            presenter.terminal.end()
        with Presenter(place, "3", "--results", file, home=presenter.home, port=presenter.port) as second:
            second.phase("vote")
            equal("they are kept apart", second.vote("device 10", 16), 204)
            equal("and counted", second.until(lambda state: state["question"]["answered"] == 8)["question"]["answered"], 8)
            second.press(b"v", ENTER)
            equal("until they are cleared", second.until(lambda state: state["question"]["answered"] == 6)["question"]["answered"], 6)
            second.press(b"v", b"28:1", ENTER, b"x", b"x")
            question = second.phase("reveal")["question"]
            equal("the reveal has the sum", [question[name] for name in ("values", "counts", "answered")], [[9, 16, 28], [[1, 5, 1], [0, 0, 0]], 7])
            written = poll(lambda: (results(file) or {"questions": [{"answer": None}]})["questions"][0]["answer"]) and results(file)
            equal("so have the results", [written["questions"][0][name] for name in ("values", "rounds", "hands", "answer")],
                  [[9, 16, 28], [[1, 5, 1], [0, 0, 0]], [[0, 0, 1], [0, 0, 0]], {"value": 16}])
            equal("and when it was", [written["format"], written["title"], len(written["date"])], ["kvtui results 2", None, 25])


def case_results_stay(place):
    """What another class voted is never replaced: neither by the same line again, nor by a presentation that goes on and had no file."""
    home, file = place.fresh(), place.fresh() + "/votes.json"
    second_file = file.replace(".json", "-2.json")

    def vote(presenter, answer):
        presenter.press(ENTER)
        presenter.phase("vote")
        presenter.press(b"v", answer, ENTER)
        presenter.until(lambda state: state["question"]["answered"] > 0)

    with Presenter(place, "3", "--results", file, home=home) as presenter:
        presenter.phase("think")
        vote(presenter, b"16:30")
        poll(lambda: results(file))
        presenter.press(b"q", b"q")
        equal("the first class", [presenter.terminal.end(), results(file)["questions"][0]["rounds"]], [0, [[30], [0]]])
    with Presenter(place, "3", "--from-start", home=home) as presenter:
        presenter.phase("think")
        presenter.press(ENTER)
        presenter.phase("vote")

        def is_its_own(kept):
            return '"vote"' in kept and "[16.0,30]" not in kept

        check("its place is kept, not the first's", poll(lambda: is_its_own(open(presenter.kept, encoding="utf-8").read())))
        os.kill(presenter.pid, signal.SIGKILL)
        presenter.terminal.end()
    with Presenter(place, "3", "--results", file, home=home) as presenter:
        presenter.phase("vote")
        check("it says where results go", "votes-2.json" in presenter.said(), presenter.said())
        presenter.press(b"v", b"16:1", ENTER)
        presenter.until(lambda state: state["question"]["answered"] == 1)
        equal("there they are", poll(lambda: results(second_file)) and results(second_file)["questions"][0]["rounds"], [[1], [0]])
        equal("the first class's stay", results(file)["questions"][0]["rounds"], [[30], [0]])
        check("the place is kept too", poll(lambda: "[16.0,1]" in open(presenter.kept, encoding="utf-8").read()))
        os.kill(presenter.pid, signal.SIGKILL)
        presenter.terminal.end()
    with Presenter(place, "3", "--results", file, home=home) as presenter:
        presenter.phase("vote")
        presenter.press(b"v", b"16:2", ENTER)
        presenter.until(lambda state: state["question"]["answered"] == 2)
        check("what goes on has its own file", poll(lambda: results(second_file)["questions"][0]["rounds"] == [[2], [0]]), results(second_file))
        equal("and no third", os.path.exists(file.replace(".json", "-3.json")), False)


def case_another_meanwhile(place):
    """Another presentation does not forget where a lecture was."""
    with Presenter(place, "--course", "45") as first:
        first.until(lambda state: True)
        first.press(b">", b">", b">")
        show = first.until(lambda state: state["show"]["lesson"].startswith("03"))["show"]
        poll(lambda: '"item":2' in open(first.kept, encoding="utf-8").read())
        first.press(b"q", b"q")
        equal("it ends", first.terminal.end(), 0)
    with Presenter(place, "4", home=first.home) as other:
        other.phase("think")
        other.press(b"q", b"q")
        equal("another", other.terminal.end(), 0)
    with Presenter(place, "--course", "45", home=first.home) as second:
        equal("where it was", second.until(lambda state: state["show"]["lesson"].startswith("03"))["show"], show)


def case_program_replaced(place):
    """A program that is replaced, and lessons that go away, while it runs stop no lecture."""
    home = place.fresh()
    shutil.copytree(os.path.join(REPOSITORY, "lessons"), home + "/share/kvtui/lessons")
    for name in ("models", "lectures"):
        os.symlink(os.path.join(REPOSITORY, name), home + "/share/kvtui/" + name)
    os.mkdir(home + "/bin")
    program = shutil.copy(place.kvtui()[0], home + "/bin/kvtui")
    with Presenter(place, "--course", "45", program=program) as presenter:
        presenter.until(lambda state: True)
        os.unlink(program)
        shutil.rmtree(home + "/share/kvtui/lessons")
        for lesson in ("01", "02", "03", "03", "04"):
            presenter.press(b">")
            presenter.until(lambda state, lesson=lesson: state["show"]["lesson"].startswith(lesson))
        equal("it goes on", presenter.state()["show"]["lesson"], "04-why-k-and-v")
        presenter.press(b"L")
        state = presenter.until(lambda state: re.search("[一-鿿]", state["question"]["ask"]))
        check("in the other language too", re.search("[一-鿿]", state["question"]["ask"]), state["question"])


def case_killed_elsewhere(place):
    """Wherever it was: a step of a run, another screen of a lesson, another part of a lecture."""
    for arguments, keys, where in (
            (("--prompt", "春天", "--tokens", "30", "--ignore-eos"), [ENTER] * 7, lambda show: show["step"] == 8),
            (("3",), [b"x", b"x", ENTER], lambda show: show["screen"] != "one-step"),
            (("--course", "45"), [b">", b">", b">"], lambda show: not show["lesson"].startswith(("01", "02")))):
        with Presenter(place, *arguments) as first:
            first.until(lambda state: True)
            first.press(*keys)
            show = first.until(lambda state, where=where: where(state["show"]))["show"]
            check(f"{arguments[0]}: it went on", where(show), show)
            poll(lambda: os.path.exists(first.kept) and f'"step":{show["step"]}' in open(first.kept, encoding="utf-8").read())
            os.kill(first.pid, signal.SIGKILL)
            first.terminal.end()
            with Presenter(place, *arguments, home=first.home, port=first.port) as second:
                again = second.until(lambda state, where=where: where(state["show"]))["show"]
                equal(f"{arguments[0]}: where it was", again, show)
                equal(f"{arguments[0]}: after that", second.terminal.ended(), False)
            with Presenter(place, *arguments, "--from-start", home=first.home) as third:
                begin = third.until(lambda state: True)["show"]
                check(f"{arguments[0]}: --from-start", not where(begin), begin)


def case_hosts(place):
    """A name that was given is one that phones may ask for; another is not, as it may lead here by somebody else's doing."""
    with Presenter(place, "3", "--host", "teacher.local", "--host", "lab:80") as presenter:
        presenter.phase("think")
        check("the name is said first", f"http://teacher.local:{presenter.port}/j/X7H2" in presenter.said(), presenter.said())
        for host, status in ((f"teacher.local:{presenter.port}", 200), ("LAB:80", 200), ("teacher.local", 421), (f"evil.example:{presenter.port}", 421)):
            equal(host, presenter.ask("GET", "/state", fields={"Host": host})[0], status)


def case_code_and_port_are_kept(place):
    """Without --code, and with a port of the system's, the next start has those that phones know."""
    home = place.fresh()
    with Presenter(place, "3", home=home, port=None) as first:
        first.phase("think")
        poll(lambda: os.path.exists(first.kept))
        os.kill(first.pid, signal.SIGKILL)
        first.terminal.end()
        with open(first.kept, encoding="utf-8") as kept:
            document = json.load(kept)
        with open(first.kept, "w", encoding="utf-8") as kept:
            json.dump({**document, "code": "GGGG"}, kept)
        second = Pty(place, place.kvtui("present", "3", "--serve", "0"), first.variables)
        try:
            url = f"http://127.0.0.1:{first.port}/j/GGGG"
            check("the same", second.until(lambda output: url.encode() in output), url, second.output[:500])
        finally:
            second.close()


def case_signals(place):
    """A signal that ends it removes the sockets, writes the results and gives the terminal back; the next start goes on."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        file = place.fresh() + "/results.json"
        with Presenter(place, "3", "--results", file) as presenter:
            presenter.phase("think")
            presenter.press(ENTER)
            presenter.phase("vote")
            presenter.vote("device", 16)
            presenter.until(lambda state: state["question"]["answered"] == 1)
            os.kill(presenter.pid, number)
            equal(f"{number.name}: how it ends", presenter.terminal.end(), -number)
            presenter.terminal.read(0.1)
            check(f"{number.name}: the terminal", presenter.terminal.output.rstrip().endswith((b"\x1b[23;0;0t", b"\x1b[?1049l")), presenter.terminal.output[-80:])
            equal(f"{number.name}: the socket", os.path.exists(presenter.socket), False)
            equal(f"{number.name}: the results", results(file)["questions"][0]["rounds"], [[1], [0]])
            check(f"{number.name}: the place is kept", os.path.exists(presenter.kept))


def case_refusals(place):
    """What cannot be shared is said in a sentence before the screen opens."""
    home = place.fresh()
    variables = {"HOME": home, "XDG_RUNTIME_DIR": home + "/run"}
    with Presenter(place, "3", home=home) as presenter:
        presenter.phase("think")

        def refused(name, arguments, code, word, changes=None):
            other = Pty(place, place.kvtui("present", *arguments), changes or {"HOME": place.fresh(), "XDG_RUNTIME_DIR": place.fresh()})
            other.end()
            other.read(0.1)
            text = other.output.decode("utf-8", "replace")
            equal(f"{name}: exit code", other.code, code)
            check(f"{name}: one sentence", word in text and "\x1b" not in text and text.strip().count("\n") == 0, word, text)
            other.close()

        refused("a second presentation", ["3"], 73, "going on", variables)
        refused("a port that is taken", ["3", "--serve", str(presenter.port)], 70, str(presenter.port))
        refused("no port", ["3", "--serve", "x"], 64, "--serve")
        refused("no code", ["3", "--serve", "0", "--code", "AEIO"], 64, "--code")
        refused("no host", ["3", "--serve", "0", "--host", "a b"], 64, "--host")
        refused("no folder to share in", ["3", "--share", "/nowhere/s"], 73, "/nowhere/s")
        refused("a file to share at", ["3", "--share", __file__], 73, "socket")
        refused("no folder for results", ["3", "--results", "/nowhere/r"], 73, "/nowhere/r")
        refused("a folder for results", ["3", "--results", home], 73, home)
        refused("checking where nothing can listen", ["--check", str(presenter.port)], 70, str(presenter.port))
        equal("the first goes on", presenter.state()["question"]["phase"], "think")
    done = run("present", "3", "--keys", "Enter", "--serve", "0")
    equal("keys without a terminal have no phones", [done.code, "--serve" in done.message], [64, True])


def case_broken_state(place):
    """What was kept and makes no sense is said and left; the lecture begins."""
    home = place.fresh()
    with Presenter(place, "3", home=home) as presenter:
        presenter.phase("think")
        poll(lambda: os.path.exists(presenter.kept))
        kept = presenter.kept
        os.kill(presenter.pid, signal.SIGKILL)
        presenter.terminal.end()
    for content in (b"", b"{", b"\xff" * 100, b'{"format":1,"parts":["lesson\t03-recomputing"],"sequence":-1}', b"x" * (17 << 20)):
        with open(kept, "wb") as file:
            file.write(content)
        with Presenter(place, "3", home=home) as presenter:
            presenter.phase("think")
            check(f"{content[:20]}: it is said", os.path.basename(kept) in presenter.said(), presenter.said())


def case_check(place):
    """`present --check`: a page, a code of its own, words to compare, and what came of it."""
    port = free_port()
    terminal = Pty(place, place.kvtui("present", "--check", str(port), "--code", "X7H2"), QUIET)
    page = Presenter.__new__(Presenter)
    page.port = port
    try:
        check("it opens", terminal.until(lambda output: b"opened 0 times" in output), terminal.output)
        text = terminal.output.decode()
        words = re.search("“(.+?)”", text)
        state = page.state()
        check("the words are on the phone", words and words[1] in state["question"]["ask"], text, state)
        check("a QR code", "█▀▀▀▀▀█" in text and "\x1b[30;107m" in text, text)
        equal("the page", page.ask("GET", "")[0], 200)
        check("it says that it was opened", terminal.until(lambda output: b"opened 1 time," in output), terminal.output)
        equal("a phone says yes", page.vote("device", 0), 204)
        check("it says that it was confirmed", terminal.until(lambda output: b"1 confirmed" in output), terminal.output)
        terminal.write(b"\x03")
        equal("Ctrl-C ends it", terminal.end(), 0)
    finally:
        terminal.close()
    alone = Pty(place, place.kvtui("present", "--check", str(port)), QUIET)
    try:
        alone.until(lambda output: b"opened 0 times" in output)
        alone.write(b"\x03")
        equal("nobody has confirmed", alone.end(), -signal.SIGINT)
    finally:
        alone.close()
