"""The corpus: small text files, each with a simple layout, read into documents."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Turn:
    """An answer and the ways to ask for it."""

    questions: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Corpus:
    """All texts of the model; `common` is for the vocabulary and for random sequences only."""

    openings: tuple[str, ...]
    facts: tuple[str, ...]
    english: tuple[str, ...]
    poems: tuple[str, ...]
    turns: tuple[Turn, ...]
    common: str

    def characters(self) -> set[str]:
        """Every character that occurs."""
        texts = [*self.openings, *self.facts, *self.english, *self.poems, self.common]
        texts += [text for turn in self.turns for text in (*turn.questions, turn.answer)]
        return set("".join(texts))


def load() -> Corpus:
    """Reads the files of the corpus folder."""
    return Corpus(
        openings=_lines("openings"),
        facts=_lines("facts"),
        english=_lines("english"),
        poems=_blocks("poems"),
        turns=tuple(_turn(block) for block in _blocks("dialogue")),
        common="".join(_lines("common")),
    )


def space_out(text: str) -> str:
    """Puts a blank between a Chinese character and a Latin letter beside it, as many people write."""
    text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z])", " ", text)
    return re.sub(r"(?<=[A-Za-z])(?=[\u4e00-\u9fff])", " ", text)


def _read(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip()


def _lines(name: str) -> tuple[str, ...]:
    return tuple(_read(name).split("\n"))


def _blocks(name: str) -> tuple[str, ...]:
    return tuple(_read(name).split("\n\n"))


def _turn(block: str) -> Turn:
    lines = block.split("\n")
    questions = tuple(line.removeprefix("问：") for line in lines if line.startswith("问："))
    answers = [line.removeprefix("答：") for line in lines if line.startswith("答：")]
    if len(questions) + len(answers) != len(lines) or not questions or len(answers) != 1:
        raise ValueError(f"dialogue.txt: a block needs lines 问：… and one last line 答：…: {block!r}")
    return Turn(questions, answers[0])
