"""Arguments that are refused."""

from support.checks import begin, check
from support.json_output import Run
from support.output import clean_pages
from support.program import environment, fails, run


def case_bad_arguments():
    begin("bad arguments")
    for value in ("0", "-1", "abc", "", " 3", "3.0", "0x3", "1e3", "-9223372036854775808"):
        fails(f"--prompt --tokens {value!r}", 64, "--prompt", "中", "--tokens", value, words=["--tokens"])
    fails("--tokens=-1", 64, "--prompt", "中", "--tokens=-1", words=["--tokens", "-1", "1"])
    fails("--text --tokens -1", 64, "--text", "中", "--tokens", "-1", words=["--tokens", "-1", "0"])
    fails("--tokens without a value", 64, "--tokens", words=["--tokens"])
    for start in ("--prompt", "--text"):
        fails(f"{start} ''", 64, start, "", words=[start])
        fails(f"{start} without a value", 64, start, words=[start])
    fails("--text and --prompt", 64, "--text", "中", "--prompt", "中", words=["--text", "--prompt"])
    fails("--text '' and --prompt ''", 64, "--text", "", "--prompt", "", words=["--text", "--prompt"])
    for option, values in {
            "--top": ("0", "-5", "abc", "99999999999999999999"),
            "--top-k": ("0", "-1", "abc", "1.5"),
            "--temperature": ("-1", "nan", "inf", "-inf", "1e999", "abc", "-1e-9"),
            "--seed": ("abc", "1.5", "99999999999999999999"),
            "--size": ("0x0", "1e9x2", "80", "80x", "x24", "80x24x1", "1001x24", "80x1001", "axb", "", "80 x 24",
                       "-1x5", "99999999999999999999x2", "８０x２４"),
            "--keys": ("Foo", "Right Foo", "right,left", "C-", "\x1b[C", "F99", "RightRight"),
            "--lang": ("fr", "", "ZH", "zh_CN"),
            "--theme": ("pink", "", "Dark")}.items():
        for value in values:
            fails(f"{option} {value!r}", 64, option, value, words=[option])
    fails("--temperature -1 is said as it was given", 64, "--temperature", "-1", words=["--temperature", "-1"])
    for name, arguments, word in (
            ("unknown option", ["--frob"], "--frob"), ("unknown option of run", ["run", "--frob"], "--frob"),
            ("unknown option of models", ["models", "--frob"], "--frob"),
            ("unknown option of export", ["export", "--json"], "--json"), ("short option", ["-x"], "-x"),
            ("unknown subcommand", ["frob"], "'frob'"), ("an empty subcommand", [""], "''"), ("extra argument", ["run", "extra"], "extra"),
            ("two extra arguments", ["run", "one", "two"], "one"), ("extra argument of models", ["models", "extra"], "extra"),
            ("a flag with a value", ["--json=1"], "--json"), ("behind --", ["--", "--json"], "--json"),
            ("-ox", ["export", "-ox"], "-ox"), ("a control character in an option", ["--\x1b[31mx\n\x07"], "--"),
            ("a control character in a subcommand", ["\x1b]0;x\x07"], "0;x"), ("invalid UTF-8", [b"--\xff\xfe"], "--"),
            ("bidi in an argument", ["\u202egnp.exe"], "gnp")):
        fails(name, 64, *arguments, words=[word])
    unknown = run("export", "--json").message
    check("`export --json`: no far-fetched proposal", "--top" not in unknown, "no `Did you mean '--top'?`", unknown)
    for option, value in (("--text", "中"), ("--json", None), ("--tokens", "3"), ("--model", "tiny-zh"), ("--keys", "Right")):
        given = [option] if value is None else [option, value]
        if option != "--keys":  # a lesson has keys too
            fails(f"{option} without a subcommand", 64, *given, bare=True, words=[f"kvtui run {option}"])
    fails("an unknown option without a subcommand", 64, "--frob", bare=True, words=["--frob", "--help"])
    for more in (["--plain"], ["--keys", "Right"]):
        fails(f"--json with {more}", 64, "--json", *more, words=["--json", more[0]])


def case_bad_arguments_in_chinese():
    begin("bad arguments, in Chinese")
    for arguments in (["--tokens", "abc"], ["--frob"], ["frob"], ["--size", "80"], ["--lang", "fr"], ["--theme", "pink"],
                      ["--tokens"], ["--json=1"], ["export", "--format", "pdf"], ["--tokens", "-1"], ["--top", "0"],
                      ["--temperature", "inf"], ["--keys", "Foo"], ["--prompt", ""], ["--text", "a", "--prompt", "b"],
                      ["--text", "中" * 513], ["--text", "中", "--tokens", "512"], ["--model", "nope"],
                      ["export", "--step", "0"], ["export", "-o", "/nowhere/x"], ["export", "-o", "/dev/full"]):
        fails(f"{arguments}", (64, 65, 66, 73, 74), *arguments, chinese=True, env=environment(LC_ALL="zh_CN.UTF-8"))
        fails(f"{arguments} in English", (64, 65, 66, 73, 74), *arguments, chinese=False)


def case_argument_bytes():
    begin("bytes in arguments")
    for raw, place in ((b"\xff", 1), (b"a\xffb", 2), ("中".encode() + b"\xe4\xb8", 4), (b"\xc0\x80", 1), (b"\xed\xa0\x80", 1),
                       ("中国".encode("gbk"), 1), (b"x" * 9000 + b"\xfe\n", 9001)):
        # What is no UTF-8 is said, not run as U+FFFD.
        for option in ("--text", "--prompt"):
            fails(f"{raw[:9]!r} behind {option}", 64, option, raw, "--json", words=[option, "UTF-8"])
        fails(f"{raw[:9]!r} behind {option}=", 64, option.encode() + b"=" + raw, "--json", words=[option, "UTF-8"])
        fails(f"{raw[:9]!r} on standard input", 65, "--prompt", "-", "--json", stdin=raw, words=["UTF-8", str(place)])
        fails(f"{raw[:9]!r} on standard input of bench", 65, "bench", "--prompt", "-", stdin=raw, words=["UTF-8", str(place)])
        fails(f"{raw[:9]!r} as bench's prompt", 64, "bench", "--prompt", raw, words=["--prompt", "UTF-8"])
    given = "\ufffd".encode()
    for name, result in (("an argument", run("--text", given, "--json")), ("standard input", run("--prompt", "-", "--json", stdin=given))):
        check(f"U+FFFD itself as {name} is a character", Run(result).fed != [], "fed", result)
    long_text = "长" * 40000
    fails("a prompt of 120,000 bytes", 65, "--prompt", long_text, words=["512"], timeout=10)
    clean_pages("a text of 150", run("--text", "中a" * 75, "--plain"), 80)
    clean_pages("a prompt of 512", run("--prompt", "中a" * 256, "--tokens", "1", "--plain"), 80)
