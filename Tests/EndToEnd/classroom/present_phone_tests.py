"""The phone's page with the real presenter: it follows keys, votes, and comes back after the presenter was killed."""

import os
import signal

from support.checks import check, equal
from support.here import work
from support.presentation import ENTER, Presenter
from support.waiting import poll
from classroom.phone_tests import browser, quiet, soon

# It takes a processor of its own.
ALONE = True


def shows(phone, presenter, phase, seconds=20):
    """Whether the page is in a phase; the presenter's screen is read meanwhile."""
    said = phone.value(f"words.zh.phase[{phase!r}]")

    def look():
        presenter.terminal.read()
        return phone.text("#phase") == said

    return check(f"{phase} on the phone", poll(look, seconds), said, phone.text("#phase"))


def case_lecture(place):
    phone = browser()
    if not phone:
        return
    with phone, Presenter(place, "3", "--lang", "zh") as presenter:
        presenter.phase("think")
        phone.visit(presenter.url)
        shows(phone, presenter, "think")
        asked = presenter.state()
        equal("the question", phone.text("#ask h2"), asked["question"]["ask"])
        equal("the sentence", phone.text("#say"), asked["sentence"])
        equal("rows of the picture", len(phone.texts("#box .grid div")), asked["canvas"]["rows"])
        equal("the page does not scroll sideways", phone.value("document.documentElement.scrollWidth"), 360)
        colours = phone.value("[...new Set([...document.querySelectorAll('.grid i')].map((e) => getComputedStyle(e).backgroundColor))].length")
        check("the picture has its colours", colours > 3, "more than 3", colours)
        phone.picture(os.path.join(work, "think.png"))
        presenter.press(ENTER)
        shows(phone, presenter, "vote")
        phone.value("(() => { document.querySelector('#form input').value = '16' })()")
        phone.click("#form button")
        check("the vote is said", phone.says("#mine", "你投了 16。结束前可以改。"), phone.text("#mine"))
        soon("it is counted", lambda: (presenter.terminal.read(), phone.text("#answered"))[1], "已有 1 人作答")
        os.kill(presenter.pid, signal.SIGKILL)
        presenter.terminal.end()
        check("it says that it is lost", phone.says("#line", "正在连接……"), phone.text("#line"))
        with Presenter(place, "3", "--lang", "zh", home=presenter.home, port=presenter.port) as second:
            second.phase("vote")
            check("it is back by itself", poll(lambda: (second.terminal.read(), (phone.text("#line") or "").startswith("已连上"))[1], 40), phone.text("#line"))
            soon("nothing is lost", lambda: phone.text("#answered"), "已有 1 人作答")
            second.press(ENTER)
            shows(phone, second, "discuss")
            second.press(ENTER)
            shows(phone, second, "vote-again")
            phone.value("(() => { document.querySelector('#form input').value = '9' })()")
            phone.click("#form button")
            check("the second vote", phone.says("#mine", "你投了 9。结束前可以改。"), phone.text("#mine"))
            second.until(lambda state: state["question"]["answered"] == 1)
            second.press(ENTER)
            shows(phone, second, "reveal")
            soon("both rounds", lambda: phone.texts("#result tbody tr"), ["90 (0 %)1 (100 %)", "✓ 16 （答案）1 (100 %)0 (0 %)"])
            phone.picture(os.path.join(work, "reveal.png"))
            quiet("the lecture", phone, second)
            second.press(b"b")
            soon("a blank wall is a blank page", lambda: (second.terminal.read(), phone.value("[...document.querySelectorAll('#box, #ask')].map((e) => e.hidden)"))[1], [True, True])
            equal("with a word", phone.text("#say"), phone.value("words.zh.blank"))
            phone.picture(os.path.join(work, "blank.png"))
            second.press(b"b")
            soon("and all of it is back", lambda: (second.terminal.read(), phone.value("[...document.querySelectorAll('#box, #ask')].map((e) => e.hidden)"))[1], [False, False])
            equal("the sentence too", phone.text("#say"), second.state()["sentence"])
