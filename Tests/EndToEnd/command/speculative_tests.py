"""Speculative decoding: the text that the model writes alone, in fewer passes, and what both models did for it."""

import json
import os

from support.checks import begin, check, equal
from support.contract import MODEL_KEYS, closed_forms
from support.here import FIXTURES, REPOSITORY, work
from support.json_output import json_run, objects
from support.models import write
from support.output import control_bytes
from support.program import fails, succeeds

INNER = {"tiny-zh": 256, "tiny-zh-gqa": 172, "tiny-zh-mqa": 172}


def lab(name, drafts, *arguments):
    lines = objects(succeeds(name, "lab", "--policy", f"speculative:{drafts}", "--json", *arguments))
    return lines[0], lines[1:-1], lines[-1]


def case_against_hugging_face():
    begin("lab --policy speculative:G --json")
    with open(os.path.join(FIXTURES, "decoding", "speculation.json"), encoding="utf-8") as file:
        fixture = json.load(file)
    for run in fixture["runs"]:
        if run["prompt"] not in ("春天来了", "What is KV caching?"):
            continue
        name = f"{run['model']}, {run['draft']}, {run['prompt']}, {run['drafts']}"
        model, passes, total = lab(name, run["drafts"], "--model", run["model"], "--draft", run["draft"], "--prompt", run["prompt"],
                                   "--tokens", str(fixture["tokens"]), "--ignore-eos")
        equal(f"{name}: the model line", (set(model), model["name"]), (MODEL_KEYS, run["model"]))
        equal(f"{name}: keys of a pass", {frozenset(line) for line in passes},
              {frozenset({"type", "step", "drafted", "accepted", "written", "chosen", "probabilities", "rows", "truncated", "flops",
                          "draft_flops", "weight_bytes", "draft_weight_bytes"})})
        equal(f"{name}: passes are counted", [line["step"] for line in passes], list(range(1, len(passes) + 1)))
        equal(f"{name}: Hugging Face's passes", [{key: line[key] for key in ("drafted", "accepted")} for line in passes], run["passes"])
        equal(f"{name}: rows", [line["rows"] for line in passes], [len(line["drafted"]) + 1 for line in passes])
        equal(f"{name}: keys of the total", set(total),
              {"type", "policy", "tokens", "passes", "acceptance", "flops", "draft_flops", "weight_bytes", "draft_weight_bytes", "agrees",
               "plain_passes", "plain_flops", "plain_weight_bytes"})
        check_verdicts(name, passes, total)
        equal(f"{name}: the total", (total["type"], total["policy"], total["tokens"], total["passes"]),
              ("total", f"speculative:{run['drafts']}", run["new_ids"], len(passes)))
        drafted = sum(len(line["drafted"]) for line in passes)
        equal(f"{name}: acceptance", total["acceptance"], sum(line["accepted"] for line in passes) / drafted)
        flops(name, run["draft"], model, passes, total, len(model_ids(run["prompt"])))


def check_verdicts(name, passes, total):
    """What is written is what the model chose, and the sums are sums."""
    for line in passes:
        place, accepted = f"{name}, pass {line['step']}", line["accepted"]
        equal(f"{place}: a choice and its probability for each row", (len(line["chosen"]), len(line["probabilities"])), (line["rows"],) * 2)
        equal(f"{place}: written is chosen", line["written"], line["chosen"][:accepted + 1])
        equal(f"{place}: accepted is drafted", line["drafted"][:accepted], line["chosen"][:accepted])
        equal(f"{place}: what was rejected is cut off", line["truncated"], len(line["drafted"]) - accepted)
        check(f"{place}: probabilities", all(0 < p <= 1 for p in line["probabilities"]), "0 to 1", line["probabilities"])
    equal(f"{name}: the text of the passes", total["tokens"][1:], [token for line in passes for token in line["written"]])
    # Each pass reads all weights once, however many rows it has.
    each = total["plain_weight_bytes"] // total["plain_passes"]
    equal(f"{name}: bytes of a pass", {line["weight_bytes"] for line in passes}, {each})
    equal(f"{name}: bytes of all", total["weight_bytes"], each * (len(passes) + 1))
    for field in ("draft_flops", "draft_weight_bytes"):
        equal(f"{name}: {field}", total[field], sum(line[field] for line in passes))
    equal(f"{name}: the plain text", (total["agrees"], total["plain_passes"]), (True, len(total["tokens"])))


def model_ids(prompt):
    ran = json_run("ids", "--prompt", prompt, "--tokens", "1")
    return ran.fed


def head_flops(model, rows):
    return 2 * model["d_model"] * model["vocabulary"] * rows


def flops(name, draft_name, model, passes, total, prompt):
    """facts.md, section 2: every verified row has logits; the draft reads what it has not read and writes a token a pass."""
    draft = json_run("the draft", "--model", draft_name, "--tokens", "1").model

    def cost(which, rows, past, logits=1):
        inner = INNER[which["name"]]
        return closed_forms(which, inner, rows, past)["total"] + head_flops(which, logits - 1)

    length, held = prompt + 1, 0
    expected = []
    for line in passes:
        sum = cost(model, line["rows"], length - 1, line["rows"])
        for step in range(len(line["drafted"])):
            sum += cost(draft, length - held, held) if step == 0 else cost(draft, 1, length + step - 1)
        expected.append(sum)
        if line["drafted"]:
            held = min(length + len(line["drafted"]) - 1, length + line["accepted"])
        length += line["accepted"] + 1
    equal(f"{name}: FLOPs of each pass", [line["flops"] for line in passes], expected)
    all_flops = cost(model, prompt, 0)
    for flop in expected:
        all_flops += flop
    equal(f"{name}: FLOPs in all, the prefill's too", total["flops"], all_flops)
    plain = cost(model, prompt, 0)
    for past in range(prompt, prompt + len(total["tokens"]) - 1):
        plain += cost(model, 1, past)
    equal(f"{name}: FLOPs of the plain run", total["plain_flops"], plain)


def case_the_plain_text():
    begin("speculative decoding writes the plain text")
    for prompt in ("春天来了", "问：你好！\n答：", "中华人民"):
        plain = json_run(f"plain {prompt!r}", "--prompt", prompt, "--tokens", "30")
        ids = [step["next"][0]["id"] for step in plain.steps]
        for drafts in ("1", "2", "6", "1000000000000000"):
            _, passes, total = lab(f"{prompt!r} {drafts}", drafts, "--prompt", prompt, "--tokens", "30")
            equal(f"{prompt!r} {drafts}: the text that run writes, to its end", total["tokens"], ids)
            check(f"{prompt!r} {drafts}: never more than is wanted",
                  all(len(line["drafted"]) <= 29 for line in passes), "", passes)
    for tokens, passes in ((1, 0), (2, 1)):
        _, lines, total = lab(f"{tokens} tokens", 4, "--prompt", "中", "--tokens", str(tokens), "--ignore-eos")
        equal(f"{tokens} tokens: nothing to draft for", (len(total["tokens"]), total["passes"], total["acceptance"],
                                                        [line["drafted"] for line in lines]), (tokens, passes, None, [[]] * passes))
    from_input = objects(succeeds("--prompt -", "lab", "--policy", "speculative:2", "--json", "--prompt", "-", "--tokens", "4",
                                  stdin="中华\n".encode()))
    equal("--prompt - reads standard input", len(from_input[-1]["tokens"]), 4)
    by_folder = lab("a draft by its folder", 3, "--draft", os.path.join(REPOSITORY, "models", "tiny-zh-mqa"), "--prompt", "中", "--tokens", "9")
    equal("a draft by its folder", by_folder[1:], lab("by its name", 3, "--prompt", "中", "--tokens", "9")[1:])
    for dtype in ("f16", "int8"):
        _, _, total = lab(dtype, 3, "--prompt", "春天来了", "--tokens", "12", "--dtype", dtype, "--ignore-eos")
        plain = json_run(f"plain {dtype}", "--prompt", "春天来了", "--tokens", "12", "--dtype", dtype, "--ignore-eos")
        equal(f"{dtype}: the plain text", total["tokens"], [step["next"][0]["id"] for step in plain.steps])


def case_pages():
    begin("speculative decoding as a page")
    arguments = ("lab", "--policy", "speculative:4", "--prompt", "春天来了", "--tokens", "17")
    _, passes, total = lab("json", 4, "--prompt", "春天来了", "--tokens", "17")
    for language, words in (("zh", ("第 1 轮", "起草", "一字不差", "《史记》，这是第一部纪传体通史。")),
                            ("en", ("pass 1:", "drafted", "the same that is written token by token", "《史记》，这是第一部纪传体通史。"))):
        text = succeeds(f"page {language}", *arguments, "--lang", language).text
        check(f"{language}: no control bytes", not control_bytes(text.encode()), "", text)
        missing = [word for word in words if word not in text]
        check(f"{language}: says what it did", not missing, words, text)
        # The first lines say what the marks mean.
        marks = "".join(line for line in text.split("\n")[2:] if line.lstrip().startswith(("drafted", "起草")))
        equal(f"{language}: a mark for each drafted token", (marks.count("✓"), marks.count("✗")),
              (sum(line["accepted"] for line in passes), sum(len(line["drafted"]) - line["accepted"] for line in passes)))
    ascii_only = succeeds("ascii", *arguments, "--lang", "en", "--ascii").text
    check("--ascii is ASCII", ascii_only.isascii(), "", ascii_only)
    check("a NUL in the prompt is not on the page", "\0" not in succeeds("escape", "lab", "--policy", "speculative:2", "--prompt", "\x1b[31m中",
                                                                         "--tokens", "5").text)


def case_refused():
    begin("speculative decoding refused")
    for policy in ("speculative", "speculative:", "speculative:0", "speculative:-1", "speculative:x", "speculative:1+2", "speculative:1.5",
                   "speculative:99999999999999999999"):
        fails(policy, 64, "lab", "--policy", policy, "--prompt", "中", words=["speculative"])
    on = ("lab", "--policy", "speculative:2")
    fails("no prompt", 64, *on, words=["--prompt"])
    fails("--text", 64, *on, "--text", "中", words=["--text"])
    fails("--temperature", 64, *on, "--prompt", "中", "--temperature", "1", words=["--temperature"])
    fails("--top-k", 64, *on, "--prompt", "中", "--top-k", "2", words=["--top-k"])
    fails("a draft of other tokens", 64, *on, "--prompt", "中", "--draft", os.path.join(FIXTURES, "reported", "qwen3"),
          words=["--draft", "qwen3", "tiny-zh"])
    fails("a draft that is not there", 66, *on, "--prompt", "中", "--draft", "nobody", words=["nobody"])
    fails("--draft without speculation", 64, "lab", "--policy", "full", "--text", "中", "--draft", "tiny-zh", words=["--draft", "speculative"])
    fails("an empty prompt", 64, *on, "--prompt", "", words=["--prompt"])
    fails("no tokens", 64, *on, "--prompt", "中", "--tokens", "0", words=["--tokens"])
    fails("more tokens than positions", 64, *on, "--prompt", "中", "--tokens", "1000000000000000", words=["--tokens", "512"])
    small = os.path.join(work, "few-positions")
    os.makedirs(small, exist_ok=True)
    with open(os.path.join(REPOSITORY, "models", "tiny-zh-mqa", "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    write(os.path.join(small, "config.json"), json.dumps({**config, "max_position_embeddings": 20}).encode())
    for name in ("model.safetensors", "tokenizer.json"):
        if not os.path.exists(os.path.join(small, name)):
            os.symlink(os.path.join(REPOSITORY, "models", "tiny-zh-mqa", name), os.path.join(small, name))
    fails("a draft with few positions", 64, *on, "--prompt", "中华", "--tokens", "20", "--draft", small, words=["--draft", "20", "21", "--tokens"])
    equal("as many as it has", len(lab("20 positions", 2, "--prompt", "中华", "--tokens", "19", "--draft", small, "--ignore-eos")[2]["tokens"]), 19)


def case_words():
    begin("what the page of speculative decoding counts")
    arguments = ("lab", "--policy", "speculative:3", "--prompt", "中华人民", "--tokens", "12")
    total = objects(succeeds("as JSON", *arguments, "--json"))[-1]
    for language, passes, flops in (("en", f"  passes    {total['passes']}, token by token 11 ", "(with the draft's), token by token"),
                                    ("zh", f"  大模型    跑了 {total['passes']} 遍，逐字写 11 遍", "（含起草），逐字写")):
        page = succeeds(f"the page in {language}", *arguments, "--lang", language).text
        check("passes are called so", passes in page, passes, page)
        check("whose FLOP", flops in page, flops, page)
