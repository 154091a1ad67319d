"""Whether somebody may be known already: nicknames and codes that look alike. Pure; nothing is ever merged by it."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from unicodedata import combining, normalize

from services.contacts.person.views import PersonSummary

FEW, ENOUGH = 3, 0.75


def alike(text: str, people: Iterable[PersonSummary], at_most: int = FEW) -> list[PersonSummary]:
    """The most alike first. A record that leads to another one is left out: that one is here itself."""
    wanted = folded(text)
    if not wanted:
        return []
    found = [(_distance(wanted, one), one) for one in people if one.same_as is None]
    close = sorted((pair for pair in found if pair[0] is not None), key=lambda pair: pair[0] or 0.0)
    return [one for _, one in close[:at_most]]


def folded(text: str) -> str:
    """Letters and digits only, without case and diacritics, as people type on a phone."""
    return "".join(one for one in normalize("NFD", text.casefold()) if not combining(one) and one.isalnum())


def _distance(wanted: str, person: PersonSummary) -> float | None:
    """0: the same; None: not alike."""
    nickname = person.nickname.reveal() if person.nickname is not None and person.nickname.is_clear else ""
    near = [_between(wanted, folded(nickname)), _between(wanted, folded(person.code or ""), is_code=True)]
    return min((one for one in near if one is not None), default=None)


def _between(wanted: str, known: str, *, is_code: bool = False) -> float | None:
    if not known:
        return None
    if wanted == known:
        return 0.0
    if known.startswith(wanted) or (not is_code and wanted.startswith(known)):
        return 0.1
    if len(wanted) > 2 and wanted in known:
        return 0.2
    ratio = 0.0 if is_code else SequenceMatcher(None, wanted, known).ratio()
    return 1.0 - ratio if ratio >= ENOUGH else None
