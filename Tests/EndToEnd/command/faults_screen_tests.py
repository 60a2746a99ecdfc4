"""The screen of broken caches: every number of its frames is one of --json's; the game, the page, what is refused."""

import json
import re
import struct

from support.checks import begin, check, equal
from support.here import work
from support.output import columns_of, control_bytes
from support.program import environment, fails, succeeds

FAULTS = ("stale-prefix", "appended-twice", "keys-only", "position-not-advanced", "position-restarted", "mask-top-left", "mask-off")
LETTERS = dict(zip(FAULTS, "abcdefg"))
# The row that says what went wrong: what should have been, what was, and both of a column of --json.
CAUSES = {
    "stale-prefix": ("K, V due of", "K, V are of", lambda column, token: (token, column["stands_for"]["text"] if column["stands_for"] else token)),
    "appended-twice": ("copies due", "copies kept", lambda column, token: ("1", str(column["copies"]))),
    "keys-only": ("to be read", "was read", lambda column, token: ("V", "0" if column["reads_zero"] else "V")),
    "mask-top-left": ("keys to see", "keys seen", lambda column, token: (str(column["keys_due"]), str(column["keys_seen"]))),
}
CAUSES["mask-off"] = CAUSES["mask-top-left"]
POSITION = ("position due", "position given", lambda column, token: (str(column["position"]), str(column["given_position"])))
# Wide enough for every token of a run: cells of eight columns, two decimals.
SIZE = "190x34"


def objects(name, *arguments):
    return [json.loads(line) for line in succeeds(name, "fault", *arguments, "--json").text.splitlines()]


class Told:
    """A run's --json: its steps, and what the cache holds after each."""

    def __init__(self, lines):
        self.lines = lines
        self.steps = [line for line in lines if line["type"] == "step"]
        self.total = next(line for line in lines if line["type"] == "total")
        self.draw = next((line for line in lines if line["type"] == "draw"), None)
        self.hints = {line["guess"]: line for line in lines if line["type"] == "hint"}
        self.prompt = self.total["prompt_tokens"]
        self.tokens = [token["text"] for step in self.steps for token in step["fed"]]

    def columns(self, number):
        held = {}
        for step in self.steps[:number]:
            for column in step["changed"]:
                held[column["position"]] = column
        return [held[position] for position in sorted(held)]


def shown(gap, digits=2):
    """A |Δ| as a cell has it."""
    if gap == 0:
        return "="
    if gap < 0.5 * 10 ** -digits:
        return "<." + "0" * (digits - 1) + "1"
    # The float that was written, half away from zero, as the screen rounds.
    scaled = int(struct.unpack("f", struct.pack("f", gap))[0] * 10 ** digits + 0.5)
    return f"{scaled // 10 ** digits}.{scaled % 10 ** digits:0{digits}d}"


def visible(token):
    return token.replace(" ", "␣").replace("\n", "\\n")


def cells(line, name):
    """The words of a row behind its name; "!" belongs to the word before it."""
    return line.strip().removeprefix(name).replace(" !", "!").replace("▸", " ").split()


def marks(told, letter, columns, layer):
    """A layer's cells, with their marks where they are at least half of the largest of all."""
    gaps = [struct.unpack("f", struct.pack("f", column[letter][layer]))[0] for column in columns]
    largest = told.total[f"max_{letter}"]
    return [shown(gap) + ("*" if gap > 0 and 2 * gap >= largest else "") for gap in gaps]


def row(frame, name):
    return next((line for line in frame.split("\n") if line.strip().startswith(name + " ")), "")


def frames(text):
    return [" kvtui" + frame for frame in ("\n" + text).split("\n kvtui")[1:]]


def hold_frame(name, frame, told, number, fault, is_hidden):
    """Holds every number of a frame against --json."""
    columns, step = told.columns(number), told.steps[number - 1]
    tokens = [visible(token) for token in told.tokens[:len(columns)]]
    check(f"{name}: the step", f"step {number}/{len(told.steps)}" in frame and step["phase"] in frame.split("\n")[0], "", frame)
    equal(f"{name}: tokens", cells(row(frame, "so far"), "so far"), tokens)
    due, found, texts = CAUSES.get(fault, POSITION)
    if is_hidden:
        check(f"{name}: no cause", not row(frame, due) and not row(frame, found), "", frame)
    else:
        pairs = [texts(column, token) for column, token in zip(columns, told.tokens)]
        equal(f"{name}: {due}", cells(row(frame, due), due), [visible(one) for one, _ in pairs])
        equal(f"{name}: {found}", cells(row(frame, found), found), [visible(two) + ("!" if one != two else "") for one, two in pairs])
    for letter in "kv":
        for layer in range(4):
            label = f"{letter.upper()} layer {layer + 1}"
            equal(f"{name}: {label}", cells(row(frame, label), label), marks(told, letter, columns, layer))
    done = told.steps[:number]
    for label, key in (("no cache →", "sound_next"), ("broken →" if fault else "cache →", "broken_next")):
        words = [word for word in cells(row(frame, label), label) if word != "prefill"]
        equal(f"{name}: {label}", words,
              [visible(step[key]["text"]) + ("!" if key == "broken_next" and step[key]["id"] != step["sound_next"]["id"] else "")
               for step in done])
    # The numbers above the columns of logits stand at different heights.
    lines = frame.split("\n")
    last = lines.index(row(frame, "no cache →"))
    first = lines.index(row(frame, "V layer 4")) + 1
    numbers = {}
    for line in lines[first:last]:
        for match in re.finditer(r"(?<!\S)(?:\d+\.\d\d|<\.01|=)(?!\S)", line):
            numbers[columns_of(line[:match.end()])] = match.group()
    equal(f"{name}: logits", [numbers[end] for end in sorted(numbers)], [shown(step["max_abs_difference"]) for step in done])


def hold_words(name, frame, told, number):
    """Holds what is said below the table."""
    parting, change = told.total["parting"], told.total["text_changes"]
    if parting is None or parting["step"] > number:
        check(f"{name}: nothing differs yet", "not one bit differs" in frame, "", frame)
        return
    token = visible(told.tokens[parting["position"]])
    sentence = (f"They part at step {parting['step']}: {parting['part'].upper()} of \"{token}\" in layer {parting['layer']} "
                f"is off by {shown(parting['difference'])}.")
    check(f"{name}: where they part", sentence in frame, sentence, frame)
    if change is None or change["step"] > number:
        check(f"{name}: the text is the same", f"Up to step {number} both say the same" in frame, "", frame)
        return
    percent = f"{change['broken']['probability'] * 100:.1f}%"
    sentence = (f"First wrong at step {change['step']}: the broken run says \"{visible(change['broken']['text'])}\", {percent} sure; "
                f"right is \"{visible(change['sound']['text'])}\".")
    check(f"{name}: the text changes", sentence in frame, sentence, frame)


def case_every_number():
    begin("every number of every frame is --json's")
    for fault in (*FAULTS, None):
        named = fault or "none"
        told = Told(objects(named, named))
        equal(f"{named}: the fault", told.total["fault"], fault)
        equal(f"{named}: layers", {len(column[part]) for column in told.columns(99) for part in "kv"}, {4})
        count = len(told.steps)
        pressed = ["Home"] + ["Right"] * (count - 1)
        text = succeeds(f"{named}, its frames", "fault", named, "--keys", " ".join(pressed), "--size", SIZE, "--lang", "en").text
        found = frames(text)[1:]
        equal(f"{named}: frames", len(found), count)
        for number, frame in enumerate(found, 1):
            hold_frame(f"{named}, step {number}", frame, told, number, fault, False)
            hold_words(f"{named}, step {number}", frame, told, number)


def case_heads():
    begin("a cell's heads")
    prompt = ("--prompt", "世界最高峰是", "--tokens", "16")
    lab = [json.loads(line) for line in succeeds("the weights", "lab", "--policy", "full", *prompt, "--by-head", "--json").text.splitlines()]
    last = [line for line in lab if line["type"] == "step"][-1]
    told = Told(objects("none", "none"))
    shape = next(line for line in lab if line["type"] == "model")
    layers, heads = shape["layers"], shape["heads"]
    keys = ["End", "i"]
    for layer in range(layers):
        keys += ["}" if layer % 2 == 0 else "{"] * (heads - 1) + ["]"]
    found = frames(succeeds("heads", "fault", "none", "--keys", " ".join(keys), "--size", SIZE, "--lang", "en").text)[2:]
    flaws, seen = [], set()
    for frame in found:
        here = re.search(r"layer (\d), \".*?\" \(position (\d+)\)", frame)
        looks = re.findall(r"head (\d) \(all 4 are the same\) looks at, (sound|cache): (.*)", frame)
        layer, head = int(here[1]), int(looks[0][0])
        seen.add((layer, head))
        weights = last["full_weights"][layer - 1][head - 1]
        best = sorted(range(len(weights)), key=lambda key: -weights[key])[:6]
        for _, _, words in looks:
            shares = re.findall(r"(\S+) (\d+\.\d)%", words)
            if len(looks) != 2 or [token for token, _ in shares] != [visible(told.tokens[key]) for key in best[:len(shares)]] or any(
                    abs(float(share) - 100 * weights[key]) > 0.0501 for (_, share), key in zip(shares, best)) or not shares:
                flaws.append(f"layer {layer}, head {head}: {words}")
    check("every head's weights are those of lab --by-head", not flaws, "", flaws[:3])
    equal("every head of every layer", len(seen), layers * heads)


def case_what_json_says():
    begin("fault --json")
    for model in ("tiny-zh", "tiny-zh-gqa"):
        told = Told(objects(model, "none", "--model", model))
        equal(f"{model}: nothing is wrong", (told.total["parting"], told.total["text_changes"], told.total["max_logits"]), (None, None, 0))
        equal(f"{model}: nothing differs", {gap for column in told.columns(99) for part in "kv" for gap in column[part]}, {0})
    for fault in FAULTS:
        told = Told(objects(fault, fault))
        gaps = [[gap for step in told.steps for column in step["changed"] for gap in column[part]] for part in "kv"]
        equal(f"{fault}: the largest", (told.total["max_k"], told.total["max_v"]), (max(gaps[0]), max(gaps[1])))
        equal(f"{fault}: of the logits", told.total["max_logits"], max(step["max_abs_difference"] for step in told.steps))
        changed = next((step for step in told.steps if step["sound_next"]["id"] != step["broken_next"]["id"]), None)
        equal(f"{fault}: where the text changes", told.total["text_changes"] and told.total["text_changes"]["step"], changed and changed["step"])
        first = next(step for step in told.steps if any(any(column[part]) for column in step["changed"] for part in "kv"))
        equal(f"{fault}: where they part", told.total["parting"]["step"], first["step"])
        # Both are fed what the sound run goes on with.
        equal(f"{fault}: what is fed", [step["fed"][0]["id"] for step in told.steps[1:]], [step["sound_next"]["id"] for step in told.steps[:-1]])
    text = Told(objects("a text", "keys-only", "--text", "中华人民", "--tokens", "2"))
    equal("a text begins with one token", (text.prompt, len(text.steps)), (1, 6))


def case_game():
    begin("the game")
    names = {}
    for seed in (0, 1, 5, 8, 13, 2**64 - 1):
        told = Told(objects(f"round {seed}", "--seed", str(seed)))
        fault = told.draw["fault"]
        equal(f"round {seed}: one of the seven", fault in FAULTS and told.total["fault"] == fault, True)
        equal(f"round {seed}: its text", "".join(told.tokens).startswith(told.draw["prompt"]), True)
        equal(f"round {seed}: hints for all others", set(told.hints), set(FAULTS) - {fault})
        wrong = next(name for name in FAULTS if name != fault)
        count = len(told.steps)
        keys = ["Home", *["Right"] * (count - 1), LETTERS[wrong], LETTERS[fault]]
        found = frames(succeeds(f"round {seed}, its frames", "fault", "--seed", str(seed), "--keys", " ".join(keys), "--size", SIZE, "--lang", "en").text)[1:]
        equal(f"round {seed}: frames", len(found), count + 2)
        for number, frame in enumerate(found[:count], 1):
            hold_frame(f"round {seed}, step {number}", frame, told, number, fault, True)
        hint, guessed, over = told.hints[wrong], found[-2], found[-1]
        part = f"at step {hint['step']} {hint['part'].upper()} of \"{visible(told.tokens[hint['position']])}\" in layer {hint['layer']}"
        here = f"off by {shown(hint['shown'])}" if hint["shown"] else "equal bit for bit"
        there = f"off by {shown(hint['guessed'])}" if hint["guessed"] else "equal"
        sentence = f"{part} is {here}, and would be {there}."
        check(f"round {seed}: the hint names what is there", sentence in " ".join(guessed.split()), sentence, guessed)
        hold_frame(f"round {seed}, at the hint", guessed, told, count, fault, True)
        check(f"round {seed}: the score", "0 of 1 right" in guessed and "1 of 2 right" in over, "", over)
        hold_frame(f"round {seed}, over", over, told, count, fault, False)
        check(f"round {seed}: how it is drawn again", f"kvtui fault --seed {seed} draws it again" in over, "", over)
        names[fault] = re.search(r"Right: (.*?)\.", over).group(1)
    unlearned = environment(XDG_STATE_HOME=work, LANG="C.UTF-8")
    both = frames(succeeds("there and back", "lesson", "--keys", "f h b q f", "--size", SIZE, "--lang", "en", env=unlearned).text)
    equal("who comes back from the menu finds the round", both[-1], both[-3])
    check("with its score", "0 of 1 right" in both[-1], "", both[-1])
    seen = [frames(succeeds(f"{command[0]}, without a mask", *command, "--keys", "Home", "--lang", "en", "--size", "80x24").text)[-1]
            for command in (["fault", "mask-off"], ["run", "--fault", "mask-off"])]
    check("fault mask-off says whose prompt looks both ways", "The cached run's prompt looks both ways" in seen[0], "", seen[0])
    check("run --fault mask-off says so too", "broken: no mask, in both runs" in seen[1].split("\n")[0], "", seen[1])
    page = succeeds("a round as a page", "fault", "--seed", "5", "--lang", "en").text
    check("a page of a round names nothing", "round 5" in page and not any(name in page for name in names.values()) and "keys seen" not in page, "", page)


def case_pages():
    begin("fault as a page of text")
    for fault in (*FAULTS, "none"):
        told = Told(objects(fault, fault))
        for language in ("en", "zh"):
            page = succeeds(f"{fault} in {language}", "fault", fault, "--plain", "--lang", language).text
            wide = [line for line in page.split("\n") if columns_of(line) > 80]
            check(f"{fault}, {language}: 80 columns", not wide, "", wide)
            check(f"{fault}, {language}: no control bytes", not control_bytes(page.encode()), "", page)
        page = succeeds(f"{fault}, its numbers", "fault", fault, "--lang", "en").text
        steps, keys, values, causes = page.split("\n\n")[1:5]
        equal(f"{fault}: a row a step", len(steps.strip().split("\n")) - 2, len(told.steps))
        for block, part in ((keys, "k"), (values, "v")):
            found = [line.split()[-4:] for line in block.strip().split("\n")[2:]]
            equal(f"{fault}: {part}", found, [[shown(gap, 4) for gap in column[part]] for column in told.columns(99)])
        found = [line.split()[-5:] for line in causes.strip().split("\n")[2:]]
        equal(f"{fault}: causes", found,
              [[str(column[key]) for key in ("given_position", "keys_seen", "keys_due", "copies")] + ["0" if column["reads_zero"] else "V"]
               for column in told.columns(99)])


def case_sizes():
    begin("frames of every size")
    for size in ("60x16", "80x24", "120x36", "200x60"):
        for language in ("en", "zh"):
            for keys in ("", "6 Home Right Right", "i Up Left", "h a i", "?"):
                text = succeeds(f"{size} {language} {keys}", "fault", "--keys", keys, "--size", size, "--lang", language).text
                width, height = map(int, size.split("x"))
                found = frames(text)
                check(f"{size} {language} {keys}: nothing is wider", not [line for line in text.split("\n") if columns_of(line) > width], "", text)
                check(f"{size} {language} {keys}: nothing but text", not control_bytes(text.encode()), "", text[:99])
                check(f"{size} {language} {keys}: nothing is higher", all(len(frame.strip("\n").split("\n")) <= height for frame in found), height, text)
    page = succeeds("in ASCII", "fault", "keys-only", "--text", "ABC", "--tokens", "3", "--keys", "i", "--size", "80x24", "--ascii", "--lang", "en").text
    check("ASCII alone", page.isascii(), "", page)


def case_refused():
    begin("fault refused")
    for language in ("zh", "en"):
        fails(f"an unknown fault, {language}", 64, "fault", "mask-of", "--lang", language, words=["mask-of", *FAULTS, "none"])
    for arguments, words in ((("--seed", "x"), ["--seed"]), (("--seed", "1", "--prompt", "中"), ["--seed", "--prompt"]),
                             (("--seed", "1", "--text", "中"), ["--seed", "--text"]), (("--tokens", "0"), ["--tokens"]),
                             (("--tokens", "1000000000000000"), ["--tokens"]), (("--prompt", ""), ["--prompt"]),
                             (("--json", "--keys", "a"), ["--json", "--keys"]), (("--json", "--plain"), ["--json", "--plain"]),
                             (("--keys", "Nokey"), ["Nokey"]), (("--size", "0x0"), ["--size"])):
        fails(f"fault {arguments}", 64, "fault", *arguments, words=words)
    fails("an unknown model", 66, "fault", "--model", "nobody")
    told = Told(objects("a seed beside a name samples", "keys-only", "--seed", "4", "--top-k", "5", "--tokens", "3"))
    equal("and draws nothing", told.draw, None)
