"""Token ids of a text, and what each token adds to it."""

from __future__ import annotations

import json
import re
from typing import Any

from tokenizers import Tokenizer

from .errors import USAGE, RecordError

BYTE_TOKEN = re.compile(r"^<0x([0-9A-Fa-f]{2})>$")
UNKNOWN = "\ufffd"


class Vocabulary:
    """A tokenizer of `transformers` or of `tokenizers`, asked only for ids and for texts."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.raw: Tokenizer | None = tokenizer if isinstance(tokenizer, Tokenizer) else _backend(tokenizer)
        self.bytes_of = _byte_alphabet() if self._is_byte_level() else None

    def encode(self, text: str) -> list[int]:
        """The ids of a text, with what the tokenizer puts around it."""
        if isinstance(self.tokenizer, Tokenizer):
            ids = self.tokenizer.encode(text).ids
        else:
            ids = list(self.tokenizer(text)["input_ids"])
        if not ids:
            raise RecordError("the text is empty: give at least one token", USAGE)
        return ids

    def text(self, token: int, before: int | None = None) -> str:
        """What a token adds to the text after the token `before`; bytes that are no character alone as `<0xE4>`."""
        earlier = "" if before is None else self._decode([before])
        whole = self._decode([token] if before is None else [before, token])
        if UNKNOWN not in whole and whole.startswith(earlier):
            return whole[len(earlier) :]
        return self._piece_text(token)

    def texts(self, ids: list[int]) -> list[str]:
        """What each of these adds to the text."""
        return [self.text(token, before) for before, token in zip([None, *ids], ids)]

    def _decode(self, ids: list[int]) -> str:
        if isinstance(self.tokenizer, Tokenizer):
            return self.tokenizer.decode(ids, skip_special_tokens=False)
        return self.tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False)

    def _piece_text(self, token: int) -> str:
        """What a token adds that forms no text alone: its bytes."""
        piece = self._piece(token)
        if piece is None:
            return ""
        single = BYTE_TOKEN.match(piece)
        if single:
            return spelled(bytes([int(single.group(1), 16)]))
        if self.bytes_of is not None and all(letter in self.bytes_of for letter in piece):
            return spelled(bytes(self.bytes_of[letter] for letter in piece))
        return piece.replace("▁", " ")

    def _piece(self, token: int) -> str | None:
        if self.raw is not None:
            return self.raw.id_to_token(token)
        return self.tokenizer.convert_ids_to_tokens(token)

    def _is_byte_level(self) -> bool:
        if self.raw is None:
            return False
        return '"ByteLevel"' in json.dumps(json.loads(self.raw.to_str()).get("decoder"))


def spelled(raw: bytes) -> str:
    """Bytes as text; those that form no character as `<0xE4>`."""
    return re.sub("[\udc80-\udcff]", lambda m: f"<0x{ord(m[0]) - 0xDC00:02X}>", raw.decode("utf-8", "surrogateescape"))


def _backend(tokenizer: Any) -> Tokenizer | None:
    raw = getattr(tokenizer, "backend_tokenizer", None)
    return raw if isinstance(raw, Tokenizer) else None


def _byte_alphabet() -> dict[str, int]:
    """The characters that stand for bytes in byte-level tokenizers: printable ones for themselves, the rest from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + i): byte for i, byte in enumerate(rest)}
