"""`record`: one text through one model, kept."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
from transformers import PreTrainedModel

from .capture import watched
from .check import Gaps, check
from .errors import CANNOT_CREATE, USAGE, RecordError
from .facts import chosen, layer_count, model_object, require_recordable, require_room, text_config, unseen_sentence
from .file import Recording, written_beside
from .keeper import Keeper
from .passes import whole_pass
from .replay import attention_weights
from .rules import UNSEEN
from .steps import Plan, Stepper, Written, one_pass_steps, write
from .tokens import Vocabulary

Json = dict[str, Any]


class Recorder:
    """A recorded run. `recording` is what the file will hold; `save` writes it once it has passed its check.

    As a context manager it lets go of the model and the tensors at the block's end.
    """

    def __init__(
        self, model: PreTrainedModel, ids: list[int], logits: torch.Tensor, kept: Keeper, recording: Recording
    ) -> None:
        self.model: PreTrainedModel | None = model
        self.ids, self.logits, self.recording = ids, logits, recording
        self.modules = kept.modules
        self.missing = unseen_sentence(model, set(kept.modules))

    def weights(self, layer: int) -> torch.Tensor:
        """[heads, n, n]: a layer's attention weights, from the recording alone."""
        return attention_weights(self.recording, layer)

    def save(self, path: str | os.PathLike[str], force: bool = False) -> Gaps:
        """Writes the file beside `path`, checks it against the model, and gives it its name; tells the largest gaps."""
        path = Path(path)
        if self.model is None:
            raise RecordError("the block of this recorder has ended: save within it", USAGE)
        if path.exists() and not force:
            raise RecordError(
                f"{path} is there already: choose another name, or overwrite it with force", CANNOT_CREATE
            )
        with written_beside(path, self.recording) as temporary:
            return check(self.model, self.ids, temporary, self.logits, self.modules)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.model = None
        self.modules = {}
        self.recording.tensors = {}


def record(
    model: PreTrainedModel,
    tokenizer: Any,
    text: str | None = None,
    *,
    prompt: str | None = None,
    tokens: int = 0,
    steps: bool = False,
    layers: list[int] | None = None,
    heads: list[int] | None = None,
    name: str | None = None,
    top: int = 5,
    ignore_eos: bool = False,
) -> Recorder:
    """Records a run of a causal model, as the model is: its devices and its number format stay.

    `text` is stepped over token by token from the first, `prompt` is the first step as a whole; then the model writes
    `tokens` more, greedily. `steps`: really run every step, with and without a cache, and count. `layers` and `heads` (counted
    from 0; heads are kept in whole groups that share keys and values) keep the file small. `top`: how many candidates a
    step lists. Raises `RecordError`.
    """
    if (text is None) == (prompt is None):
        raise RecordError("give either a text or a prompt", USAGE)
    require_recordable(model)
    vocabulary = Vocabulary(tokenizer)
    given = vocabulary.encode(text if text is not None else prompt)
    plan = Plan(given, tokens, text is not None, frozenset() if ignore_eos else ends(model))
    plan.require_steps()
    require_room(model, plan.last_length)
    wanted = chosen(layers, layer_count(model), "layers"), heads_wanted(model, heads)
    require_seen(model, given)

    stepper = Stepper(model, plan, vocabulary, top) if steps else None
    run = stepper.run() if stepper else write(model, plan)
    kept, logits = capture(model, run, *wanted)
    objects = stepper.steps if stepper else one_pass_steps(plan, run, logits, vocabulary, top)
    recording = assemble(model, vocabulary, plan, run, kept, objects, name)
    recording.recorded = "steps" if stepper else "one pass"
    return Recorder(model, run.ids[: run.fed], logits, kept, recording)


def capture(
    model: PreTrainedModel, run: Written, layers: list[int], heads: list[int] | None
) -> tuple[Keeper, torch.Tensor]:
    """What one pass over all that was fed shows, and its logits [n, vocabulary]."""
    kept = Keeper(model, run.fed, layers, heads)
    with watched(model, kept):
        logits = whole_pass(model, run.ids[: run.fed])
    if not kept.tensors:
        raise RecordError("none of the chosen layers shows an attention that can be recorded", USAGE)
    return kept, logits


def require_seen(model: PreTrainedModel, given: list[int]) -> None:
    """Refuses a model none of whose layers calls a registered attention, before anything is written or run at length."""
    kept = Keeper(model, 1, [], None)
    with watched(model, kept):
        whole_pass(model, given[:1])
    if not kept.modules:
        raise RecordError(
            f"{type(model).__name__} does not compute its attention through transformers' attention interface, "
            "so none of its layers can be recorded"
        )


def heads_wanted(model: PreTrainedModel, heads: list[int] | None) -> list[int] | None:
    """The heads asked for, checked; None for all."""
    return None if heads is None else chosen(heads, int(text_config(model).num_attention_heads), "heads")


def ends(model: PreTrainedModel) -> frozenset[int]:
    """The ids that end a text."""
    source = model.generation_config or model.config
    token = getattr(source, "eos_token_id", None)
    return frozenset(token if isinstance(token, (list, tuple)) else [] if token is None else [token])


def assemble(
    model: PreTrainedModel,
    vocabulary: Vocabulary,
    plan: Plan,
    run: Written,
    kept: Keeper,
    steps: list[Json],
    name: str | None,
) -> Recording:
    """The recording from its parts."""
    texts = vocabulary.texts(run.ids)
    heads = kept.heads
    if heads is not None and len(heads) == kept.shapes[0].shape[1]:
        heads = None
    return Recording(
        model_object(model, name, *kept.shapes),
        [{"id": token, "text": text} for token, text in zip(run.ids, texts)],
        steps,
        len(plan.given),
        attention=rules(model, kept),
        heads=heads,
        tensors=kept.tensors,
    )


def rules(model: PreTrainedModel, kept: Keeper) -> list[Json]:
    """The metadata's `attention`, an object a layer; empty where every layer is plain."""
    layers = range(layer_count(model))
    if all(layer in kept.rules and kept.rules[layer].is_plain(kept.widths[layer]) for layer in layers):
        return []
    return [kept.rules[layer].as_json() if layer in kept.rules else UNSEEN for layer in layers]
