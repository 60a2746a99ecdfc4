"""growth and phases: what is counted holds to closed forms, what is computed is marked."""

import json

from support.checks import begin, check, equal
from support.output import columns_of, control_bytes
from support.program import fails, succeeds


def lines_of(name, *arguments):
    return [json.loads(line) for line in succeeds(name, *arguments, "--json").text.splitlines()]


def gpt2(layers, width, vocabulary, rows, length):
    """FLOP of a pass with logits of one row."""
    return layers * (24 * rows * width * width + 4 * rows * length * width) + 2 * width * vocabulary


def case_growth():
    begin("growth")
    model, *points = lines_of("growth", "growth", "--tokens", "12", "--until", "100")
    layers, width, vocabulary = model["layers"], model["d_model"], model["vocabulary"]
    equal("lengths", [point["length"] for point in points], [*range(1, 13), 16, 32, 64, 100])
    equal("sources", [point["source"] for point in points], ["run"] * 12 + ["computed"] * 4)
    totals = {"uncached": 0, "cached": 0}
    for n in range(1, 101):
        point = next((point for point in points if point["length"] == n), None)
        for side, rows in (("uncached", n), ("cached", 1)):
            flops = gpt2(layers, width, vocabulary, rows, n)
            totals[side] += flops
            if point is None:
                continue
            found = point[side]
            equal(f"{side}, {n}: cells, FLOP, FLOP in all", (found["cells"], found["flops"], found["total_flops"]), (rows * n, flops, totals[side]))
            equal(f"{side}, {n}: cache", found["cache_bytes"], 0 if side == "uncached" else n * 2 * layers * width * 4)
            check(f"{side}, {n}: seconds are measured or not there",
                  (found["seconds"] is None and found["total_seconds"] is None) if point["source"] == "computed" else found["seconds"] > 0, "", found)
    first, last = (points[place]["cached"]["bytes_read"] for place in (0, 11))
    equal("a token more is read", last - first, 11 * 2 * layers * width * 4)
    page = succeeds("the page", "growth", "--tokens", "12", "--lang", "en").text
    check("computed lengths are marked", "64*" in page and "was not run" in page, "", page)
    check("no control bytes", not control_bytes(page.encode()), "", page)
    short = succeeds("too few steps to continue", "growth", "--tokens", "3", "--lang", "zh").text
    check("nothing is marked then", "*" not in short, "", short)
    prompt = lines_of("a prompt", "growth", "--prompt-tokens", "5", "--tokens", "2", "--model", "tiny-zh-mqa")
    equal("lengths behind a prompt", [line["length"] for line in prompt[1:]], [5, 6])
    for arguments, words in ((("--tokens", "0"), ["--tokens"]), (("--tokens", "100000"), ["--tokens"]), (("--until", "1000000000000000"), ["--until"]),
                             (("--prompt-tokens", "0"), ["--prompt-tokens"]), (("--dtype", "int4"), ["--dtype"])):
        fails(f"growth {arguments}", 64, "growth", *arguments, words=words)
    fails("an unknown model", 66, "growth", "--model", "nobody")


def case_phases():
    begin("phases")
    lines = lines_of("phases", "phases", "--prompt-tokens", "1,9", "--context", "4", "--runs", "2", "--machine", "a10")
    equal("lines", [line["type"] for line in lines], ["model", "phase", "phase", "phase", "limits", "machine"])
    model, *phases, limits, machine = lines
    layers, width, vocabulary = model["layers"], model["d_model"], model["vocabulary"]
    equal("passes", [(line["phase"], line["rows"], line["past"]) for line in phases], [("prefill", 1, 0), ("prefill", 9, 0), ("decode", 1, 4)])
    for line in phases:
        length = line["rows"] + line["past"]
        name = f"{line['phase']} {length}"
        equal(f"{name}: FLOP", line["flops"], gpt2(layers, width, vocabulary, line["rows"], length))
        equal(f"{name}: K and V", line["cache_bytes_read"], length * 2 * layers * width * 4)
        equal(f"{name}: bytes", line["bytes"], line["weight_bytes"] + line["cache_bytes_read"])
        check(f"{name}: FLOP a byte", abs(line["flops_per_byte"] * line["bytes"] / line["flops"] - 1) < 1e-12, "", line)
        equal(f"{name}: limit", line["limit"], "memory" if line["flops_per_byte"] < limits["ridge"] else "compute")
        check(f"{name}: seconds", line["seconds"] > 0, "> 0", line)
    equal("the weights are read once whatever the rows", len({line["weight_bytes"] for line in phases}), 1)
    equal("an A10, computed", (machine["source"], machine["name"], machine["ridge"]), ("computed", "a10", 125e12 / 600e9))
    for line, there in zip(phases, machine["phases"]):
        least = max(line["flops"] / 125e12, line["bytes"] / 600e9)
        check("least seconds there", abs(there["least_seconds"] / least - 1) < 1e-12, least, there)
    unknown = lines_of("no bandwidth", "phases", "--prompt-tokens", "1", "--context", "1", "--runs", "1", "--machine", "ascend-910b")[-1]
    equal("what nobody says is null", (unknown["flops"], unknown["bandwidth"], unknown["ridge"], unknown["phases"][0]["limit"]), (280 * 10**12, None, None, None))
    page = succeeds("the page", "phases", "--runs", "1", "--lang", "en").text
    check("the page tells both apart", "measured between the passes" in page and "computed, not run" in page, "", page)
    check("no control bytes", not control_bytes(page.encode()), "", page)
    for arguments, words in ((("--machine", "abacus"), ["abacus"]), (("--prompt-tokens", "1,x"), ["--prompt-tokens"]),
                             (("--prompt-tokens", ""), ["--prompt-tokens"]), (("--context", "0"), ["--context"]),
                             (("--context", "1000000000000000"), ["--context"]), (("--runs", "0"), ["--runs"]),
                             (("--prompt-tokens", ",".join(["1"] * 33)), ["--prompt-tokens"])):
        fails(f"phases {arguments}", 64, "phases", *arguments, words=words)


def case_pages():
    begin("the pages of growth and phases fit, and nothing in them is cut")
    for language, titles, held in (("en", ("a step:", "in all so far:"), "nothing is computed for greater lengths"),
                                   ("zh", ("每一步：", "到这一步为止："), "没有接着往更长处算")):
        page = succeeds(f"growth in {language}", "growth", "--tokens", "40", "--lang", language).text
        check("titles are whole", all(f"\n{title}\n" in page for title in titles), titles, page)
        check("what is continued needs no excuse", held not in page, "", page)
        short = succeeds(f"a short run in {language}", "growth", "--tokens", "3", "--lang", language).text
        check("what is not continued is said", held in short, held, short)
        phases = succeeds(f"phases in {language}", "phases", "--runs", "1", "--prompt-tokens", "1,512", "--context", "511", "--machine", "a10", "--lang", language).text
        tables = [block for text in (page, phases) for block in text.split("\n\n")[1:-1]]
        wide = [line for block in tables for line in block.splitlines() if columns_of(line) > 80]
        check("tables and charts take 80 columns", not wide, "", wide)
        check("numbers are apart", not [line for block in tables for line in block.splitlines() if "MBM" in line or "kBk" in line], "", tables)
        check("memory by its name", "显存" not in phases, "", phases)


def case_growth_screen():
    begin("the growth screen")
    arguments = ("growth", "--tokens", "12", "--until", "100")
    points = {point["length"]: point for point in lines_of("growth, for its screen", *arguments)[1:]}
    page = succeeds("the screen", *arguments, "--keys", "g", "--size", "120x36", "--lang", "en").text
    totals = {side: points[7][side]["total_cells"] for side in ("uncached", "cached")}
    for text in (f"{totals['uncached']} cells or {totals['cached']}", f"n=7 {totals['uncached']}", str(points[12]["uncached"]["total_cells"]),
                 "without, computed", "n = 100", f"n=12 {points[12]['uncached']['total_cells']}", "n=100"):
        check(f"{text} is on the screen", text in page, text, page)
    # Ten times as many tokens as one: the triangles say what they multiply.
    for side in ("uncached", "cached"):
        factor = points[10][side]["total_cells"] / points[1][side]["total_cells"]
        check(f"{side}: the triangle", f"cells × {factor:g}" in page, factor, page)
    check("ten times the tokens", page.count("n × 10: 1 → 10") >= 1, "", page)
    for keys, name, field in (("g f", "FLOP", "total_flops"), ("g f f", "bytes", "total_bytes_read")):
        other = succeeds(name, *arguments, "--keys", keys, "--size", "120x36", "--lang", "en").text.split(" kvtui  ")[-1]
        for side in ("uncached", "cached"):
            factor = points[10][side][field] / points[1][side][field]
            check(f"{side}: {name} of ten times the tokens", "n × 10: 1 → 10" in other and f"{name} × {factor:.3g}" in other, factor, other)
    equal("bytes are the same in both runs", [point["uncached"]["total_bytes_read"] for point in points.values()],
          [point["cached"]["total_bytes_read"] for point in points.values()])
    check("one curve says so", "both alike: a step reads all weights, K and V once" in other and "without, computed" not in other, "", other)
    linear = succeeds("linear axes", *arguments, "--keys", "g y", "--size", "120x36", "--lang", "en").text.split(" kvtui  ")[-1]
    check("linear axes show what was run alone", "without, computed" not in linear and str(points[12]["uncached"]["total_cells"]) in linear, "", linear)
    check("no control bytes", not control_bytes(page.encode()), "", page)
    first = succeeds("the first frame", *arguments, "--keys", "Home", "--size", "100x30", "--theme", "projector", "--ascii", "--lang", "en").text
    check("cells in ASCII", first.isascii(), "ASCII alone", first)
    for options, words in ((("--json", "--plain"), ["--json", "--plain"]), (("--json", "--keys", "g"), ["--json", "--keys"])):
        fails(f"growth {options}", 64, "growth", *options, words=words)
    fails("an unknown key", 64, "growth", "--keys", "Nokey", words=["Nokey"])
