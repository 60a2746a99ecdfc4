"""Training rows: documents packed one after another, each row beginning with a document at position 0."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from corpus import Corpus, Turn, space_out
from vocabulary import EOS_ID, FIRST_BYTE_ID, FIRST_CHARACTER_ID

IGNORE = -100
RANDOM_SHARE = 0.4
BYTE_SHARE = 0.05
LONGEST, LONGEST_IN_LONG_ROW = 40, 160
LAST_TURN_SHARE = 0.7
LONG_DIALOGUE_SHARE, LONG_DIALOGUE = 0.2, (3, 10)
TEXT_SHARES = {"openings": 0.2, "facts": 0.2, "poems": 0.2, "english": 0.1, "dialogue": 0.3}
LONG_ROW = 256

Document = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Batch:
    """Token ids [rows, length], and at each position the id to predict or IGNORE."""

    inputs: np.ndarray
    targets: np.ndarray


class Sampler:
    """Draws rows of documents; the same seed draws the same rows."""

    def __init__(self, corpus: Corpus, tokenizer: Tokenizer, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.corpus = corpus
        self.tokenizer = tokenizer
        self.vocabulary = tokenizer.get_vocab_size()
        self.texts = {kind: [self._closed(text) for text in getattr(corpus, kind)]
                      for kind in TEXT_SHARES if kind != "dialogue"}
        self.kinds = list(TEXT_SHARES)
        self.shares = np.array(list(TEXT_SHARES.values()))

    def mixed(self, rows: int, length: int, random_share: float = RANDOM_SHARE, longest: int = LONGEST) -> Batch:
        """What the model is trained on: texts and repeated random sequences."""
        def document() -> Document:
            return self.repeats(length, longest) if self.random.random() < random_share else self.text()
        return self.pack(rows, length, document)

    def pack(self, rows: int, length: int, document: Callable[[], Document]) -> Batch:
        """Rows filled with documents; the last one of a row is cut off."""
        packed = [self._row(length + 1, document) for _ in range(rows)]
        tokens = np.stack([row[0] for row in packed])
        targets = np.stack([row[1] for row in packed])
        return Batch(tokens[:, :-1], targets[:, 1:])

    def text(self) -> Document:
        """A text of the corpus, every token of which is to be learnt."""
        kind = self.random.choice(self.kinds, p=self.shares)
        if kind == "dialogue":
            ids = self.dialogue()
        else:
            ids = self.texts[kind][self.random.integers(len(self.texts[kind]))]
        return ids, ids

    def dialogue(self) -> np.ndarray:
        """Some turns in random order; more often than not the first one is the last, sometimes there are many."""
        is_long = self.random.random() < LONG_DIALOGUE_SHARE
        if is_long:
            count = self.random.integers(*LONG_DIALOGUE, endpoint=True)
        else:
            count = min(self.random.geometric(LAST_TURN_SHARE), LONG_DIALOGUE[1])
        turns = self.random.choice(len(self.corpus.turns), size=count, replace=False)
        return self._closed("".join(self.turn(self.corpus.turns[index]) for index in turns))

    def turn(self, turn: Turn) -> str:
        """A question, worded and spaced in one of the ways that it is asked, and its answer."""
        question = turn.questions[self.random.integers(len(turn.questions))]
        if self.random.random() < 0.5:
            question = space_out(question)
        return f"问：{question}\n答：{turn.answer}\n"

    def repeats(self, length: int, longest: int = LONGEST) -> Document:
        """A random sequence, two to four times; its first occurrence cannot be predicted and is not learnt."""
        if length >= LONG_ROW and self.random.random() < 0.3:
            longest = LONGEST_IN_LONG_ROW
        period = self.random.integers(4, longest + 1)
        ids = np.append(np.tile(self.random_ids(period), self.random.integers(2, 5)), EOS_ID)
        targets = ids.copy()
        targets[:period] = IGNORE
        targets[-1] = IGNORE
        return ids, targets

    def random_ids(self, count: int) -> np.ndarray:
        """Characters, and a few bytes, each as likely as the other."""
        ids = self.random.integers(FIRST_CHARACTER_ID, self.vocabulary, count)
        is_byte = self.random.random(count) < BYTE_SHARE
        return np.where(is_byte, self.random.integers(FIRST_BYTE_ID, FIRST_CHARACTER_ID, count), ids)

    def _closed(self, text: str) -> np.ndarray:
        return np.array([*self.tokenizer.encode(text).ids, EOS_ID])

    def _row(self, length: int, document: Callable[[], Document]) -> Document:
        parts: list[Document] = []
        filled = 0
        while filled < length:
            parts.append(document())
            filled += len(parts[-1][0])
        ids, targets = (np.concatenate(column)[:length] for column in zip(*parts))
        return ids, targets
