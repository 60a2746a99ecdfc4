"""A run's JSON, apart."""

import json
import re

from support.checks import check
from support.program import succeeds


def objects(result):
    """The lines of --json."""
    lines = result.text.split("\n")
    if lines[-1] != "":
        raise ValueError("the last line has no line feed")
    return [json.loads(line, object_pairs_hook=pairs) for line in lines[:-1]]


def pairs(items):
    found = dict(items)
    if len(found) != len(items):
        raise ValueError(f"a key stands twice in {items}")
    return found


class Run:
    """A run's JSON, apart."""

    def __init__(self, result):
        self.result = result
        self.lines = []
        try:
            self.lines = objects(result)
        except ValueError as error:
            check(f"JSON of {result.arguments[1:]}", False, "one object a line", f"{error}; {result}")
        self.model = next((line for line in self.lines if line.get("type") == "model"), {})
        self.steps = [line for line in self.lines if line.get("type") == "step"]
        self.total = next((line for line in self.lines if line.get("type") == "total"), {})

    @property
    def fed(self):
        return [token["id"] for step in self.steps for token in step["fed"]]

    @property
    def chosen(self):
        """Greedy runs only."""
        return [step["next"][0]["id"] for step in self.steps]

    @property
    def lengths(self):
        return [step["length"] for step in self.steps]

    def without_times(self):
        return json.loads(re.sub(r'"seconds": *[-+.e0-9]+', '"seconds":0', json.dumps(self.lines)))


def json_run(name, *arguments, **options):
    return Run(succeeds(name, "run", "--json", *arguments, **options))
