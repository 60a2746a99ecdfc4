"""The language of pages, messages and help."""

import re

from support.checks import begin, check, equal
from support.models import installed
from support.output import control_bytes
from support.program import environment, run, succeeds


def case_languages():
    begin("languages")

    def is_chinese(*arguments, bare=False, **variables):
        result = run(*arguments, bare=bare, env=environment(**variables))
        said = result.text + result.message
        if "kvtui  tiny-zh" in said:  # a page: its text and candidates are Chinese in any case
            return "层 ×" in said and "layers ×" not in said
        return re.search(r"[\u4e00-\u9fff]", said) is not None

    page = ("--plain", "--text", "a")
    for variables, expected in (
            ({}, False), ({"LC_ALL": "zh_CN.UTF-8"}, True), ({"LC_ALL": "C", "LANG": "zh_CN"}, False),
            ({"LC_ALL": "C", "LC_MESSAGES": "zh_CN", "LANG": "zh_CN"}, False), ({"LANG": "zh_CN.UTF-8"}, True),
            ({"LC_ALL": "", "LANG": "zh_TW"}, True), ({"LC_MESSAGES": "zh", "LANG": "en_US"}, True),
            ({"LC_MESSAGES": "en_US", "LANG": "zh_CN"}, False), ({"LC_CTYPE": "zh_CN.UTF-8"}, False),
            ({"LANGUAGE": "zh"}, False), ({"LC_ALL": "en_US.UTF-8"}, False), ({"LC_ALL": "POSIX"}, False)):
        equal(f"a page under {variables}", is_chinese(*page, **variables), expected)
        equal(f"an error under {variables}", is_chinese("--tokens", "-1", **variables), expected)
        equal(f"--lang zh under {variables}", is_chinese("--lang", "zh", *page, **variables), True)
        equal(f"--lang en under {variables}", is_chinese("--lang", "en", *page, **variables), False)
        equal(f"--lang=en, an error, under {variables}", is_chinese("--lang=en", "--tokens", "-1", **variables), False)
        for arguments in (["--help"], ["run", "--help"], ["export", "--help"], ["models", "--help"], ["help", "run"]):
            equal(f"{' '.join(arguments)} under {variables}", is_chinese(*arguments, **variables), expected)
    equal("models --lang zh", is_chinese("models", "--lang", "zh"), True)
    equal("models", is_chinese("models"), False)
    equal("--help --lang zh", is_chinese("run", "--help", "--lang", "zh"), True)
    equal("the last --lang wins for errors too", is_chinese("--lang", "zh", "--lang", "en", "--tokens", "-1"), False)
    equal("the last --lang wins for pages", is_chinese("--lang", "zh", "--lang", "en", *page), False)
    for option in sorted(options_with_value()):
        equal(f"--lang=zh as the value of {option} is no option",
              is_chinese("export", option, "--lang=zh", "--frob", bare=True), False)
    equal("--lang behind -- is no option", is_chinese("--", "--lang", "zh"), False)
    equal("a text --lang=zh is no option", is_chinese("--plain", "--text", "--lang=zh"), False)


def options_with_value():
    """The options of which the help texts say that a value follows."""
    return {name for command in ("run", "export", "lesson", "lint", "models", "bench")
            for line in run(command, "--help").text.splitlines() if line.startswith("  -")
            for name in re.findall(r"(?<![\w-])(-[a-z]|--[a-z-]+)(?=,| <)", line) if name not in ("-h", "--lang")}


def case_help_texts():
    begin("help")
    root = succeeds("--help", "--help")
    for word in ("run", "export", "models", *(str(code) for code in (64, 65, 66, 69, 70, 73, 74))):
        check(f"--help names {word}", word in root.text, word, root.text)
    options = {"run": ["--model", "--prompt", "--text", "--tokens", "--ignore-eos", "--seed", "--temperature", "--top-k",
                       "--top", "--plain", "--json", "--keys", "--size", "--lang", "--ascii", "--theme"],
               "export": ["--step", "--layer", "--head", "--format", "-o", "--model", "--text"], "models": ["--lang"]}
    for command, names in options.items():
        for env in (environment(), environment(LC_ALL="zh_CN.UTF-8")):
            text = succeeds(f"{command} --help", command, "--help", env=env).text
            missing = [name for name in names if not re.search(rf"(^|[ ,]){re.escape(name)}\b", text, re.M)]
            check(f"{command} --help under {env.get('LC_ALL')} names every option", not missing, "", missing)
            check(f"{command} --help under {env.get('LC_ALL')} is clean", not control_bytes(text.encode()), "", text)
    equal("-h is --help", run("-h").out, root.out)
    equal("help is --help", run("help").out, root.out)
    equal("help beside bad options", run("run", "--tokens", "-1", "--help").code, 0)
    version = run("--version")
    check("--version, if it is there, is one line; if not, a usage error",
          (version.code == 0 and version.out.count(b"\n") == 1) or (version.code == 64 and version.out == b""), "", version)
    equal("help works with no model in sight", run("--help", program=installed("bare", models=False)).code, 0)
