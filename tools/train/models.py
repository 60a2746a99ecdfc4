"""The models that can be trained, their shapes and their training, in one table."""

import argparse
import math
from dataclasses import dataclass, replace
from pathlib import Path

from data import LONGEST, RANDOM_SHARE

HERE = Path(__file__).parent
DEFAULT = "tiny-zh"
WIDTH, LAYERS, HEADS, POSITIONS = 64, 4, 4, 512
HEAD_WIDTH = WIDTH // HEADS
INTERMEDIATE = 172
NORM_EPSILON = 1e-5
ROPE_THETA = 10000.0
# Of multi-head latent attention: with them a token takes as many bytes of cache as with one K,V head.
LATENT_WIDTH, ROTARY_WIDTH, PLAIN_WIDTH, VALUE_WIDTH = 24, 8, 16, 16
LATENT_ROPE_THETA = 1000.0  # four pairs turn: with 10,000 their rates lie a factor of ten apart


@dataclass(frozen=True)
class Phase:
    """Some steps of training with a learning rate of their own, and from `focus_from` on the entropy penalty.

    A share of the documents are random sequences, up to `longest` characters, repeated.
    """

    steps: int
    learning_rate: float
    warm_up: int
    long_share: float
    focus_from: int
    focus_ramp: int
    focus: float
    random_share: float = RANDOM_SHARE
    longest: int = LONGEST

    def shortened(self, scale: float) -> "Phase":
        """The same with fewer steps, to try things out."""
        return replace(self, steps=round(self.steps * scale), warm_up=round(self.warm_up * scale),
                       focus_from=round(self.focus_from * scale), focus_ramp=max(1, round(self.focus_ramp * scale)))

    def learning_rate_at(self, step: int) -> float:
        """Linear warm-up, then a cosine to a hundredth of the peak."""
        if step < self.warm_up:
            return self.learning_rate * (step + 1) / self.warm_up
        progress = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return self.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))

    def focus_at(self, step: int) -> float:
        """Weight of the entropy penalty, nats."""
        return self.focus * min(1, max(0, step - self.focus_from) / self.focus_ramp)


@dataclass(frozen=True)
class Model:
    """What differs between the models: all have the same width, layers, heads, positions, tokenizer and corpus."""

    family: str
    kv_heads: int
    phases: tuple[Phase, ...]

    @property
    def cached_numbers(self) -> int:
        """Numbers that the KV cache keeps a token and layer: keys and values, or a latent and a rotary part."""
        return LATENT_WIDTH + ROTARY_WIDTH if self.family == "deepseek" else 2 * self.kv_heads * HEAD_WIDTH

    @property
    def cache_bytes(self) -> int:
        """Bytes of the KV cache a token, f32."""
        return LAYERS * self.cached_numbers * 4


GPT2_PHASES = (
    Phase(steps=9_000, learning_rate=2e-3, warm_up=300, long_share=0.3, focus_from=5_500, focus_ramp=1_000, focus=0.15),
    Phase(steps=1_500, learning_rate=1.5e-3, warm_up=150, long_share=0.2, focus_from=0, focus_ramp=100, focus=1.0),
    Phase(steps=2_500, learning_rate=1.5e-3, warm_up=250, long_share=0.5, focus_from=0, focus_ramp=1, focus=0.3),
)
# Short sequences first. With 4–40 from the start, copying had not begun when two trials were stopped: 2 K,V heads and
# weights of deviation 0.02 at step 2,750, 1 K,V head and 0.1 at step 1,500. Longer trials were not made.
LLAMA_PHASES = (
    Phase(steps=600, learning_rate=3e-3, warm_up=100, long_share=0.0, focus_from=0, focus_ramp=1, focus=0.0,
          random_share=0.9, longest=8),
    Phase(steps=1_000, learning_rate=3e-3, warm_up=100, long_share=0.0, focus_from=0, focus_ramp=1, focus=0.0,
          random_share=0.8, longest=16),
    Phase(steps=3_000, learning_rate=3e-3, warm_up=100, long_share=0.2, focus_from=0, focus_ramp=1, focus=0.0),
    Phase(steps=1_200, learning_rate=2e-3, warm_up=100, long_share=0.4, focus_from=0, focus_ramp=200, focus=0.2),
)
ONE_KV_HEAD_PHASE = Phase(steps=1_500, learning_rate=2.5e-3, warm_up=100, long_share=0.2, focus_from=0, focus_ramp=1,
                          focus=0.0)
MODELS = {
    "tiny-zh": Model(family="gpt2", kv_heads=4, phases=GPT2_PHASES),
    "tiny-zh-gqa": Model(family="llama", kv_heads=2, phases=LLAMA_PHASES),
    "tiny-zh-mqa": Model(family="llama", kv_heads=1, phases=(*LLAMA_PHASES, ONE_KV_HEAD_PHASE)),
    "tiny-zh-mla": Model(family="deepseek", kv_heads=4, phases=LLAMA_PHASES),
}


def command_line(description: str) -> argparse.ArgumentParser:
    """The arguments that all scripts have: which model, and where it and its results are."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("name", nargs="?", choices=MODELS, default=DEFAULT)
    parser.add_argument("--folder", type=Path, help="default: models/NAME")
    parser.add_argument("--results", type=Path, help="default: tools/train/results/NAME")
    return parser


def parsed(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """The arguments, with the folders that follow from the name."""
    options = parser.parse_args()
    options.folder = options.folder or HERE.parent.parent / "models" / options.name
    options.results = options.results or HERE / "results" / options.name
    return options
