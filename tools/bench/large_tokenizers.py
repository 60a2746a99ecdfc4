#!/usr/bin/env python3
"""Make tokenizer.json files as large as those of Llama 3 and Llama 2, to time how long they take to read and to use.

    python3 tools/bench/large_tokenizers.py FOLDER
    .build/release/kvtui-benchmarks --tokenizer FOLDER/llama3.json FOLDER/text.txt

Needs `tokenizers` (tools/fixtures/requirements.txt). The words are made up, with syllables and frequencies like those of a language, and seeded.
`llama3.json`: byte-level, 128,000 tokens, every pair of tokens whose join is a token as a merge (some 270,000), `ignore_merges`, 256 added
tokens; `llama3-text.json`: the same, merges written "a b". `llama2.json`: Metaspace, byte fallback, 32,000 tokens; `llama2-text.json`.
`text.txt`: 100 KB of the same words.

"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
WORDS = 300_000
LINES = 120_000
WORDS_IN_A_LINE = 25
TEXT_BYTES = 100_000
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]


def words(generator: random.Random) -> list[str]:
    """Different words, the likely ones first; every hundredth of 汉字."""
    onsets = ["", *"bcdfglmnprst", "tr"]
    codas = ["", "", "n", "r", "s"]
    syllables = [onset + vowel + coda for onset in onsets for vowel in "aeiou" for coda in codas]
    generator.shuffle(syllables)
    weights = [1 / (rank + 3) for rank in range(len(syllables))]
    found: dict[str, None] = {}
    while len(found) < WORDS:
        count = generator.choice([2, 3, 4, 5, 5, 6])
        if len(found) % 100 == 99:
            word = "".join(generator.choices(HAN, k=count))
        else:
            word = "".join(generator.choices(syllables, weights, k=count))
        found[word.capitalize() if generator.random() < 0.1 else word] = None
    return sorted(found, key=len)


def lines(generator: random.Random, known: list[str], count: int) -> Iterator[str]:
    """Lines of words, as frequent as their rank says."""
    sums, total = [], 0.0
    for rank in range(len(known)):
        total += 1 / (rank + 10)
        sums.append(total)
    for _ in range(count):
        yield " ".join(generator.choices(known, cum_weights=sums, k=WORDS_IN_A_LINE)) + generator.choice(".,?!") + " 1949"


def all_merges(vocabulary: dict[str, int]) -> list[list[str]]:
    """Every way to make a token of two, by the token's rank: what a conversion from tiktoken's ranks writes."""
    merges: list[list[str]] = []
    for token in sorted(vocabulary, key=vocabulary.__getitem__):
        cuts = [(token[:cut], token[cut:]) for cut in range(1, len(token))]
        known = [cut for cut in cuts if cut[0] in vocabulary and cut[1] in vocabulary]
        merges += map(list, sorted(known, key=lambda cut: (vocabulary[cut[0]], vocabulary[cut[1]])))
    return merges


def save(folder: Path, name: str, value: dict[str, Any]) -> None:
    """The file with its merges as pairs, and as text; both must be what the library reads."""
    merges = value["model"]["merges"]
    for suffix, written in [("", merges), ("-text", [" ".join(merge) for merge in merges])]:
        value["model"]["merges"] = written
        path = folder / f"{name}{suffix}.json"
        path.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
        tokenizer = Tokenizer.from_file(str(path))
        size = path.stat().st_size
        print(f"{path}: {tokenizer.get_vocab_size():,} tokens, {len(merges):,} merges, {size:,} bytes")


def llama3(known: list[str], text: list[str]) -> dict[str, Any]:
    """A tokenizer of Llama 3's size and stages."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    split = pre_tokenizers.Split(Regex(LLAMA3), "isolated")
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, byte_level])
    trainer = trainers.BpeTrainer(
        vocab_size=128_000, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator([*text, *known], trainer)
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(f"<|reserved_{index}|>", special=True, normalized=False) for index in range(256)]
    tokenizer.add_special_tokens(special)
    template = processors.TemplateProcessing(
        single="<|reserved_0|> $A", special_tokens=[("<|reserved_0|>", tokenizer.token_to_id("<|reserved_0|>"))]
    )
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), template])
    value = json.loads(tokenizer.to_str())
    value["model"]["merges"] = all_merges(value["model"]["vocab"])
    return value


def llama2(text: list[str]) -> dict[str, Any]:
    """A tokenizer of Llama 2's size and stages."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    special = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer.train_from_iterator(text, trainers.BpeTrainer(vocab_size=32_000, special_tokens=special, show_progress=False))
    value = json.loads(tokenizer.to_str())
    value["added_tokens"] = value["added_tokens"][:3]
    value["pre_tokenizer"] = None
    vocabulary = value["model"]["vocab"]
    value["model"]["merges"] = all_merges({token: index for token, index in vocabulary.items() if token not in special})
    tokenizer = Tokenizer.from_str(json.dumps(value))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    parts = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence(parts)
    return json.loads(tokenizer.to_str())


def main() -> None:
    """Make all files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    generator = random.Random(options.seed)
    known = words(generator)
    text = list(lines(generator, known, LINES))
    save(options.folder, "llama3", llama3(known, text))
    save(options.folder, "llama2", llama2(text))
    sample = "\n".join(lines(generator, known, 1_000)).encode()[:TEXT_BYTES].decode(errors="ignore")
    (options.folder / "text.txt").write_text(sample, encoding="utf-8")


if __name__ == "__main__":
    main()
