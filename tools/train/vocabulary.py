"""The tokenizer: one token a character, bytes for everything else."""

import json
from pathlib import Path

from tokenizers import Tokenizer

EOS = "<eos>"
EOS_ID = 0
FIRST_BYTE_ID = 1
FIRST_CHARACTER_ID = FIRST_BYTE_ID + 256
ASCII = "\n" + "".join(map(chr, range(0x20, 0x7F)))
PUNCTUATION = "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·～￥％"
MATHEMATICS = "×÷±≈≠≤≥√∑→←↑↓°²³ᵀ½αβθπ"


def characters(corpus: set[str]) -> list[str]:
    """The characters that are tokens, by code point."""
    return sorted(corpus | set(ASCII + PUNCTUATION + MATHEMATICS))


def tokenizer_json(corpus: set[str]) -> dict:
    """`tokenizer.json`: <eos>, the 256 bytes, then the characters; BPE without merges."""
    tokens = [EOS, *(f"<0x{byte:02X}>" for byte in range(256)), *characters(corpus)]
    eos = {"id": EOS_ID, "content": EOS, "single_word": False, "lstrip": False, "rstrip": False,
           "normalized": False, "special": True}
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": True, "ignore_merges": False,
             "vocab": {token: index for index, token in enumerate(tokens)}, "merges": []}
    decoder = {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, {"type": "Fuse"}]}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [eos], "normalizer": None,
            "pre_tokenizer": None, "post_processor": None, "decoder": decoder, "model": model}


def write(folder: Path, corpus: set[str], positions: int) -> Tokenizer:
    """Writes `tokenizer.json` and `tokenizer_config.json` and gives the tokenizer back."""
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": EOS, "model_max_length": positions,
              "clean_up_tokenization_spaces": False}
    write_json(folder / "tokenizer.json", tokenizer_json(corpus))
    write_json(folder / "tokenizer_config.json", config)
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def write_json(path: Path, value: object) -> None:
    """JSON as people read it: UTF-8, indented, one final newline."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
