"""Recordings taken apart and put together, as any program that knows safetensors could."""

import json
import os
import struct

from support.here import work
from support.program import run


def recorded(name, *arguments):
    """The path of a run that kvtui recorded."""
    path = os.path.join(work, name)
    result = run("record", path, "--force", *arguments)
    if result.code != 0:
        raise OSError(f"record: {result}")
    return path


def read(path):
    """The header's `__metadata__` with its JSON texts parsed, the other entries, and the tensors' bytes."""
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    metadata = {key: value if key in ("format", "version") else json.loads(value) for key, value in header.pop("__metadata__").items()}
    return metadata, header, data[8 + length:]


def write(name, metadata, tensors, data):
    texts = {key: value if key in ("format", "version") else json.dumps(value) for key, value in metadata.items()}
    header = json.dumps({"__metadata__": texts, **tensors}).encode()
    header += b" " * (-len(header) % 8)
    path = os.path.join(work, name)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + data)
    return path


# What a recording's texts may hold that a screen, a page or a film must not take literally.
HOSTILE = [
    "<script>window.pwned=1</script>", "</script><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>",
    "\x1b]0;pwned\x07\x1b[2J\x1b[?1049h", "\u202e\u2066\u200f", "x" * 10240, "```\n# h\n</pre>", "| a | b |", "&lt;&#60;",
    "]]></text><script>window.pwned=1</script>", "\x9b31m\x00\r\n", "①“…é\u0301\u0301\u0301\u0301\u0301\u0301",
    "\"onmouseover=\"window.pwned=1", "'-->", "\ud83d\udc68\u200d\ud83d\udc69", "\\u003c/script>",
]


def hostile(name="hostile.kvtrace"):
    """A recording whose every text is hostile: the tokens, the candidates, the model's name."""
    metadata, tensors, data = read(recorded("plain.kvtrace", "--text", "中华人民共和国", "--tokens", "9"))
    texts = iter(HOSTILE * 1000)
    for token in metadata["tokens"]:
        token["text"] = next(texts)
    for step in metadata["steps"]:
        for token in [*step["fed"], *step["next"]]:
            token["text"] = next(texts)
    metadata["model"]["name"] = HOSTILE[1] + HOSTILE[3] + HOSTILE[4]
    metadata["model"]["architecture"] = HOSTILE[0]
    return write(name, metadata, tensors, data)
