"""Texts of a conference that hold more than one thing. Pure.

    minutes   sections: a line `## heading`, then its text
    goal      what should be better afterwards, then the agenda as numbered lines
    measure   what is to be done, an arrow, and how one can tell that it is

One text each is what the log knows, so every reader of the log reads the same without knowing any of this.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence

HEADING, ARROW = "## ", " → "
_ITEM = re.compile(r"^\d+\.\s+(?P<item>\S.*)$")


def sections_of(text: str) -> dict[str, str]:
    """Heading → text, in order; what stands before the first heading has none."""
    found: dict[str, list[str]] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith(HEADING):
            heading = line.removeprefix(HEADING).strip()
            found.setdefault(heading, [])
        else:
            found.setdefault(heading, []).append(line)
    sections = {heading: "\n".join(lines).strip("\n") for heading, lines in found.items()}
    return {heading: text for heading, text in sections.items() if heading or text.strip()}


def text_of(sections: Mapping[str, str], order: Sequence[str] = ()) -> str:
    """The sections as one text, those without a word left out. order: headings that come first."""
    known = [heading for heading in order if heading in sections]
    headings = [*known, *(heading for heading in sections if heading not in known)]
    headings.sort(key=bool)
    return "\n\n".join(
        f"{HEADING}{heading}\n{sections[heading]}" if heading else sections[heading]
        for heading in headings
        if sections[heading].strip()
    )


def one_heading(text: str) -> str:
    """A heading on one line."""
    return " ".join(text.split())[:200]


def mark_of(text: str) -> str:
    """A short mark that changes with the text: what a page saw when somebody began to write."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def goal_with(goal: str, agenda: str) -> str:
    """The goal, and the agenda's lines numbered below it."""
    items = [line for one in agenda.splitlines() if (line := _bare(one))]
    numbered = "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))
    return f"{goal.strip()}\n\n{numbered}" if items and goal.strip() else goal.strip()


def goal_and_agenda(text: str) -> tuple[str, list[str]]:
    """The goal itself, and the items of the agenda below it."""
    goal, _, last = text.rpartition("\n\n")
    matches = [_ITEM.match(line) for line in last.splitlines()]
    if not goal or not matches or not all(matches):
        return text, []
    return goal, [one["item"] for one in matches if one]


def title_with(what: str, sign: str) -> str:
    """A measure's title from its two halves."""
    return f"{what.strip()}{ARROW}{sign.strip()}" if sign.strip() else what.strip()


def what_and_sign(title: str) -> tuple[str, str]:
    """The two halves of a measure's title; the second may be empty."""
    what, _, sign = title.partition(ARROW)
    return what, sign


def _bare(line: str) -> str:
    line = " ".join(line.split())
    match = _ITEM.match(line)
    return match["item"] if match else line
