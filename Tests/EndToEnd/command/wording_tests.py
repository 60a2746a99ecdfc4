"""Sentences that a reader would stumble over."""

import os
import re
import shutil
import struct

from support.checks import begin, check
from support.here import FIXTURES
from support.models import model_copy, sparse, write
from support.program import run, subprocess_run


def case_wording():
    """Sentences that a reader would stumble over."""
    begin("wording")
    message = run("--model", "").message
    check("an empty model name is shown as such", "model :" not in message and "模型 ：" not in message, "quotes, or `--model is empty`", message)
    with open("/dev/full", "wb") as full:
        message = subprocess_run(["--json"], stdout=full).message
    check("a full device: names standard output and a way out", re.search("standard output|stdout", message) is not None and
          re.search(r"free|space on|another", message.replace("No space left on device", "")) is not None, "", message)
    message = run("--tokens", "abc").message
    check("--tokens abc: says what it must be", re.search("whole number|integer", message) is not None, "a whole number", message)
    message = run("--size", "80").message
    check("--size 80: says what it must be", re.search(r"\d+x\d+", message.replace("<COLSxROWS>", "")) is not None, "such as 80x24", message)
    message = run("--size", "0x0").message
    check("--size 0x0: says its range", "1000" in message, "1x1 to 1000x1000", message)
    message = run("frob").message
    check("an unknown subcommand: names those that there are or --help", re.search("--help|export", message) is not None, "", message)
    message = run("--frob").message
    check("an unknown option: names --help", "--help" in message, "--help", message)
    message = run("--keys", "Foo").message
    check("--keys Foo: quotes the name", re.search("Foo", message) is not None, "Foo", message)
    folder = model_copy()
    sparse(os.path.join(folder, "config.json"), 1 << 31)
    message = run("--model", folder).message
    check("a huge config.json: its size is not called a field", "field file size" not in message, "config.json has … bytes, at most …", message)
    folder = model_copy()
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "id-beyond-vocab-size.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder, "--text", "一").message
    check("an id beyond the vocabulary: the token is named", re.search(r"model\.vocab\.\S", message) is not None, "model.vocab.<token>", message)
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "added-token-beyond-vocab-size.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder, "--text", "<x>").message
    check("an added token beyond the vocabulary: added_tokens is named", "added_tokens" in message, "added_tokens", message)
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "merge-unknown-left.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder).message
    check("a bad merge is shown", "[…2]" not in message, "its two tokens", message)
    shutil.copyfile(os.path.join(FIXTURES, "forged", "tokenizer", "unknown-pre-tokenizer.json"), os.path.join(folder, "tokenizer.json"))
    message = run("--model", folder).message
    check("an unsupported field: the way out is a sentence", "a model with null" not in message, "whose pre_tokenizer is null", message)
    folder = model_copy()
    write(os.path.join(folder, "model.safetensors"), b"x")
    message = run("--model", folder).message
    check("one byte: not `1 bytes`", "1 byte " in message, "1 byte", message)
    write(os.path.join(folder, "model.safetensors"), struct.pack("<Q", 4) + b"{a:}")
    message = run("--model", folder).message
    check("a broken safetensors header: no line of the file is named", "its header" in message and "line 1" not in message, "its header", message)
    folder = model_copy()
    write(os.path.join(folder, "config.json"), b"[]")
    message = run("--model", folder).message
    check("a root of the wrong kind", "config.json is []" in message and "must be an object" in message, "", message)
    shutil.rmtree(folder)
    shutil.copytree(os.path.join(FIXTURES, "gpt2", "single-head"), folder)
    os.remove(os.path.join(folder, "model.safetensors"))
    write(os.path.join(folder, "model.safetensors.index.json"), b'{"weight_map": ["x"]}')
    message = run("--model", folder).message
    check("weight_map of the wrong kind", "weight_map is" in message and "must be an object" in message, "", message)
    message = run("--text", "中", "--tokens", "abc", "--lang", "zh").message
    check("no mixture of languages", not re.search("The value|is invalid", message), "Chinese", message)
    message = run("--lang", "zh", "--model", "/nowhere/x").message
    check("Chinese: the unknown model", "没有模型" in message, "没有模型 …", message)
    message = run("--lang", "zh", "export", "--model", os.path.join(FIXTURES, "tokenizer")).message
    check("Chinese: the system's reason is not in English", "No such file" not in message, "没有这个文件", message)
