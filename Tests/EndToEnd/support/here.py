"""What a topic is given, the program and a folder of its own, and where the repository has what it needs."""

import os

binary = os.environ["KVTUI_TEST_PROGRAM"]
work = os.environ["KVTUI_TEST_FOLDER"]
REPOSITORY = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
FIXTURES = os.path.join(REPOSITORY, "Tests", "Fixtures")
LESSONS = len([name for name in os.listdir(os.path.join(REPOSITORY, "lessons")) if name[:2].isdigit()])
BUNDLED = os.path.join(REPOSITORY, "models", "tiny-zh")
COUNTRY = "中华人民共和国"
