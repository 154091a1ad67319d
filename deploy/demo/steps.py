"""What a story is written in: steps, what they wait for, and a hub that goes away and comes back."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deploy.demo.people import Person, known
from libs.eventlog import Command, derived_id, is_personal
from libs.messaging import Published
from services.cases.published import PUBLISHED as CASES
from services.contacts.published import PUBLISHED as CONTACTS
from services.directory.published import PUBLISHED as DIRECTORY

PRAGUE = ZoneInfo("Europe/Prague")
LANGUAGES: tuple[Published, ...] = (CONTACTS, CASES, DIRECTORY)
Rows = list[dict[str, Any]]


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of 2026 as the people of the story would say it."""
    return datetime(2026, month, day, hour, minute, tzinfo=PRAGUE)


@dataclass(frozen=True)
class Wait:
    """A question that somebody asks until its answer is as it should be.

    what    what is waited for, for the message when it does not come
    until   what the rows must say; once true it stays true, however far the story goes on
    """

    who: Person
    service: str
    query: str
    what: str
    until: Callable[[Rows], bool]
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Step:
    """Somebody asks for something.

    number    chapter of the domain reference §7, and the place in it
    on        when it happened in the world
    after     what the story waits for before it goes on
    expect    the code with which it must be refused; None: it must be carried out
    instead   codes that are as good: a story that was interrupted, or is told again, meets a later state
    """

    number: str
    on: datetime
    who: Person
    title: str
    command: type[Command]
    fields: Mapping[str, Any]
    after: tuple[Wait, ...] = ()
    expect: str | None = None
    instead: tuple[str, ...] = ()

    @property
    def id(self) -> UUID:
        """The same in every run: what was carried out before is answered, and not done again."""
        return derived_id(known(f"step {self.number}"), self.command.__name__)

    @property
    def place(self) -> tuple[str, str]:
        """(service, aggregate) that owns the command."""
        return next(
            (language.service, aggregate)
            for language in LANGUAGES
            for aggregate, commands in language.commands.items()
            if self.command in commands
        )

    @property
    def personal(self) -> Iterator[str]:
        """What it says about people, word for word."""
        for name, info in self.command.model_fields.items():
            if is_personal(info.annotation) and name in self.fields:
                yield str(self.fields[name])


@dataclass(frozen=True)
class HubAway:
    """From here on no letter goes or comes."""

    number: str
    title: str


@dataclass(frozen=True)
class HubBack:
    """Letters that crossed arrive now. Told as a whole with the `HubAway` before it."""

    number: str
    title: str
    after: tuple[Wait, ...] = ()


Told = Step | HubAway | HubBack
