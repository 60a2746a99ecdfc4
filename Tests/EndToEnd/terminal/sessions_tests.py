"""Sessions that are kept, and performed again."""

import json
import os
import re
import signal
import time

from support.checks import check, equal
from support.lessons import progress
from support.tmux import Wrapped
from support.waiting import alive, poll

HEAD = {"format": "kvtui-keys", "version": 1, "command": "run", "options": {}, "language": "en", "theme": "dark", "size": "80x24"}


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def pressed(path):
    return [line["key"] for line in lines(path) if "key" in line]


def script(place, *events, **head):
    """A file of a session, written by hand."""
    path = os.path.join(place.fresh(), "demo.keys")
    with open(path, "w", encoding="utf-8") as file:
        for line in [{**HEAD, **head}, *events]:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path


def keys(milliseconds, *names):
    return [{"after": milliseconds, "key": name} for name in names]


def above_footer(picture):
    return picture.split("\n")[:23]


def press(tmux, *names):
    """Presses keys one by one, each once the one before has changed the picture."""
    picture = tmux.settled()
    for name in names:
        tmux.keys(name)
        picture = tmux.changed(picture)
    return picture


def case_keep_and_play(place, tmux):
    """A session leads to the same screen in another terminal, where the keyboard has it then."""
    path = os.path.join(place.fresh(), "demo.keys")
    kept = Wrapped(tmux, place.command("--keep-keys", path, "--lang", "en", "--tokens", "3", "--text", "春眠不觉晓"))
    tmux.settled(lambda text: "step 1/" in text)
    last = press(tmux, "Right", "Right", "]", "i", "Up")
    equal("each key is in the file when it was pressed", pressed(path), ["Right", "Right", "]", "i", "Up"])
    tmux.keys("q")
    kept.check_end("q leaves a session that is kept", 0)
    equal("what was opened is in the first line", lines(path)[0],
          {**HEAD, "options": {"text": "春眠不觉晓", "tokens": 3}})
    equal("the last line says that the program was left", [pressed(path)[-1], lines(path)[-1]], ["q", {"end": True}])
    check("the times are there", all(line["after"] >= 0 for line in lines(path)[1:-1]), lines(path))

    played = Wrapped(tmux, place.kvtui("play", path))
    bar = tmux.settled(lambda text: "take over" in text)
    check("the bar says how", "Space pause" in bar.replace("  ", " ") and "1×" in bar, bar)
    picture = tmux.settled(lambda text: text == last)
    equal("the same last screen", picture, last)
    tmux.keys("Escape")
    left = tmux.changed(last)
    check("then the keyboard has it", "take over" not in left, left)
    tmux.keys("q")
    played.check_end("q leaves what was performed", 0)

    gone = Wrapped(tmux, place.kvtui("play", path, "--quit-at-end"))
    gone.check_end("--quit-at-end leaves", 0)


def case_broken_off(place, tmux):
    """What was pressed is there though the program was killed, and can be performed."""
    path = os.path.join(place.fresh(), "demo.keys")
    run = Wrapped(tmux, place.command("--keep-keys", path, "--lang", "en"))
    pid = run.pid()
    tmux.settled(lambda text: "step 1/" in text)
    last = press(tmux, "Right", "Right", "]", "Right")
    os.kill(pid, signal.SIGKILL)
    poll(lambda: not alive(pid))
    equal("all keys are there", pressed(path), ["Right", "Right", "]", "Right"])
    tmux.start(place.kvtui("play", path))
    picture = tmux.settled(lambda text: text == last)
    equal("and lead to the last screen", picture, last)


def case_existing_file(place, tmux):
    """Nothing is replaced unasked."""
    path = os.path.join(place.fresh(), "demo.keys")
    with open(path, "w", encoding="utf-8") as file:
        file.write("mine\n" * 100)
    run = Wrapped(tmux, place.command("--keep-keys", path, "--lang", "en"))
    run.check_end("a file that is there", 73)
    check("it says what to do", "--force" in tmux.capture() and "demo.keys" in tmux.capture(), tmux.capture())
    with open(path, encoding="utf-8") as file:
        equal("the file is as it was", file.read(), "mine\n" * 100)
    run = Wrapped(tmux, place.command("--keep-keys", path, "--force", "--lang", "en"))
    tmux.settled(lambda text: "step 1/" in text)
    tmux.keys("q")
    run.check_end("--force replaces it", 0)
    equal("whole", pressed(path), ["q"])
    run = Wrapped(tmux, place.command("--keep-keys", place.fresh(), "--force", "--lang", "en"))
    run.check_end("a folder is no file", 73)


def case_full_disk(place, tmux):
    """A session goes on when its file cannot be written, and it is said at the end."""
    run = Wrapped(tmux, ["bash", "-c", 'ulimit -f 0; exec "$@"', "bash",
                         *place.command("--keep-keys", "full.keys", "--lang", "en")])
    tmux.settled(lambda text: "step 1/" in text)
    tmux.keys("Right")
    moved = tmux.settled(lambda text: "step 2/" in text)
    check("keys work all the same", "step 2/" in moved, moved)
    tmux.keys("q")
    run.check_end("a file that takes nothing", 74)
    check("it is named", "full.keys" in tmux.capture(), tmux.capture())


def case_menu(place, tmux):
    """From the menu through a lesson: it begins afresh, and nobody's progress is touched."""
    path = os.path.join(place.fresh(), "demo.keys")
    tmux.start(place.kvtui("--lang", "en"))
    tmux.settled(lambda text: "Free run" in text)
    tmux.keys("Enter")
    tmux.settled(lambda text: "Lesson 1" in text)
    tmux.keys("2", "8", "Enter")
    tmux.settled(lambda text: "right" in text)
    tmux.keys("n")
    tmux.settled(lambda text: "Lesson 1" in text)
    tmux.keys("q")
    tmux.settled(lambda text: "Free run" in text)
    tmux.keys("q")
    poll(lambda: tmux.call("list-sessions").count("\n") == 1)
    before = progress(place)

    kept = Wrapped(tmux, place.kvtui("--keep-keys", path, "--lang", "en"))
    menu = tmux.settled(lambda text: "Free run" in text)
    check("the menu of a session is a beginner's", "0 of 14" in menu and not re.search(r"\s\d/\d", menu), menu)
    tmux.keys("Enter")
    tmux.settled(lambda text: "Lesson 1" in text)
    tmux.keys("5", "Enter")
    tmux.settled(lambda text: "right" not in text and "5" in text)
    tmux.keys("BSpace", "2", "8", "Enter")
    last = tmux.settled(lambda text: "right" in text)
    # The performance stands still as long, so that it is seen.
    time.sleep(2)
    tmux.keys("q")
    tmux.settled(lambda text: "Free run" in text)
    tmux.keys("q")
    kept.check_end("a lesson's session", 0)
    equal("a session of lessons", [lines(path)[0]["command"], lines(path)[0]["options"]], ["lesson", {}])
    tmux.start(place.kvtui("play", path))
    seen = tmux.settled(lambda text: above_footer(text) == above_footer(last), 30)
    equal("the lesson comes again", above_footer(seen), above_footer(last))
    tmux.settled(lambda text: "Free run" in text)
    equal("progress is what it was", progress(place), before)


def case_replay(place, tmux):
    """A recording's session is of its file, and of the step that it began at."""
    folder = place.fresh()
    recording, path = os.path.join(folder, "run.kvtrace"), os.path.join(folder, "demo.keys")
    made = Wrapped(tmux, place.kvtui("record", recording, "--tokens", "2"))
    made.check_end("a recording is made", 0)
    kept = Wrapped(tmux, place.kvtui("replay", recording, "--from", "3", "--keep-keys", path, "--lang", "en"))
    tmux.settled(lambda text: "step 3/" in text)
    last = press(tmux, "Right", "}")
    tmux.keys("q")
    kept.check_end("a replay's session", 0)
    equal("what was opened", [lines(path)[0]["command"], lines(path)[0]["options"]], ["replay", {"file": recording, "from": 3}])
    tmux.start(place.kvtui("play", path))
    equal("the same last screen", tmux.settled(lambda text: text == last), last)


def case_marks(place, tmux):
    """Marks that are set in a session are left out of the recording's, so that it can be performed again."""
    folder = place.fresh()
    recording, path = os.path.join(folder, "run.kvtrace"), os.path.join(folder, "demo.keys")
    Wrapped(tmux, place.kvtui("record", recording, "--tokens", "2")).check_end("a recording is made", 0)
    kept = Wrapped(tmux, place.kvtui("replay", recording, "--keep-keys", path, "--lang", "en"))
    tmux.settled(lambda text: "step 1/" in text)
    press(tmux, "Right", "m", "a", "b", "Enter", "Left")
    tmux.keys("'")
    last = tmux.settled(lambda text: "step 2/" in text)
    tmux.keys("q")
    kept.check_end("a session with a mark", 0)
    tmux.start(place.kvtui("play", path))
    equal("the mark is set and found again", tmux.settled(lambda text: text == last), last)
    equal("but nothing lies beside the recording", sorted(os.listdir(folder)), ["demo.keys", "run.kvtrace"])


def case_no_writing(place, tmux):
    """What a file presses writes no file, and that is said."""
    folder = place.fresh()
    name = os.path.join(folder, "x")
    path = script(place, *keys(20, "w", *["BSpace"] * 80, *name, "Enter"))
    tmux.start(place.kvtui("play", path))
    tmux.keys("+", "+", "+")
    said = tmux.settled(lambda text: "writes no file" in text)
    check("it is said", "writes no file" in said, said)
    equal("and nothing is written", os.listdir(folder), [])


def case_keyboard(place, tmux):
    """While it plays: pause, speed, take over, stop."""
    path = script(place, *keys(700, *["Right"] * 12))
    run = Wrapped(tmux, place.kvtui("play", path))
    tmux.settled(lambda text: "step 2/" in text)
    tmux.keys("Space")
    paused = tmux.settled(lambda text: "go on" in text)
    still = not poll(lambda: tmux.capture() != paused, 2)
    check("Space: it stands still", still and "||" in paused, tmux.capture())
    tmux.keys("i", "]", "Right")
    check("other keys do nothing", not poll(lambda: tmux.capture() != paused, 0.5), tmux.capture())
    tmux.keys("-", "-", "-")
    slow = tmux.settled(lambda text: "0.25×" in text)
    check("- to a quarter", "0.25×" in slow, slow)
    tmux.keys("+", "+", "+", "+", "+", "+")
    fast = tmux.settled(lambda text: "8×" in text)
    check("+ to eight times", "8×" in fast, fast)
    tmux.keys("-", "-", "-", "Space")
    moved = tmux.settled(lambda text: re.search(r"step [4-9]/", text))
    check("Space again: it goes on", re.search(r"step [4-9]/", moved), moved)
    tmux.keys("Enter")
    taken = tmux.settled(lambda text: "take over" not in text)
    check("Enter takes over", "take over" not in taken and "next" in taken, taken)
    check("and nothing comes any more", not poll(lambda: tmux.capture() != taken, 2), tmux.capture())
    number = int(re.search(r"step (\d+)/", taken)[1])
    tmux.keys("Left")
    back = tmux.settled(lambda text: f"step {number - 1}/" in text)
    check("but the keyboard's keys", f"step {number - 1}/" in back, back)
    tmux.keys("q")
    run.check_end("q leaves then", 0)
    for name in ("q", "Escape"):
        run = Wrapped(tmux, place.kvtui("play", path))
        tmux.settled(lambda text: "step 2/" in text)
        tmux.keys(name)
        run.check_end(f"{name} stops", 0)
    run = Wrapped(tmux, place.kvtui("play", path))
    tmux.settled(lambda text: "step 2/" in text)
    tmux.keys("C-c")
    run.check_end("Ctrl-C stops", 130)


def case_picture(place, tmux):
    """The pictures are the live run's but for the last row, which says how it is performed, at the smallest size too."""
    for columns, rows, language in ((60, 16, "zh"), (60, 16, "en"), (80, 24, "zh"), (120, 36, "en")):
        live = place.command("--lang", language)
        tmux.start(live, columns, rows)
        tmux.settled(lambda text: "1/16" in text)
        tmux.keys("Right", "Right", "]")
        wanted = tmux.settled(lambda text: "3/16" in text and "2/4" in text)
        path = script(place, *keys(0, "Right", "Right", "]"), {"after": 60000, "key": "q"}, language=language)
        tmux.start(place.kvtui("play", path), columns, rows)
        seen = tmux.settled(lambda text: text.split("\n")[:-1] == wanted.split("\n")[:-1])
        equal(f"the picture at {columns} x {rows} {language}", seen.split("\n")[:-1], wanted.split("\n")[:-1])
        last = seen.split("\n")[-1]
        words = ("接手", "暂停", "停止") if language == "zh" else ("take over", "pause", "stop")
        check(f"the bar at {columns} x {rows} {language}", "1×" in last and all(word in last for word in words), last)


def case_waiting(place, tmux):
    """No key comes before the model has what the one before asked for."""
    config = os.path.join(place.fresh(), "config.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump({"model_type": "gpt2", "n_layer": 12, "n_head": 8, "n_embd": 512, "n_positions": 2048,
                   "vocab_size": 8192}, file)
    options = {"random": config, "prompt": "中华人民共和国" * 120, "tokens": 5}
    path = script(place, *keys(0, "Right", "Right", "]", "Right"), options=options)
    tmux.start(place.kvtui("play", path))
    first = tmux.settled(lambda text: "Computing step 1" in text or "step 1/" in text)
    check("the first step is waited for", "then on to" not in first, first)
    pictures = []

    def look():
        pictures.append(tmux.capture())
        return "step 4/5" in pictures[-1]

    check("the session comes to its end", poll(look, 120), pictures[-1])
    # What is awaited is never further than a step ahead.
    ahead = [picture for picture in pictures if "then on to" in picture or any(
        int(step) > int(done) + 1 for step, done in re.findall(r"computing step (\d), at (\d)", picture))]
    check("and no key ran ahead of the model", not ahead, "\n".join(ahead[:1]))


def case_prompt(place, tmux):
    """A prompt of standard input is in the file; what is typed and pasted comes again."""
    path = os.path.join(place.fresh(), "demo.keys")
    kept = Wrapped(tmux, ["bash", "-c", 'echo 床前 | "$@"', "bash", *place.command(
        "--prompt", "-", "--tokens", "4", "--keep-keys", path, "--lang", "en")])
    tmux.settled(lambda text: "step 1/" in text)
    tmux.keys("/")
    tmux.settled(lambda text: "A new prompt" in text)
    tmux.call("set-buffer", "春眠不觉晓，\n处处闻啼鸟。")
    tmux.call("paste-buffer", "-p", "-t", "t")
    tmux.settled(lambda text: "闻" in text)
    tmux.keys("春", "Enter")
    tmux.settled(lambda text: "step 1/" in text)
    last = press(tmux, "Right")
    tmux.keys("q")
    kept.check_end("a session with a typed prompt", 0)
    equal("the prompt itself is kept", lines(path)[0]["options"], {"prompt": "床前", "tokens": 4})
    check("the paste is one", [line for line in lines(path) if "paste" in line][0]["paste"].startswith("春眠不觉晓"), lines(path))
    tmux.start(place.kvtui("play", path))
    equal("and all comes again", tmux.settled(lambda text: text == last), last)


def case_playing_run(place, tmux):
    """A run that plays by itself in a session plays as long, at any speed."""
    path = os.path.join(place.fresh(), "demo.keys")
    kept = Wrapped(tmux, place.command("--keep-keys", path, "--lang", "en"))
    tmux.settled(lambda text: "step 1/" in text)
    tmux.keys("+", "+", "Space")
    tmux.settled(lambda text: re.search(r"step [6-9]/", text))
    tmux.keys("Space")
    tmux.settled(lambda text: "▶" not in text)
    tmux.keys("]")
    last = tmux.settled()
    tmux.keys("q")
    kept.check_end("a session with a run that plays", 0)
    for speed in ([], ["+", "+", "+"], ["-"]):
        tmux.start(place.kvtui("play", path))
        tmux.settled(lambda text: "step 1/" in text)
        tmux.keys(*(speed or ["x"]))
        seen = tmux.settled(lambda text: text == last, 30)
        equal(f"the same last screen after {speed}", seen, last)
