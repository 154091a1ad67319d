"""Whether somebody may be known already: nicknames and codes that look alike. Pure; nothing is ever merged by it."""

from difflib import SequenceMatcher

from services.portal.web.words import folded

ENOUGH = 0.75
BITS = 64


def squeezed(text: str) -> str:
    """For comparing: letters and digits alone, as people type on a phone."""
    return "".join(one for one in folded(text) if one.isalnum())


def letters_of(text: str) -> int:
    """Which letters occur, a bit for each: most words are told apart by it, without comparing them."""
    found = 0
    for one in text:
        found |= 1 << ord(one) % BITS
    return found


def distance(wanted: str, letters: int, nickname: str, nickname_letters: int, code: str) -> float | None:
    """0: the same; None: not alike. All are folded; `letters` are of what is wanted."""
    if wanted in (nickname, code):
        return 0.0
    if nickname and (nickname.startswith(wanted) or wanted.startswith(nickname)):
        return 0.1
    if code.startswith(wanted):
        return 0.1
    if len(wanted) > 2 and (wanted in nickname or wanted in code):
        return 0.2
    together = len(wanted) + len(nickname)
    common = min(
        len(wanted) - (letters & ~nickname_letters).bit_count(),
        len(nickname) - (nickname_letters & ~letters).bit_count(),
    )
    if 2 * common < ENOUGH * together:  # no order of these letters is alike enough
        return None
    ratio = SequenceMatcher(None, wanted, nickname).ratio()
    return 1.0 - ratio if ratio >= ENOUGH else None
