"""What may stand on a page, in a picture and in a message."""

import xml.etree.ElementTree as ElementTree
import re
import unicodedata

from support.checks import check


def control_bytes(data):
    """Bytes or characters that no page, frame or message may hold."""
    found = [byte for byte in data if (byte < 32 and byte != 10) or byte == 127]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [*found, "not UTF-8"]
    return found + [hex(ord(c)) for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\n"]


def is_xml(data):
    try:
        return ElementTree.fromstring(data).tag == "{http://www.w3.org/2000/svg}svg"
    except ElementTree.ParseError:
        return False


def columns_of(line):
    return sum(0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def clean_pages(name, result, columns):
    check(f"{name}: exit 0", result.code == 0 and result.err == b"", "exit 0", result)
    check(f"{name}: no escape or control", not control_bytes(result.out), "only LF", control_bytes(result.out)[:9])
    wide = [line for line in result.text.split("\n") if columns_of(line) > columns]
    check(f"{name}: no line is wider than {columns}", not wide, "", wide[:2])


def header_lines(result):
    return [line for line in result.text.split("\n") if line.startswith(" kvtui ")]


def split_pages(result):
    """Pages by their header line; without the blank line between two."""
    return [("kvtui " + page).rstrip("\n") for page in re.split(r"(?:^|\n) kvtui ", result.text)[1:]]
