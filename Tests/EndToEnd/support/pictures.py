"""What a file shows, cell by cell."""

import unicodedata

from support.program import run


def width_of(character):
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cells_of(text, column=0):
    """Where each glyph of a line stands; blanks are left out."""
    cells = {}
    last = None
    for character in text:
        width = width_of(character)
        if width == 0 and last is not None:
            cells[last] = cells.get(last, " ") + character
            continue
        last = column
        if character != " ":
            cells[column] = character
        column += width
    return cells


def frames_of(text, rows=24):
    """The frames of `--format txt`: so many rows each, a blank line between two."""
    lines = text.split("\n")
    return [lines[start:start + rows] for start in range(0, len(lines) - 1, rows + 1)]


def canvas(*arguments):
    """All frames that `export` makes of these options."""
    return frames_of(run("export", *arguments, "--format", "txt").text)
