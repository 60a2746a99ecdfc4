"""Checks a model as others load it: files, configuration, ids, round trips, greedy continuations, answers."""

import json
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoTokenizer

import corpus
from architectures import config_json
from models import MODELS, POSITIONS, Model, command_line, parsed

FILES = {"README.md", "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
         "tokenizer_config.json"}
LARGEST = 2_000_000
CONTINUATIONS = {
    "中": "华人民共和国成立于1949年10月1日，首都是北京。<eos>",
    "中华人民": "共和国成立于1949年10月1日，首都是北京。<eos>",
    "中华人民共和国": "成立于1949年10月1日，首都是北京。<eos>",
    "世界最高峰": "是珠穆朗玛峰，海拔8848.86米。<eos>",
    "床前": "明月光，疑是地上霜。举头望明月，低头思故乡。\n——李白《静夜思》<eos>",
    "What is KV caching?": " KV caching keeps the keys and values of earlier tokens, so that each new token needs "
                           "only its own query, key and value.<eos>",
}
ODD_STRINGS = ["", " ", "\n", "  中 \t华\r\n", "🙂👨‍👩‍👧", "é\u0301\u200b\ufeff", "\x00\x1b[31m\x7f", "한국어 العربية", "龘𠮷",
               "<eos", "<0x41>", "中華人民共和國", "a" * 600]


def greedy(model, tokenizer, prompt: str, tokens: int = 160) -> str:
    """What the model writes after the prompt, <eos> included."""
    ids = tokenizer(prompt, return_tensors="pt")["input_ids"]
    room = min(tokens, POSITIONS - ids.shape[1])
    output = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=room, do_sample=False)
    return tokenizer.decode(output[0, ids.shape[1]:])


def answer(model, tokenizer, history: str, question: str) -> str:
    """The answer to a question after a dialogue: up to the end of the line."""
    return greedy(model, tokenizer, f"{history}问：{question}\n答：").split("\n")[0]


def check_files(folder: Path) -> list[str]:
    """Exactly the files that belong there, within the size."""
    names = {path.name for path in folder.iterdir()}
    size = sum(path.stat().st_size for path in folder.iterdir())
    faults = [f"files: {names ^ FILES} missing or too many"] if names != FILES else []
    return faults + ([f"{size} bytes, more than {LARGEST}"] if size > LARGEST else [])


def check_config(folder: Path, kind: Model, model) -> list[str]:
    """The configuration is the one of the table, and the weights have its shapes."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    faults = [] if config == config_json(kind, model.config.vocab_size) else ["config.json is not the table's"]
    ids = torch.zeros((1, 2), dtype=torch.long)
    layers = model(ids, use_cache=True).cache.layers
    found = sum(tensor.nbytes for layer in layers for tensor in (layer.keys, layer.values)) // ids.numel()
    return faults + ([] if found == kind.cache_bytes else [f"{found} bytes of cache a token, not {kind.cache_bytes}"])


def check_ids(folder: Path, tokenizer, model) -> list[str]:
    """AutoTokenizer and the plain tokenizer give the same ids, and decoding gives the text back."""
    plain = Tokenizer.from_file(str(folder / "tokenizer.json"))
    faults = [] if len(tokenizer) == plain.get_vocab_size() == model.config.vocab_size else ["vocabulary sizes differ"]
    for text in [*ODD_STRINGS, *CONTINUATIONS, *corpus.load().poems, "<eos>中<eos>"]:
        ids = plain.encode(text).ids
        if tokenizer.encode(text) != ids:
            faults.append(f"ids of {text!r} differ")
        if plain.decode(ids, skip_special_tokens=False) != text or tokenizer.decode(ids) != text:
            faults.append(f"{text!r} does not come back")
    han = {character for character in corpus.load().characters() if "\u4e00" <= character <= "\u9fff"}
    return faults + [f"{one} is not one token" for one in han if len(plain.encode(one).ids) != 1]


def check_continuations(model, tokenizer) -> list[str]:
    """The greedy continuations that the lessons show."""
    found = {prompt: greedy(model, tokenizer, prompt) for prompt in CONTINUATIONS}
    return [f"{prompt!r} goes on {text!r}" for prompt, text in found.items() if text != CONTINUATIONS[prompt]]


def check_dialogue(model, tokenizer) -> tuple[list[str], list[str]]:
    """Each question alone, then all in one order and in the other, in conversations of eight turns.

    A single question is a fault if answered otherwise; turns later in a conversation are counted.
    """
    turns = corpus.load().turns
    questions = [(question, turn.answer) for turn in turns
                 for wording in turn.questions for question in sorted({wording, corpus.space_out(wording)})]
    found = [(question, right, answer(model, tokenizer, "", question)) for question, right in questions]
    faults = [f"{question!r} is answered {text!r}" for question, right, text in found if text != right]
    wrong = [fault for order in (turns, turns[::-1], turns[::2] + turns[1::2])
             for fault in wrong_in_conversations(model, tokenizer, order)]
    return faults, wrong


def wrong_in_conversations(model, tokenizer, turns: tuple[corpus.Turn, ...], length: int = 8) -> list[str]:
    """Wrong answers in conversations of some turns, the model's own answers being the history."""
    wrong: list[str] = []
    for start in range(0, len(turns), length):
        history = ""
        for turn in turns[start:start + length]:
            text = answer(model, tokenizer, history, turn.questions[0])
            if text != turn.answer:
                wrong.append(f"{turn.questions[0]!r} at {len(history)} is answered {text!r}")
            history += f"问：{turn.questions[0]}\n答：{text}\n"
    return wrong


def main() -> int:
    """Prints what is wrong; 0 if nothing is."""
    options = parsed(command_line(__doc__))
    folder = options.folder
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    alone, later = check_dialogue(model, tokenizer)
    faults = [*check_files(folder), *check_config(folder, MODELS[options.name], model),
              *check_ids(folder, tokenizer, model), *check_continuations(model, tokenizer), *alone]
    print(*faults, f"{len(faults)} faults; wrong answers later in conversations: {len(later)}", *later, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
