"""Models' folders made for a test: copies, forged files, weights of zeros."""

import json
import math
import os
import shutil
import struct

from support.here import BUNDLED, FIXTURES, binary, work


def installed(name, models=True):
    """A copy of the binary with or without models beside it."""
    root = os.path.join(work, name)
    program = os.path.join(root, "bin", "kvtui")
    if not os.path.exists(program):
        os.makedirs(os.path.dirname(program))
        shutil.copy(binary, program)
        if models:
            shutil.copytree(BUNDLED, os.path.join(root, "share", "kvtui", "models", "tiny-zh"))
    return program


def model_copy(base="gpt2/single-head", name="model"):
    folder = os.path.join(work, name)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(FIXTURES, base), folder)
    return folder


def put_file(name, data):
    folder = model_copy(name="put")
    write(os.path.join(folder, name), data)
    return folder


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def sparse(path, size):
    with open(path, "wb") as file:
        file.truncate(size)


def read(name):
    try:
        with open(os.path.join(work, name), "rb") as file:
            return file.read()
    except OSError as error:
        return repr(error)


def craft(name, vocabulary, positions, width=4):
    """A GPT-2 of one layer with made-up weights."""
    folder = os.path.join(work, "crafted", name)
    os.makedirs(folder)
    shapes = {"wte.weight": [vocabulary, width], "wpe.weight": [positions, width], "ln_f.weight": [width], "ln_f.bias": [width]}
    for norm in ("ln_1", "ln_2"):
        shapes |= {f"h.0.{norm}.weight": [width], f"h.0.{norm}.bias": [width]}
    for part, (rows, columns) in {"attn.c_attn": (width, 3 * width), "attn.c_proj": (width, width),
                                  "mlp.c_fc": (width, 4 * width), "mlp.c_proj": (4 * width, width)}.items():
        shapes |= {f"h.0.{part}.weight": [rows, columns], f"h.0.{part}.bias": [columns]}
    header, data, state = {}, b"", 22
    for tensor, shape in shapes.items():
        values = []
        for _ in range(math.prod(shape)):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            values.append((state >> 40) / 2**24 - 0.5)
        chunk = struct.pack(f"<{len(values)}f", *values)
        header[tensor] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(chunk)]}
        data += chunk
    text = json.dumps(header).encode()
    write(os.path.join(folder, "model.safetensors"), struct.pack("<Q", len(text)) + text + data)
    config = {"model_type": "gpt2", "n_embd": width, "n_head": 2, "n_layer": 1, "vocab_size": vocabulary, "n_positions": positions}
    write(os.path.join(folder, "config.json"), json.dumps(config).encode())
    return folder


# Of a model of zeros: more than a first step has that is shown before its weights are packed.
POSITIONS = 128


def write_zeros(folder, vocabulary):
    """A GPT-2 of one layer whose weights are zeros that take no room on the disk."""
    width, inner = 512, 32
    matrices = {"attn.c_attn": 3 * width, "attn.c_proj": width, "mlp.c_fc": inner}
    shapes = {"wte.weight": [vocabulary, width], "wpe.weight": [POSITIONS, width], "h.0.mlp.c_proj.weight": [inner, width]}
    shapes.update({f"h.0.{name}.weight": [width, columns] for name, columns in matrices.items()})
    shapes.update({f"h.0.{name}.bias": [columns] for name, columns in {**matrices, "mlp.c_proj": width}.items()})
    shapes.update({f"{norm}.{part}": [width] for norm in ("h.0.ln_1", "h.0.ln_2", "ln_f") for part in ("weight", "bias")})
    header, end = {}, 0
    for name, shape in shapes.items():
        start, end = end, end + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    with open(os.path.join(folder, "model.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + end)
    config = {"model_type": "gpt2", "n_layer": 1, "n_head": 8, "n_embd": width, "n_inner": inner, "n_positions": POSITIONS,
              "vocab_size": vocabulary}
    tokenizer = {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}
    for name, value in (("config.json", config), ("tokenizer.json", tokenizer)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(value, file)
    return folder
