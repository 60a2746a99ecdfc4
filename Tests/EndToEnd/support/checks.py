"""Counts checks, and says of each that fails which one it was and what was seen instead."""

passed = 0
failed = 0
skipped = 0
section = ""
is_verbose = False


def begin(name):
    """What the next checks are about."""
    global section
    section = name


def check(name, holds, told="", got=None):
    """Counts a check and returns whether it holds; `told` is what was seen, or, with `got`, what was expected."""
    global passed, failed
    if holds:
        passed += 1
        if is_verbose:
            print(f"ok     [{section}] {clip(name)}", flush=True)
        return True
    failed += 1
    print(f"FAILED [{section}] {clip(name)}", flush=True)
    if got is None:
        for line in str(told).splitlines()[:40]:
            print(f"       | {line}", flush=True)
    else:
        print(f"       expected: {clip(told)}\n       got:      {clip(got)}", flush=True)
    return False


def equal(name, got, expected):
    return check(name, got == expected, repr(expected), repr(got))


def skip(name, why):
    """Says what this machine cannot check."""
    global skipped
    skipped += 1
    print(f"skipped [{section}] {name}: {why}", flush=True)


def clip(value, limit=600):
    """A value as one line that no terminal takes for anything else."""
    text = value if isinstance(value, str) else repr(value)
    text = text.encode("utf-8", "backslashreplace").decode().translate(
        {code: f"\\x{code:02x}" for code in [*range(32), 127]})
    return text if len(text) <= limit else text[:limit] + "…"
