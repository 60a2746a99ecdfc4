"""Conversations: answers, what was reused and computed for them, and scripts that cannot be followed."""

import json
import os

from support.checks import begin, check, equal
from support.contract import MODEL_KEYS, closed_forms
from support.here import FIXTURES, REPOSITORY, work
from support.json_output import objects
from support.models import write
from support.output import control_bytes
from support.program import fails, succeeds

INNER = {"tiny-zh": 256, "tiny-zh-gqa": 172, "tiny-zh-mqa": 172, "qwen3": 48, "shard-stale-copy-norm": None}
KEYS = {"type", "turn", "question", "answer", "prompt_tokens", "reused_tokens", "computed_tokens", "flops", "cache_bytes"}


def script(name, *lines):
    path = os.path.join(work, name)
    write(path, "".join((line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)) + "\n" for line in lines).encode())
    return path


def chat(name, path, *arguments, **options):
    lines = objects(succeeds(name, "chat", "--script", path, "--json", *arguments, **options))
    return lines[0], lines[1:]


def case_against_hugging_face():
    begin("chat --script FILE --json")
    with open(os.path.join(FIXTURES, "decoding", "conversations.json"), encoding="utf-8") as file:
        conversations = json.load(file)["conversations"]
    for number, row in enumerate(conversations):
        name = f"{row['model']}, {row['tokens']} tokens, {number}"
        folder = os.path.join(REPOSITORY, "models") if row["room"] == "models" else os.path.join(FIXTURES, row["room"])
        path = script(f"talk-{number}.txt", *[turn["line"] for turn in row["turns"]])
        model, turns = chat(name, path, "--model", os.path.join(folder, row["model"]), "--tokens", str(row["tokens"]),
                            "--lang", row["language"])
        equal(f"{name}: the model line", set(model), MODEL_KEYS)
        several = any(isinstance(turn["line"], dict) and "conversation" in turn["line"] for turn in row["turns"])
        equal(f"{name}: keys", {frozenset(turn) for turn in turns}, {frozenset(KEYS | ({"conversation"} if several else set()))})
        equal(f"{name}: turns", len(turns), len(row["turns"]))
        for turn, expected in zip(turns, row["turns"]):
            place = f"{name}, turn {expected['turn']}"
            equal(f"{place}: what was said", (turn["type"], turn["turn"], turn["question"], turn["answer"]),
                  ("turn", expected["turn"], expected["question"], expected["answer"]))
            prompt, reused = len(expected["prompt_ids"]), expected["reused_tokens"]
            equal(f"{place}: tokens", (turn["prompt_tokens"], turn["reused_tokens"], turn["computed_tokens"]),
                  (prompt, reused, expected["computed_tokens"]))
            fed = len(expected["written"]) - 1
            equal(f"{place}: bytes of the cache", turn["cache_bytes"],
                  2 * model["layers"] * model["kv_heads"] * model["d_head"] * (prompt + fed) * 4)
            if INNER[row["model"]]:
                flops(place, model, INNER[row["model"]], turn, prompt, reused, fed)


def flops(place, model, inner, turn, prompt, reused, fed):
    """facts.md, section 2: a prefill of what is new, or of all, then a pass for each token that is fed."""
    total = lambda rows, past: closed_forms(model, inner, rows, past)["total"]
    decoding = sum(total(1, prompt + step) for step in range(fed))
    equal(f"{place}: FLOPs", turn["flops"],
          {"with_reuse": total(prompt - reused, reused) + decoding, "without_reuse": total(prompt, 0) + decoding})


def case_pages():
    begin("chat as pages")
    lines = ["你好！", "你是谁？", {"edit": 2, "question": "谢谢！"}, "\x1b[31m谢\x07谢"]
    path = script("page.txt", *lines)
    _, turns = chat("json", path, "--lang", "zh")
    for language, title in (("zh", "第 {} 轮"), ("en", "turn {}")):
        result = succeeds(f"page {language}", "chat", "--script", path, "--lang", language)
        text = result.text
        check(f"{language}: no control bytes", not control_bytes(result.out), "", text)
        check(f"{language}: a page a turn", all(title.format(turn["turn"]) in text for turn in turns), title, text)
        told = "一字不差" if language == "zh" else "the same answers"
        check(f"{language}: both runs agree, as was seen", told in text, told, text)
    text = succeeds("zh", "chat", "--script", path, "--lang", "zh").text
    pages = text.split("\n\n")
    for turn, page in zip(turns, pages):
        ends = [line.split()[-1] for line in page.split("\n") if line.split()]
        strip = "".join(end for end in ends if set(end) <= set("=+"))
        equal(f"turn {turn['turn']}: a glyph for each token", (strip.count("="), strip.count("+")),
              (turn["reused_tokens"], turn["computed_tokens"]))
        check(f"turn {turn['turn']}: what was reused stands first", "+=" not in strip, "", strip)
    ascii_only = succeeds("ascii", "chat", "--script", path, "--lang", "en", "--ascii").text
    check("--ascii is ASCII", ascii_only.isascii(), "", ascii_only)
    from_input = succeeds("--script -", "chat", "--script", "-", "--lang", "zh", "--json", stdin="你好！\n你是谁？\n".encode())
    equal("--script - reads standard input", [turn["answer"] for turn in objects(from_input)[1:]], [turn["answer"] for turn in turns[:2]])
    default = chat("the locale's language", path, env=None)[1]
    equal("the turn format is --lang's", [turn["prompt_tokens"] for turn in default],
          [turn["prompt_tokens"] for turn in chat("en", path, "--lang", "en")[1]])


def case_scripts_refused():
    begin("chat refused")
    fails("a script without a name", 64, "chat", "--script", words=["--script"])
    fails("a script that is not there", 66, "chat", "--script", os.path.join(work, "nowhere.txt"), words=["nowhere.txt"])
    fails("a folder", 66, "chat", "--script", work, words=["regular file"])
    fifo = os.path.join(work, "chat-fifo")
    os.mkfifo(fifo)
    fails("a FIFO", 66, "chat", "--script", fifo, words=["regular file"], timeout=10)
    fails("a device", 66, "chat", "--script", "/dev/zero", words=["regular file"], timeout=10)
    for name, content, code, words in (
            ("empty", b"", 65, ["no line"]),
            ("blank", b"\n", 65, ["line 1", "empty"]),
            ("binary", open(os.path.join(REPOSITORY, "models", "tiny-zh", "model.safetensors"), "rb").read()[:5000], 65, ["UTF-8"]),
            ("torn", b'hello\n{"edit":1,"question":"a"\n', 65, [":2", "JSON"]),
            ("number", b"{1}\n", 65, [":1", "JSON"]),
            ("no-question", b'hello\n{"edit":1}\n', 65, [":2", "question"]),
            ("empty-question", b'hello\n{"edit":1,"question":""}\n', 65, ["line 2", "empty"]),
            ("newline", b'{"question":"a\\nb"}\n', 65, ["line 1", "newline"]),
            ("no-such-turn", b'hello\n{"edit":2,"question":"a"}\n', 65, ["line 2", "turn 2", "1"]),
            ("huge-turn", b'hello\n{"edit":1000000000000000,"question":"a"}\n', 65, ["line 2", "1000000000000000"]),
            ("larger-turn", b'hello\n{"edit":100000000000000000000000,"question":"a"}\n', 65, [":2", "JSON"]),
            ("null-turn", b'hello\n{"edit":0,"question":"a"}\n', 65, [":2", "edit", "0"]),
            ("unknown-field", b'{"question":"a","colour":1}\n', 65, [":1", "colour"]),
            ("old-conversation", b'{"question":"a","conversation":"old"}\n', 65, [":1", "conversation", "new"]),
            ("deep", b"{" + b'"question":' + b"[" * 5000 + b"\n", 65, [":1", "JSON"]),
            ("escape", b'{"question":"a","\\u001b[31m":1}\n', 65, [":1"])):
        path = os.path.join(work, f"chat-{name}.txt")
        write(path, content)
        result = fails(name, code, "chat", "--script", path, "--lang", "en", words=words)
        fails(f"{name}, --json", code, "chat", "--script", path, "--lang", "en", "--json", words=words)
        check(f"{name}: no control bytes", not control_bytes(result.err), "", result.message)
    large = os.path.join(work, "chat-large.txt")
    write(large, b"a\n" * 600000)
    fails("a script that is too large", 65, "chat", "--script", large, words=["chat-large.txt"])
    good = script("good.txt", "你好！")
    for value in ("0", "-1", "x", "1.5", "99999999999999999999"):
        fails(f"--tokens {value}", 64, "chat", "--script", good, "--tokens", value, words=["--tokens"])
    fails("--tokens 10^15", 64, "chat", "--script", good, "--tokens", "1000000000000000", "--lang", "zh", words=["--tokens", "505", "512"])
    fails("an option of run", 64, "chat", "--script", good, "--prompt", "x", words=["--prompt"])


def case_beyond_memory():
    begin("chat beyond the memory")
    folder = os.path.join(work, "many-positions")
    os.makedirs(folder, exist_ok=True)
    bundled = os.path.join(REPOSITORY, "models", "tiny-zh-mqa")
    with open(os.path.join(bundled, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    write(os.path.join(folder, "config.json"), json.dumps({**config, "max_position_embeddings": 1 << 28}).encode())
    for name in ("model.safetensors", "tokenizer.json"):
        if not os.path.exists(os.path.join(folder, name)):
            os.symlink(os.path.join(bundled, name), os.path.join(folder, name))
    fails("room that no machine has", 64, "chat", "--script", script("many.txt", "你好！"), "--model", folder, "--tokens", "200000000",
          "--lang", "en", words=["many.txt", "--tokens", "GB"], timeout=30, allow_output=True)


def case_too_long():
    begin("chat beyond the positions")
    long = script("long.txt", "你好！", "长" * 450, "你好！")
    result = fails("no room for an answer", 64, "chat", "--script", long, "--lang", "en", "--json", allow_output=True,
                   words=["long.txt", "line 2", "turn 2", "--tokens", "512"])
    equal("the turn before stands", [line["type"] for line in objects(result)], ["model", "turn"])
    longer = script("longer.txt", "长" * 600)
    fails("a question beyond the positions", 65, "chat", "--script", longer, "--lang", "en", "--json", allow_output=True,
          words=["line 1", "512"])
    last = script("last.txt", "长" * (512 - 6))
    equal("up to the last position", chat("the last position", last, "--lang", "zh", "--tokens", "1")[1][0]["prompt_tokens"], 511)


def case_byte_order_mark():
    begin("a script that begins with a byte order mark")
    lines = ["你好", {"edit": 1, "question": "春天"}]
    plain = chat("without", script("plain.txt", *lines), "--tokens", "3")
    for name, first in (("a question", lines[0]), ("an object", {"question": lines[0]})):
        path = script("plain.txt", first, *lines[1:])
        with open(path, "rb") as file:
            write(path, b"\xef\xbb\xbf" + file.read())
        equal(f"{name}: the same conversation", chat(name, path, "--tokens", "3"), plain)
