"""The command: exit codes and sentences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import kvtui_record
import pytest
import tiny_models
from conftest import TEXT
from kvtui_record.cli import main, numbers

MODEL = str(tiny_models.BUNDLED)


def test_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "run.kvtrace"
    options = ["--text", TEXT, "--tokens", "2", "--steps", "--layers", "0,2-3", "--heads", "1", "--dtype", "bfloat16"]
    assert main(["--model", MODEL, *options, "--device-map", "cpu", "--name", "mine", "-o", str(path)]) == 0
    assert "query heads in the file: [1]" in capsys.readouterr().err
    read = kvtui_record.read(path)
    assert (read.layers, read.heads, read.model["name"], read.model["dtype"]) == ([0, 2, 3], [1], "mine", "bf16")
    assert [path.name for path in tmp_path.iterdir()] == ["run.kvtrace"]


def test_numbers() -> None:
    assert numbers("0,4-7") == [0, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "options, status, sentence",
    [
        (["--model", MODEL, "--text", "中", "--layers", "a"], 64, "no list of numbers"),
        (["--model", MODEL], 64, "either a text or a prompt"),
        (["--text", "中"], 64, "--model is missing"),
        (["--model", MODEL, "--text", "中", "--steps", "--from-transformerlens", "x"], 64, "takes --text"),
        (["--model", "/no/such/folder", "--text", "中"], 66, "cannot load /no/such/folder"),
        (["--model", MODEL, "--text", "中" * 600], 65, "512 positions"),
        (["--to-transformerlens", "none.kvtrace"], 66, "none.kvtrace is no file"),
    ],
)
def test_refusals(
    options: list[str], status: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*options, "-o", str(tmp_path / "run.kvtrace")]) == status
    said = capsys.readouterr().err
    assert sentence in said and said.startswith("kvtui-record: ") and said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_installed_command() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "kvtui_record", "-o", "/no/such/folder/x"], capture_output=True, text=True
    )
    assert ended.returncode == 73 and "Traceback" not in ended.stderr
