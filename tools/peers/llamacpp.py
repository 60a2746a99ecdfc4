"""llama.cpp as llama-cpp-python builds it, driven through its C API by `drivers/llamacpp.c`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import machine
from cases import LLAMA_CPP, Case
from compiler import Compiler
from engine import DRIVERS, About, Json, lines_of_json, output
from pythons import with_modules
from shapes import Shape

FIND = "import llama_cpp; print(llama_cpp.__file__); print(llama_cpp.__version__)"
CMAKE = "`GGML_NATIVE=ON`: for this processor"


def system(line: str) -> str:
    """llama.cpp's own line of what was compiled in, and a warning where that is not all that the processor has."""
    text = line.strip(" |")
    if "avx512f" in machine.instruction_sets() and "AVX512 = 1" not in text:
        text += "; **without AVX-512, which this processor has**"
    return text


class LlamaCpp:
    """Random weights in GGUF files; F32, F16, BF16 and Q8_0 stand for f32, f16, bf16 and int8."""

    name = LLAMA_CPP

    def __init__(self, pythons: list[Path], compiler: Compiler, folder: Path) -> None:
        self.pythons = pythons
        self.compiler = compiler
        self.folder = folder
        self.driver = folder / "llamacpp"

    def prepare(self) -> About:
        """Builds the driver against the library and the headers that the package has installed."""
        self.python = with_modules(self.pythons, "llama_cpp, gguf")
        file, binding = output([self.python, "-c", FIND], "llama-cpp-python").splitlines()[-2:]
        package = Path(file).parent
        libraries = package / "lib"
        flags = ["-O3", f"-I{package.parent / 'include'}", f"-L{libraries}", f"-Wl,-rpath,{libraries}"]
        self.compiler.build(DRIVERS / "llamacpp.c", self.driver, [*flags, "-lllama"])
        facts = lines_of_json(output([self.driver], "llama.cpp"))[0]
        version = f"{facts['version']} in llama-cpp-python {binding}"
        return About("llama.cpp", version, f"{CMAKE}; {system(facts['system'])}")

    def file(self, case: Case) -> Path:
        """What is read."""
        return self.model(case.shape, case.dtype)

    def measure(self, case: Case) -> Json:
        """One process."""
        command = [self.driver, *self.task(case)]
        return lines_of_json(output(command, "llama.cpp"))[0]

    def task(self, case: Case) -> list[str | Path]:
        """The words that the driver is given."""
        model = self.model(case.shape, case.dtype)
        if case.is_loading:
            return ["load", model, str(case.threads)]
        numbers = [str(number) for number in (case.threads, case.prompt, case.tokens, case.runs)]
        if not case.is_long:
            return ["time", model, *numbers]
        return ["behind", self.folder / f"{case.shape.name}-{case.prompt}.state", model, *numbers]

    def model(self, shape: Shape, dtype: str) -> Path:
        """The shape's file, written when it is not there yet."""
        path = self.folder / f"{shape.name}-{dtype}.gguf"
        if not path.exists():
            partial = path.with_suffix(".partial")
            output([self.python, DRIVERS / "write_gguf.py", partial, json.dumps(asdict(shape)), dtype], "gguf")
            partial.rename(path)
        return path
