"""Measures where each head looks: first token, previous token, itself, and the token to copy."""

import json

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, PreTrainedModel

import corpus
import vocabulary
from data import Sampler
from models import command_line, parsed

SEED = 2222
SKIPPED = 8
PERIODS = (8, 16, 32, 64)
ROWS_PER_PERIOD = 16
TIMES = 4


def attention(model: PreTrainedModel, ids: np.ndarray) -> np.ndarray:
    """Attention weights [layer, head, query, key] of one sequence."""
    with torch.no_grad():
        weights = model(torch.from_numpy(ids)[None], output_attentions=True).attentions
    return torch.cat(weights).numpy()


def general_shares(weights: np.ndarray) -> dict[str, np.ndarray]:
    """Per query from SKIPPED on: weight on the first token, the previous one and itself [layer, head, query]."""
    queries = np.arange(SKIPPED, weights.shape[2])
    return {"first": weights[:, :, queries, 0], "previous": weights[:, :, queries, queries - 1],
            "itself": weights[:, :, queries, queries]}


def copying_share(weights: np.ndarray, period: int) -> np.ndarray:
    """Per query of the second and later occurrences: weight on the token after the last occurrence of its own."""
    queries = np.arange(period, weights.shape[2])
    return weights[:, :, queries, queries - period + 1]


def text_rows(texts: corpus.Corpus, tokenizer: Tokenizer) -> list[np.ndarray]:
    """Every text of the corpus that is long enough, and every answered question, each from position 0."""
    documents = [*texts.openings, *texts.facts, *texts.english, *texts.poems]
    documents += [f"问：{turn.questions[0]}\n答：{turn.answer}\n" for turn in texts.turns]
    rows = [np.array(tokenizer.encode(document).ids) for document in documents]
    return [row for row in rows if len(row) > SKIPPED]


def repeat_rows(sampler: Sampler) -> list[tuple[int, np.ndarray]]:
    """Random sequences without a character twice, each repeated TIMES times, with their period."""
    first, last = vocabulary.FIRST_CHARACTER_ID, sampler.vocabulary
    return [(period, np.tile(first + sampler.random.choice(last - first, period, replace=False), TIMES))
            for period in PERIODS for _ in range(ROWS_PER_PERIOD)]


def mean(shares: list[np.ndarray]) -> list[list[float]]:
    """Mean over all queries of all rows: [layer][head]."""
    return np.concatenate(shares, axis=2).mean(axis=2).tolist()


def measure(model: PreTrainedModel, texts: corpus.Corpus, tokenizer: Tokenizer) -> dict:
    """All shares as [layer][head], and the accuracy of copying."""
    on_texts = [general_shares(attention(model, row)) for row in text_rows(texts, tokenizer)]
    repeats = repeat_rows(Sampler(texts, tokenizer, SEED))
    on_repeats = [(period, attention(model, row)) for period, row in repeats]
    shares = {f"{name} (texts)": mean([row[name] for row in on_texts]) for name in ("first", "previous", "itself")}
    shares |= {f"{name} (repeats)": mean([general_shares(weights)[name] for _, weights in on_repeats])
               for name in ("first", "previous", "itself")}
    shares["copying (repeats)"] = mean([copying_share(weights, period) for period, weights in on_repeats])
    return {"shares": shares, "copy_accuracy": copy_accuracy(model, repeats), "skipped": SKIPPED,
            "periods": PERIODS, "rows_per_period": ROWS_PER_PERIOD, "times": TIMES, "texts": len(on_texts)}


def copy_accuracy(model: PreTrainedModel, repeats: list[tuple[int, np.ndarray]]) -> dict[str, float]:
    """By period, how often the most probable next token of a repeated random sequence is the right one."""
    right: dict[int, list[np.ndarray]] = {period: [] for period in PERIODS}
    for period, row in repeats:
        with torch.no_grad():
            best = model(torch.from_numpy(row)[None]).logits[0].argmax(dim=1).numpy()
        right[period].append(best[period:-1] == row[period + 1:])
    return {str(period): float(np.concatenate(values).mean()) for period, values in right.items()}


def main() -> None:
    """Measures and writes heads.json."""
    options = parsed(command_line(__doc__))
    torch.set_num_threads(1)
    model = AutoModelForCausalLM.from_pretrained(options.folder, attn_implementation="eager").eval()
    tokenizer = Tokenizer.from_file(str(options.folder / "tokenizer.json"))
    result = measure(model, corpus.load(), tokenizer)
    options.results.mkdir(parents=True, exist_ok=True)
    vocabulary.write_json(options.results / "heads.json", result)
    for name, layers in result["shares"].items():
        print(name, *(" ".join(f"{share:.2f}" for share in heads) for heads in layers), sep="\n  ")
    print(json.dumps(result["copy_accuracy"]))


if __name__ == "__main__":
    main()
