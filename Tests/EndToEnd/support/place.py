"""A home for programs that run in terminals."""

import os
import shutil
import subprocess

from support.checks import skip
from support.here import binary, work

# Runs a command in the foreground of a terminal and leaves what a check wants to know in files.
WRAPPER = """#!/bin/bash
trap : INT QUIT
cd "$1"; shift
stty -a > before
"$@"
echo $? > status.part
stty -a > after
mv status.part status
echo; echo WRAPPER-DONE
exec cat > /dev/null
"""


class Place:
    """A folder for one topic, which is a home of its own, and the program under test."""

    def __init__(self):
        self.binary = binary
        self.folder = work
        self.count = 0
        self.wrapper = os.path.join(self.folder, "wrapper")
        with open(self.wrapper, "w", encoding="utf-8") as file:
            file.write(WRAPPER)
        os.chmod(self.wrapper, 0o755)

    def fresh(self):
        self.count += 1
        folder = os.path.join(self.folder, str(self.count))
        os.mkdir(folder)
        return folder

    def environment(self, changes=None):
        """The environment of a run; a value of None takes the name away."""
        keep = ("PATH", "KVTUI_HOME", "LD_LIBRARY_PATH")
        values = {name: os.environ[name] for name in keep if name in os.environ}
        values.update(
            HOME=self.folder, TMUX_TMPDIR=self.folder, LANG="C.UTF-8", TERM="xterm-256color", SWIFT_BACKTRACE="enable=no"
        )
        for name, value in (changes or {}).items():
            values.pop(name, None)
            if value is not None:
                values[name] = value
        return values

    def kvtui(self, *arguments):
        """kvtui itself, without a subcommand unless one is given."""
        return [self.binary, *arguments]

    def command(self, *arguments):
        return self.kvtui("run", *arguments)


def made_locale(place, language, charset):
    """The variables of a locale that is made for this; None, and why is said, where it cannot be made."""
    name = f"{language}.{charset}"
    if not shutil.which("localedef"):
        skip(name, "there is no localedef here")
        return None
    folder = place.fresh()
    made = subprocess.run(["localedef", "-i", language, "-f", charset, os.path.join(folder, name)],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    # Warnings and failures have one exit code: what counts is whether there is a locale now.
    if not os.path.exists(os.path.join(folder, name, "LC_CTYPE")):
        reason = made.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        skip(name, f"localedef makes none ({' '.join(reason)}); its sources are in the package locales")
        return None
    return {"LC_ALL": name, "LOCPATH": folder}
