"""What a log promises, whoever keeps it: `PostgresLog` in a service, `MemoryLog` in a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from libs.eventlog.errors import ChainBroken
from libs.eventlog.events import Actor, Event, Recorded
from libs.eventlog.stored import Checkpoint, Stored


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event about to be appended: sealed, with its id."""

    id: UUID
    event: Event
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Append:
    """What one command wants to add to one stream.

    expected   version the stream must have; else VersionConflict, for this command alone
    events     may be empty: then only the command id is remembered
    """

    stream: str
    expected: int
    command_id: UUID
    actor: Actor
    occurred_at: datetime
    events: tuple[NewEvent, ...]
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Appended:
    """The answer to a command: where its stream stands now.

    position   of the command's last event in the service's log; 0 if it changed nothing
    repeated   the command id was known: this is its first answer, nothing was added
    """

    stream: str
    version: int
    position: int
    repeated: bool = False


LOADED_AT_ONCE = 1_000
"""Events of one stream in memory together: a correspondence of years has tens of thousands."""


class EventLog(Protocol):
    """Events of one service: gapless positions in commit order, each stream's versions 1, 2, 3 …"""

    async def append(self, append: Append) -> Appended:
        """Durable when it returns. Raises VersionConflict, or LogUnavailable (perhaps stored)."""
        ...

    async def answered(self, command_id: UUID) -> Appended | None:
        """The first answer to a command id, if it was ever handled."""
        ...

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        """The events of a stream after a version, oldest first, LOADED_AT_ONCE at most; [] where there are none."""
        ...

    async def page(self, after: Checkpoint, limit: int) -> list[Stored] | None:
        """Up to `limit` events after a checkpoint; None: this log has no such event at that position.

        A checkpoint without an event id asks for the position alone, whatever stands there.
        """
        ...

    async def find(self, place: Checkpoint) -> Stored | None:
        """The event at a place, if this log has it there."""
        ...

    async def head(self) -> Checkpoint:
        """The last event."""
        ...


def verify(events: Sequence[Stored], previous: bytes) -> bytes:
    """The hash after these events. Raises ChainBroken at the first that does not fit."""
    for stored in events:
        expected = stored.chained(previous)
        if stored.hash != expected:
            raise ChainBroken(f"the event at position {stored.position} was changed after it was recorded")
        previous = expected
    return previous
