"""Which passwords are refused: too short, too long, or among the first that anybody would try.

A rule beside a short list of our own: case, marks, digits around a word, letters written as digits and repetition
make no common word a password.
"""

import re
import unicodedata
from pathlib import Path
from typing import Literal

SHORTEST, LONGEST = 12, 128
FEWEST_DIFFERENT = 5
WORDS = frozenset(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split())
ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6z7u8i9o0p",
)
UNLEET = str.maketrans("@4310$57!", "aaeiosstl")
ENDINGS = "0123456789.,!?*+-_#$&"
_SIGNS = re.compile(r"[^a-z]+")

Weakness = Literal["too_short", "too_long", "common"]


def weakness(password: str, *own: str) -> Weakness | None:
    """Why a password is refused. own: words everybody knows of this person and node (login name, organisation)."""
    if len(password) < SHORTEST:
        return "too_short"
    if len(password) > LONGEST:
        return "too_long"
    plain = _plain(password)
    known = WORDS | {word for one in own for word in _words(_plain(one))}
    for reading in (plain, plain.rstrip(ENDINGS).translate(UNLEET)):
        if len(set(reading)) < FEWEST_DIFFERENT or _is_made_of(_letters(reading), known) or _is_row(reading):
            return "common"
    return None


def _plain(text: str) -> str:
    """Small letters without marks."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha())


def _words(text: str) -> set[str]:
    """Every word in it, and all of them together."""
    return {word for word in (_letters(text), *_SIGNS.split(text)) if len(word) > 2}


def _is_made_of(letters: str, known: frozenset[str]) -> bool:
    """Nothing but one known word, once or repeated, with digits and signs around it; or no letters at all."""
    if not letters:
        return True
    return any(len(letters) % len(word) == 0 and letters == word * (len(letters) // len(word)) for word in known)


def _is_row(text: str) -> bool:
    """Keys beside each other, forwards or backwards, or one row repeated."""
    joined = "".join(sign for sign in text if sign.isalnum())
    return any(joined in way * 13 for row in ROWS for way in (row, row[::-1]))
