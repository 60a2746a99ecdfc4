"""`kvtui-record`: the command."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from . import transformerlens
from .errors import CANNOT_CREATE, NO_INPUT, USAGE, RecordError
from .file import read, written_beside
from .recorder import record

DTYPES = ["auto", "float32", "float16", "bfloat16"]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence and ends with 64."""

    def error(self, message: str) -> Any:
        raise RecordError(f"{message}; kvtui-record --help lists the options", USAGE)


def numbers(text: str) -> list[int]:
    """Numbers and ranges, as in 0,4-7."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not first.isdecimal() or not (last or first).isdecimal():
            raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers such as 0,4-7")
        found += range(int(first), int(last or first) + 1)
    return found


def parser() -> Parser:
    parser = Parser(
        "kvtui-record", description="Records the attention of a Hugging Face causal model for kvtui replay."
    )
    parser.add_argument("--model", metavar="DIR|ID", help="a folder, or a name that transformers loads")
    parser.add_argument("--text", help="step over this text token by token")
    parser.add_argument("--prompt", help="the first step as a whole; needs --tokens")
    parser.add_argument(
        "--tokens", type=int, default=0, metavar="N", help="how many tokens the model then writes, greedily"
    )
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="FILE")
    parser.add_argument("--force", action="store_true", help="overwrite FILE")
    parser.add_argument("--steps", action="store_true", help="run every step, cached and not, and count it (slow)")
    parser.add_argument("--layers", type=numbers, metavar="LIST", help="keep these layers only, counted from 0: 0,4-7")
    parser.add_argument(
        "--heads",
        type=numbers,
        metavar="LIST",
        help="keep these query heads only, counted from 0, and those that share their keys",
    )
    parser.add_argument(
        "--dtype", choices=DTYPES, default="auto", help="the weights' number format (default: the model's own)"
    )
    parser.add_argument("--device-map", metavar="MAP", help="passed to transformers: auto, cpu, cuda:0, …")
    parser.add_argument("--offload-folder", metavar="DIR", help="passed to transformers, for layers kept on disk")
    parser.add_argument(
        "--trust-remote-code", action="store_true", help="passed to transformers: runs code of the model's authors"
    )
    parser.add_argument("--name", help="the model's name in the recording")
    parser.add_argument("--top", type=int, default=5, metavar="K", help="how many next tokens a step lists (default 5)")
    parser.add_argument("--ignore-eos", action="store_true", help="go on after an end token")
    parser.add_argument(
        "--from-transformerlens", type=Path, metavar="CACHE", help="make the recording from this .safetensors or .npz"
    )
    parser.add_argument(
        "--to-transformerlens", type=Path, metavar="FILE.kvtrace", help="turn a recording into such a cache"
    )
    parser.add_argument(
        "--no-rotary", action="store_true", help="with --to-transformerlens: the model has no rotary embedding"
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; the exit code is 0, or 64 usage, 65 bad data, 66 no such input, 73 cannot create."""
    try:
        _run(parser().parse_args(arguments))
    except RecordError as error:
        print(f"kvtui-record: {error}", file=sys.stderr)
        return error.status
    return 0


def _run(options: argparse.Namespace) -> None:
    transformers.logging.set_verbosity_error()
    if not sys.stderr.isatty():
        transformers.logging.disable_progress_bar()
    _require_free(options.output, options.force)
    if options.to_transformerlens:
        return _export(options)
    if not options.model:
        raise RecordError("--model is missing: a folder, or a name that transformers loads", USAGE)
    if options.from_transformerlens:
        return _import(options)
    model, tokenizer = _load(options)
    with record(
        model,
        tokenizer,
        options.text,
        prompt=options.prompt,
        tokens=options.tokens,
        steps=options.steps,
        layers=options.layers,
        heads=options.heads,
        name=options.name,
        top=options.top,
        ignore_eos=options.ignore_eos,
    ) as recorder:
        gaps = recorder.save(options.output, options.force)
        recording = recorder.recording
        if recorder.missing:
            _say(recorder.missing)
        if recording.heads is not None:
            _say(f"query heads in the file: {recording.heads}")
        _say(
            f"{options.output}: {recording.model['name']}, {len(recording.layers)} layers, "
            f"{recorder.logits.shape[0]} tokens, {options.output.stat().st_size:,} bytes; "
            f"self-check: logits {gaps.logits:.1g}, weights {gaps.worst_weight:.1g}"
        )


def _require_free(path: Path, force: bool) -> None:
    if path.exists() and not force:
        raise RecordError(f"{path} is there already: choose another name, or --force", CANNOT_CREATE)
    if not path.parent.is_dir():
        raise RecordError(f"{path.parent} is no folder", CANNOT_CREATE)


def _load(options: argparse.Namespace) -> tuple[PreTrainedModel, Any]:
    """The model and its tokenizer, as transformers loads them."""
    named: dict[str, Any] = {"trust_remote_code": options.trust_remote_code}
    spread = {"device_map": options.device_map, "offload_folder": options.offload_folder}
    dtype = options.dtype if options.dtype == "auto" else getattr(torch, options.dtype)
    try:
        tokenizer = AutoTokenizer.from_pretrained(options.model, **named)
        named |= {name: value for name, value in spread.items() if value is not None}
        return AutoModelForCausalLM.from_pretrained(options.model, dtype=dtype, **named), tokenizer
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise RecordError(f"transformers cannot load {options.model}: {_first_line(error)}", NO_INPUT) from error


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]


def _import(options: argparse.Namespace) -> None:
    """A TransformerLens cache becomes a recording; the model's own run tells what its layers do with their scores."""
    if options.text is None or options.prompt is not None or options.tokens or options.steps or options.heads:
        raise RecordError("--from-transformerlens takes --text, the text of the cache, and --layers alone", USAGE)
    model, tokenizer = _load(options)
    with record(model, tokenizer, options.text, layers=options.layers, name=options.name, top=options.top) as recorder:
        own = recorder.recording
        cache = transformerlens.load(options.from_transformerlens)
        recording = transformerlens.recording(
            cache,
            own.tokens,
            own.model,
            attention=own.attention,
            rotary=transformerlens.is_rotary(model),
            layers=own.layers,
            steps=own.steps,
            sinks={name: tensor for name, tensor in own.tensors.items() if name.endswith(".sinks")},
        )
        with written_beside(options.output, recording):
            pass
    _say(f"{options.output}: {len(recording.layers)} layers of {options.from_transformerlens}")


def _export(options: argparse.Namespace) -> None:
    cache = transformerlens.cache(read(options.to_transformerlens), rotary=not options.no_rotary)
    save_file(cache, options.output)
    _say(f"{options.output}: {len(cache)} activations of {options.to_transformerlens}")


def _say(sentence: str) -> None:
    print(f"kvtui-record: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
