"""The phone's page in a real browser of 360 x 640: it follows, votes, and survives sleep and a restart of the server."""

import json
import os
import time

from support.browser import Browser, found
from support.checks import check, equal, skip
from support.here import work
from support.lecture import DRIVER, Lecture, canvas, question
from support.waiting import poll

# It takes a processor of its own.
ALONE = True


def browser():
    if not check("classroom-driver is built", os.path.exists(DRIVER), "swift build -c release --product classroom-driver"):
        return None
    if found():
        return Phone(work)
    skip("the page on a phone", "there is no chromium here; it is in the package of that name")
    return None


class Phone(Browser):
    """A browser of a phone's size, and what its page says."""

    def __init__(self, folder):
        super().__init__(folder)
        self.size(360, 640, phone=True)

    def text(self, selector):
        return self.value(f"(document.querySelector({json.dumps(selector)}) || {{}}).textContent")

    def texts(self, selector):
        return self.value(f"[...document.querySelectorAll({json.dumps(selector)})].map((e) => e.textContent.trim())")

    def asked(self, part):
        """How often it has asked for a part by now."""
        self.value("0")
        return len([url for url in self.fetched() if url.endswith(part)])

    def says(self, selector, text, seconds=15):
        """Whether it says so before long."""
        return poll(lambda: (self.text(selector) or "").strip() == text, seconds)

    def shows(self, sentence, seconds=15):
        shown = self.says("#say", sentence, seconds)
        return check(f"shows {sentence}", shown, sentence, self.text("#say"))


def quiet(name, phone, lecture):
    equal(f"{name}: nothing else is fetched", [url for url in phone.fetched() if not url.startswith(lecture.url + "/")], [])
    equal(f"{name}: the console is empty", phone.complaints(), [])


def soon(name, expression, expected):
    got = expression()
    if not poll(lambda: expression() == expected):
        got = expression()
        return equal(name, got, expected)
    return check(name, True)


def case_follows():
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        lecture.show("第 1 步，prefill：四个词元一起算。")
        phone.visit(lecture.url)
        phone.shows("第 1 步，prefill：四个词元一起算。")
        equal("it says that it follows", phone.text("#line"), "已连上")
        equal("the picture", phone.texts("#box .grid div")[0], "step 1")
        equal("nothing is asked", phone.value("document.querySelector('#ask').getClientRects().length"), 0)
        equal("the page does not scroll sideways", phone.value("document.documentElement.scrollWidth"), 360)
        equal("the picture does", phone.value("(() => { const b = document.querySelector('#box'); b.scrollLeft = 100; return [b.scrollWidth > b.clientWidth, b.scrollLeft] })()"), [True, 100])
        cell = phone.value("(() => { const r = document.querySelectorAll('.grid i')[1].getBoundingClientRect(), g = document.querySelector('.grid').getBoundingClientRect(); return Math.abs(r.width - g.width) < 1 })()")
        equal("eighty columns are as wide as the picture", cell, True)
        equal("its colours", phone.value("getComputedStyle(document.querySelectorAll('.grid i')[1]).backgroundColor"), "rgb(29, 78, 216)")
        phone.prefer("dark")
        equal("and in the dark", phone.value("getComputedStyle(document.querySelectorAll('.grid i')[1]).backgroundColor"), "rgb(138, 180, 255)")
        for step in range(2, 8):
            lecture.show(f"第 {step} 步。")
            phone.shows(f"第 {step} 步。")
        equal("the picture stays where it was scrolled", phone.value("document.querySelector('#box').scrollLeft"), 100)
        lecture.show("Step 8.", language="en")
        phone.shows("Step 8.")
        equal("the language", phone.value("[document.documentElement.lang, document.title, document.querySelector('h1').textContent]"),
              ["en", "kvtui classroom", "kvtui classroom"])
        equal("one follows", lecture.news()["followers"], 1)
        lecture.show("<b>&amp;</b><script>window.pwned = 1</script>")
        phone.shows("<b>&amp;</b><script>window.pwned = 1</script>")
        equal("texts are texts", phone.value("[typeof window.pwned, document.querySelectorAll('#say *').length]"), ["undefined", 0])
        phone.prefer("light")
        quiet("following", phone, lecture)
        phone.picture(os.path.join(work, "follows.png"))


def case_votes():
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        lecture.show("预测", question("think"))
        phone.visit(lecture.url)
        soon("think: nothing to vote with", lambda: [phone.texts("#form li"), phone.texts("#form button")], [["A1 格", "B4 格", "C16 格"], []])
        equal("think: it says so", phone.text("#phase"), "先自己想一想：还没开始投票。")
        lecture.show("预测", question("vote"))
        soon("vote: a letter an option", lambda: phone.texts("#form label"), ["A1 格", "B4 格", "C16 格"])
        bottom = phone.value("document.querySelector('#form button').getBoundingClientRect().bottom")
        check("options and button are in view, the picture below them", bottom <= 640 and phone.value(
            "document.querySelector('#box').getBoundingClientRect().top") >= bottom, "640", bottom)
        phone.click("#form button")
        equal("a choice is missing", phone.text("#mine"), "请先选一项。")
        equal("nothing is counted", lecture.news()["counts"], [])
        phone.click("#form label:nth-of-type(2)")
        lecture.show("预测", question("vote", answered=7))
        soon("others answer", lambda: phone.text("#answered"), "已有 7 人作答")
        equal("the choice stays", phone.value("document.querySelector('input:checked').value"), "1")
        phone.click("#form button")
        check("the vote is said", phone.says("#mine", "你投了 B。结束前可以改。"), phone.text("#mine"))
        equal("it is counted", lecture.news()["counts"], [[0, 1, 0]])
        equal("it can be changed", phone.text("#form button"), "改票")
        phone.press("ArrowDown")
        phone.click("#form label:nth-of-type(3)")
        phone.click("#form button")
        check("the change is said", phone.says("#mine", "你投了 C。结束前可以改。"), phone.text("#mine"))
        equal("the last counts", lecture.news()["counts"], [[0, 0, 1]])
        lecture.show("预测", question("discuss", answered=8))
        soon("discuss: nothing to vote with", lambda: [phone.texts("#form button"), phone.text("#mine")], [[], "你投了 C。"])
        lecture.show("预测", question("vote-again"))
        soon("again: nothing is chosen", lambda: [phone.value("document.querySelectorAll('input:checked').length"), phone.text("#form button")], [0, "投票"])
        phone.click("#form label:nth-of-type(2)")
        phone.click("#form button")
        check("the second vote", phone.says("#mine", "你投了 B。结束前可以改。"), phone.text("#mine"))
        equal("both rounds", lecture.news()["counts"], [[0, 0, 1], [0, 1, 0]])
        phone.visit(lecture.url)
        check("its own vote is known after a reload", phone.says("#mine", "你投了 B。结束前可以改。"), phone.text("#mine"))
        lecture.show("预测", question("reveal", answered=20, counts=[[3, 5, 12], [1, 15, 4]], answer=1))
        soon("reveal: both rounds", lambda: phone.texts("#result tr"),
             ["选项第 1 轮第 2 轮", "A  1 格3 (15 %)1 (5 %)", "✓ B  4 格 （答案）5 (25 %)15 (75 %)", "C  16 格12 (60 %)4 (20 %)"])
        equal("the page does not scroll sideways", phone.value("document.documentElement.scrollWidth"), 360)
        equal("how many answered stands in the table alone", phone.text("#answered"), "")
        phone.picture(os.path.join(work, "reveal.png"))
        lecture.show("预测", question("reveal", counts=[[3, 5, 12], [1, 15, 4]], answer=1, why="一行四格。"))
        soon("why it is right", lambda: phone.texts("#result p"), ["一行四格。"])
        lecture.show("标", {"id": "marks", "ask": "哪些要新算？", "options": [], "phase": "reveal", "answered": 0, "round": 2,
                           "said": "1 个，见图", "why": "只有最新的。"})
        soon("what was said aloud", lambda: phone.texts("#result p"), ["✓ 答案：1 个，见图", "只有最新的。"])
        lecture.show("揭晓", question("reveal", counts=[[0, 0, 0]], answer=1))
        soon("a round without votes", lambda: phone.texts("#result tr")[1:2], ["A  1 格0"])
        lecture.show("下一步")
        soon("and on", lambda: phone.value("document.querySelector('#ask').getClientRects().length"), 0)
        quiet("voting", phone, lecture)


def case_numbers():
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        asked = {"id": "bytes", "ask": "How many bytes?", "options": None, "answered": 0, "round": 1}
        lecture.show("Predict.", {**asked, "phase": "vote"}, language="en")
        phone.visit(lecture.url)
        soon("a field", lambda: phone.texts("#form label"), ["Your answer (a number)"])
        for typed, said in (("", "none"), ("many", "none"), ("1 or 2", "none"), ("1,024", "1024"), ("１２．５", "12.5"), ("-3e2", "-300")):
            phone.value(f"(() => {{ const e = document.querySelector('#form input'); e.value = {json.dumps(typed)} }})()")
            phone.click("#form button")
            words = "That is no number: write one only, such as 12 or 3.5." if said == "none" else f"Your vote: {said}. You may change it until voting ends."
            check(f"{typed!r}", phone.says("#mine", words, 20), words, phone.text("#mine"))
            equal(f"{typed!r} is marked", phone.value("document.querySelector('#form input').getAttribute('aria-invalid')"), "true" if said == "none" else "false")
        equal("the last counts", [lecture.news()[name] for name in ("counts", "values")], [[[1]], [-300]])
        values = [*range(20), 4096]
        lecture.show("It is 4096.", {**asked, "phase": "reveal", "round": 2, "values": values, "counts": [[1] * 21, [0] * 20 + [30]], "answer": 20}, language="en")
        soon("the answer", lambda: phone.text("#result p"), "✓ Answer: 4096")
        rows = phone.texts("#result tbody tr")
        equal("twelve numbers and the rest", [len(rows), rows[-2], rows[-1]], [13, "✓ 4096 (answer)1 (5 %)30 (100 %)", "others9 (43 %)0 (0 %)"])
        lecture.show("Said aloud.", {**asked, "id": "marks", "phase": "reveal", "round": 2, "counts": [], "answer": 0}, language="en")
        soon("nothing was voted on", lambda: [phone.text("#phase"), phone.value("document.querySelector('#result').childElementCount")], ["The answer.", 0])
        # Votes came faster than a device may vote; the page has tried again.
        equal("the console has nothing else", [line for line in phone.complaints() if "429" not in line], [])


def case_restart():
    """The server is killed, and another stands at the same port, whose states count from 1 again."""
    phone = browser()
    if not phone:
        return
    with phone:
        first = Lecture()
        for step in range(1, 6):
            first.show(f"第 {step} 步。", question("vote"))
        phone.visit(first.url)
        phone.shows("第 5 步。")
        first.kill()
        check("it says that it is lost", phone.says("#line", "正在连接……"), phone.text("#line"))
        with Lecture(first.port) as second:
            second.show("重新开始。", question("vote"))
            phone.shows("重新开始。", 30)
            check("it says that it is back", poll(lambda: (phone.text("#line") or "").startswith("已连上"), 30), phone.text("#line"))
            phone.click("#form label:nth-of-type(1)")
            phone.click("#form button")
            check("it votes", phone.says("#mine", "你投了 A。结束前可以改。"), phone.text("#mine"))
            equal("that counts", second.news()["counts"], [[1, 0, 0]])
            second.show("第 2 步。")
            phone.shows("第 2 步。")
            soon("one connection is left", lambda: second.news()["followers"], 1)


def case_sleep():
    """Who wakes up, or comes back to the page, asks for the state anew."""
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        lecture.show("第 1 步。")
        phone.visit(lecture.url)
        phone.shows("第 1 步。")
        phone.call("Page.setWebLifecycleState", state="frozen")
        for step in range(2, 30):
            lecture.show(f"第 {step} 步。", picture=canvas(["x" * 200] * 200))
        equal("it sleeps", phone.value("document.hidden"), True)
        before = phone.asked("/events")
        phone.call("Page.setWebLifecycleState", state="active")
        # Without a window this is what brings a page to the front again.
        phone.call("Emulation.setFocusEmulationEnabled", enabled=True)
        phone.shows("第 29 步。")
        soon("awake: it asks anew", lambda: phone.asked("/events") > before, True)
        for event in ("pageshow", "online"):
            before = phone.asked("/events")
            phone.value(f"window.dispatchEvent(new Event('{event}'))")
            soon(f"{event}: it asks anew", lambda start=before: phone.asked("/events") > start, True)
            phone.shows("第 29 步。")
        soon("one connection is left", lambda: lecture.news()["followers"], 1)
        lecture.show("第 30 步。")
        phone.shows("第 30 步。")
        quiet("sleeping", phone, lecture)


def case_without_events():
    """Without server-sent events the state is asked for every 3 s."""
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        lecture.show("第 1 步。")
        phone.call("Page.addScriptToEvaluateOnNewDocument", source="delete window.EventSource")
        phone.visit(lecture.url)
        phone.shows("第 1 步。")
        equal("it says how", phone.text("#line"), "已连上（每 3 秒更新）")
        lecture.show("第 2 步。")
        phone.shows("第 2 步。")
        equal("nobody follows", lecture.news()["followers"], 0)
        began = time.monotonic()
        asked = phone.asked("/state")
        poll(lambda: phone.asked("/state") >= asked + 3, 20)
        check("every 3 s", 5 < time.monotonic() - began < 20, "three in about 9 s", time.monotonic() - began)


def case_without_script_or_code():
    phone = browser()
    if not phone:
        return
    with phone, Lecture() as lecture:
        phone.visit(lecture.url.replace("X7H2", "2222"))
        check("a wrong code is said", "四位代码" in phone.text("body"), "四位代码", phone.text("body"))
        phone.visit(lecture.url.upper().replace("HTTP", "http"))
        equal("an upper-case address", phone.text("h1"), "kvtui classroom")
        phone.allow_scripts(False)
        phone.visit(lecture.url)
        check("without scripts it says so", "JavaScript" in phone.value("document.querySelector('noscript').innerText"), "JavaScript", phone.text("body"))
