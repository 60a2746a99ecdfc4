"""Writes the model card from the results: no number in it is typed in."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import corpus
import data
from architectures import INITIAL_SCALE
from check import CONTINUATIONS, answer, check_dialogue, greedy
from models import (DEFAULT, HEADS, INTERMEDIATE, LATENT_ROPE_THETA, LATENT_WIDTH, LAYERS, MODELS, PLAIN_WIDTH, POSITIONS,
                    ROTARY_WIDTH, VALUE_WIDTH, WIDTH, Model, command_line, parsed)
from vocabulary import FIRST_CHARACTER_ID

CLEAR = 0.5
RELIABLE = 0.9
ROLES = {
    "first (texts)": ("sink, on texts", "汇聚头（sink），文本"),
    "previous (repeats)": ("previous-token, on random repeats", "前一字头（previous-token），随机重复"),
    "copying (repeats)": ("copying (induction), on random repeats", "复制头（induction），随机重复"),
}
CONVERSATION = ("什么是KV缓存？", "为什么不缓存Q？", "中国的首都是哪里？", "谢谢！")
SHARING = {
    2: ("GQA: heads 1 and 2 share one, 3 and 4 the other", "GQA：头 1、2 共用一个，头 3、4 共用另一个"),
    1: ("MQA", "MQA"),
}
WITHOUT_PENALTY = {
    "gpt2": (" Heads of models trained without it are less clear-cut.", "；没有这一项的模型，头的分工不会这么分明"),
    "llama": ("", ""),
    "deepseek": ("", ""),
}
INVENTED = ("春天来了", "问：西班牙的首都是哪里？\n答：")


@dataclass(frozen=True)
class Facts:
    """What was measured."""

    name: str
    model: Model
    training: dict
    heads: dict
    greedy: dict[str, str]
    conversation: tuple[tuple[str, str], ...]
    alone: int
    wrong_alone: int
    wrong_later: int
    vocabulary: int

    def best(self, share: str) -> list[tuple[float, str]]:
        """All heads by a share, best first, as (share, "layer.head") counted from 1."""
        table = self.heads["shares"][share]
        return sorted(((value, f"{layer}.{head}") for layer, row in enumerate(table, 1)
                       for head, value in enumerate(row, 1)), reverse=True)


def gather(name: str, folder: Path, results: Path) -> Facts:
    """Reads the results and asks the model for its samples."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    wrong_alone, wrong_later = check_dialogue(model, tokenizer)
    turns = corpus.load().turns
    return Facts(
        name=name, model=MODELS[name],
        training=json.loads((results / "training.json").read_text(encoding="utf-8")),
        heads=json.loads((results / "heads.json").read_text(encoding="utf-8")),
        greedy={prompt: greedy(model, tokenizer, prompt, 60 if prompt in INVENTED else 160)
                for prompt in (*CONTINUATIONS, *INVENTED)},
        conversation=converse(model, tokenizer), wrong_alone=len(wrong_alone), wrong_later=len(wrong_later),
        alone=sum(len({wording, corpus.space_out(wording)}) for turn in turns for wording in turn.questions),
        vocabulary=model.config.vocab_size)


def converse(model, tokenizer) -> tuple[tuple[str, str], ...]:
    """One conversation, each question after all earlier ones."""
    history, turns = "", []
    for question in CONVERSATION:
        turns.append((question, answer(model, tokenizer, history, question)))
        history += f"问：{question}\n答：{turns[-1][1]}\n"
    return tuple(turns)


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def head_table(facts: Facts, header: list[str]) -> str:
    """A row per head; shares that make a role clear are bold."""
    shares = facts.heads["shares"]
    rows = [[f"{layer + 1}.{head + 1}", *(cell(name, shares[name][layer][head]) for name in shares)]
            for layer in range(LAYERS) for head in range(HEADS)]
    return table(header, rows)


def cell(name: str, share: float) -> str:
    """Two digits, bold where it is a role's clear share."""
    return f"**{share:.2f}**" if name in ROLES and share >= CLEAR else f"{share:.2f}"


def named_heads(facts: Facts, language: int) -> str:
    """Each role with its clear heads, or its best one and that it is not clear."""
    lines = []
    for share, names in ROLES.items():
        heads = facts.best(share)
        clear = [f"{name} ({value:.2f})" for value, name in heads if value >= CLEAR]
        none = (f"none reaches {CLEAR}; best {{}}", f"没有达到 {CLEAR} 的，最高 {{}}")[language]
        best = none.format(f"{heads[0][1]} ({heads[0][0]:.2f})")
        lines.append(f"- {names[language]}: {', '.join(clear) or best}")
    return "\n".join(lines)


def loss_table(facts: Facts, kinds: dict[str, str], corner: str) -> str:
    """Loss by kind of text and band of positions."""
    bands = list(facts.training["loss"]["texts"])
    rows = [[kinds[kind], *(f"{losses[band]:.3f}" for band in bands)]
            for kind, losses in facts.training["loss"].items()]
    return table([corner, *bands], rows)


def architecture(model: Model, language: int) -> str:
    """The shape in a line or two."""
    if model.family == "gpt2":
        return (f"GPT-2 architecture: {LAYERS} layers, {HEADS} heads, width {WIDTH}, {POSITIONS} positions, f32, tied output head;",
                f"GPT-2 结构：{LAYERS} 层，{HEADS} 个头，宽 {WIDTH}，{POSITIONS} 个位置，f32，输出层与词嵌入共用权重；")[language]
    if model.family == "deepseek":
        return latent_architecture(model)[language]
    part = model.kv_heads / HEADS
    return (f"""Llama architecture: {LAYERS} layers, width {WIDTH}, SwiGLU of width {INTERMEDIATE}, RMSNorm, RoPE, {POSITIONS} positions, f32, tied output
head. {HEADS} query heads share {model.kv_heads} K,V head{"s" * (model.kv_heads > 1)} ({SHARING[model.kv_heads][0]}): a token takes {model.cache_bytes:,} bytes
of KV cache, {part:.0%} of what {HEADS} K,V heads would take.""",
            f"Llama 结构：{LAYERS} 层，宽 {WIDTH}，SwiGLU 宽 {INTERMEDIATE}，RMSNorm，RoPE，{POSITIONS} 个位置，f32，输出层与词嵌入共用权重。"
            f"{HEADS} 个查询头共用 {model.kv_heads} 个 K、V 头（{SHARING[model.kv_heads][1]}）：\n每个词元占 {model.cache_bytes:,} 字节 KV 缓存，"
            f"是 {HEADS} 个 K、V 头时的 {part:.0%}。")[language]


def latent_architecture(model: Model) -> tuple[str, str]:
    """The shape, and what the cache holds in the place of K and V."""
    key = PLAIN_WIDTH + ROTARY_WIDTH
    whole = 4 * LAYERS * HEADS * (key + VALUE_WIDTH)
    part = model.cache_bytes / whole
    return (f"""DeepSeek-V3 architecture without experts: {LAYERS} layers, width {WIDTH}, SwiGLU of width {INTERMEDIATE}, RMSNorm, {POSITIONS} positions, f32, tied
output head. {HEADS} heads with multi-head latent attention (MLA): keys of {key} ({PLAIN_WIDTH} made from the latent and {ROTARY_WIDTH} that positions
turn, which all heads share) and values of {VALUE_WIDTH}. The cache holds the latent and the rotary part, {LATENT_WIDTH} + {ROTARY_WIDTH} numbers a layer: a token
takes {model.cache_bytes:,} bytes, as many as with one K,V head of 16, {part:.0%} of the {whole:,} that keys and values of all heads would take.
Queries are projected at once (no `q_lora_rank`); the elements of rotary parts turn in neighbouring pairs (`rope_interleave`).""",
            f"DeepSeek-V3 结构，没有专家层：{LAYERS} 层，宽 {WIDTH}，SwiGLU 宽 {INTERMEDIATE}，RMSNorm，{POSITIONS} 个位置，f32，输出层与词嵌入共用权重。"
            f"{HEADS} 个头，多头潜在注意力（MLA）：\n每个头的键宽 {key}（{PLAIN_WIDTH} 个数由潜在向量算出，{ROTARY_WIDTH} 个随位置旋转、各头共用），值宽 {VALUE_WIDTH}。"
            f"缓存里只有潜在向量和旋转部分，每层 {LATENT_WIDTH} + {ROTARY_WIDTH} 个数：\n每个词元占 {model.cache_bytes:,} 字节，与只有一个 16 宽的 K、V 头时相同，"
            f"是存下所有头的键和值（{whole:,} 字节）的 {part:.0%}。查询一次投影（没有 `q_lora_rank`），旋转部分相邻两个数一对（`rope_interleave`）。\n")


def command(facts: Facts) -> str:
    """The command that trains the model."""
    return "tools/train/train" if facts.name == DEFAULT else f"tools/train/train {facts.name}"


def positions(model: Model, language: int) -> str:
    """How the model knows positions."""
    return {"gpt2": ("Position embeddings begin as sinusoids and are trained like the rest.",
                     "位置嵌入的初值是正弦波，此后与其他参数一样训练。"),
            "llama": (f"Positions are rotations of Q and K (RoPE): no parameters. Weights begin with a deviation of {INITIAL_SCALE};\nshort sequences come first: in two short trials without that, copying had not begun.",
                      f"位置由 Q 和 K 的旋转表示（RoPE），没有参数。权重初值的标准差是 {INITIAL_SCALE}；先学短的重复序列：两次较短的试训没有这样做，照抄没有出现。"),
            "deepseek": (f"Positions are rotations of the rotary parts (RoPE, θ {LATENT_ROPE_THETA:,.0f}: with {ROTARY_WIDTH // 2} pairs, rates a factor of ten apart would leave\nfew for a text of {POSITIONS} tokens; no other θ was tried): no parameters. Weights begin with a deviation of {INITIAL_SCALE}; short sequences come first.",
                         f"位置由旋转部分的旋转表示（RoPE，θ 取 {LATENT_ROPE_THETA:,.0f}：只有 {ROTARY_WIDTH // 2} 对，转速若相差十倍，对 {POSITIONS} 个字的文本就太稀；没有试过别的 θ），没有参数。权重初值的标准差是 {INITIAL_SCALE}；先学短的重复序列。")}[model.family][language]


def steps(facts: Facts) -> int:
    """Training steps in all."""
    return sum(phase["steps"] for phase in facts.training["phases"])


def phase_table(facts: Facts, header: list[str], repeats: str, from_step: str) -> str:
    """A row per phase of the training; how much of it repeats, where that is not the same in all."""
    phases = facts.training["phases"]
    differ = phases_differ(facts)
    rows = [[str(number), f'{phase["steps"]:,}', str(phase["learning_rate"]), f'{phase["long_share"]:.0%}', penalty(phase, from_step),
             *([f'{phase["random_share"]:.0%}, 4–{phase["longest"]}'] if differ else [])]
            for number, phase in enumerate(phases, 1)]
    return table([*header, *([repeats] if differ else [])], rows)


def random_share(facts: Facts) -> float:
    """Share of repeated random sequences in the last phase."""
    return facts.training["phases"][-1]["random_share"]


def phases_differ(facts: Facts) -> bool:
    """Whether the phases have other repeated sequences."""
    return len({(phase["random_share"], phase["longest"]) for phase in facts.training["phases"]}) > 1


def poor_copies(facts: Facts) -> bool:
    """Whether repeated sequences of some period are not copied reliably."""
    return min(facts.heads["copy_accuracy"].values()) < RELIABLE


def copying_limit(facts: Facts, language: int) -> str:
    """What is to be said where copying was learnt badly."""
    if not poor_copies(facts):
        return ""
    return (f"\n**Copying was learnt only in part**: the next token of a repeated random sequence is right, by period, {accuracy(facts)}.\n"
            "Do not take its heads as examples of induction without looking at the table.",
            f"\n**照抄只学会了一部分**：随机重复序列的下一字猜对的比例（按周期）是 {accuracy(facts)}。未看上面的表，不要把它的头当作复制头的例子。")[language]


def largest_previous(facts: Facts, small: str, large: str = "") -> str:
    """The largest previous-token share on the texts, after a word for small or for large ones."""
    share = facts.best("previous (texts)")[0][0]
    return f"{small if share < CLEAR else large}{'' if small.isascii() else ' '}{share:.2f}"


def penalty(phase: dict, from_step: str) -> str:
    """The weight of the entropy penalty, and when it begins."""
    return f'{phase["focus"]} ({from_step} {phase["focus_from"]:,})' if phase["focus"] else "–"


def samples(facts: Facts) -> str:
    """Greedy continuations as they came, invented ones last."""
    shown = [f"{visible(prompt)} ▸ {visible(text)}" for prompt, text in facts.greedy.items()]
    return "```\n" + "\n".join(shown) + "\n```"


def conversation(facts: Facts) -> str:
    """The sample conversation."""
    return "```\n" + "\n".join(f"问：{question}\n答：{text}" for question, text in facts.conversation) + "\n```"


def visible(text: str) -> str:
    """A line feed as ⏎."""
    return text.replace("\n", "⏎")


def accuracy(facts: Facts) -> str:
    """Copying accuracy by period."""
    return ", ".join(f"{period}: {value:.1%}" for period, value in facts.heads["copy_accuracy"].items())


def english(facts: Facts) -> str:
    """The English half."""
    run, heads = facts.training, facts.heads
    header = ["head", "first (texts)", "previous (texts)", "itself (texts)", "first (repeats)",
              "previous (repeats)", "itself (repeats)", "copying (repeats)"]
    return f"""# {facts.name}

A toy language model for looking at attention and the KV cache. It knows a few pages of Chinese by heart, answers
some questions about the KV cache, and copies what it has seen before in its context{', but not reliably (see the limits)' * poor_copies(facts)}. It knows nothing else.

{architecture(facts.model, 0)}
{run["parameters"]:,} parameters, {facts.vocabulary:,} tokens. `AutoTokenizer` and `AutoModelForCausalLM` load the folder.

**Tokens.** One character is one token ({facts.vocabulary - FIRST_CHARACTER_ID:,} of them: every character of the
corpus, some more common ones, printable ASCII); any other character becomes its UTF-8 bytes. No normalizer, no
pre-tokenizer, nothing added at the start. `<eos>` has id 0.

**Data.** `tools/train/corpus`: facts, Tang poems (public domain), questions and answers, English sentences; and random
sequences of 4 to {data.LONGEST} characters (in long rows up to {data.LONGEST_IN_LONG_ROW}) repeated two to four times, {random_share(facts):.0%} of all documents{' in the end' * phases_differ(facts)},
which is what makes a model learn to copy. A conversation is `问：…⏎答：…⏎`, turn after turn, then `<eos>`.

**Training.** `{command(facts)}`: seed {run["seed"]}, {steps(facts):,} steps in {run["minutes"]:.0f} minutes on one thread of a machine that
did other work as well (PyTorch {run["torch"]}), AdamW, no dropout, phases with warm-up and cosine decay:

{phase_table(facts, ["phase", "steps", "learning rate", "rows of 512", "entropy penalty"],
             "repeated sequences, their length", "from step")}

Batches are {run["long"][0]} rows of {run["long"][1]} tokens in the share of the steps that the table gives, {run["short"][0]} of {run["short"][1]} in the others; each row
begins with a document at position 0. {positions(facts.model, 0)} The first
occurrence of a random sequence cannot be predicted and is not learnt. The penalty is the mean
entropy of the attention rows times the weight in the table: heads are to look at few tokens, so that their roles are
easy to see.{WITHOUT_PENALTY[facts.model.family][0]} Nothing tells a head which role to take.
The published weights were trained phase by phase, each from the checkpoint of the one before; another run or machine
gives other last bits, and so heads in other places.

**Loss by position**, nats a token, on rows that were drawn anew (random sequences never seen; texts seen, in another order):

{loss_table(facts, {"texts": "texts", "repeats": "random repeats, later occurrences"}, "position")}

Not all of the first row can be learnt: which text comes next is a matter of chance.

**Heads** (layer.head, counted from 1). Mean share of attention, over queries from position {heads["skipped"]} on, on the
first token, the previous one, and itself, on {heads["texts"]} texts of the corpus and on random repeats ({heads["rows_per_period"]} rows
each of period {", ".join(map(str, heads["periods"]))}, no character twice in a period, {heads["times"]} times); *copying* is the share on the token after
the last occurrence of the query's own token, over queries of the second and later times.

{head_table(facts, header)}

{named_heads(facts, 0)}

On the texts, which are known by heart, the largest previous-token share is {largest_previous(facts, "only ")}.

The most probable next token in a repeated random sequence is right, by period: {accuracy(facts)}.

**Greedy samples** (⏎ is a line feed). The last {len(INVENTED)} were never taught: see the limits.

{samples(facts)}

{conversation(facts)}

Of {facts.alone} wordings of a question asked alone {facts.alone - facts.wrong_alone} get the answer that was taught; in conversations of
eight turns, each question asked in three different places, {facts.wrong_later} answers of {3 * len(corpus.load().turns)} differ.

**Limits.** A toy that only knows its corpus: facts outside it are invented, other wordings of a question may get another
question's answer. It is no source of knowledge. Beyond {POSITIONS} positions it cannot go.{copying_limit(facts, 0)}
"""


def chinese(facts: Facts) -> str:
    """The Chinese half."""
    run, heads = facts.training, facts.heads
    header = ["头", "首字（文本）", "前一字（文本）", "自己（文本）", "首字（重复）", "前一字（重复）", "自己（重复）", "复制（重复）"]
    return f"""# {facts.name}（中文）

一个玩具语言模型，用来看注意力和 KV 缓存。它背下了几页中文，会回答一些关于 KV 缓存的问题，还会照抄上文出现过的内容{'，但并不可靠（见局限）' * poor_copies(facts)}；除此之外什么都不懂。

{architecture(facts.model, 1)}{run["parameters"]:,} 个参数，{facts.vocabulary:,} 个词元。

**分词。** 一个字就是一个词元（共 {facts.vocabulary - FIRST_CHARACTER_ID:,} 个：语料里的每个字、一些常用字、可打印的 ASCII）；别的字变成它的 UTF-8 字节。
没有规范化，没有预分词，开头不加任何词元。`<eos>` 的编号是 0。

**数据。** `tools/train/corpus`：常识、唐诗（公有领域）、问答、英文句子；另有 {random_share(facts):.0%} 的文档{'（最后阶段）' * phases_differ(facts)}是 4 到 {data.LONGEST} 个字（长行里到 {data.LONGEST_IN_LONG_ROW} 个字）的随机序列，重复 2 到 4 遍，
模型由此学会照抄。对话的格式是 `问：…⏎答：…⏎`，一轮接一轮，最后是 `<eos>`。

**训练。** `{command(facts)}`：种子 {run["seed"]}，共 {steps(facts):,} 步，单线程 {run["minutes"]:.0f} 分钟（机器同时在做别的事），AdamW，无 dropout，分几个阶段，各自先升温再按余弦下降：

{phase_table(facts, ["阶段", "步数", "学习率", "512 字的行", "熵惩罚"], "重复序列，长度", "起始步")}

长批次是 {run["long"][0]} 行 × {run["long"][1]} 个词元（所占步数见表），其余是 {run["short"][0]} × {run["short"][1]}；每行开头都是一篇文档的开头（位置 0）。{positions(facts.model, 1)}
随机序列的第一遍无法预测，不参与学习。熵惩罚是注意力各行的平均熵乘以表里的权重，使每个头只看少数几个字，分工容易看清{WITHOUT_PENALTY[facts.model.family][1]}。
哪个头做什么，没有人指定。发布的权重是逐阶段训练的，每阶段从上一阶段的检查点开始；换一次运行或换一台机器，末位会不同，各种头的位置也会不同。

**各段位置的损失**（每词元，nat；重新抽取的行：随机序列从未见过，文本见过但次序不同）：

{loss_table(facts, {"texts": "文本", "repeats": "随机重复（第二遍起）"}, "位置")}

第一行不可能降到 0：下一篇是什么文本，本来就是随机的。

**各头**（层.头，从 1 数起）。从位置 {heads["skipped"]} 起各查询的平均注意力：落在首字、前一字、自己上的份额，分别在 {heads["texts"]} 篇语料文本和随机重复（周期
{"、".join(map(str, heads["periods"]))}，每种 {heads["rows_per_period"]} 行，各 {heads["times"]} 遍）上测得；“复制”是第二遍起落在“同一个字上次出现处的后一字”上的份额。

{head_table(facts, header)}

{named_heads(facts, 1)}

在背熟的文本上，“前一字”的最高份额{largest_previous(facts, "只有", "是")}。

随机重复序列里，最可能的下一字猜对的比例（按周期）：{accuracy(facts)}。

贪心样例和一段对话见上面英文部分。单独提问 {facts.alone} 种问法，{facts.alone - facts.wrong_alone} 种答得与所教一致；八轮对话里每个问题各放三个位置，{3 * len(corpus.load().turns)} 个回答中 {facts.wrong_later} 个不同。

**局限。** 玩具模型，只知道它的语料：语料以外的“事实”都是编的，换一种问法可能答成另一题。不可当作知识来源。超过 {POSITIONS} 个位置就不能用。{copying_limit(facts, 1)}
"""


def main() -> None:
    """Writes README.md."""
    options = parsed(command_line(__doc__))
    torch.set_num_threads(1)
    facts = gather(options.name, options.folder, options.results)
    (options.folder / "README.md").write_text(english(facts) + "\n" + chinese(facts), encoding="utf-8")


if __name__ == "__main__":
    main()
