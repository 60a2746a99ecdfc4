"""The C compiler that builds llama2.c and the drivers."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine import Unavailable, output


class Compiler:
    """The one named, else the first of those that are usual."""

    def __init__(self, name: str | None) -> None:
        self.name = name or next(filter(shutil.which, ("gcc", "clang", "cc")), None)

    @property
    def version(self) -> str:
        """As it says itself."""
        return output([self.required, "--version"], "the C compiler").splitlines()[0]

    @property
    def required(self) -> str:
        """Its name."""
        if self.name is None:
            raise Unavailable("there is no C compiler")
        return self.name

    def build(self, source: Path, program: Path, flags: list[str]) -> None:
        """One file becomes one program. Libraries among the flags come behind the file, where linkers want them."""
        output([self.required, source, *flags, "-o", program], f"{source.name} cannot be built")
