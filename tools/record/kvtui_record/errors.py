"""What can go wrong, each in one sentence, with the exit status that kvtui uses for it."""

from __future__ import annotations

USAGE = 64
BAD_DATA = 65
NO_INPUT = 66
CANNOT_CREATE = 73


class RecordError(Exception):
    """Nothing was written: the sentence says why and what to do; `status` is the command's exit code."""

    def __init__(self, sentence: str, status: int = BAD_DATA) -> None:
        super().__init__(sentence)
        self.status = status
