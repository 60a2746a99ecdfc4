"""What lab says of a cache policy beside the full cache."""

import math
import struct

from support.checks import begin, check, equal
from support.contract import MODEL_KEYS, next_flaws
from support.json_output import Run, json_run
from support.output import columns_of, control_bytes
from support.program import fails, succeeds

STEP_KEYS = {"type", "step", "length", "kept", "cache_bytes", "next", "full_next", "kl", "agrees"}
TOTAL_KEYS = {"type", "policy", "agreement", "mean_kl", "nll", "full_nll", "cache_bytes", "full_cache_bytes"}
TEXT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
POLICIES = ("full", "window:1", "window:8", "sinks:2+6", "h2o:1+1", "h2o:4+4", "int8", "fp8", "kivi:2", "kivi:8")


def lab(policy, *arguments):
    return Run(succeeds(f"lab {policy}", "lab", "--json", "--policy", policy, *arguments))


def kept_by(policy, length):
    """The positions that a query sees; nil where heads choose them."""
    name, _, numbers = policy.partition(":")
    counts = [int(number) for number in numbers.split("+") if number]
    positions = range(length)
    if name == "window":
        return [at for at in positions if at >= length - counts[0]]
    if name == "sinks":
        return [at for at in positions if at < counts[0] or at >= length - counts[1]]
    if name == "h2o":
        return None if length > sum(counts) else list(positions)
    return list(positions)


def bytes_of(policy, model, length, calibration):
    """The closed form of what is held behind a step."""
    name, _, numbers = policy.partition(":")
    layers, heads, width = model["layers"], model["kv_heads"], model["d_head"]
    token = 2 * layers * heads * width * 4
    if name == "int8":
        return token // 4 * length + 2 * layers * heads * 4 * length
    if name == "fp8":
        return token * length if length < calibration else token // 4 * length + 2 * layers * 4
    if name == "kivi":
        bits, groups, packed = int(numbers), max(0, length // 16 - 1), max(0, length - 16)
        group = 2 * bits + 8
        exact = 4 * heads * width * (2 * length - 16 * groups - packed)
        return layers * (exact + heads * width * groups * group + heads * packed * math.ceil(width / 16) * group)
    kept = kept_by(policy, length)
    return token * (sum(int(number) for number in numbers.split("+")) if kept is None else len(kept))


def contract(name, ran, policy, calibration, top=5):
    equal(f"{name}: line types", [line["type"] for line in ran.lines], ["model", *["step"] * len(ran.steps), "total"])
    equal(f"{name}: keys of model", set(ran.model), MODEL_KEYS)
    wrong = []
    for number, step in enumerate(ran.steps, 1):
        kept = kept_by(policy, step["length"])
        keys = STEP_KEYS if kept is not None else STEP_KEYS | {"kept_by_head"}
        if kept is None and step["kept"] is not None:
            keys = STEP_KEYS
        held = {"keys": (set(step), keys), "step": (step["step"], number),
                "bytes": (step["cache_bytes"], bytes_of(policy, ran.model, step["length"], calibration)),
                "agrees": (step["agrees"], step["next"][0]["id"] == step["full_next"][0]["id"])}
        if kept is not None:
            held["kept"] = (step["kept"], kept)
        elif step["kept"] is None:
            counts = {len(head) for layer in step["kept_by_head"] for head in layer}
            heads = {len(layer) for layer in step["kept_by_head"]}
            held["heads"] = ((len(step["kept_by_head"]), heads), (ran.model["layers"], {ran.model["kv_heads"]}))
            held["counts"] = (counts, {sum(int(number) for number in policy[4:].split("+"))})
            newest = list(range(step["length"] - int(policy.split("+")[1]), step["length"]))
            held["newest"] = ([head[-len(newest):] for layer in step["kept_by_head"] for head in layer if head[-len(newest):] != newest], [])
        wrong += [f"step {number}, {what}: {got!r}, not {expected!r}" for what, (got, expected) in held.items() if got != expected]
        if not (isinstance(step["kl"], (int, float)) and step["kl"] > -1e-9):
            wrong.append(f"step {number}: kl {step['kl']!r}")
        for side in ("next", "full_next"):
            wrong += [f"step {number}, {side}: {flaw}" for flaw in next_flaws(step[side], top, ran.model["vocabulary"])]
    check(f"{name}: every step keeps the contract", not wrong, "nothing wrong", "; ".join(wrong[:4]))
    steps = len(ran.steps)
    equal(f"{name}: keys of total", set(ran.total), TOTAL_KEYS)
    equal(f"{name}: its policy", ran.total["policy"], policy)
    equal(f"{name}: agreement", ran.total["agreement"], sum(step["agrees"] for step in ran.steps) / steps)
    check(f"{name}: mean_kl", math.isclose(ran.total["mean_kl"], math.fsum(step["kl"] for step in ran.steps) / steps, rel_tol=1e-9, abs_tol=1e-12))
    equal(f"{name}: cache_bytes are the last step's", ran.total["cache_bytes"], ran.steps[-1]["cache_bytes"])
    token = 2 * ran.model["layers"] * ran.model["kv_heads"] * ran.model["d_head"] * 4
    equal(f"{name}: full_cache_bytes", ran.total["full_cache_bytes"], token * ran.steps[-1]["length"])


def case_text():
    for model in ("tiny-zh", "tiny-zh-gqa", "tiny-zh-mqa"):
        begin(f"a text, {model}")
        plain = json_run("run", "--model", model, "--text", TEXT, "--tokens", "9", "--ignore-eos")
        for policy in POLICIES:
            ran = lab(policy, "--model", model, "--text", TEXT, "--tokens", "9", "--ignore-eos")
            contract(policy, ran, policy, 8)
            equal(f"{policy}: the full cache is run's", [step["full_next"] for step in ran.steps], [step["next"] for step in plain.steps])
            if policy == "full":
                equal("full: nothing differs", {(step["kl"], step["agrees"]) for step in ran.steps}, {(0, True)})
            elif policy != "kivi:8":
                check(f"{policy}: something differs", any(step["kl"] > 0 for step in ran.steps), "a divergence", ran.total)


def case_prompt():
    begin("a prompt")
    plain = json_run("run", "--prompt", TEXT, "--tokens", "6", "--ignore-eos")
    given = plain.steps[0]["length"]
    for policy in POLICIES:
        ran = lab(policy, "--prompt", TEXT, "--tokens", "6", "--ignore-eos")
        contract(policy, ran, policy, given)
        equal(f"{policy}: the steps are run's", ran.lengths, plain.lengths)
        equal(f"{policy}: the full cache is run's", [step["full_next"] for step in ran.steps], [step["next"] for step in plain.steps])
        equal(f"{policy}: no text, no nll", (ran.total["nll"], ran.total["full_nll"]), (None, None))
    ended = lab("window:4", "--prompt", "春天", "--tokens", "400", "--top-k", "3", "--seed", "5")
    alone = json_run("run", "--prompt", "春天", "--tokens", "400", "--top-k", "3", "--seed", "5")
    equal("the full cache chooses, and its end token ends it", ended.lengths, alone.lengths)
    equal("one token of a text has no nll", lab("int8", "--text", "中").total["nll"], None)
    standard = lab("int8")
    equal("without a text it is run's", standard.lengths, list(range(1, 17)))


def case_divergence():
    begin("kl and nll by all candidates")
    ran = lab("window:3", "--text", TEXT, "--tokens", "3", "--top", "9999")
    contract("--top", ran, "window:3", 8, top=ran.model["vocabulary"])
    sums = {"next": [], "full_next": []}
    given = len(ran.steps) - 3
    ids = [token["id"] for token in (step["fed"][0] for step in json_run("run", "--text", TEXT).steps)]
    for step in ran.steps:
        logs = {}
        for side in sums:
            # Printed so that they read back to the same float, not to the same double.
            logits = {candidate["id"]: struct.unpack("f", struct.pack("f", candidate["logit"]))[0] for candidate in step[side]}
            top = max(logits.values())
            total = top + math.log(math.fsum(math.exp(logit - top) for logit in logits.values()))
            logs[side] = {token: logit - total for token, logit in logits.items()}
        kl = math.fsum(math.exp(log) * (log - logs["next"][token]) for token, log in logs["full_next"].items())
        check(f"kl of step {step['step']}", math.isclose(step["kl"], kl, rel_tol=1e-9, abs_tol=1e-9), kl, step["kl"])
        if step["length"] < given:
            for side in sums:
                sums[side].append(-logs[side][ids[step["length"]]])
    for side, name in (("next", "nll"), ("full_next", "full_nll")):
        mean = math.fsum(sums[side]) / (given - 1)
        check(name, len(sums[side]) == given - 1 and math.isclose(ran.total[name], mean, rel_tol=1e-9), mean, ran.total[name])


def case_budget():
    begin("a budget that the text does not reach")
    for policy in ("window:999", "sinks:1+999", "h2o:999+1", "window:9223372036854775807", "sinks:9223372036854775807+9223372036854775807",
                   "h2o:9223372036854775807+9223372036854775807"):
        for model in ("tiny-zh", "tiny-zh-mqa"):
            ran = lab(policy, "--model", model, "--text", "中华人民共和国", "--tokens", "9")
            equal(f"{policy}, {model}: nothing differs", {(step["kl"], step["next"] == step["full_next"]) for step in ran.steps}, {(0, True)})
            equal(f"{policy}, {model}: bytes", ran.total["cache_bytes"], ran.total["full_cache_bytes"])


def case_page():
    begin("the page for people")
    ran = lab("h2o:2+3", "--model", "tiny-zh-gqa", "--text", TEXT, "--tokens", "2")
    for language, words in (("zh", ("首选一致", "字节", "完整缓存")), ("en", ("agreement", "bytes", "full"))):
        text = succeeds(f"lab --lang {language}", "lab", "--policy", "h2o:2+3", "--model", "tiny-zh-gqa", "--text", TEXT, "--tokens", "2",
                        "--lang", language).text
        equal(f"{language}: nothing but text", control_bytes(text.encode()), [])
        check(f"{language}: its words", all(word in text for word in words), words, text)
        last = ran.steps[-1]
        for number in (f"{last['cache_bytes']} / {ran.total['full_cache_bytes']}", f"{ran.total['agreement'] * 100:.1f}%", f"{last['length']}"):
            check(f"{language}: {number}", number in text, number, text[-900:])
    ascii_page = succeeds("lab --ascii", "lab", "--policy", "window:3", "--text", TEXT, "--lang", "en", "--ascii")
    check("--ascii is ASCII", all(byte < 128 for byte in ascii_page.out), "no byte beyond 127", ascii_page)
    strip = [line.split()[1] for line in ascii_page.text.splitlines() if line.startswith("  seen ")]
    equal("a glyph for each position", strip[:5], ["#", "##", "###", ".###", "..###"])
    help_text = succeeds("lab --help", "lab", "--help", "--lang", "en").text
    check("--help names every policy", all(word in help_text for word in ("window:W", "sinks:S+W", "h2o:S+W", "int8", "fp8", "kivi:BITS", "paged:B", "speculative:G")),
          "all of them", help_text)


def case_bad_input():
    begin("bad input")
    for policy in ("", "window", "window:", "window:0", "window:-1", "window:1.5", "window:４", "window:99999999999999999999", "window:4+4",
                   "sinks:4", "sinks:4+", "sinks:+4", "sinks:0+4", "sinks:4+0", "h2o:4+", "h2o:4", "h2o:1+2+3", "kivi", "kivi:1", "kivi:9",
                   "kivi:2,kivi:4", "int8:8", "int8,fp8", "full,window:4", "int8,", ",", "Full", "nonsense", "window:4\x1b[2J", "speculative:0",
                   "window:4,int8", "sinks:1+1,kivi:2"):
        fails(f"--policy {policy!r}", 64, "lab", "--policy", policy)
    fails("--policy without a value", 64, "lab", "--policy")
    fails("--text and --prompt", 64, "lab", "--policy", "int8", "--text", "a", "--prompt", "b")
    fails("too many tokens", 64, "lab", "--policy", "int8", "--prompt", "a", "--tokens", "999999999999999")
    fails("no token", 64, "lab", "--policy", "int8", "--prompt", "a", "--tokens", "0")
    fails("no such model", 66, "lab", "--policy", "int8", "--model", "nowhere")
    fails("a policy that is no UTF-8", 64, "lab", "--policy", b"window:\xff")


def case_words():
    begin("what the page and the refusals of lab say")
    page = succeeds("the page of a text", "lab", "--policy", "int8", "--text", TEXT[:6], "--lang", "en").text
    check("the head takes 80 columns", max(columns_of(line) for line in page.splitlines()[:6]) <= 80, "", page.splitlines()[:6])
    head = page.split("\n\n")[0].replace("\n", " ")
    check("tokens of a text are nobody's choice", "fed the same tokens; what the model writes is chosen by the full cache" in head, "", head)
    check("units", "bytes: this cache / the full one" in head and "nats" in head, "", head)
    chinese = succeeds("in Chinese", "lab", "--policy", "int8", "--text", TEXT[:6], "--lang", "zh").text
    check("no blank in front of a quotation", "喂入「床」" in chinese and "nat" in chinese, "", chinese)
    for policy in ("fp8:1", "int8:", "full:3"):
        result = fails(policy, 64, "lab", "--policy", policy, "--text", TEXT, "--lang", "en", words=["without a number"])
        check(f"{policy}: no letters", "letters" not in result.message, "", result)
    sampled = ("lab", "--policy", "window:4", "--prompt", TEXT[:4], "--tokens", "9", "--json", "--temperature", "1.5", "--seed", "7", "--ignore-eos")
    plain = json_run("sampled", "--prompt", TEXT[:4], "--tokens", "9", "--temperature", "1.5", "--seed", "7", "--ignore-eos")
    run = Run(succeeds("sampling under a policy", *sampled))
    again = Run(succeeds("and again", *sampled))
    equal("a seed gives the same run", [step["kl"] for step in run.steps], [step["kl"] for step in again.steps])
    equal("its tokens are those of a sampled run", [[one["id"] for one in step["full_next"]] for step in run.steps],
          [[one["id"] for one in step["next"]] for step in plain.steps])
