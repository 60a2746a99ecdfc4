"""What holds for the JSON of every run: its keys, and counters that keep to their closed forms."""

import math
import struct

from support.checks import check, equal

MODEL_KEYS = {"type", "name", "architecture", "layers", "heads", "kv_heads", "d_model", "d_head", "vocabulary",
              "parameters", "dtype"}
STEP_KEYS = {"type", "step", "phase", "length", "fed", "uncached", "cached", "max_abs_difference", "next"}
SIDE_KEYS = {"rows", "cells", "masked", "kv_computed", "seconds", "flops"}
CACHE_KEYS = {"cache_tokens", "cache_bytes"}
FLOP_KEYS = {"projection", "attention", "mlp", "head", "total"}


def closed_forms(model, inner, rows, past):
    """Two FLOPs a multiply-add, logits of the last row alone; a GPT-2 has as many heads of K and V, and it and GPT-NeoX two
    matrices in their MLP."""
    layers, width = model["layers"], model["d_model"]
    queries, keys = model["heads"] * model["d_head"], model["kv_heads"] * model["d_head"]
    matrices = 2 if model["architecture"] in ("gpt2", "gpt_neox") else 3
    parts = {
        "projection": layers * 4 * rows * width * (queries + keys),
        "attention": layers * 4 * rows * (past + rows) * queries,
        "mlp": layers * 2 * matrices * rows * width * inner,
        "head": 2 * width * model["vocabulary"],
    }
    return {**parts, "total": sum(parts.values())}


def latent_forms(model, inner, rows, past, config, form):
    """The same of multi-head latent attention: absorbed, each new row takes its head's way from latent to key and to value;
    expanded, the latent of every row that is read makes the keys and values of all heads."""
    layers, width, heads = model["layers"], model["d_model"], model["heads"]
    plain, rotary, value = config["qk_nope_head_dim"], config["qk_rope_head_dim"], config["v_head_dim"]
    rank, down = config["kv_lora_rank"], config["q_lora_rank"]
    queries = heads * (plain + rotary)
    row = width * queries if down is None else width * down + down * queries
    row += width * (rank + rotary) + heads * value * width
    made = (rows if form == "absorbed" else past + rows) * heads * rank * (plain + value)
    read = 2 * rank + rotary if form == "absorbed" else plain + rotary + value
    parts = {
        "projection": layers * 2 * (rows * row + made),
        "attention": layers * 2 * rows * (past + rows) * heads * read,
        "mlp": layers * 6 * rows * width * inner,
        "head": 2 * width * model["vocabulary"],
    }
    return {**parts, "total": sum(parts.values())}


def contract(name, ran, inner, top=5, window=None, latent=None):
    """Everything that holds for every run; a query sees at most `window` keys; `latent` is config.json and the order of a model
    whose cache holds latents."""
    types = [line.get("type") for line in ran.lines]
    if not equal(f"{name}: line types", types, ["model", *["step"] * len(ran.steps), "total"]) or not ran.steps:
        return
    model = ran.model
    equal(f"{name}: keys of model", set(model), MODEL_KEYS)
    if model["architecture"] == "gpt2":
        equal(f"{name}: heads × d_head = d_model", model["heads"] * model["d_head"], model["d_model"])
    check(f"{name}: the model's texts", all(isinstance(model[k], str) for k in ("name", "architecture", "dtype")),
          "strings", model)
    candidates = min(top, model["vocabulary"])
    wrong = []

    def expect(step, what, got, expected):
        if got != expected or isinstance(got, bool) or isinstance(got, float) != isinstance(expected, float):
            wrong.append(f"step {step}, {what}: expected {expected!r}, got {got!r}")

    length = 0
    for number, step in enumerate(ran.steps, 1):
        expect(number, "keys", set(step), STEP_KEYS)
        expect(number, "step", step["step"], number)
        expect(number, "phase", step["phase"], "prefill" if number == 1 else "decode")
        fed = step["fed"]
        past, length = length, length + len(fed)
        expect(number, "length", step["length"], length)
        if number > 1:
            expect(number, "fed tokens", len(fed), 1)
        for token in fed:
            expect(number, "keys of fed", set(token), {"id", "text"})
        for side, keys, rows, before in (
                ("uncached", SIDE_KEYS, length, 0), ("cached", SIDE_KEYS | CACHE_KEYS, len(fed), past)):
            values = step[side]
            expect(number, f"keys of {side}", set(values), keys)
            expect(number, f"{side} rows", values["rows"], rows)
            expect(number, f"{side} cells", values["cells"], rows * length)
            expect(number, f"{side} masked", values["masked"],
                   sum(length - min(row, window or row) for row in range(before + 1, length + 1)))
            expect(number, f"{side} kv_computed", values["kv_computed"], rows)
            expect(number, f"{side} flops", values["flops"],
                   latent_forms(model, inner, rows, before, *latent) if latent else closed_forms(model, inner, rows, before))
            expect(number, f"keys of {side} flops", set(values["flops"]), FLOP_KEYS)
            if not (isinstance(values["seconds"], (int, float)) and 0 <= values["seconds"] < 60):
                wrong.append(f"step {number}: seconds {values['seconds']!r}")
        expect(number, "cache_tokens", step["cached"]["cache_tokens"], length)
        expect(number, "cache_bytes", step["cached"]["cache_bytes"],
               4 * model["layers"] * length * (latent[0]["kv_lora_rank"] + latent[0]["qk_rope_head_dim"] if latent
                                               else 2 * model["kv_heads"] * model["d_head"]))
        if step["max_abs_difference"] != 0:
            wrong.append(f"step {number}: max_abs_difference {step['max_abs_difference']!r}")
        wrong.extend(f"step {number}: {flaw}" for flaw in next_flaws(step["next"], candidates, model["vocabulary"]))
    check(f"{name}: every step keeps the contract", not wrong, "nothing wrong", "; ".join(wrong[:4]))

    total = ran.total
    equal(f"{name}: keys of total", set(total), {"type", "uncached", "cached"})
    for side, keys in (("uncached", SIDE_KEYS), ("cached", SIDE_KEYS | CACHE_KEYS)):
        equal(f"{name}: keys of total {side}", set(total[side]), keys)
        for key in ("rows", "cells", "masked", "kv_computed"):
            equal(f"{name}: total {side} {key}", total[side][key], sum(step[side][key] for step in ran.steps))
        equal(f"{name}: total {side} flops", total[side]["flops"],
              {part: sum(step[side]["flops"][part] for step in ran.steps) for part in FLOP_KEYS})
        seconds = sum(step[side]["seconds"] for step in ran.steps)
        check(f"{name}: total {side} seconds", math.isclose(total[side]["seconds"], seconds, rel_tol=1e-9, abs_tol=1e-12),
              seconds, total[side]["seconds"])
    for key in CACHE_KEYS:
        equal(f"{name}: total {key}", total["cached"][key], ran.steps[-1]["cached"][key])


def next_flaws(candidates, count, vocabulary):
    flaws = []
    if len(candidates) != count:
        flaws.append(f"{len(candidates)} candidates instead of {count}")
    for candidate in candidates:
        if set(candidate) != {"id", "text", "logit", "probability"}:
            return [*flaws, f"keys of next: {sorted(candidate)}"]
        if not 0 <= candidate["id"] < vocabulary:
            flaws.append(f"id {candidate['id']}")
        if not math.isfinite(candidate["logit"]) or not 0 <= candidate["probability"] <= 1:
            flaws.append(f"candidate {candidate}")
    order = [(-candidate["logit"], candidate["id"]) for candidate in candidates]
    if order != sorted(order) or len({id for _, id in order}) != len(order):
        flaws.append(f"next is not sorted by logit, ties by id: {order}")
    if sum(candidate["probability"] for candidate in candidates) > 1 + 1e-9:
        flaws.append("probabilities sum to more than 1")
    for better, worse in zip(candidates, candidates[1:]):
        # The probabilities come from the logits themselves, so lost digits of a logit show here.
        if worse["probability"] > 1e-290:
            ratio = math.log(better["probability"] / worse["probability"])
            gap = float32(better["logit"]) - float32(worse["logit"])
            if abs(ratio - gap) > 1e-9:
                flaws.append(f"logits {better['logit']!r}, {worse['logit']!r} do not read back: gap {gap!r}, {ratio!r}")
    return flaws


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]
