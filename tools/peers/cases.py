"""What is measured: each case is one kind of work on one shape, for every engine that can do it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from shapes import GPT2, LLAMA_110M, LLAMA_260K, QWEN3, QWEN25, SMOLLM2, TINY_ZH, Shape

KVTUI = "kvtui"
HUGGING_FACE = "huggingface"
LLAMA_CPP = "llamacpp"
LLAMA2C = "llama2c"
LLAMA2C_FAST = "llama2c-ofast"

DECODE = "decode"
PREFILL = "prefill"
UNCACHED = "uncached"
LOADING = "loading"

# Where the weights are when they are loaded.
IN_MEMORY = "cached"
ON_DISK = "dropped"

LONG = 1024


@dataclass(frozen=True)
class Case:
    """`runs` runs of `prompt` tokens and `tokens` new ones: one prefill pass, then `tokens` - 1 decode passes.

    `work` says which part is looked at; loading has `weights` where they are said to be. `rounds` is how often it is
    measured at most: 0 as often as all others.
    """

    name: str
    shape: Shape
    dtype: str
    threads: int
    work: str
    prompt: int
    tokens: int
    runs: int
    engines: tuple[str, ...]
    weights: str = IN_MEMORY
    rounds: int = 0

    @property
    def is_loading(self) -> bool:
        """Whether it is no run that is timed."""
        return self.work == LOADING

    @property
    def is_long(self) -> bool:
        """Whether the context is so long that only decoding behind it is compared: how it got there is not timed."""
        return self.work == DECODE and self.prompt >= LONG

    @property
    def context(self) -> float:
        """How many tokens a decode pass attends over, its own among them: the mean over the passes."""
        return self.prompt + self.tokens / 2

    @property
    def units(self) -> int:
        """How many tokens the time of this case's work is for; a model is loaded once."""
        return {DECODE: self.tokens - 1, PREFILL: self.prompt, UNCACHED: self.tokens, LOADING: 1}[self.work]

    @property
    def job(self) -> tuple[Any, ...]:
        """What a process is asked for: cases that differ in nothing else than the part that is looked at share one."""
        shared = self.work if self.work in (UNCACHED, LOADING) else ""
        return (self.shape, self.dtype, self.threads, self.prompt, self.tokens, self.runs, self.weights, shared)

    def as_json(self) -> dict[str, Any]:
        """What the raw results keep, so that a document can be made from them alone."""
        return asdict(self)

    @staticmethod
    def from_json(fields: dict[str, Any]) -> Case:
        """The way back."""
        shape = Shape(**{**fields["shape"], "flag": tuple(fields["shape"]["flag"])})
        return Case(**{**fields, "shape": shape, "engines": tuple(fields["engines"])})


@dataclass(frozen=True)
class Size:
    """How much is run. Few tokens show that everything works; only many are worth quoting."""

    long: int
    short: int
    prompt: int
    runs: int
    tiny_runs: int
    model_tokens: int
    contexts: tuple[int, ...]
    behind: int


FULL = Size(
    long=1000, short=128, prompt=512, runs=3, tiny_runs=100, model_tokens=33, contexts=(4096, 16384), behind=17
)
QUICK = Size(long=16, short=8, prompt=64, runs=1, tiny_runs=5, model_tokens=5, contexts=(LONG, LONG + 256), behind=3)

SHORT_PROMPT = 8
TINY_CONTEXTS = (64, 256)
TINY_TOKENS = 64
THREADS = (1, 2)


def gpt2_cases(size: Size, threads: int) -> list[Case]:
    """GPT-2 124M in each type."""
    cases = []
    for dtype in ("f32", "f16", "int8"):
        # PyTorch's f16 on a CPU is no faster than its f32, and its int8 is another model: only f32 is compared.
        engines = (KVTUI, HUGGING_FACE, LLAMA_CPP) if dtype == "f32" else (KVTUI, LLAMA_CPP)

        def case(kind: str, work: str, prompt: int, tokens: int, runs: int) -> Case:
            return Case(f"gpt2-{dtype}-{kind}-{threads}t", GPT2, dtype, threads, work, prompt, tokens, runs, engines)

        cases += [
            case("long", DECODE, SHORT_PROMPT, size.long, 1),
            case("short", DECODE, SHORT_PROMPT, size.short, size.runs),
            case("prefill", PREFILL, size.prompt, 1, size.runs),
        ]
    return cases


def uncached_case(size: Size, threads: int) -> Case:
    """GPT-2 124M without a cache: every pass computes the whole sequence."""
    name, engines = f"gpt2-f32-uncached-{threads}t", (KVTUI, HUGGING_FACE)
    return Case(name, GPT2, "f32", threads, UNCACHED, SHORT_PROMPT, size.short, 1, engines)


def llama_cases(size: Size, threads: int) -> list[Case]:
    """The 110M shape that llama2.c's larger stories model has."""
    engines = (KVTUI, LLAMA2C, LLAMA2C_FAST, LLAMA_CPP)

    def case(kind: str, tokens: int, runs: int) -> Case:
        name = f"llama2c-110m-f32-{kind}-{threads}t"
        return Case(name, LLAMA_110M, "f32", threads, DECODE, SHORT_PROMPT, tokens, runs, engines)

    return [case("long", size.long, 1), case("short", size.short, size.runs)]


def tiny_cases(size: Size) -> list[Case]:
    """Tiny shapes on one thread, around two lengths of context."""
    peers = {LLAMA_260K: (LLAMA2C, LLAMA2C_FAST, LLAMA_CPP), TINY_ZH: (HUGGING_FACE, LLAMA_CPP)}
    return [
        # Passes attend over context - 31 to context + 31 tokens.
        Case(
            f"{shape.name}-f32-at{context}-1t",
            shape,
            "f32",
            1,
            DECODE,
            context - TINY_TOKENS // 2,
            TINY_TOKENS,
            size.tiny_runs,
            (KVTUI, *engines),
        )
        for shape, engines in peers.items()
        for context in TINY_CONTEXTS
    ]


def engines_of(dtype: str) -> tuple[str, ...]:
    """Hugging Face has the models of today in bf16, as they are stored."""
    return (KVTUI, HUGGING_FACE, LLAMA_CPP) if dtype == "bf16" else (KVTUI, LLAMA_CPP)


def model_cases(size: Size, shape: Shape, threads: int) -> list[Case]:
    """A small model of today: a prompt, and decoding behind it, in one process."""
    return [
        Case(
            f"{shape.name}-{dtype}-{work}-{threads}t",
            shape,
            dtype,
            threads,
            work,
            size.prompt,
            size.model_tokens,
            1,
            engines_of(dtype),
        )
        for dtype in ("bf16", "f16", "int8")
        for work in (PREFILL, DECODE)
    ]


def loading_cases() -> list[Case]:
    """A checkpoint of 0.99 GB with all threads: as it is stored, and as int8; from memory and from the disk."""
    return [
        Case(
            f"{QWEN25.name}-{dtype}-load-{weights}-{THREADS[-1]}t",
            QWEN25,
            dtype,
            THREADS[-1],
            LOADING,
            1,
            1,
            1,
            engines_of(dtype),
            weights,
        )
        for dtype in ("bf16", "int8")
        for weights in (IN_MEMORY, ON_DISK)
    ]


def long_cases(size: Size) -> list[Case]:
    """Decoding behind long contexts, once: a prefill of that length takes minutes."""
    first, second = size.contexts
    wanted = [(SMOLLM2, first), (QWEN3, first), (SMOLLM2, second)]
    return [
        Case(
            f"{shape.name}-bf16-at{context}-{threads}t",
            shape,
            "bf16",
            threads,
            DECODE,
            context,
            size.behind,
            1,
            engines_of("bf16"),
            rounds=1,
        )
        for shape, context in wanted
        for threads in THREADS
    ]


def all_cases(size: Size) -> list[Case]:
    """Everything, in the order in which a round measures it."""
    cases = loading_cases()
    for shape in (QWEN3, SMOLLM2, QWEN25):
        for threads in THREADS:
            cases += model_cases(size, shape, threads)
    for threads in THREADS:
        cases += gpt2_cases(size, threads) + [uncached_case(size, threads)] + llama_cases(size, threads)
    return cases + tiny_cases(size) + long_cases(size)
