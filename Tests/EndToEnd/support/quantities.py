"""Numbers as screens write them."""

import re

PREFIXES = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "m": 1e-3, "µ": 1e-6, "u": 1e-6, "n": 1e-9,
            "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
NUMBER = re.compile(r"^([\d,]+(?:\.\d+)?)(?: (Ki|Mi|Gi|Ti|[kMGTPmµun])?(B|s|FLOP/s|B/s|%)?)?$")


def value(text):
    """`13.21 GB` as 13.21e9; nothing where it is no number."""
    match = NUMBER.match(text.strip())
    return float(match[1].replace(",", "")) * PREFIXES[match[2] or ""] if match else None


def is_near(text, number, digits=3):
    """Whether a number is written with so many digits of another."""
    found = value(text)
    return found is not None and abs(found - number) <= abs(number) * 0.6 * 10 ** (1 - digits)
