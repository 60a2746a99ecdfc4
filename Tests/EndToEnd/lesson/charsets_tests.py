"""Lessons in other character sets, and in ASCII."""

import re
import subprocess

from support.checks import check
from support.here import LESSONS
from support.lessons import at_home, lines, plain
from support.place import made_locale
from support.pseudo_terminal import Pty, text_of


def case_charsets(place):
    """In a locale that is not UTF-8 nothing turns into question marks: what it has not is English in ASCII."""
    for language, charset, hanzi in (("zh_CN", "GBK", True), ("zh_CN", "GB18030", True), ("zh_TW", "BIG5", False),
                                     ("en_US", "ISO-8859-1", False)):
        variables = made_locale(place, language, charset)
        if not variables:
            continue
        for name, arguments, words in (("a lesson", ["lesson", "2"], b"Attention and QK^T"), ("the menu", [], b"Free run")):
            run = Pty(place, place.kvtui(*arguments), {**variables, **at_home(place)[0]})
            run.frame()
            beyond = [byte for byte in run.output if byte >= 0x80]
            check(f"{charset}: {name} in ASCII", not beyond and words in run.output and b"??" not in run.output,
                  text_of(run.output)[:600])
            run.write(b"q" if not arguments else b"qq")
            check(f"{charset}: {name} ends", run.end() == 0, run.code)
            run.close()
        run = Pty(place, place.kvtui("lesson", "2"), {**variables, **at_home(place)[0]})
        run.frame()
        run.write(b"q")
        menu = run.until(lambda output: b"Free run" in output)
        beyond = [byte for byte in run.output if byte >= 0x80]
        check(f"{charset}: the menu behind a lesson in ASCII", menu and not beyond, text_of(run.output)[-600:])
        run.write(b"q")
        run.end()
        run.close()
        for name, arguments, status in (("--help", ["--help"], 0), ("--list", ["lesson", "--list"], 0),
                                        ("an error", ["lesson", "99"], 66), ("pages", ["run", "--plain"], 0),
                                        ("a lesson's pages", ["lesson", "2"], 0)):
            out, code, _ = lines(place, "", *arguments, changes={**variables, **at_home(place)[0]})
            done = subprocess.run(place.kvtui(*arguments), stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                                  env=place.environment({**variables, **at_home(place)[0]}), check=False)
            said = done.stdout + done.stderr
            try:
                text = said.decode(charset)
            except UnicodeDecodeError as problem:
                text = f"{problem} {said!r}"
            holds = bool(re.search("[\u4e00-\u9fff]", text)) if hanzi else said.isascii() and re.search("[a-z]{4}", text)
            check(f"{charset}: {name}", code == status and holds and "�" not in text, text[:600])
        out, code, _ = lines(place, "", "run", "--json", changes=variables)
        check(f"{charset}: JSON is UTF-8", code == 0 and "中".encode() in out, out[:200])


def case_ascii(place):
    """With --ascii titles and notices read as words, not as code points."""
    out, error, code = plain(place, "lesson", "2", "--lang", "en", "--ascii", "--keys", "Enter")
    check("--ascii: the title", code == 0 and "Attention and QK^T" in out, error or out[:300])
    for lesson in range(1, LESSONS + 1):
        out, _, _ = plain(place, "lesson", str(lesson), "--lang", "en", "--ascii", "--keys", "s Enter n " * 6)
        marks = {mark for mark in re.findall(r"<U\+([0-9A-F]+)>", out) if not 0x3000 <= int(mark, 16) <= 0xFFFF}
        check(f"--ascii: lesson {lesson} spells everything but 汉字", not marks and out.isascii(), marks)
