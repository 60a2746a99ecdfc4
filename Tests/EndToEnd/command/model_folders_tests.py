"""What people have in a model's folder: right values, or one sentence that says what is there and what to do."""

import json
import os
import shutil
import struct

from support.checks import begin, check, equal
from support.here import work
from support.json_output import json_run
from support.models import model_copy, write
from support.program import environment, fails, run, succeeds

GGUF = b"GGUF\x03\0\0\0" + bytes(56)
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 548105171\n"
FILES = ("config.json", "model.safetensors", "tokenizer.json")


def refused(name, folder, code, words):
    """Both languages say it, with the same names."""
    for language in ("en", "zh"):
        fails(f"{name}, {language}", code, "--model", folder, "--text", "中", "--lang", language, words=words,
              chinese=language == "zh")


def tensors(folder):
    """Header and data of the weights."""
    with open(os.path.join(folder, "model.safetensors"), "rb") as file:
        data = file.read()
    end = 8 + struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:end]), data[end:]


def save(folder, header, data):
    text = json.dumps(header).encode()
    write(os.path.join(folder, "model.safetensors"), struct.pack("<Q", len(text)) + text + data)


def change_config(folder, **fields):
    path = os.path.join(folder, "config.json")
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**config, **fields}, file)


def case_right_values():
    """Folders that look odd and mean what others mean."""
    begin("folders that run")
    expected = json_run("as it is", "--model", model_copy(), "--text", "中").without_times()
    folder = model_copy()
    header, data = tensors(folder)
    save(folder, {"lm_head.weight" if name == "wte.weight" else name: entry for name, entry in header.items()}, data)
    equal("tied, under the head's name alone", json_run("head", "--model", folder, "--text", "中").without_times(), expected)
    folder = model_copy()
    os.rename(os.path.join(folder, "model.safetensors"), os.path.join(folder, "a.safetensors"))
    header, _ = tensors_of(folder, "a.safetensors")
    names = {**dict.fromkeys(header, "a.safetensors"), "h.0.attn.rotary_emb.inv_freq": "a.safetensors"}
    write(os.path.join(folder, "model.safetensors.index.json"), json.dumps({"weight_map": names}).encode())
    equal("an index that names more than there is", json_run("index", "--model", folder, "--text", "中").without_times(), expected)


def tensors_of(folder, name):
    shutil.copy(os.path.join(folder, name), os.path.join(folder, "model.safetensors"))
    result = tensors(folder)
    os.remove(os.path.join(folder, "model.safetensors"))
    return result


def case_cache():
    begin("Hugging Face's cache")
    hub = os.path.join(work, "hub")
    model = os.path.join(hub, "models--me--tiny")
    snapshot = os.path.join(model, "snapshots", "0123abcd")
    os.makedirs(snapshot)
    os.makedirs(os.path.join(model, "refs"))
    os.makedirs(os.path.join(model, "blobs"))
    write(os.path.join(model, "refs", "main"), b"0123abcd")
    source = model_copy(name="cached")
    for name in FILES:
        shutil.copy(os.path.join(source, name), os.path.join(model, "blobs", name + "-blob"))
        os.symlink(f"../../blobs/{name}-blob", os.path.join(snapshot, name))
    for path in (hub, model, os.path.join(model, "snapshots"), snapshot):
        equal(f"{os.path.relpath(path, work)} is followed", json_run(path, "--model", path, "--text", "中").model.get("name"), "tiny")
    equal("by a bare name", json_run("hub", "--model", "hub", "--text", "中", cwd=work).model.get("name"), "tiny")
    check("memory follows it, too", run("memory", "--model", model, "--json").code == 0)
    os.remove(os.path.join(snapshot, "config.json"))
    write(os.path.join(snapshot, "config.json"), b"../../blobs/config.json-blob")
    refused("a link that became a text", model, 65, ["config.json", "../../blobs/config.json-blob", "hf download me/tiny"])
    shutil.copytree(model, os.path.join(hub, "models--me--other"), symlinks=True)
    refused("several models", hub, 66, ["models--me--tiny", "models--me--other", "--model"])


def case_other_formats():
    begin("other formats")

    def without(name):
        folder = model_copy()
        for other in (name, "reference.json", "reference.safetensors"):
            os.remove(os.path.join(folder, other))
        return folder

    for name in FILES:
        folder = without(name)
        write(os.path.join(folder, name), POINTER)
        refused(f"{name}: a pointer of Git LFS", folder, 65, [name, "Git LFS", "git lfs pull", "hf download"])
        write(os.path.join(folder, name), b"<!doctype html>\n<html></html>")
        refused(f"{name}: a web page", folder, 65, [name, "hf download"])
    for name, words in (("m.gguf", ["GGUF", "llama.cpp", "hf download"]), ("pytorch_model.bin", ["python -c", "save_pretrained"]),
                        ("mine.safetensors", ["mv ", "mine.safetensors"]), ("model.onnx", ["hf download"]),
                        ("model-00002-of-00003.safetensors", ["3", "model.safetensors.index.json"])):
        folder = without("model.safetensors")
        write(os.path.join(folder, name), GGUF)
        refused(f"only {name}", folder, 66, ["model.safetensors", name if "-of-" not in name else "3", *words])
    folder = os.path.join(work, "adapter")
    os.makedirs(folder)
    write(os.path.join(folder, "adapter_config.json"), b'{"base_model_name_or_path": "gpt2"}')
    refused("an adapter", folder, 66, ["LoRA", "gpt2", "merge_and_unload"])
    blob = os.path.join(work, "sha256-" + "0" * 64)
    write(blob, GGUF)
    refused("a blob of Ollama", blob, 65, [os.path.basename(blob), "GGUF", "Ollama", "hf download"])
    refused("a file of a model's folder", os.path.join(model_copy(), "config.json"), 66, ["config.json", "--model"])
    folder = without("tokenizer.json")
    write(os.path.join(folder, "vocab.json"), b"{}")
    refused("a tokenizer in parts", folder, 66, ["tokenizer.json", "vocab.json", "AutoTokenizer"])
    write(os.path.join(folder, "tokenizer.json"), b'{"char2idx": {"a": 0}, "idx2char": {"0": "a"}}')
    refused("a tokenizer of Keras", folder, 65, ["tokenizer.json", "char2idx", "hf download"])
    outer = os.path.join(work, "outer")
    shutil.copytree(model_copy(), os.path.join(outer, "inner"))
    refused("the model is inside", outer, 66, ["config.json", os.path.join(outer, "inner")])


def case_names_of_tensors():
    begin("names of tensors")
    for prefix, words in (("_orig_mod.transformer.", ["torch.compile"]), ("base_model.model.transformer.", ["PEFT"]),
                          ("module.", ["DataParallel"])):
        folder = model_copy()
        header, data = tensors(folder)
        save(folder, {prefix + name if name != "__metadata__" else name: entry for name, entry in header.items()}, data)
        refused(f"all under {prefix}", folder, 65, [prefix + "wte.weight", "save_pretrained", *words])
    folder = model_copy()
    change_config(folder, tie_word_embeddings=False)
    refused("one matrix, and not tied", folder, 65, ["lm_head.weight", '"tie_word_embeddings": true', "config.json"])


def case_quantised():
    begin("quantised weights")
    for fields, words in (({"quantization_config": {"quant_method": "gptq", "bits": 4}}, ["gptq", "4"]),
                          ({"quantization": {"group_size": 32, "bits": 4}}, ["MLX", "4"])):
        folder = model_copy()
        change_config(folder, **fields)
        refused(f"{words[0]}", folder, 65, ["config.json", "F32", *words])


def case_not_obeyed():
    """What a folder asks for and nobody does is said once, and the run goes on."""
    begin("not obeyed")
    folder = model_copy()
    plain = succeeds("nothing to say", "--model", folder, "--text", "中", "--plain")
    write(os.path.join(folder, "generation_config.json"), b'{"repetition_penalty": 1.3, "do_sample": true, "top_p": 0.9}')
    write(os.path.join(folder, "tokenizer_config.json"), '{"add_bos_token": true, "bos_token": "<s>"}'.encode())
    for language in ("en", "zh"):
        result = run("--model", folder, "--text", "中", "--plain", "--lang", language)
        message = result.err.decode()
        check(f"{language}: said in one line", message.count("\n") == 1 and message.startswith("kvtui: "), "one line", message)
        for word in ("repetition_penalty 1.3", "top_p 0.9", "add_bos_token", "<s>"):
            check(f"{language}: {word}", message.count(word) >= 1, word, message)
    equal("and the run is what it was", run("--model", folder, "--text", "中", "--plain").out, plain.out)
