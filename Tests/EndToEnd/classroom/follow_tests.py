"""kvtui follow: a presentation on another terminal of the machine, of a presenter in Python and of a real one."""

import json
import os
import shutil
import signal
import subprocess

from support.checks import check, equal
from support.here import FIXTURES, binary, work
from support.presenter import Presenter, document, place as shown, question
from support.program import environment, fails, run
from support.pseudo_terminal import Pty, text_of
from support.tmux import Tmux, Wrapped
from support.waiting import alive, poll

RUN = {"kind": "run", "arguments": ["--text", "中华人民共和国", "--tokens", "0"]}
LESSON = {"kind": "lesson", "lesson": "03-recomputing", "screen": "one-step"}


def socket_of(place):
    return os.path.join(place.fresh(), "share.sock")


def sees(name, tmux, *words, without=()):
    """The picture has these words before long."""
    def holds(picture):
        return all(word in picture for word in words) and not any(word in picture for word in without)
    picture = tmux.settled(holds)
    check(f"{name}: {', '.join(words)}", holds(picture), picture)
    return picture


def follow(place, tmux, path, *options, **starting):
    return Wrapped(tmux, place.kvtui("follow", path, "--lang", "en", *options), **starting)


def case_follows(place, tmux):
    """Step by step with the presenter; who looks around is back with one key."""
    path = socket_of(place)
    with Presenter(path) as presenter:
        presenter.publish(document(shown(**RUN, step=3)))
        wrapped = follow(place, tmux, path)
        sees("at once where the presenter is", tmux, "with the presenter", "step 3/7")
        presenter.publish(document(shown(**RUN, step=5, layer=2, head=2)))
        sees("the next state", tmux, "step 5/7", "layer 2", "head 2")
        presenter.publish(document(shown(**RUN, step=5, cell=[4, 1])))
        sees("a cell", tmux, "softmax")
        tmux.keys("Right", "Right")
        tmux.keys("Escape")
        presenter.publish(document(shown(**RUN, step=6)))
        sees("the cell is left", tmux, "step 6/7", without=("softmax",))
        tmux.keys("Left", "Left", "i")
        sees("around", tmux, "looking around", "presenter at step 6")
        presenter.publish(document(shown(**RUN, step=7)))
        picture = sees("the presenter moves on", tmux, "presenter at step 7")
        check("the follower does not", "step 7/7" not in picture, picture)
        tmux.keys("Enter")
        sees("back", tmux, "step 7/7", without=("looking around",))
        tmux.keys("q")
        wrapped.check_end("q", 0)
        equal("nothing was said to the presenter", presenter.commands, [])


def case_questions(place, tmux):
    """A question is seen with its phase; its answer not before the reveal."""
    path = socket_of(place)
    with Presenter(path) as presenter:
        for phase in ("think", "vote", "discuss", "vote-again"):
            presenter.publish(document(shown(**LESSON), question(phase, answered=12)))
            for keys in ("Right Right", "End", "g 7 Enter", "d Right Right Right Right"):
                frames = run("follow", path, "--keys", keys, "--lang", "en", "--size", "120x36")
                text = frames.text
                check(f"{phase}, {keys}: asked", "How many" in text and frames.code == 0, frames)
                check(f"{phase}, {keys}: no further", "step 4/7" not in text and "16 cells" not in text, text)
        reveal = question("reveal", values=[10, 16], counts=[[14, 9], [3, 20]], answer=1)
        presenter.publish(document(shown(**LESSON, step=4), reveal))
        text = run("follow", path, "--keys", "", "--lang", "en", "--size", "120x36").text
        check("the reveal", all(part in text for part in ("step 4/7", "14 → 3", "9 → 20", "16 cells")), text)
        follow(place, tmux, path)
        sees("live", tmux, "9 → 20")
        presenter.publish(document(shown(**LESSON), question("vote", answered=7)))
        sees("taken back", tmux, "7 answered", without=("9 → 20", "step 4/7"))


def case_blank_and_spotlight(place, tmux):
    """A blank wall is a blank page; a spotlight leads to what it falls on. Both are the presenter's, of a real one too."""
    path = socket_of(place)
    with Presenter(path) as presenter:
        presenter.publish(document(shown(**RUN, step=3)))
        follow(place, tmux, path)
        sees("a picture", tmux, "step 3/7", "Q K")
        presenter.publish({**document(shown(**RUN, step=3)), "blank": True})
        sees("blank", tmux, "the wall is blank", "look there", without=("Q K",))
        tmux.keys("Left")
        sees("looking around", tmux, "looking around", "Q K")
        tmux.keys("Enter")
        sees("back at the blank page", tmux, "look there", without=("Q K",))
        presenter.publish({**document(shown(**RUN, step=3)), "spotlight": "row"})
        lit = run("follow", path, "--keys", "", "--lang", "en", "--ascii", "--size", "80x24").text
        presenter.publish(document(shown(**RUN, step=3)))
        plain = run("follow", path, "--keys", "", "--lang", "en", "--ascii", "--size", "80x24").text
        check("a pointer leads to the row", lit.count(">") > plain.count(">"), lit, plain)
        presenter.publish({**document(shown(**RUN, step=3)), "spotlight": "elsewhere"})
        sees("what is no light", tmux, "step 3/7")
    path = socket_of(place)
    wall = Tmux(place, "-wall")
    wall.start(place.kvtui("present", "3", "--share", path, "--lang", "zh"), columns=80, rows=24)
    follow(place, tmux, path)
    sees("a real presenter", tmux, "with the presenter")
    wall.keys("b")
    sees("blanks the wall", tmux, "the wall is blank", "look there", without=("Step 4 has",))
    wall.keys("b")
    sees("and brings it back", tmux, "with the presenter", "Step 4 has", without=("look there",))


def case_presenter_gone(place, tmux):
    """Who comes before the presenter waits; one that is gone is found again at the same path, and the screen stays."""
    path = socket_of(place)
    wrapped = follow(place, tmux, path)
    sees("before it begins", tmux, "waiting for it to begin")
    presenter = Presenter(path)
    presenter.publish(document(shown(**RUN, step=2)))
    sees("it begins", tmux, "step 2/7")
    for count in range(3):
        presenter.close()
        sees("gone, and the picture stays", tmux, "reconnecting", "人")
        tmux.keys("Right")
        tmux.keys("Enter")
        presenter = Presenter(path)
        presenter.publish(document(shown(**RUN, step=3 + count)))
        sees("found again", tmux, f"step {3 + count}/7", without=("reconnecting",))
    presenter.close()
    sees("gone", tmux, "reconnecting")
    tmux.keys("q")
    wrapped.check_end("q without a presenter", 0)


def case_hostile(place, tmux):
    """Whatever is at the path, the follower says a sentence and goes on."""
    path = socket_of(place)
    good = document(shown(**RUN, step=4))
    bad = [
        b"{\n", b"\xff\xfe\n", b"null\n", b"[" * 100000 + b"\n", b"x" * (5 << 20), b'{"sequence":1e999}\n',
        json.dumps(document(shown(**{**RUN, "arguments": ["--prompt", "-"]}))).encode() + b"\n",
        json.dumps(document(shown(**{**RUN, "arguments": ["--prompt", "x", "--tokens", "1" + "0" * 15]}))).encode() + b"\n",
        json.dumps(document(shown(**{**RUN, "arguments": ["--help"]}))).encode() + b"\n",
        json.dumps(document(shown(**{**RUN, "arguments": ["--model", "/no\u001b[2Jwhere"]}))).encode() + b"\n",
        json.dumps(document(shown(**{**LESSON, "lesson": "../../etc/passwd"}))).encode() + b"\n",
        json.dumps(document(shown(**{**LESSON, "screen": "no-such\u0007"}))).encode() + b"\n",
        json.dumps(document(shown(kind="recording", path="/dev/zero"))).encode() + b"\n",
        json.dumps(document(shown(**RUN, step=1 << 60, layer=1 << 50, head=9, cell=[1 << 40, 7]))).encode() + b"\n",
    ]
    with Presenter(path) as presenter:
        wrapped = follow(place, tmux, path)
        pid = wrapped.pid()
        for index, line in enumerate(bad):
            presenter.publish(line)
            tmux.settled()
            check(f"{index}: {line[:60]!r}: lives", alive(pid), tmux.capture())
            raw = "".join(tmux.capture().split("\n"))
            check(f"{index}: no control characters", not any(ord(char) < 32 for char in raw), repr(raw))
            presenter.publish(good)
            sees(f"{index}: goes on", tmux, "with the presenter", "step 4/7")
        tmux.keys("q")
        wrapped.check_end("q", 0)


def case_killed(place, tmux):
    """A follower that is killed concerns nobody else."""
    path = socket_of(place)
    with Presenter(path) as presenter:
        presenter.publish(document(shown(**RUN, step=2)))
        others = [Pty(place, place.kvtui("follow", path, "--lang", "en")) for _ in range(3)]
        for other in others:
            other.until(lambda output: "step 2/7" in text_of(output))
        follow(place, tmux, path)
        sees("follows", tmux, "step 2/7")
        for other in others:
            os.kill(other.pid, signal.SIGKILL)
            other.close()
        presenter.publish(document(shown(**RUN, step=3)))
        sees("goes on following", tmux, "step 3/7")


def case_real_presenter(place, tmux):
    """A real presenter is followed, is killed, and begins again at the same path."""
    path = socket_of(place)
    wall = Tmux(place, "-wall")
    wall.start(place.kvtui("present", "3", "--share", path, "--lang", "zh"), columns=80, rows=24)
    follow(place, tmux, path)
    sees("follows", tmux, "with the presenter", "step 3/7", "think")
    wall.keys("Enter")
    sees("votes are open", tmux, "Vote on your phone")
    tmux.keys("Right")
    sees("no further", tmux, "not revealed yet", without=("step 4/7",))
    wall.keys("x", "x")
    sees("the reveal", tmux, "step 4/7", "16 cells")
    server = wall.show("#{pane_pid}")
    os.kill(int(server), signal.SIGKILL)
    sees("killed", tmux, "reconnecting", "16 cells")
    wall.start(place.kvtui("present", "3", "--share", path, "--lang", "zh"), columns=80, rows=24)
    sees("begun again", tmux, "with the presenter", without=("reconnecting",))
    wall.keys("q", "q")
    sees("ended", tmux, "the presentation has ended")


def case_another_folder(place, tmux):
    """A recording that the presenter names from his folder is found from another."""
    folder = place.fresh()
    shutil.copy(os.path.join(FIXTURES, "recordings", "bundled.kvtrace"), os.path.join(folder, "here.kvtrace"))
    path = socket_of(place)
    wall = Tmux(place, "-wall")
    wall.start(["bash", "-c", 'cd "$1"; shift; exec "$@"', "bash", folder,
                *place.kvtui("present", "here.kvtrace", "--share", path)])
    follow(place, tmux, path)
    sees("the recording", tmux, "with the presenter", "step 1/")
    wall.keys("Right", "Right")
    sees("its third step", tmux, "step 3/")
    tmux.keys("T")
    sees("nobody takes it over", tmux, "no such key")


def case_json():
    """--json prints each state as it comes, a line each, and says on standard error that there is none."""
    path = os.path.join(work, "json.sock")
    with subprocess.Popen([binary, "follow", path, "--json", "--lang", "en"], env=environment(), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        check("none yet", b"there is no presentation" in process.stderr.readline())
        states = [document(shown(**RUN, step=step), sequence=step) for step in range(1, 6)]
        with Presenter(path) as presenter:
            for state in states:
                presenter.publish(state)
                equal(f"state {state['sequence']}", json.loads(process.stdout.readline()), state)
        check("gone", b"there is no presentation" in process.stderr.readline())
        process.stdout.close()
        process.kill()


def case_arguments():
    """What cannot be followed is refused before a terminal is taken."""
    fails("no path", 64, "follow")
    fails("nobody to follow without a terminal", 64, "follow", "/tmp/x", "--json", "--keys", "q")
    fails("a path that is too long", 73, "follow", "/tmp/" + "x" * 200, words=("bytes",))
    result = run("follow", "/tmp/none.sock", "--lang", "en")
    check("no terminal", result.code == 69 and b"needs a terminal" in result.err, result)
