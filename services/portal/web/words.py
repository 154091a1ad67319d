"""Looking for words as people type them: without diacritics, without endings, in any order."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar
from unicodedata import combining, normalize

T = TypeVar("T")
SHORTEST = 3
_WORD = re.compile(r"\w+")


def by_words(asked: str, things: Iterable[T], text_of: Callable[[T], str]) -> list[T]:
    """Those that hold any of the words; who holds more of them stands first, else as they came."""
    stems = stems_of(asked)
    held = [(held_by(text_of(one), stems), one) for one in things]
    return [one for number, one in sorted(held, key=lambda pair: -pair[0]) if number]


def stems_of(text: str) -> frozenset[str]:
    """Beginnings that stay when a Czech word is inflected; one- and two-letter words say nothing."""
    words = (word for word in _WORD.findall(folded(text)) if len(word) >= SHORTEST)
    return frozenset(word[: max(SHORTEST, len(word) - (2 if len(word) > 5 else 1))] for word in words)


def held_by(text: str, stems: frozenset[str]) -> int:
    """How many of the stems some word of the text begins with."""
    words = _WORD.findall(folded(text))
    return sum(any(word.startswith(stem) for word in words) for stem in stems)


def folded(text: str) -> str:
    """Without case and diacritics, words still apart."""
    return "".join(one for one in normalize("NFD", text.casefold()) if not combining(one))
