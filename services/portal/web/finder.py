"""Finding people by nickname or code among those a person may see. In memory only: what is sealed cannot be searched.

One list per team, brought up to date at every search by what changed since; so a search costs one small question and
a walk over short words, also with twenty thousand people.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unicodedata import combining, normalize
from uuid import UUID

from services.contacts.person.views import PersonName, PersonNames

if TYPE_CHECKING:
    from services.portal.web.page import Page

A_PAGE = 2_000
LISTS = 50
"""Teams remembered at once; the one asked longest ago is dropped."""


@dataclass
class Known:
    """The people of one list: id → (folded nickname, person), as far as this position."""

    position: int = 0
    people: dict[UUID, tuple[str, PersonName]] = field(default_factory=dict[UUID, tuple[str, PersonName]])
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def learn(self, changed: Iterable[PersonName]) -> None:
        """What changed, oldest first."""
        for one in changed:
            self.position = one.position
            if one.gone:
                self.people.pop(one.person_id, None)
            else:
                self.people[one.person_id] = (folded(_nickname(one)), one)

    def find(self, text: str, at_most: int) -> list[PersonName]:
        """Those whose nickname begins with the text come first, then those that contain it; a code must be whole."""
        if not (wanted := folded(text)):
            return []
        found = [
            (not nickname.startswith(wanted), nickname, one)
            for nickname, one in self.people.values()
            if wanted in nickname or (one.code is not None and folded(one.code) == wanted)
        ]
        found.sort(key=lambda each: each[:2])
        return [one for _, _, one in found[:at_most]]


class Finder:
    """One node's."""

    def __init__(self) -> None:
        self._lists: dict[str | None, Known] = {}

    async def known(self, page: "Page") -> Known:
        """Everybody this person may find, as of now. Raises RequestFailed if they may find nobody."""
        known = self._lists.pop(page.team, None) or Known()
        self._lists[page.team] = known
        while len(self._lists) > LISTS:
            del self._lists[next(iter(self._lists))]
        async with known.turn:
            while True:
                changed = await page.ask(PersonNames, PersonName, team=page.team, after=known.position, limit=A_PAGE)
                known.learn(changed)
                if len(changed) < A_PAGE:
                    return known

    async def find(self, page: "Page", text: str, at_most: int) -> list[PersonName]:
        """See Known.find."""
        return (await self.known(page)).find(text, at_most)


def folded(text: str) -> str:
    """For comparing: letters and digits without case and diacritics, as people type on a phone."""
    return "".join(one for one in normalize("NFD", text.casefold()) if one.isalnum() and not combining(one))


def _nickname(person: PersonName) -> str:
    return person.nickname.reveal() if person.nickname is not None and person.nickname.is_clear else ""
