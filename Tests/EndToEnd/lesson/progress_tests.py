"""A learner's progress: kept, shared, in the way."""

import json
import os
import re
import signal

from support.checks import check, skip
from support.lessons import at_home, lines, plain, progress
from support.pseudo_terminal import Pty
from support.tmux import Wrapped
from support.waiting import poll


def case_kill(place, tmux):
    """kill -9 in mid-lesson loses nothing."""
    run = Wrapped(tmux, place.kvtui("lesson", "3"))
    tmux.settled(lambda text: "Lesson 3" in text)
    tmux.keys("1", "6", "Enter")
    tmux.settled(lambda text: "right" in text)
    tmux.keys("n")
    second = tmux.settled(lambda text: "2/" in text.split("\n")[0])
    os.kill(run.pid(), signal.SIGKILL)
    poll(lambda: run.status(5))
    done = progress(place)
    check("the answer is on disk", done.get("03-recomputing", {}).get("quizzes"), done)
    tmux.start(place.kvtui("lesson", "3"))
    again = tmux.settled(lambda text: "Lesson 3" in text)
    check("the lesson goes on at its second screen", again.split("\n")[0] == second.split("\n")[0], again)
    listing, _, code = plain(place, "lesson", "--list")
    check("--list shows what is done", code == 0 and re.search(r"^03-recomputing .*1/", listing, re.M), listing)
    tmux.keys("q", "q")
    reset = plain(place, "lesson", "--reset", "3")[2] == 0
    check("--reset forgets one lesson", reset and "03-recomputing" not in progress(place), progress(place))


def case_second_window(place, tmux):
    """Two windows of one learner: each keeps what is done in it, and nothing of the other is lost."""
    for lesson in ("2", "5", "6"):
        plain(place, "lesson", "--reset", lesson)
    tmux.start(place.kvtui("lesson", "6"))
    tmux.settled(lambda text: "Lesson 6" in text)
    tmux.keys("n")
    tmux.settled(lambda text: "2/" in text.split("\n")[0])
    other = Pty(place, place.kvtui("lesson", "2"))
    other.frame()
    out, error, code = plain(place, "lesson", "5", "--keys", "n n")
    check("a third one works", code == 0 and out, error)
    other.write(b"n")
    check("the second keeps its place", poll(lambda: progress(place).get("02-attention", {}).get("steps")), progress(place))
    tmux.keys("n")
    kept = poll(lambda: len(progress(place).get("06-honest-counting", {}).get("steps", [])) == 2)
    check("the first goes on keeping its own", kept, progress(place))
    check("nothing of the others is lost", len(progress(place)["05-with-the-cache"]["steps"]) == 2
          and progress(place)["02-attention"]["steps"], progress(place))
    other.write(b"qq")
    other.end()
    other.close()
    picture = tmux.settled(lambda text: "3/" in text.split("\n")[0])
    check("nobody is told of the other", "kvtui keeps" not in picture, picture)
    tmux.keys("q", "q")


def case_progress_file(place):
    """A progress file that is none is set aside, whatever it is, and not waited for."""
    def make_fifo(path):
        os.mkfifo(path)

    def make_link(path):
        os.symlink("/etc/hostname", path)

    def make_large(path):
        with open(path, "wb") as file:
            file.truncate(1 << 31)

    for name, make in (("a FIFO", make_fifo), ("a link", make_link), ("2 GiB", make_large)):
        changes, path = at_home(place)
        make(path)
        out, code, error = lines(place, "16\n", "lesson", "3", "--lang", "en", changes=changes)
        check(f"progress is {name}: said, and the lesson works",
              code == 0 and b"progress.json.bad" in out and b"right" in out, out[:600] + error.encode())
        with open(path, encoding="utf-8") as file:
            kept = json.load(file)["lessons"]
        check(f"progress is {name}: kept from then on", kept["03-recomputing"]["quizzes"], kept)
    changes, path = at_home(place)
    kept = {"quizzes": {"cells-at-4": "right", "x": "guessed"}, "steps": [], "isDone": True}
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"format": 1, "lessons": {"03-recomputing": kept}}, file)
    out, code, _ = lines(place, "", "lesson", "--list", "--lang", "en", changes=changes)
    check("an unknown value costs itself alone", code == 0 and re.search(rb"^03-recomputing .*done", out, re.M), out)
    check("the file as it was is kept", os.path.exists(path + ".bad"), os.listdir(os.path.dirname(path)))


def without_folders():
    """A mounted file system in which nobody makes a folder, not even root."""
    for place in ("/sys", "/dev/pts"):
        try:
            os.mkdir(place + "/kvtui")
        except FileNotFoundError:
            continue
        except OSError:
            return place
        os.rmdir(place + "/kvtui")
    return None


def case_no_folder(place):
    """Progress that cannot be kept is said in the lesson, with the reason."""
    home = without_folders()
    if home is None:
        skip("no folder", "this machine has no file system in which no folder can be made")
        return
    out, code, error = lines(place, "", "lesson", "3", "--lang", "en", "--keys", "", changes={"HOME": home})
    check("no folder: said in the lesson", code == 0 and b"progress cannot be kept" in out, out[-300:])
    check("no folder: with the system's reason", b"o such file" not in out, error)
