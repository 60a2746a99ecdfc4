"""`lab --requests` and `lab --policy paged:B`: several requests over one pool of blocks, and one text in blocks."""

import json
import os
import sys

from support.checks import begin, check, equal
from support.here import REPOSITORY, work
from support.json_output import json_run, objects
from support.program import fails, run, succeeds

sys.path.insert(0, os.path.join(REPOSITORY, "tools", "fixtures"))

from block_manager import serve  # noqa: E402

POEM = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
REQUESTS = [
    {"prompt": POEM[:12], "tokens": 8},
    {"prompt": POEM[:15], "tokens": 12, "arrives": 2},
    {"prompt": "中华人民共和国", "tokens": 9, "arrives": 2},
    {"prompt": POEM[:18], "tokens": 6, "arrives": 4},
    {"prompt": "春", "tokens": 1, "arrives": 40},
]


def script(name, *requests):
    path = os.path.join(work, name)
    with open(path, "w", encoding="utf-8") as file:
        for request in requests:
            file.write((request if isinstance(request, str) else json.dumps(request, ensure_ascii=False)) + "\n")
    return path


class Served:
    """The lines of `lab --requests --json`."""

    def __init__(self, name, path, *arguments):
        self.lines = objects(succeeds(name, "lab", "--requests", path, "--json", *arguments))
        self.steps = [line for line in self.lines if line["type"] == "step"]
        self.requests = sorted((line for line in self.lines if line["type"] == "request"), key=lambda line: line["request"])
        self.total = self.lines[-1]

    def row(self, step, request):
        return next(row for row in step["requests"] if row["request"] == request)


def case_served():
    begin("several requests over one pool")
    path = script("five", *REQUESTS)
    prompts = [json_run("ids", "--prompt", request["prompt"], "--tokens", "1").fed for request in REQUESTS]
    for size, blocks, budget, sharing, batching in (
            (4, 9, 8, True, None), (4, None, 32, True, "continuous"), (1, 26, 1, True, None), (16, 2, 5, True, None), (3, 11, 1000, True, None),
            (4, 9, 8, False, None), (4, 9, 8, True, "whole"), (2, None, 5, False, "whole")):
        name = f"paged:{size}, {blocks} blocks, {budget} tokens" + ("" if sharing else ", nothing shared") + (f", {batching}" if batching else "")
        options = ["--policy", f"paged:{size}", "--budget", str(budget), *([] if sharing else ["--no-sharing"]),
                   *(["--batching", batching] if batching else [])]
        served = Served(name, path, *options, *(["--blocks", str(blocks)] if blocks else []))
        alone = [json_run("alone", "--prompt", request["prompt"], "--tokens", str(request["tokens"])) for request in REQUESTS]
        equal(f"{name}: each writes what it writes alone", [[token["id"] for token in one["tokens"]] for one in served.requests],
              [one.chosen for one in alone])
        equal(f"{name}: to the bit", [one["max_abs_difference"] for one in served.requests], [0] * len(REQUESTS))
        equal(f"{name}: FLOP alone", [one["flops_alone"] for one in served.requests],
              [one.total["cached"]["flops"]["total"] for one in alone])
        check_steps(name, served, prompts, size, budget, sharing, batching == "whole")
        check_total(name, served)
        equal(f"{name}: what was chosen", (served.total["sharing"], served.total["batching"]), (sharing, batching or "continuous"))
        if not sharing:
            equal(f"{name}: nothing is found or shared", (served.total["hit_tokens"], {step["pool"]["shared"] for step in served.steps}), (0, {0}))


def check_steps(name, served, prompts, size, budget, sharing, whole):
    """The scheduler's steps are those of the reference, which is given the tokens that the model wrote."""
    given = [{"prompt": ids, "writes": [token["id"] for token in one["tokens"]], "arrives": one["arrives"]}
             for ids, one in zip(prompts, served.requests)]
    expected = serve(given, size, served.total["blocks"], budget, sharing, whole)
    equal(f"{name}: steps", [step["step"] for step in served.steps], [step["step"] for step in expected])
    for step, other in zip(served.steps, expected):
        rows = {row["request"]: row for row in step["requests"]}
        equal(f"{name}, step {step['step']}: who computes what",
              [[number - 1, rows[number]["held"] - rows[number]["computed"], rows[number]["computed"], rows[number]["hits"]]
               for number in step["scheduled"]], other["scheduled"])
        equal(f"{name}, step {step['step']}: tables",
              {str(number - 1): rows[number]["blocks"] for number in step["scheduled"]}, other["tables"])
        equal(f"{name}, step {step['step']}: preempted", [number - 1 for number in step["preempted"]], other["preempted"])
        equal(f"{name}, step {step['step']}: finished", sorted(number - 1 for number in rows if rows[number]["finished"]),
              sorted(other["finished"]))
        pool, tables = step["pool"], [row["blocks"] for row in step["requests"]]
        held = [block for table in tables for block in table]
        equal(f"{name}, step {step['step']}: the pool's counts",
              (pool["used"], pool["references"], pool["used"] + pool["cached"] + pool["free"], pool["used_slots"]),
              (len(set(held)), len(held), pool["blocks"], len(set(held)) * size))
        equal(f"{name}, step {step['step']}: what can be found", (pool["cached_blocks"], pool["cached"], pool["evictions"]),
              (other["cached"], len(other["cached"]), other["evicted"]))
        equal(f"{name}, step {step['step']}: shared", pool["shared"], sum(held.count(block) > 1 for block in set(held)))
        equal(f"{name}, step {step['step']}: bytes", pool["used_bytes"], pool["used_slots"] * 2 * 64 * 4 * 4)
        equal(f"{name}, step {step['step']}: tokens", step["computed"], sum(row["computed"] for row in step["requests"]))


def check_total(name, served):
    total = served.total
    equal(f"{name}: the sums", (total["steps"], total["computed_tokens"], total["flops"], total["hit_tokens"], total["preemptions"]),
          (len(served.steps), sum(step["computed"] for step in served.steps), sum(step["flops"] for step in served.steps),
           sum(row["hits"] for step in served.steps for row in step["requests"]),
           sum(len(step["preempted"]) for step in served.steps)))
    equal(f"{name}: evictions", total["evictions"], served.steps[-1]["pool"]["evictions"])
    equal(f"{name}: the sums of the requests", (total["flops"], total["computed_tokens"], total["hit_tokens"], total["preemptions"]),
          tuple(sum(one[field] for one in served.requests) for field in ("flops", "computed_tokens", "hit_tokens", "preemptions")))
    equal(f"{name}: waste", total["waste"],
          {"used_slots": sum(step["pool"]["used_slots"] for step in served.steps),
           "wasted_slots": sum(step["pool"]["wasted_slots"] for step in served.steps),
           "reserved_slots": sum(step["reserved_slots"] for step in served.steps),
           "reserved_waste": sum(step["reserved_slots"] - sum(row["held"] for row in step["requests"]) for step in served.steps)})


def case_pages():
    begin("the page for people")
    path = script("five", *REQUESTS)
    options = ("lab", "--requests", path, "--policy", "paged:4", "--blocks", "9", "--budget", "8")
    served = Served("as JSON", path, *options[3:])
    for language in ("zh", "en"):
        page = succeeds(f"in {language}", *options, "--lang", language).text
        lines = page.split("\n")
        for request in range(1, len(REQUESTS) + 1):
            cells = "".join(line[10:] for line in lines if line.startswith(f"#{request} ") and "/" not in line[:24]
                            and not any(word in line for word in ("提示词", "prompt"))).split()
            shown = [cell for cell in cells if cell[0] in "pd"]
            rows = [served.row(step, request) for step in served.steps if any(row["request"] == request for row in step["requests"])]
            equal(f"{language}: the row of request {request}", shown,
                  [f"p{row['computed']}" if row["state"] == "prefill" else "d" for row in rows if row["computed"]])
        check(f"{language}: somebody lost its blocks", " !" in page, "a !", page)
        check(f"{language}: the totals", all(str(served.total[field]) in page for field in ("flops", "flops_alone", "hit_tokens")),
              "FLOP and hits", page)
    ascii_page = succeeds("in ASCII", *options, "--lang", "en", "--ascii").out
    check("--ascii: nothing else", all(byte < 128 for byte in ascii_page), "ASCII", ascii_page)


def case_one_text():
    begin("one text in blocks")
    for size in (1, 5, 16, 512):
        paged = objects(
            succeeds(f"paged:{size}", "lab", "--policy", f"paged:{size}", "--text", POEM, "--tokens", "4", "--json"))
        full = objects(succeeds("full", "lab", "--policy", "full", "--text", POEM, "--tokens", "4", "--json"))
        for step, other in zip(paged[1:-1], full[1:-1]):
            equal(f"paged:{size}, step {step['step']}: as the full cache", (step["kept"], step["next"], step["kl"], step["agrees"]),
                  (other["kept"], other["next"], 0, True))
            blocks = -(-step["length"] // size)
            equal(f"paged:{size}, step {step['step']}: whole blocks", step["cache_bytes"], blocks * size * 2 * 64 * 4 * 4)
        equal(f"paged:{size}: steps", len(paged), len(full))


def case_every_model():
    begin("every bundled model")
    path = script("three", *REQUESTS[:3])
    for model in sorted(os.listdir(os.path.join(REPOSITORY, "models"))):
        served = Served(model, path, "--model", model, "--policy", "paged:5", "--blocks", "8", "--budget", "7")
        equal(f"{model}: to the bit", [one["max_abs_difference"] for one in served.requests], [0] * 3)
        alone = [json_run(model, "--model", model, "--prompt", request["prompt"], "--tokens", str(request["tokens"]))
                 for request in REQUESTS[:3]]
        equal(f"{model}: the text", [[token["id"] for token in one["tokens"]] for one in served.requests],
              [one.chosen for one in alone])
        for step in served.steps:
            pool = step["pool"]
            last = alone[0].steps[-1]["cached"]
            equal(f"{model}, step {step['step']}: bytes of whole blocks", pool["used_bytes"] * last["cache_tokens"],
                  pool["used_slots"] * last["cache_bytes"])


def case_bad():
    begin("what cannot be served")
    good = script("good", *REQUESTS)
    served = ("lab", "--policy", "paged:4", "--requests")

    def bad(name, code, text, *more, words=()):
        path = script("bad", *([text] if isinstance(text, str) else text))
        for language in ("zh", "en"):
            fails(f"{name}, {language}", code, *served, path, "--lang", language, *more, words=words, chinese=language == "zh")

    bad("no line", 65, [], words=["bad"])
    bad("no object", 65, "3", words=["bad:1"])
    bad("broken JSON", 65, [json.dumps(REQUESTS[0]), "{"], words=["bad", "2"])
    bad("a field is missing", 65, '{"prompt":"a"}', words=["bad:1", "tokens"])
    bad("a field that is none", 65, '{"prompt":"a","tokens":1,"wait":2}', words=["bad:1", "wait"])
    bad("no token", 65, '{"prompt":"","tokens":1}', words=["prompt", "1"])
    bad("10^15 tokens", 65, '{"prompt":"春","tokens":1000000000000000}', words=["1000000000000000", "512"])
    bad("beyond all numbers", 65, '{"prompt":"春","tokens":1e400}', words=["bad"])
    bad("a prompt beyond the positions", 65, json.dumps({"prompt": "春天" * 300, "tokens": 1}), words=["600", "512"])
    bad("too many requests", 65, ['{"prompt":"春","tokens":1}'] * 257, words=["257", "256"])
    bad("not UTF-8", 65, '{"prompt":"\\ud800","tokens":1}', words=["bad"])
    for name, more, words in (("budget 0", ("--budget", "0"), ["--budget"]), ("budget 1.5", ("--budget", "1.5"), ["--budget"]),
                              ("blocks 0", ("--blocks", "0"), ["--blocks"]), ("blocks -1", ("--blocks", "-1"), ["--blocks"]),
                              ("a pool too small for one", ("--blocks", "6"), ["--blocks", "7"]),
                              ("10^15 blocks", ("--blocks", "1000000000000000"), ["--blocks"]),
                              ("a prompt as well", ("--prompt", "a"), ["--prompt", "--requests"]),
                              ("a draft", ("--draft", "tiny-zh-mqa"), ["--draft", "--requests"]),
                              ("sampling", ("--temperature", "1"), ["--temperature"]),
                              ("another policy", ("--policy", "window:4"), ["--policy", "paged:B"]),
                              ("two policies", ("--policy", "int8,paged:4"), ["--policy", "paged:B"]),
                              ("a block beyond the positions", ("--policy", "paged:513"), ["513", "512"]),
                              ("a block of 10^15", ("--policy", "paged:1000000000000000"), ["512"]),
                              ("a block of 0", ("--policy", "paged:0"), ["paged:B"])):
        fails(name, 64, *served, good, *more, "--lang", "en", words=words)
    for option in (("--blocks", "3"), ("--budget", "3"), ("--no-sharing",), ("--batching", "whole")):
        fails(f"{option[0]} alone", 64, "lab", "--policy", "paged:4", "--text", "春", *option, words=[option[0], "--requests"])
    fails("a batching that is none", 64, *served, good, "--batching", "static", "--lang", "en", words=["--batching", "static", "continuous", "whole"])
    fifo = os.path.join(work, "fifo")
    os.mkfifo(fifo)
    fails("a FIFO", 66, *served, fifo, words=["fifo"], timeout=10)
    fails("a folder", 66, *served, work, timeout=10)
    fails("no such file", 66, *served, os.path.join(work, "none"), words=["none"])
    fails("/dev/zero", 66, *served, "/dev/zero", timeout=10)
    fails("a block of 10^15 for one text", 64, "lab", "--policy", "paged:1000000000000000", "--text", "春", words=["512"])


def case_without_a_policy():
    begin("blocks of 16 where no policy is given")
    path = script("one", REQUESTS[0])
    equal("the policy", Served("no policy", path).total["policy"], "paged:16")
    text = run("lab", "--help", "--lang", "en").text
    check("lab --help names them", all(option in text for option in ("--requests", "--blocks", "--budget")), "the options", text)


def case_edges():
    begin("a byte order mark, the largest budget, and what is no pool")
    path = script("marked", "\ufeff" + json.dumps(REQUESTS[0]), REQUESTS[1])
    plain = Served("without a mark", script("unmarked", *REQUESTS[:2]))
    equal("the mark is no part of the first request", Served("a mark", path).lines, plain.lines)
    most = Served("the largest budget", path, "--budget", str(2**63 - 1))
    equal("it writes the same", [one["tokens"] for one in most.requests], [one["tokens"] for one in plain.requests])
    equal("whole prompts at once", [row["computed"] for row in most.steps[0]["requests"]], [len(json_run("ids", "--prompt", REQUESTS[0]["prompt"], "--tokens", "1").fed)])
    fails("speculative decoding of requests", 64, "lab", "--requests", path, "--policy", "speculative:2", "--lang", "en",
          words=["--requests", "--policy speculative:2"])
