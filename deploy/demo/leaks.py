"""Looks for words in every byte that a network leaves on the disk.

The words: the names of clients and workers, and everything personal that anybody says in the story. They are looked
for as UTF-8 and as JSON escapes them. Base64 has a letter alphabet and there are megabytes of it, so five letters
in the middle of such letters are chance, not a leak.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.people import CLIENTS, PEOPLE
from deploy.demo.steps import Step
from deploy.demo.story import STORY

BLOCK = 4 * 2**20
CANARY_LENGTH = 60
"""Of a long text its beginning: a page of PostgreSQL's log may end in its middle."""
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")


@dataclass(frozen=True)
class Found:
    """A word in a file."""

    word: str
    file: Path


def canaries() -> tuple[str, ...]:
    """What must be found nowhere. A sentence that holds a name is found by the name."""
    said = (text for step in STORY if isinstance(step, Step) for text in step.personal)
    words = [*CLIENTS, *(person.name for person in PEOPLE), *(text[:CANARY_LENGTH].rstrip() for text in said)]
    return tuple(one for one in dict.fromkeys(words) if not any(other in one for other in words if other != one))


def find(folder: Path, words: Iterable[str]) -> Iterator[Found]:
    """Every file that holds one of the words, once per word."""
    spelled = {spelling: word for word in words for spelling in _spellings(word)}
    for file in sorted(one for one in folder.rglob("*") if one.is_file() and not one.is_symlink()):
        held = {spelled[one] for one in _held(file, spelled)}
        yield from (Found(word, file) for word in sorted(held))


def _spellings(word: str) -> set[bytes]:
    return {word.encode(), json.dumps(word)[1:-1].encode()}


def _held(file: Path, spellings: Iterable[bytes]) -> set[bytes]:
    """Which of these bytes are in the file, read in overlapping blocks; a file that goes meanwhile holds none."""
    missing, overlap = set(spellings), max(map(len, spellings), default=0) + 1
    held: set[bytes] = set()
    nothing = bytes(BLOCK)
    try:
        with file.open("rb") as content:
            tail = b""
            while block := content.read(BLOCK):
                if block != nothing[: len(block)]:
                    text = tail + block
                    held |= {one for one in missing if _has(text, one)}
                    missing -= held
                tail = block[-overlap:]
    except FileNotFoundError:
        return held
    return held


def _has(text: bytes, word: bytes) -> bool:
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        inside = bool(before and after) and before[0] in _BASE64 and after[0] in _BASE64
        if not (inside and _BASE64.issuperset(word)):
            return True
        at = text.find(word, at + 1)
    return False


__all__ = ["Found", "canaries", "find"]
