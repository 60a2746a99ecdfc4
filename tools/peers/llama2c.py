"""llama2.c: its run.c as it is, with `drivers/llama2c.c` around it."""

from __future__ import annotations

import os
from pathlib import Path

from cases import LLAMA2C, LLAMA2C_FAST, Case
from compiler import Compiler
from engine import DRIVERS, About, Json, Unavailable, lines_of_json, output
from shapes import Shape

ADDRESS = "https://github.com/karpathy/llama2.c"


def checkout(given: Path | None, folder: Path) -> Path:
    """The folder that has run.c: the one given, or a clone."""
    if given is not None:
        if not (given / "run.c").exists():
            raise Unavailable("the folder given has no run.c")
        return given
    clone = folder / "llama2.c"
    if not (clone / "run.c").exists():
        # Without an answer to a question about passwords, git would wait for one.
        environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
        output(["git", "clone", "--quiet", "--depth", "1", ADDRESS, clone], "llama2.c cannot be cloned", environment)
    return clone


class Llama2c:
    """One build of it: with -O3, or as its own `make runomp` does it."""

    def __init__(self, name: str, source: Path | None, compiler: Compiler, folder: Path) -> None:
        self.name = name
        self.optimisation = {LLAMA2C: "-O3", LLAMA2C_FAST: "-Ofast"}[name]
        self.source = source
        self.compiler = compiler
        self.folder = folder

    def prepare(self) -> About:
        """Builds for one thread without OpenMP, and for more with it."""
        source = checkout(self.source, self.folder)
        flags = [self.optimisation, "-march=native", "-DTESTING"]
        for threaded in (False, True):
            more = ["-fopenmp"] if threaded else []
            self.compiler.build(DRIVERS / "llama2c.c", self.driver(threaded), [*flags, *more, f"-I{source}", "-lm"])
        commit = output(["git", "-C", source, "describe", "--always", "--dirty"], "git").strip()
        build = f"{self.compiler.version}, `{self.optimisation} -march=native`, `-fopenmp` for more than one thread"
        return About(f"llama2.c {self.optimisation}", f"commit {commit}", build)

    def driver(self, threaded: bool) -> Path:
        """Where the build is."""
        return self.folder / (f"{self.name}-openmp" if threaded else self.name)

    def file(self, case: Case) -> Path:
        """What is read."""
        return self.model(case.shape)

    def measure(self, case: Case) -> Json:
        """One process."""
        command = [self.driver(case.threads > 1), "time", self.model(case.shape)]
        command += map(str, [case.prompt, case.tokens, case.runs])
        environment = {**os.environ, "OMP_NUM_THREADS": str(case.threads)}
        return lines_of_json(output(command, "llama2.c", environment))[0]

    def model(self, shape: Shape) -> Path:
        """The shape's file, written when it is not there yet."""
        path = self.folder / f"{shape.name}.bin"
        if not path.exists():
            sizes = [shape.width, shape.inner, shape.layers, shape.heads, shape.kv_heads, shape.vocabulary]
            sizes.append(shape.positions)
            partial = path.with_suffix(".partial")
            output([self.driver(False), "write", partial, *map(str, sizes)], "llama2.c's weights")
            partial.rename(path)
        return path
