"""The models of the fixtures, and greedy texts, beside Hugging Face."""

import json
import math
import os
import struct

from support.checks import begin, equal
from support.contract import CACHE_KEYS, contract
from support.here import FIXTURES
from support.json_output import json_run
from support.program import run
from support.reference import bundled_names, json_text, load, logits_of_the_fixture


def model_parameters(folder):
    """Elements of all tensors that the model needs."""
    names = sorted(name for name in os.listdir(folder)
                   if name.endswith(".safetensors") and name != "reference.safetensors")
    count = 0
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        config = json.load(open(os.path.join(folder, "config.json"), encoding="utf-8"))
        for tensor, entry in header.items():
            tied = tensor == "lm_head.weight" and config.get("tie_word_embeddings", True)
            unneeded = tensor.endswith((".attn.bias", ".attn.masked_bias", ".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"))
            if tensor != "__metadata__" and not unneeded and not tied:
                count += math.prod(entry["shape"])
    return count


SHAPE_FIELDS = {"gpt2": ("n_layer", "n_head", "n_embd", "vocab_size"),
                "llama": ("num_hidden_layers", "num_attention_heads", "hidden_size", "vocab_size")}


def first_window(config):
    """The window of the first layer, of which cells are counted; None where it has none."""
    is_later = config.get("max_window_layers") or config["model_type"] == "smollm3"
    kinds = config.get("layer_types") or ["full_attention" if is_later else "sliding_attention"]
    return config.get("sliding_window") if kinds[0] == "sliding_attention" else None


def case_fixture_models():
    begin("fixture models")
    cases = [(family, case) for family in ("gpt2", "llama") for case in sorted(os.listdir(os.path.join(FIXTURES, family)))]
    for family, case in cases:
        folder = os.path.join(FIXTURES, family, case)
        reference = load(family, case, "reference.json")
        config = load(family, case, "config.json")
        inner = config.get("intermediate_size") or config.get("n_inner") or 4 * config["n_embd"]
        window = first_window(config)
        ran = json_run(case, "--model", folder, "--text", reference["text"], "--top", "400", "--ignore-eos", notes=True)
        contract(case, ran, inner, top=400, window=window)
        if not ran.steps:
            continue
        equal(f"{case}: name", ran.model["name"], case)
        equal(f"{case}: parameters", ran.model["parameters"], model_parameters(folder))
        equal(f"{case}: shape", [ran.model[key] for key in ("layers", "heads", "d_model", "vocabulary")],
              [config[key] for key in SHAPE_FIELDS[family]])
        equal(f"{case}: architecture", ran.model["architecture"], config["model_type"])
        equal(f"{case}: kv_heads", ran.model["kv_heads"], config.get("num_key_value_heads", ran.model["heads"]))
        equal(f"{case}: ids", ran.fed, reference["ids"])
        for step, expected in zip(ran.steps, reference["steps"]):
            equal(f"{case}: FLOPs at {step['length']}", (step["uncached"]["flops"], step["cached"]["flops"]),
                  (expected["uncached"]["flops"], expected["cached"]["flops"]))
        equal(f"{case}: cache", {key: ran.total["cached"][key] for key in CACHE_KEYS}, reference["cache"])
        logits_of_the_fixture(ran, (family, case), reference)
        greedy = reference["greedy"]
        prompt = next((reference["text"][:n] for n in range(1, 20)
                       if run("--model", folder, "--text", reference["text"][:n], "--json").out.count(b'"step",')
                       == len(greedy["prompt_ids"])), reference["text"][:3])
        longer = json_run(f"{case} greedy", "--model", folder, "--prompt", prompt, "--tokens", str(len(greedy["new_ids"])), notes=True)
        contract(f"{case} greedy", longer, inner, window=window)
        equal(f"{case}: the prompt's ids", [token["id"] for token in longer.steps[0]["fed"]], greedy["prompt_ids"])
        equal(f"{case}: greedy ids", longer.chosen, greedy["new_ids"])


def case_greedy_texts():
    begin("greedy continuations")
    names = bundled_names()
    for row in load("tiny-zh", "reference.json")["greedy"]:
        name = row["prompt"]
        arguments = ("--prompt", row["prompt"], "--tokens", str(row["max_new_tokens"]))
        ran = json_run(name, *arguments)
        contract(name, ran, 256)
        equal(f"{name}: prompt ids", [token["id"] for token in ran.steps[0]["fed"]], row["prompt_ids"])
        equal(f"{name}: new ids", ran.chosen, row["new_ids"])
        equal(f"{name}: new texts", [step["next"][0]["text"] for step in ran.steps], [json_text(id, names) for id in row["new_ids"]])
        if "\ufffd" not in row["new_text"]:
            equal(f"{name}: new text", "".join(step["next"][0]["text"] for step in ran.steps), row["new_text"])
        equal(f"{name}: fed", ran.fed, row["prompt_ids"] + row["new_ids"][:-1])
        equal(f"{name}: ended early", len(ran.steps) < row["max_new_tokens"], row["ended_by_eos"])
        if row["ended_by_eos"]:
            on = json_run(f"{name} --ignore-eos", *arguments, "--ignore-eos")
            equal(f"{name} --ignore-eos: steps", len(on.steps), row["max_new_tokens"])
            equal(f"{name} --ignore-eos: begins the same", on.chosen[:len(row["new_ids"])], row["new_ids"])
            equal(f"{name} --ignore-eos: the end token is fed", on.steps[len(row["new_ids"])]["fed"][0]["id"], 0)
