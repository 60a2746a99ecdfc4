"""A processor's section, of raw results: ratios first, then absolute figures, then what they are worth."""

from __future__ import annotations

from collections.abc import Callable

from cases import DECODE, KVTUI, ON_DISK, PREFILL, SHORT_PROMPT, UNCACHED, Case
from engine import Json
from figures import Figure, Figures
from targets import BANDWIDTH, FMA, Target, all_targets

LIMITS = {FMA: "FMA limit", BANDWIDTH: "memory limit"}
NOTHING = "–"
# Of what, and how a row of a loading case is called then.
RATIOS = (("seconds", ""), ("to_first_token", ", until a first token"))

Row = list[str]


def results_section(results: Json, notes: str) -> str:
    """Everything of a processor, with the hand-written notes as they are."""
    figures = Figures(results)
    parts = [
        head(results),
        targets(results, figures),
        ratios(results, figures),
        limits(figures),
        long_contexts(results, figures),
        loading(results, figures),
        absolute(results, figures),
        f"### Notes\n\n{notes}" if notes else "",
        machine(results),
        peers(results),
        skipped(results),
    ]
    return "\n\n".join(part for part in parts if part)


def head(results: Json) -> str:
    """What was run."""
    command = f"tools/peers/measure --rounds {results['rounds']}" + (" --quick" if results["quick"] else "")
    command += "".join(f" --only '{pattern}'" for pattern in results["only"] or [])
    rounds = len({one["round"] for one in results["measurements"]})
    plural = "" if rounds == 1 else "s"
    text = [
        f"Measured in one run on {results['date']}, {rounds} round{plural}, all engines in turn in each, by `{command}`.",
    ]
    if "stopped_in_round" in results:
        text.append(f"Its time was over in round {results['stopped_in_round']}: cases behind that have fewer rounds, or none.")
    if results["quick"]:
        text = ["**A trial with few tokens, to see that all works: none of these figures is worth quoting.**", "", *text]
    return "\n".join(text)


def table(header: Row, rows: list[Row], left: int = 1) -> str:
    """A Markdown table; all columns behind the first `left` are numbers."""
    rule = ["---"] * left + ["---:"] * (len(header) - left)
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, rule, *rows])


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def shown(figure: Figure | None, form: Callable[[float], str]) -> str:
    """The median, and the lowest and highest round where there are some."""
    if figure is None:
        return NOTHING
    if len(figure.values) == 1:
        return form(figure.median)
    return f"{form(figure.median)} ({form(min(figure.values))} – {form(max(figure.values))})"


def times(value: float) -> str:
    """A ratio."""
    return f"{value:.2f} ×"


def percent(value: float) -> str:
    """A share."""
    return f"{value * 100:.1f} %"


def title(case: Case) -> str:
    """What was done, without the threads."""
    kind = f"{case.shape.title}, {case.dtype}: "
    if case.is_loading:
        return kind + ("loaded from the disk" if case.weights == ON_DISK else "loaded from memory")
    if case.work == PREFILL:
        return kind + f"prefill of {case.prompt:,} tokens"
    if case.work == UNCACHED:
        return kind + f"no cache, {case.tokens:,} tokens"
    if case.is_long or case.shape.has_folder:
        return kind + f"decode behind {case.prompt:,} tokens"
    if case.prompt > SHORT_PROMPT:
        return kind + f"decode around {case.context:.0f} tokens of context"
    return kind + f"decode, {case.tokens:,} tokens"


def is_tiny(case: Case) -> bool:
    """Whether microseconds a token say more than tokens a second."""
    return case.shape.width < 256


def engine_title(results: Json, name: str) -> str:
    """As a table's head."""
    return results["peers"][name]["title"] if name in results["peers"] else name


def targets(results: Json, figures: Figures) -> str:
    """What was aimed at, and what came of it."""
    found = [(target, case) for target in all_targets(figures.cases) if (case := figures.case(target.case))]
    rows = [target_row(results, figures, target, case) for target, case in found]
    if not rows:
        return ""
    header = ["", "threads", "against", "at least", "measured", ""]
    text = "### Targets\n\nHow many times as fast as a peer, or what share of the machine's limit.\n\n"
    return text + table(header, rows, 3)


def target_row(results: Json, figures: Figures, target: Target, case: Case) -> Row:
    """One target."""
    is_limit = target.against in LIMITS
    part = "to_first_token" if target.counts_first_pass else "seconds"
    figure = figures.share(case) if is_limit else figures.ratio(case, target.against, part)
    form = percent if is_limit else times
    against = LIMITS[target.against] if is_limit else engine_title(results, target.against)
    verdict = "not measured" if figure is None else "met" if figure.median >= target.at_least else "**missed**"
    what = title(case) + (", until a first token" if target.counts_first_pass else "")
    return [what, str(case.threads), against, form(target.at_least), shown(figure, form), verdict]


def ratios(results: Json, figures: Figures) -> str:
    """All ratios."""
    names = engine_names(figures, but=KVTUI)
    rows = [
        [title(case) + end, str(case.threads), *(shown(figures.ratio(case, name, part), times) for name in names)]
        for case in figures.cases
        for part, end in RATIOS[: 2 if case.is_loading else 1]
        if any(figures.rounds(case, name) for name in names)
    ]
    if not names:
        return ""
    header = ["`kvtui` is … as fast as", "threads", *(engine_title(results, name) for name in names)]
    return "### Ratios\n\n" + table(header, rows)


def engine_names(figures: Figures, but: str = "") -> list[str]:
    """The engines that measured something, in the order of the cases."""
    names = dict.fromkeys(name for case in figures.cases for name in case.engines)
    return [name for name in names if name != but and any(figures.rounds(case, name) for case in figures.cases)]


def absolute(results: Json, figures: Figures) -> str:
    """Tokens a second, or microseconds a token."""
    names = engine_names(figures)
    parts = ["### Absolute figures"]
    for heading, tiny in (("Tokens a second", False), ("Microseconds a token", True)):
        rows = [
            [title(case), str(case.threads), *(speed(figures.speed(case, name), tiny) for name in names)]
            for case in figures.cases
            if is_tiny(case) == tiny and not case.is_loading and not case.is_long
        ]
        if rows:
            header = [heading, "threads", *(engine_title(results, name) for name in names)]
            parts.append(table(header, rows))
    return "\n\n".join(parts)


def speed(figure: Figure | None, tiny: bool) -> str:
    """The median alone: the ratios say how much it moves."""
    if figure is None:
        return NOTHING
    return number(1e6 / figure.median) if tiny else number(figure.median)


def limits(figures: Figures) -> str:
    """How near kvtui comes to what the machine can do."""
    large = [case for case in figures.cases if not (is_tiny(case) or case.is_long) and figures.rounds(case, KVTUI)]
    parts = []
    prefills = [
        [title(case), str(case.threads), giga(figures.rate(case)), giga(figures.limit(case)),
         shown(figures.share(case), percent), shown(figures.share(case, masked=False), percent)]
        for case in large
        if case.work == PREFILL
    ]  # fmt: skip
    if prefills:
        parts.append(table(["", "threads", "GFLOP/s", "FMA limit", "share", "without masked cells"], prefills))
    decodes = [
        [title(case), str(case.threads), giga(figures.rate(case)), giga(figures.limit(case)),
         shown(figures.share(case), percent)]
        for case in large
        if case.work == DECODE
    ]  # fmt: skip
    if decodes:
        parts.append(table(["", "threads", "GB/s", "memory limit", "share"], decodes))
    return "\n\n".join(["### `kvtui` and the machine's limits", *parts]) if parts else ""


def long_contexts(results: Json, figures: Figures) -> str:
    """Decoding behind many tokens, where K and V are a large part of what is read."""
    names = engine_names(figures, but=KVTUI)
    rows = [
        [title(case), str(case.threads), megabytes(case.shape.bytes_per_token(case.dtype, case.context)),
         giga(figures.rate(case)), giga(figures.limit(case)), shown(figures.share(case), percent),
         *(speed(figures.speed(case, name), tiny=True) for name in (KVTUI, *names))]
        for case in figures.cases
        if case.is_long and figures.rounds(case, KVTUI)
    ]  # fmt: skip
    if not rows:
        return ""
    header = ["", "threads", "MB a token", "GB/s", "memory limit", "share", "kvtui, µs a token"]
    header += [f"{engine_title(results, name)}, µs" for name in names]
    used = [*range(7), *(column for column in range(7, len(header)) if any(row[column] != NOTHING for row in rows))]
    picked = [[row[column] for column in used] for row in (header, *rows)]
    return "### Long contexts\n\n" + table(picked[0], picked[1:])


def loading(results: Json, figures: Figures) -> str:
    """How long a folder takes to open."""
    rows = [
        [title(case), str(case.threads), engine_title(results, name),
         shown(figures.printed(case, name, "seconds"), seconds),
         shown(figures.printed(case, name, "to_first_token"), seconds),
         shown(figures.printed(case, name, "to_packed"), seconds), memory(figures, case, name)]
        for case in figures.cases
        if case.is_loading
        for name in case.engines
        if figures.rounds(case, name)
    ]  # fmt: skip
    header = ["", "threads", "engine", "until it can run", "until a first token", "until it is packed", "peak of memory"]
    return "### Loading\n\n" + table(header, rows, 3) if rows else ""


def memory(figures: Figures, case: Case, name: str) -> str:
    """The most that a process had."""
    peak = figures.printed(case, name, "peak_bytes")
    return NOTHING if peak is None else f"{megabytes(peak.median)} MB"


def megabytes(count: float) -> str:
    """Bytes, in millions."""
    return f"{count / 1e6:,.0f}"


def seconds(value: float) -> str:
    """To the millisecond."""
    return f"{value:.3f} s"


def giga(figure: Figure | None) -> str:
    """Thousands of millions a second."""
    return NOTHING if figure is None else number(figure.median / 1e9)


def machine(results: Json) -> str:
    """Where it was measured."""
    return "### The machine\n\n" + table(["", ""], [[name, value] for name, value in results["machine"].items()], 2)


def peers(results: Json) -> str:
    """What was measured."""
    rows = [[peer["title"], peer["version"], peer["build"].replace("|", "·")] for peer in results["peers"].values()]
    return "### What was measured\n\n" + table(["", "version", "build"], rows, 3)


def skipped(results: Json) -> str:
    """What is missing, and why."""
    lines = []
    for one in results["skipped"]:
        what = ", ".join(one[key] for key in ("engine", "case") if key in one)
        lines.append(f"- {what}: {one['why']}")
    return "### Skipped\n\n" + "\n".join(lines) if lines else ""
