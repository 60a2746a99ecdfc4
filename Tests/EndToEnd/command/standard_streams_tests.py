"""Standard input and output: slow, closed, full, left."""

import fcntl
import os
import signal
import subprocess
import time

from support.checks import begin, check, equal
from support.here import FIXTURES, binary, work
from support.json_output import Run
from support.program import Result, TIMEOUT, environment, fails, of_run, run, sentence, subprocess_run


def case_standard_input():
    begin("--prompt -")

    def fed(data, *more):
        return Run(run("--prompt", "-", "--tokens", "1", "--json", *more, stdin=data)).fed

    middle, line_feed = 411, 257
    equal("no newline", fed("中".encode()), [middle])
    equal("one final newline is dropped", fed("中\n".encode()), [middle])
    equal("only one", fed("中\n\n".encode()), [middle, line_feed])
    equal("a carriage return stays", fed("中\r\n".encode()), [middle, 14])
    equal("nothing else is trimmed", fed(" \t中 \n".encode()), [258, 10, middle, 258])
    equal("a leading newline stays", fed("\n中\n".encode()), [line_feed, middle])
    equal("a byte-order mark stays", fed(b"\xef\xbb\xbfa\n")[:3], [240, 188, 192])
    fails("nothing", 64, "--prompt", "-", stdin=b"")
    fails("a newline only", 64, "--prompt", "-", stdin=b"\n")
    equal("two newlines", fed(b"\n\n"), [line_feed])
    fails("2 MB", 65, "--prompt", "-", stdin=b"a" * 2_000_000, timeout=10)
    fails("1 MB", 65, "--prompt", "-", stdin=b"a" * 1_000_000, timeout=10)
    with open("/dev/zero", "rb") as endless:
        result = subprocess_run(["--prompt", "-"], stdin=endless)
        check("endless input is refused", result.code == 65, 65, result)
        sentence("endless input", result)
    folder = os.open("/", os.O_RDONLY)
    result = subprocess_run(["--prompt", "-"], stdin=folder)
    os.close(folder)
    check("a folder as standard input", result.code in (66, 74), "66 or 74", result)
    sentence("a folder as standard input", result)
    result = subprocess_run(["--prompt", "-", "--json"], preexec_fn=lambda: os.close(0))
    check("a closed standard input is not read from another file", result.code in (64, 66, 74), "64, 66 or 74", result)
    sentence("a closed standard input", result, allow_output=True)
    small = os.path.join(FIXTURES, "gpt2", "wide-inner")
    result = subprocess_run(["--prompt", "-", "--model", small], preexec_fn=lambda: os.close(0))
    check("a closed standard input, a small model", result.code in (64, 66, 74), "64, 66 or 74", result)
    slow = subprocess.Popen([binary, "run", "--prompt", "-", "--tokens", "1", "--json"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=work)
    for byte in "中华\n".encode():
        slow.stdin.write(bytes([byte]))
        slow.stdin.flush()
        time.sleep(0.01)
    out, err = slow.communicate(timeout=TIMEOUT)
    equal("byte by byte", Run(Result(["-"], slow.returncode, out, err)).fed, [middle, 541])
    read, written = os.pipe()
    fcntl.fcntl(read, fcntl.F_SETFL, os.O_NONBLOCK)
    late = subprocess.Popen([binary, "run", "--prompt", "-", "--tokens", "1", "--json"], stdin=read, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=environment(), cwd=work)
    os.close(read)
    time.sleep(0.3)
    try:
        os.write(written, "中".encode())
    except BrokenPipeError:
        pass
    os.close(written)
    out, err = late.communicate(timeout=TIMEOUT)
    check("a standard input that does not block is waited for", late.returncode == 0, "exit 0", Result([], late.returncode, out, err))
    equal("--prompt - with --keys", run("--prompt", "-", "--tokens", "1", "--keys", "Right", stdin="中".encode()).code, 0)
    equal("without --prompt - standard input is left alone", run("--text", "中", "--json", stdin=b"x" * 10).code, 0)


def case_standard_output():
    begin("standard output")
    long_run = ["--json", "--tokens", "400", "--ignore-eos"]
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN), "restore_signals": False}
    for name, options in (("SIGPIPE as usual", {}), ("SIGPIPE ignored", ignore)):
        for arguments in (long_run, ["--plain", "--tokens", "400", "--ignore-eos"], ["--help"], ["models"], ["export"],
                          ["--keys", "Right " * 40]):
            started = time.monotonic()
            child = subprocess.Popen([binary, *of_run(arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     stdin=subprocess.DEVNULL, env=environment(), cwd=work, **options)
            if arguments is long_run:
                child.stdout.readline()
            child.stdout.close()
            err = child.stderr.read()
            code = child.wait(timeout=TIMEOUT)
            label = f"{name}, {arguments[0]} and the reader left"
            check(f"{label}: quiet", err == b"", "nothing on stderr", err)
            check(f"{label}: 141 or 0", code in (0, 141, -signal.SIGPIPE), "0 or 141", code)
            check(f"{label}: at once", time.monotonic() - started < 5, "5 s", time.monotonic() - started)
    for arguments in (["--json"], ["--plain"], ["--keys", "Right"], ["export"], ["models"], ["--help"], ["run", "--help"]):
        with open("/dev/full", "wb") as full:
            result = subprocess_run(arguments, stdout=full)
        check(f"{arguments} > /dev/full: 74", result.code == 74, 74, result)
        sentence(f"{arguments} > /dev/full", result)
        result = subprocess_run(arguments, preexec_fn=lambda: os.close(1), stdin=subprocess.DEVNULL)
        check(f"{arguments} with stdout closed: 74", result.code == 74, 74, result)
        result = subprocess_run(arguments, preexec_fn=lambda: os.close(2), stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        check(f"{arguments} with stderr closed: 0", result.code == 0 and result.out != b"", 0, result)
    for arguments, code in ((["--frob"], 64), (["--model", "nope"], 66), (["--text", "中" * 600], 65)):
        for what in ("closed", "full"):
            with open("/dev/full", "wb") as full:
                options = {"stderr": full} if what == "full" else {"preexec_fn": lambda: os.close(2)}
                result = subprocess_run(arguments, stdin=subprocess.DEVNULL, **options)
            check(f"{arguments} with stderr {what}: {code}", result.code == code and result.out == b"", code, result)

    def close_all():
        for descriptor in (0, 1, 2):
            os.close(descriptor)

    result = subprocess_run(["export", "-o", "closed.txt"], preexec_fn=close_all)
    path = os.path.join(work, "closed.txt")
    written = open(path, "rb").read() if os.path.exists(path) else None
    check("export -o with all three closed writes the same file", result.code == 0 and written == run("export").out,
          "the frame", (result.code, written and written[:60]))

    read, write_end = os.pipe()
    fcntl.fcntl(write_end, fcntl.F_SETFL, os.O_NONBLOCK)
    child = subprocess.Popen([binary, "run", *long_run], stdout=write_end, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                             env=environment(), cwd=work)
    os.close(write_end)
    time.sleep(0.7)
    with os.fdopen(read, "rb") as pipe:
        lines = pipe.read().count(b"\n")
    err = child.stderr.read()
    check("a standard output that does not block is waited for", child.wait(timeout=TIMEOUT) == 0 and lines == 409,
          "409 lines, exit 0", f"{lines} lines, exit {child.returncode}, {err!r}")
    child = subprocess.Popen([binary, "run", "--json", "--tokens", "505", "--ignore-eos"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             stdin=subprocess.DEVNULL, env=environment(), cwd=work)
    first = child.stdout.readline()
    check("lines come as they are computed", b'"model"' in first and child.poll() is None, "the first line before the end", first)
    child.send_signal(signal.SIGTERM)
    child.stdout.read()
    err = child.stderr.read()
    check("SIGTERM ends it quietly", child.wait(timeout=TIMEOUT) in (143, -15) and err == b"", "143", (child.returncode, err))
