"""What Hugging Face and the bundled tokenizer's file say."""

import json
import os
import re
import struct

from support.checks import check
from support.here import BUNDLED, FIXTURES


def load(*path):
    with open(os.path.join(FIXTURES, *path), encoding="utf-8") as file:
        return json.load(file)


def logits_of_the_fixture(ran, folder, reference):
    """Compares every logit with the float64 run of Hugging Face."""
    tensors = safetensors(os.path.join(FIXTURES, *folder, "reference.safetensors"))
    name = "logits.float64" if "logits.float64" in tensors else "logits"
    (rows, width), values = tensors[name]
    bound = max(1e-4, 20 * reference["logits"].get("max_abs_difference_from_float64", 0))
    worst = 0.0
    for step in ran.steps[:rows]:
        row = values[(step["length"] - 1) * width:step["length"] * width]
        for candidate in step["next"]:
            worst = max(worst, abs(candidate["logit"] - row[candidate["id"]]))
    check(f"{'/'.join(folder)}: logits are those of Hugging Face", worst < bound, f"below {bound}", worst)


def safetensors(path):
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        data = file.read()
    found = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            found[name] = (entry["shape"], struct.unpack(f"<{(end - start) // 4}f", data[start:end]))
    return found


def bundled_names():
    with open(os.path.join(BUNDLED, "tokenizer.json"), encoding="utf-8") as file:
        return {id: name for name, id in json.load(file)["model"]["vocab"].items()}


def json_text(id, names):
    match = re.fullmatch(r"<0x([0-9A-F]{2})>", names[id])
    if match and int(match[1], 16) < 0x80:
        return chr(int(match[1], 16))
    return names[id]
