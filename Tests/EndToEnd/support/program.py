"""Runs kvtui without a terminal and judges stdout, stderr and the exit code."""

import concurrent.futures
import os
import re
import subprocess

from support.checks import check
from support.here import binary, work
from support.output import control_bytes

TIMEOUT = 30


class Result:
    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.out, self.err = arguments, code, out, err

    @property
    def text(self):
        return self.out.decode("utf-8", "backslashreplace")

    @property
    def message(self):
        return self.err.decode("utf-8", "backslashreplace")

    def __repr__(self):
        return f"exit {self.code}, stdout {len(self.out)} bytes {self.out[:80]!r}, stderr {self.message[:400]!r}"


def environment(**extra):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    kept.update(extra)
    return kept


def of_run(arguments):
    """`kvtui run` with these options: without a subcommand a command line is one of `lesson`."""
    first = os.fsdecode(arguments[0]) if arguments else "--"
    return ["run", *arguments] if first.startswith("-") and first not in ("-h", "--help", "--version") else list(arguments)


def run(*arguments, stdin=None, env=None, cwd=None, program=None, timeout=TIMEOUT, bare=False, **options):
    """Runs kvtui, `kvtui run` if only options are given and not `bare`; the exit code is `timeout` if it had to be killed."""
    command = [program or binary, *(arguments if bare else of_run(arguments))]
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    if stdin is None:
        options.setdefault("stdin", subprocess.DEVNULL)
    else:
        options["input"] = stdin
    try:
        done = subprocess.run(command, env=env or environment(), cwd=cwd or work, timeout=timeout, **options)
    except subprocess.TimeoutExpired as late:
        return Result(command, "timeout", late.stdout or b"", late.stderr or b"")
    return Result(command, done.returncode, done.stdout or b"", done.stderr or b"")


def subprocess_run(arguments, **options):
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    try:
        done = subprocess.run([binary, *of_run(arguments)], env=environment(), cwd=work, timeout=TIMEOUT, **options)
    except subprocess.TimeoutExpired:
        return Result(arguments, "timeout", b"", b"")
    return Result(arguments, done.returncode, done.stdout or b"", done.stderr or b"")


def is_quiet(result):
    """Whether nothing is on stderr but a note of what the model's folder asks for and nobody does."""
    return not result.err or result.err.startswith(b"kvtui: note: ") and result.err.count(b"\n") == 1


def succeeds(name, *arguments, notes=False, **options):
    """Runs and expects nothing on stderr, with `notes` but for a note."""
    result = run(*arguments, **options)
    quiet = is_quiet(result) if notes else result.err == b""
    check(f"{name}: exit 0, stderr empty", result.code == 0 and quiet, "exit 0, nothing on stderr", result)
    return result


def run_all(jobs):
    """Runs (arguments, options) side by side; the results in order."""
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 2)) as pool:
        return list(pool.map(lambda job: run(*job[0], **job[1]), jobs))


WAY_OUT = re.compile(
    r"\b(give|name|use|check|shorten|download|mend|add|correct|try|choose|provide|must be|one of|"
    r"the most is|the least is|from)\b|--help|请|要|只能|最大|最小|可用|按|从|到")


def fails(name, code, *arguments, words=(), chinese=None, allow_output=False, **options):
    """Runs and expects one sentence on stderr, nothing on stdout, and `code` (one or several)."""
    result = options["result"] if "result" in options else run(*arguments, **options)
    codes = code if isinstance(code, tuple) else (code,)
    check(f"{name}: exit code", result.code in codes, f"exit {code}", result)
    sentence(name, result, words=words, chinese=chinese, allow_output=allow_output)
    return result


def sentence(name, result, words=(), chinese=None, allow_output=False):
    """One line on stderr that names what is wrong."""
    err = result.err
    shape = (err.startswith(b"kvtui: ") and err.endswith(b"\n") and err.count(b"\n") == 1
             and not control_bytes(err) and 15 < len(err) < 9000
             and not re.search(rb"Fatal error|Stack dump|\.swift|Error\(|Optional\(|usage:", err))
    check(f"{name}: one clean line on stderr", shape, "one line `kvtui: …`", result)
    if not allow_output:
        check(f"{name}: nothing on stdout", result.out == b"", "empty stdout", result)
    missing = [word for word in words if word not in result.message]
    check(f"{name}: the message names what matters", not missing, f"words {list(words)}", result.message)
    check(f"{name}: the message names a way out", WAY_OUT.search(result.message) is not None,
          "what to do", result.message)
    if chinese is not None:
        has = re.search(r"[\u4e00-\u9fff]", re.sub(r"'[^']*'", "", result.message)) is not None
        check(f"{name}: the message is in {'Chinese' if chinese else 'English'}", has == chinese, "", result.message)
