"""The planner: what it prints, what it refuses, and that it loads nothing."""

import decimal
import json
import os
import pathlib
import re

from support.checks import begin, check, equal
from support.here import work
from support.output import control_bytes
from support.program import fails, succeeds

KEYS = ["type", "bytes_per_token", "cache_bytes", "weights_bytes", "gpu_bytes", "free_bytes", "tokens_fit", "requests_fit", "groups", "vllm"]
SHAPE = ("--layers", "32", "--kv-heads", "32", "--d-head", "128")
LLAMA = {"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 64, "vocab_size": 99}


def answer(name, *arguments):
    """The object of `memory --json`."""
    lines = succeeds(name, "memory", *arguments, "--json").text.splitlines()
    equal(f"{name}: one line", len(lines), 1)
    found = json.loads(lines[0])
    equal(f"{name}: its keys", list(found), KEYS)
    return found


def case_chapter():
    begin("the chapter's numbers")
    book = answer("llama-7b", "--model", "llama-7b", "--context", "4096")
    equal("bytes of 4,096 tokens", (book["bytes_per_token"], book["cache_bytes"]), (524_288, 2_147_483_648))
    equal("what was not given", [book[key] for key in ("gpu_bytes", "free_bytes", "tokens_fit", "requests_fit", "vllm")], [None] * 5)
    for size, fit in (("10GB", (19_073, 4)), ("10000000000", (19_073, 4)), ("10GiB", (20_480, 5)), ("1e10", (19_073, 4))):
        found = answer(size, *SHAPE, "--context", "4096", "--gpu-memory", size)
        equal(f"{size}: tokens and requests", (found["tokens_fit"], found["requests_fit"]), fit)
        equal(f"{size}: no model, no weights", found["weights_bytes"], None)
    page = succeeds("the page", "memory", "--model", "llama-7b", "--context", "4096", "--gpu", "a10", "--lang", "en").text
    for words in ("2,147,483,648 bytes = 2 GiB", "512 KiB", "19,073 tokens and 4 whole requests", "20,480 and 5", "14 GB is FP16",
                  "GPU KV cache size: 20,064 tokens, Maximum concurrency for 4,096 tokens per request: 4.90x", "208 FLOP a byte", "26 ms"):
        check(f"the page says {words}", words in page, words, page)
    check("no control bytes", not control_bytes(page.encode()), "", page)
    chinese = succeeds("the page in Chinese", "memory", "--model", "llama-7b", "--context", "4096", "--lang", "zh").text
    check("the page in Chinese", "KV 头" in chinese and "2,147,483,648" in chinese, "", chinese)


def case_machines():
    begin("machines")
    preset = answer("h100", "--model", "llama-3.1-70b", "--context", "4096", "--gpu", "h100")
    equal("70B does not fit", (preset["gpu_bytes"], preset["free_bytes"], preset["tokens_fit"], preset["requests_fit"]),
          (80_000_000_000, 80_000_000_000 - 2 * 70_553_706_496, 0, 0))
    won = answer("numbers win", "--model", "llama-3.1-70b", "--gpu", "h100", "--gpu-memory", "200GB", "--gpu-utilization", "0.9")
    equal("numbers win over the table", (won["gpu_bytes"], won["free_bytes"]), (200_000_000_000, 180_000_000_000 - 2 * 70_553_706_496))
    unknown = answer("unknown memory", "--model", "llama-7b", "--gpu", "kunpeng-920")
    equal("what nobody says is null", (unknown["gpu_bytes"], unknown["free_bytes"]), (None, None))
    types = [answer(kind, "--model", "llama-7b", "--context", "10", "--dtype", kind) for kind in ("fp32", "fp16", "bf16", "int8", "fp8")]
    equal("bytes by type", [found["cache_bytes"] // 10 for found in types], [1_048_576, 524_288, 524_288, 262_144, 262_144])
    equal("weights of a type", answer("int8 weights", "--model", "llama-7b", "--weights-dtype", "int8")["weights_bytes"], 6_738_415_616)
    listed = succeeds("the tables", "memory", "--list").text
    check("the tables list both", "qwen3-next-80b-a3b" in listed and "mi300x" in listed, "", listed)


def case_files():
    begin("configurations")
    folder = pathlib.Path(work) / "planned"
    folder.mkdir()
    config = folder / "config.json"
    config.write_text(json.dumps(LLAMA))
    by_file, by_folder = (answer(str(path), "--model", str(path)) for path in (config, folder))
    equal("a file and its folder", by_file, by_folder)
    equal("what it keeps", by_file["bytes_per_token"], 4 * 2 * 64 * 2)
    bundled = answer("a bundled model", "--model", "tiny-zh-mqa")
    equal("fewer KV heads", [(group["kind"], group["bytes_per_token"]) for group in bundled["groups"]], [("full", bundled["bytes_per_token"])])
    check("weights as they lie in the file", bundled["weights_bytes"] > 0, "> 0", bundled)

    def refused(name, fields, words, code=65):
        config.write_text(fields if isinstance(fields, str) else json.dumps(fields))
        fails(name, code, "memory", "--model", str(config), "--lang", "en", words=words)

    refused("an unknown type", {**LLAMA, "model_type": "novel\x1b[31m"}, ["model_type", "--kv-heads"])
    refused("an unknown layer", {**LLAMA, "layer_types": ["full_attention"] * 3 + ["spiral_attention"]}, ["unknown layer type", "spiral_attention"])
    refused("no type", {key: value for key, value in LLAMA.items() if key != "model_type"}, ["model_type"])
    refused("no layers", {key: value for key, value in LLAMA.items() if key != "num_hidden_layers"}, ["num_hidden_layers"])
    refused("layers beyond all models", {**LLAMA, "num_hidden_layers": 10**9}, ["num_hidden_layers"])
    refused("a size beyond all numbers", json.dumps({**LLAMA, "head_dim": 1}).replace(": 1}", ": 1" + "0" * 40 + "}"), [])
    refused("layers of text", {**LLAMA, "num_hidden_layers": "4"}, ["num_hidden_layers"])
    refused("no JSON", "{", ["JSON"])
    refused("nothing", "", [])
    refused("a list", "[]", [])
    os.unlink(config)
    fails("an empty folder", 66, "memory", "--model", str(folder), words=["config.json"])
    os.mkfifo(config)
    fails("a FIFO", 66, "memory", "--model", str(config))
    fails("a FIFO in a folder", 66, "memory", "--model", str(folder))


def case_arguments():
    begin("arguments of memory")
    model = ("--model", "llama-7b")
    for code, arguments, words in (
            (64, (), ["--model"]), (64, ("--layers", "3"), ["--kv-heads"]), (64, (*model, "--layers", "3"), ["--model", "--layers"]),
            (66, ("--model", "nobody"), ["nobody", "llama-7b"]), (66, ("--model", "./nobody"), ["nobody"]),
            (64, (*model, "--context", "1000000000000000"), ["--context"]), (64, (*model, "--context", "0"), ["--context"]),
            (64, (*model, "--context", "99999999999999999999999"), ["--context"]), (64, (*model, "--batch", "0"), ["--batch"]),
            (64, (*model, "--batch", "-1"), ["--batch"]), (64, (*model, "--context", "1000000000000", "--batch", "1000000000"), ["2^63"]),
            (64, (*model, "--dtype", "fp4"), ["--dtype"]), (64, (*model, "--weights-dtype", "q4"), ["--weights-dtype"]),
            (64, (*model, "--gpu", "abacus"), ["abacus", "a100-40"]), (64, (*model, "--gpu-memory", "10XB"), ["--gpu-memory"]),
            (64, (*model, "--gpu-memory", "-1GB"), ["--gpu-memory"]), (64, (*model, "--gpu-memory", "1e300"), ["--gpu-memory"]),
            (64, (*model, "--gpu-memory", "nan"), ["--gpu-memory"]), (64, (*model, "--gpu-bandwidth", "fast"), ["--gpu-bandwidth"]),
            (64, (*model, "--gpu-flops", "0"), ["--gpu-flops"]), (64, (*model, "--gpu-utilization", "1.1"), ["--gpu-utilization"]),
            (64, (*model, "--gpu-utilization", "0"), ["--gpu-utilization"])):
        fails(f"memory {arguments}", code, "memory", *arguments, words=words)
    rates = succeeds("rates", "memory", *model, "--context", "9", "--gpu-bandwidth", "600GB/s", "--gpu-flops", "125TFLOPS", "--lang", "en").text
    check("rates with units", "208 FLOP a byte" in rates, "208", rates)


def case_page():
    begin("the page says what was computed, of what, and nothing more")

    def page(name, *arguments, language="en"):
        return succeeds(name, "memory", *arguments, "--lang", language).text

    book = ("--model", "llama-7b", "--context", "4096", "--batch", "4", "--gpu", "a10")
    text = page("a model without windows", *book)
    check("windows are named where there are some", "window is full" not in text, "", text)
    check("in both languages", "窗口未满" not in page("in Chinese", *book, language="zh"), "", text)
    check("bytes of the weights", "= 13,476,831,232 bytes = 13.48 GB" in text, "", text)
    machine = next(line for line in text.splitlines() if line.startswith("A10 memory"))
    check("one unit a line", "24 GB − weights 13.48 GB = 10,523,168,768 bytes = 10.52 GB" in machine and "GiB" not in machine, "", machine)
    equal("a sum of one group is said once", text.count("= 2,147,483,648 bytes = 2 GiB"), 1 + text.count("take 2,147,483,648 bytes = 2 GiB") - 1)
    part = page("a part of the memory", *book, "--gpu-utilization", "0.125")
    check("the part as it was given", "24 GB × 0.125 − weights" in part, "× 0.125", part)
    windows = page("a model with windows", "--model", "gemma-3-27b", "--context", "131072", "--gpu", "h200")
    equal("a token's bytes and the tokens that fit hold while no window is full", windows.count("while no window is full"), 2)

    folder = pathlib.Path(work) / "families"
    folder.mkdir()
    shared = folder / "shared.json"
    shared.write_text(json.dumps({"model_type": "gemma3n_text", "hidden_size": 64, "num_hidden_layers": 10, "num_attention_heads": 4,
                                  "num_key_value_heads": 2, "num_kv_shared_layers": 4, "intermediate_size": 64, "vocab_size": 99}))
    text = page("shared layers", "--model", str(shared), "--context", "4096")
    check("layers that hold nothing are no line of a request", "× 0 =" not in text, "", text)
    check("no blank between Chinese words", "层 " not in page("in Chinese", "--model", str(shared), language="zh").replace("层 ×", ""), "", text)
    for name in ("mamba", "jamba", "kimi_linear"):
        shared.write_text(json.dumps({"model_type": name}))
        fails(f"{name}: a shape only where it holds", 65, "memory", "--model", str(shared), "--lang", "en", words=["if every layer keeps", "--kv-heads"])

    dense = page("a dense model", "--model", "llama-7b", "--context", "100", "--gpu", "a10")
    check("a decode step reads its weights once", "reads weights and cache once at least" in dense, "", dense)
    sparse = page("experts", "--model", "mixtral-8x7b", "--context", "100", "--gpu", "h200")
    check("of experts it reads those that it is routed to", "once at least" not in sparse and "experts" in sparse, "", sparse)
    for arguments in (("--model", "llama-7b", "--gpu", "t4", "--weights-dtype", "fp32", "--context", "9"), (*book, "--batch", "50")):
        text = page("what memory does not hold is not read from it", *arguments)
        check("no time of such a step", "once at least" not in text, "", text)
    many = page("more requests than can be told apart", *book, "--batch", "300")
    check("all of them are drawn", "300 requests" in many.split("in flight")[1] and "left" not in many.split("in flight")[1], "300 requests", many)


def written(count, base, unit):
    """A number of bytes as the screen writes it: four digits, a prefix, no noughts at the end."""
    prefixes = ["Ki", "Mi", "Gi", "Ti", "Pi"] if base == 1024 else ["k", "M", "G", "T", "P"]
    scaled, prefix = decimal.Decimal(count), ""
    for one in prefixes:
        if scaled < base:
            break
        scaled, prefix = scaled / base, one
    places = decimal.Decimal(1).scaleb(-max(0, 4 - len(str(int(scaled)))))
    text = str(scaled.quantize(places, rounding=decimal.ROUND_HALF_UP))
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} {prefix}{unit}"


SCREENS = [
    ("the textbook's", ("--model", "llama-2-7b", "--context", "4096", "--batch", "4", "--gpu", "a10", "--weights-dtype", "fp16", "--gpu-utilization", "0.92")),
    ("too many", ("--model", "llama-2-7b", "--context", "4096", "--batch", "6", "--gpu", "a10", "--gpu-utilization", "0.92")),
    ("windows", ("--model", "gemma-3-27b", "--context", "131072", "--gpu", "h100", "--dtype", "bf16", "--gpu-utilization", "0.92")),
    ("latents", ("--model", "deepseek-v3", "--context", "32768", "--batch", "2", "--gpu", "h200", "--weights-dtype", "fp8")),
    ("a shape", (*SHAPE, "--context", "4096", "--gpu-memory", "10GB")),
    ("small", ("--model", "gpt-2", "--context", "1024", "--batch", "3", "--gpu", "rtx-4090")),
]


def with_option(options, name, value):
    """The options with another value of one of them."""
    options = list(options)
    if name in options:
        options[options.index(name) + 1] = value
        return options
    return [*options, name, value]


def expect_table(name, options, found, batch, screen):
    """What requests of three lengths and types take and how many fit, what is left, and from where on caches are heavier."""
    lines = screen.splitlines()
    head = next(place for place, line in enumerate(lines) if re.match(r"  tokens +[\d,]+ +fit ", line))
    chosen = options[options.index("--dtype") + 1] if "--dtype" in options else "fp16"
    kinds = ["fp32", chosen if chosen in ("fp16", "bf16") else "fp16", chosen if chosen in ("int8", "fp8") else "int8"]
    # The one that is asked for is among them.
    asked = int(options[options.index("--context") + 1])
    lengths = [asked if asked < 4096 and usual == 4096 else usual for usual in (4096, 32768, 131072)]
    equal(f"{name}: the lengths of the table", re.findall(r"[\d,]+", lines[head][:60]), [f"{length:,}" for length in lengths])
    for line, kind in zip(lines[head + 1:], kinds):
        expected = [kind.upper()]
        for length in map(str, lengths):
            one = answer(f"{name}: {kind}, {length}", *with_option(with_option(with_option(options, "--dtype", kind), "--context", length), "--batch", "1"))
            fit = one["requests_fit"]
            expected += [written(one["cache_bytes"], 1000, "B"), "–" if fit is None else f"{fit:,}" if fit else "✗"]
        equal(f"{name}: {kind} in the table", re.split(r"\s{2,}", line.strip())[:7], expected)
    one = found["cache_bytes"] // batch
    if found["free_bytes"] and found["free_bytes"] > 0:
        left = found["free_bytes"] - one * found["requests_fit"]
        for words in (f"no. {found['requests_fit'] + 1:,} needs {written(one, 1000, 'B')}", f"left: {written(left, 1000, 'B')}",
                      f"= {written(found['cache_bytes'], 1000, 'B')}"):
            check(f"{name}: {words}", words in screen, words, screen)
    if found["weights_bytes"] and len(found["groups"]) == 1:
        tokens = -(-found["weights_bytes"] // found["bytes_per_token"])
        check(f"{name}: caches as heavy as the weights", f"a request of {tokens:,} tokens" in screen, tokens, screen)
    for bytes in (found["weights_bytes"], one, found["cache_bytes"]):
        if found["weights_bytes"]:
            check(f"{name}: a bar of {bytes}", re.search(rf"[#=] {re.escape(written(bytes, 1000, 'B'))}", screen) is not None, written(bytes, 1000, "B"), screen)


def case_requests():
    begin("requests on the card")
    for keys, batch in (("n Down Down", 4), ("n Down Down Down Down b Up", 5), ("k Down Down", 4), ("n Down Down k Down Down b Up Up Up", 7)):
        screen = succeeds(keys, "memory", "--keys", keys, "--size", "200x60", "--lang", "en").text.split(" kvtui ")[-1]
        fit = int(re.search(r"room for ([\d,]+) request", screen)[1].replace(",", ""))
        row = next(line for line in screen.splitlines() if " weights 13.48 GB " in line and "#│" in line)
        numbers = [tuple(map(int, found.split("–"))) for found in re.findall(r"\d+(?:–\d+)?", row.split("#│")[1])]
        # Those that are held and those that are free have groups of their own; a narrow last one may have no number.
        first = [one[0] for one in numbers]
        check(f"{keys}: each group begins behind the one before", all(one[-1] + 1 == other[0] for one, other in zip(numbers, numbers[1:])), "", row)
        check(f"{keys}: from the first on", first[0] == 1 and fit - numbers[-1][-1] <= numbers[-1][-1] - numbers[-1][0] + 1, fit, row)
        check(f"{keys}: those that are held end a group", batch in [one[-1] for one in numbers], batch, row)
        check(f"{keys}: the first that does not fit has its number", f"{fit + 1} ✗" in screen, fit + 1, screen)


def case_screen():
    begin("the screen's numbers are those of --json")
    for name, options in SCREENS:
        found = answer(name, *options)
        batch = int(options[options.index("--batch") + 1]) if "--batch" in options else 1
        screen = succeeds(name, "memory", *options, "--keys", "", "--size", "200x60", "--lang", "en").text
        numbers = {"a token": found["bytes_per_token"], "all requests": found["cache_bytes"], "a request": found["cache_bytes"] // batch}
        if len(found["groups"]) > 1:
            del numbers["a token"]
        for what, count in numbers.items():
            check(f"{name}: {what}", written(count, 1024, "B") in screen, written(count, 1024, "B"), screen)
        if found["weights_bytes"] and found["free_bytes"] > 0:
            text = "weights " + written(found["weights_bytes"], 1000, "B")
            check(f"{name}: {text}", text in screen, text, screen)
        if found["free_bytes"] > 0:
            check(f"{name}: how many fit", re.search(rf"room for {found['requests_fit']:,} request{'s' if found['requests_fit'] != 1 else ''}\b", screen) is not None, found["requests_fit"], screen)
        if found["free_bytes"] > 0:
            check(f"{name}: vLLM", found["vllm"] in screen, found["vllm"], screen)
        expect_table(name, options, found, batch, screen)
        working = succeeds(name, "memory", *options, "--keys", "e", "--size", "200x60", "--lang", "en").text
        for key in ("cache_bytes", "weights_bytes", "gpu_bytes", "free_bytes", "tokens_fit"):
            if found[key] is not None and found[key] > 0:
                check(f"{name}: {key} in full", f"{found[key]:,}" in working, f"{found[key]:,}", working)


def case_keys():
    begin("keys change the screen")
    frames = succeeds("keys", "memory", "--keys", "b Up n Up q", "--size", "100x30", "--lang", "en").text
    check("five requests", " 5 " in frames and "8,192" in frames, "", frames)
    check("computed, and says so", "no model is run" in frames, "", frames)
    check("no control bytes", not control_bytes(frames.encode()), "", frames)
    for one, other in (("--json", "--plain"), ("--json", "--keys=q"), ("--plain", "--keys=q"), ("--list", "--json")):
        fails(f"{one} and {other}", 64, "memory", "--model", "llama-7b", one, other, "--lang", "en", words=[one])
    fails("an unknown key", 64, "memory", "--keys", "Hyper-x", "--lang", "en", words=["Hyper-x"])
    fails("beyond all numbers", 64, "memory", "--model", "llama-7b", "--context", "1000000000000", "--batch", "1000000000", "--keys", "q")
    menu = succeeds("the menu", "lesson", "--keys", "m n Up q m", "--size", "80x24", "--lang", "en").text
    check("a letter of the menu opens it, and finds it as it was", menu.count("8,192") >= 2 and "Memory planner" in menu, "", menu)
