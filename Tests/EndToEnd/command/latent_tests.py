"""Multi-head latent attention: the models whose cache holds latents, in both orders, beside Hugging Face."""

import json
import os
import struct

from support.checks import begin, check, equal
from support.contract import CACHE_KEYS, contract
from support.here import FIXTURES, REPOSITORY, work
from support.json_output import json_run
from support.models import write
from support.output import split_pages
from support.program import fails, run, succeeds
from support.reference import load, logits_of_the_fixture

FORMS = ("absorbed", "expanded")
BUNDLED = "tiny-zh-mla"


def shape_of(config, form):
    """KV heads and width of a head's key, as attention reads them."""
    rotary = config["qk_rope_head_dim"]
    if form == "absorbed":
        return 1, config["kv_lora_rank"] + rotary
    return config["num_attention_heads"], config["qk_nope_head_dim"] + rotary


def case_fixture_models():
    begin("fixture models with latents")
    for case in sorted(os.listdir(os.path.join(FIXTURES, "deepseek"))):
        reference, config = load("deepseek", case, "reference.json"), load("deepseek", case, "config.json")
        folder = os.path.join(FIXTURES, "deepseek", case)
        for form in FORMS:
            name = f"{case}, {form}"
            ran = json_run(name, "--model", folder, "--mla", form, "--text", reference["text"], "--top", "400", "--ignore-eos")
            contract(name, ran, config["intermediate_size"], top=400, latent=(config, form))
            if not ran.steps:
                continue
            equal(f"{name}: heads of the model line", (ran.model["kv_heads"], ran.model["d_head"]), shape_of(config, form))
            equal(f"{name}: architecture", ran.model["architecture"], config["model_type"])
            equal(f"{name}: ids", ran.fed, reference["ids"])
            for step, expected in zip(ran.steps, reference["absorbed" if form == "absorbed" else "steps"]):
                equal(f"{name}: FLOPs at {step['length']}", (step["uncached"]["flops"], step["cached"]["flops"]),
                      (expected["uncached"]["flops"], expected["cached"]["flops"]))
            equal(f"{name}: cache", {key: ran.total["cached"][key] for key in CACHE_KEYS}, reference["cache"])
            logits_of_the_fixture(ran, ("deepseek", case), reference)


def case_bundled_model():
    begin("the bundled model with latents")
    config = json.load(open(os.path.join(REPOSITORY, "models", BUNDLED, "config.json"), encoding="utf-8"))
    chosen = {}
    for form in FORMS:
        for dtype in ("f32", "f16", "int8"):
            name = f"{BUNDLED}, {form}, {dtype}"
            ran = json_run(name, "--model", BUNDLED, "--mla", form, "--prompt", "中华人民共和国", "--tokens", "40", "--dtype", dtype)
            contract(name, ran, config["intermediate_size"], latent=(config, form))
            equal(f"{name}: bytes a token", ran.steps[0]["cached"]["cache_bytes"], 512 * 7)
            chosen[form, dtype] = ran.chosen
    equal("both orders write the same, with weights of each type", len({tuple(ids) for ids in chosen.values()}), 1)
    plain = json_run("without --mla", "--model", BUNDLED, "--text", "中华", "--tokens", "0")
    equal("absorbed without --mla", (plain.model["kv_heads"], plain.model["d_head"]), (1, 32))
    for row in load("deepseek-bundled.json")["texts"]:
        ran = json_run(row["prompt"], "--model", BUNDLED, "--prompt", row["prompt"], "--tokens", "30")
        equal(f"{row['prompt']!r}: greedy ids", ran.chosen, row["new_ids"])


def case_recordings():
    begin("recordings of both orders")
    for form in FORMS:
        path = os.path.join(work, f"{form}.kvtrace")
        options = ["--model", BUNDLED, "--mla", form, "--text", "中华人民", "--tokens", "3"]
        succeeds(f"record, {form}", "record", path, *options)
        lines = [[json.loads(line) for line in succeeds(f"{name}, {form}", *arguments, "--json").text.splitlines()]
                 for name, arguments in (("run", ("run", *options)), ("replay", ("replay", path)))]
        for one, other in zip(*lines):
            for side in ("cached", "uncached"):
                one.get(side, {}).pop("seconds", None), other.get(side, {}).pop("seconds", None)
        equal(f"{form}: the recording says what the run said", lines[1], lines[0])
        frames = split_pages(run("replay", path, "--keys", "T Right Right", "--size", "100x30"))
        check(f"{form}: taken over by the model in the same order", "MLA 24+8" in frames[-1] and "no model" not in frames[-1], "MLA", frames[-1])
    page = split_pages(run("run", "--model", BUNDLED, "--mla", "expanded", "--plain", "--lang", "en", "--size", "100x30"))[2]
    check("the header says what is cached", "4 heads (MLA 24+8)" in page, "MLA 24+8", page)


def case_forged_recordings():
    begin("recordings whose latents are not those of their tensors")
    path = os.path.join(work, "forged.kvtrace")
    for form in FORMS:
        succeeds(f"record, {form}", "record", path, "--model", BUNDLED, "--mla", form, "--text", "中华", "--tokens", "0", "--force")
        with open(path, "rb") as file:
            size = struct.unpack("<Q", file.read(8))[0]
            header, data = json.loads(file.read(size)), file.read()
        right = json.loads(header["__metadata__"]["latent"])
        other = FORMS[form == "absorbed"]
        wrong = [{**right, "form": other}, {**right, "form": "both"}, {**right, "rotary": 6}, {**right, "rank": 10**15}, {**right, "value": 0},
                 {**right, "plain" if form == "expanded" else "rank": 23}, {"form": form}, [], "absorbed", 3]
        for latent in wrong:
            text = json.dumps({**header, "__metadata__": {**header["__metadata__"], "latent": json.dumps(latent)}}).encode()
            write(path, struct.pack("<Q", len(text)) + text + data)
            fails(f"{form}: latent {latent}", 65, "replay", path, "--json", words=[path, "latent"], timeout=10)


def case_bench():
    begin("bench --mla")
    for form in FORMS:
        result = succeeds(f"bench, {form}", "bench", "--model", BUNDLED, "--mla", form, "--tokens", "8", "--runs", "1", "--json")
        check(f"{form}: both runs are timed", result.text.count('"cache"') == 2, "2 lines", result.text)
    config = os.path.join(REPOSITORY, "models", BUNDLED, "config.json")
    succeeds("random weights", "bench", "--random", config, "--mla", "expanded", "--prompt-tokens", "4", "--tokens", "2", "--runs", "1")


def case_refusals():
    begin("refusals of --mla and of experts")
    fails("a model without a latent", 64, "run", "--mla", "expanded", words=["--mla", "tiny-zh", "gpt2", "tiny-zh-mla"])
    fails("bench of a model without a latent", 64, "bench", "--model", "tiny-zh-gqa", "--mla", "absorbed", words=["--mla", "tiny-zh-gqa"])
    fails("an order that is none", 64, "run", "--model", BUNDLED, "--mla", "both", words=["--mla", "both", "absorbed", "expanded"])
    config = load("deepseek", "plain", "config.json")
    for name, fields, words in (
            ("experts", {"first_k_dense_replace": 1}, ["first_k_dense_replace", "2"]),
            ("YaRN", {"rope_scaling": {"type": "yarn", "factor": 40}}, ["yarn"]),
            ("a width of 10^15", {"kv_lora_rank": 10**15}, ["kv_lora_rank"]),
            ("an odd rotary part", {"qk_rope_head_dim": 3}, ["qk_rope_head_dim", "3"])):
        path = os.path.join(work, "config.json")
        write(path, json.dumps({**config, **fields}).encode())
        fails(name, 65, "run", "--random", path, "--text", "中", words=[path, *words], timeout=10)
