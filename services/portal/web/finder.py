"""Finding people by nickname or code among those a person may see. In memory only: what is sealed cannot be searched.

One list per team, brought up to date at every search by what changed since; so a search costs one small question and
a walk over short words, also with twenty thousand people.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from libs.codelists import AgeBand, LadderStage
from services.contacts.person.views import PersonName, PersonNames
from services.portal.web.likeness import distance, letters_of, squeezed

A_PAGE = 500
"""So few at once that nobody else waits while a list is filled."""
LISTS = 50
"""Teams remembered at once; the one asked longest ago is dropped."""


class Asks(Protocol):
    """A page: whose people, and how to ask for them."""

    @property
    def team(self) -> str | None: ...

    async def ask(self, question: type[PersonNames], view: type[PersonName], /, **fields: Any) -> list[PersonName]: ...


class Somebody(NamedTuple):
    """A person as a list of results shows them. found, found_code: squeezed, to search; letters: see likeness."""

    person_id: UUID
    nickname: str | None
    code: str | None
    stage: LadderStage | None
    team: str | None
    age_band: AgeBand | None
    found: str
    found_code: str
    letters: int


@dataclass
class Known:
    """The people of one list, as far as this position."""

    position: int = 0
    people: dict[UUID, Somebody] = field(default_factory=dict[UUID, Somebody])
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def learn(self, changed: Iterable[PersonName]) -> None:
        """What changed, oldest first."""
        for one in changed:
            self.position = one.position
            if one.gone:
                self.people.pop(one.person_id, None)
            else:
                self.people[one.person_id] = _somebody(one)

    def find(self, text: str, at_most: int) -> list[Somebody]:
        """Those whose nickname begins with the text come first, then those that contain it; a code must be whole."""
        if not (wanted := squeezed(text)):
            return []
        found = [one for one in self.people.values() if wanted in one.found or wanted == one.found_code]
        found.sort(key=lambda one: (not one.found.startswith(wanted), one.found))
        return found[:at_most]

    def alike(self, text: str, at_most: int) -> list[Somebody]:
        """The most alike first: somebody known already may have been written a little differently."""
        if not (wanted := squeezed(text)):
            return []
        letters = letters_of(wanted)
        told: dict[tuple[str, str], float | None] = {}
        found: list[tuple[float, Somebody]] = []
        for one in self.people.values():
            written = (one.found, one.found_code)
            if written not in told:
                told[written] = distance(wanted, letters, one.found, one.letters, one.found_code)
            if (far := told[written]) is not None:
                found.append((far, one))
        found.sort(key=lambda each: each[0])
        return [one for _, one in found[:at_most]]


class Finder:
    """One node's."""

    def __init__(self) -> None:
        self._lists: dict[str | None, Known] = {}

    async def known(self, page: Asks) -> Known:
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

    async def find(self, page: Asks, text: str, at_most: int) -> list[Somebody]:
        """See Known.find."""
        return (await self.known(page)).find(text, at_most)

    async def alike(self, page: Asks, text: str, at_most: int) -> list[Somebody]:
        """See Known.alike."""
        return (await self.known(page)).alike(text, at_most)

    @property
    def sizes(self) -> Mapping[str | None, int]:
        """How many are known of each list."""
        return {team: len(known.people) for team, known in self._lists.items()}


def _somebody(one: PersonName) -> Somebody:
    nickname = one.nickname.reveal() if one.nickname is not None and one.nickname.is_clear else None
    found = squeezed(nickname or "")
    return Somebody(
        one.person_id,
        nickname,
        one.code,
        one.stage,
        one.team,
        one.age_band,
        found,
        squeezed(one.code or ""),
        letters_of(found),
    )
