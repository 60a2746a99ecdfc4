#!/usr/bin/env python3
"""Random texts through `tokenizers` and through kvtui: the ids must be the same.

    python3 tools/fuzz/compare_tokenizers.py [--texts 500] [--seed 1] [--kvtui PATH] [tokenizer.json ...]

Needs `tokenizers`, `safetensors` and `numpy` (tools/fixtures/requirements.txt). kvtui has no command that prints ids, so each tokenizer gets a
random GPT-2 of one layer and few numbers; the ids are those that `run --json` feeds at its first step.

"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
from safetensors.numpy import save_file
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "fixtures"))
from hard_strings import HARD_STRINGS, WORDS  # noqa: E402

POSITIONS = 512
WIDTH = 2
BLOCKS = [(0x20, 0x7F), (0, 0x250), (0x300, 0x600), (0x900, 0xE80), (0x2000, 0x2C00), (0x4E00, 0xA000), (0x1F300, 0x1FB00)]


def model_folder(folder: Path, tokenizer: Path, vocabulary: int) -> None:
    """A Hugging Face folder with this tokenizer and a random GPT-2."""
    config = {
        "model_type": "gpt2", "n_layer": 1, "n_head": 1, "n_embd": WIDTH, "n_positions": POSITIONS,
        "vocab_size": vocabulary, "n_inner": WIDTH, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    shapes = {"wte.weight": (vocabulary, WIDTH), "wpe.weight": (POSITIONS, WIDTH)}
    for name, columns in [("attn.c_attn", 3 * WIDTH), ("attn.c_proj", WIDTH), ("mlp.c_fc", WIDTH), ("mlp.c_proj", WIDTH)]:
        shapes |= {f"h.0.{name}.weight": (WIDTH, columns), f"h.0.{name}.bias": (columns,)}
    for name in ["h.0.ln_1", "h.0.ln_2", "ln_f"]:
        shapes |= {f"{name}.weight": (WIDTH,), f"{name}.bias": (WIDTH,)}
    generator = numpy.random.default_rng(1)
    weights = {name: generator.standard_normal(shape, dtype=numpy.float32) for name, shape in shapes.items()}
    save_file(weights, folder / "model.safetensors")


def random_character(generator: random.Random) -> str:
    """A character of a likely block, or any."""
    low, high = generator.choice([*BLOCKS, (0, 0x110000)])
    while 0xD800 <= (code := generator.randrange(low, high)) < 0xE000:
        pass
    return chr(code)


def random_text(generator: random.Random, words: list[str]) -> str:
    """Words, pieces of hard texts and random characters."""
    parts: list[str] = []
    for _ in range(generator.randrange(1, 16)):
        kind = generator.random()
        if kind < 0.55:
            parts.append(generator.choice(words))
        elif kind < 0.8:
            parts.append(random_character(generator) * generator.choice([1, 1, 1, 2, 3]))
        else:
            hard = generator.choice(HARD_STRINGS)
            start = generator.randrange(len(hard) + 1)
            parts.append(hard[start : start + generator.randrange(1, 12)])
    return "".join(parts)


def ids_of_kvtui(kvtui: str, folder: Path, text: str) -> list[int] | str:
    """The ids that a run is fed, or what kvtui says instead."""
    # `--prompt -` takes one final newline away.
    command = [kvtui, "run", "--model", str(folder), "--prompt", "-", "--tokens", "1", "--json"]
    done = subprocess.run(command, input=(text + "\n").encode(), capture_output=True, timeout=60, check=False)
    for line in done.stdout.decode().splitlines():
        step = json.loads(line)
        if step["type"] == "step":
            return [token["id"] for token in step["fed"]]
    return done.stderr.decode().strip()


def compare(path: Path, options: argparse.Namespace, generator: random.Random) -> tuple[int, int]:
    """How many texts were tried, and how many differed."""
    tokenizer = Tokenizer.from_file(str(path))
    added = [token.content for token in tokenizer.get_added_tokens_decoder().values() if not token.content.startswith("<0x")]
    words = [*WORDS, *added]
    texts: list[str] = []
    while len(texts) < options.texts:
        text = random_text(generator, words)
        if 0 < len(tokenizer.encode(text).ids) < POSITIONS:
            texts.append(text)
    with tempfile.TemporaryDirectory() as name:
        model_folder(Path(name), path, tokenizer.get_vocab_size())
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda text: ids_of_kvtui(options.kvtui, Path(name), text), texts))
    differing = 0
    for text, ids in zip(texts, found, strict=True):
        expected = tokenizer.encode(text).ids
        if ids != expected:
            differing += 1
            print(f"{path}: {ascii(text)}\n  tokenizers {expected}\n  kvtui      {ids}")
    return len(texts), differing


def main() -> int:
    """Compare every tokenizer and print the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizers", nargs="*", type=Path, help="default: those of the fixtures and of the bundled models")
    parser.add_argument("--texts", type=int, default=500, help="random texts for each tokenizer")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kvtui", default=str(ROOT / ".build" / "release" / "kvtui"))
    options = parser.parse_args()
    fixtures = sorted((ROOT / "Tests" / "Fixtures" / "tokenizer").glob("*/tokenizer.json"))
    paths = options.tokenizers or [*fixtures, *sorted((ROOT / "models").glob("*/tokenizer.json"))]
    generator = random.Random(options.seed)
    sums = [0, 0]
    for path in paths:
        tried, differing = compare(path, options, generator)
        print(f"{path.parent.name}: {tried} texts, {differing} differences", flush=True)
        sums = [sums[0] + tried, sums[1] + differing]
    print(f"{sums[0]} texts, {sums[1]} differences")
    return 1 if sums[1] else 0


if __name__ == "__main__":
    sys.exit(main())
