"""An event as it lies in the log, and the hash that chains it to the one before.

The chain runs over the whole log of a service, not per stream: positions are gapless and written under
one lock, so one chain also shows a removed or reordered stream (docs/adr/0004).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from libs.eventlog.events import REGISTRY, Actor, Event, Recorded


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place in a log: a position and the event that stands there. `START`: before the first."""

    position: int
    event_id: UUID | None


START = Checkpoint(0, None)


@dataclass(slots=True)
class Stored:
    """One row of the log. `data` and `actor` are JSON text; `hash` covers all but `trace`.

    Not frozen: setting sixteen frozen fields took a tenth of an append.
    """

    position: int
    event_id: UUID
    stream: str
    version: int
    type: str
    schema_version: int
    command_id: UUID
    correlation_id: UUID | None
    causation_id: UUID | None
    actor: str
    audience: tuple[str, ...]
    occurred_at: datetime
    recorded_at: datetime
    trace: str | None
    data: str
    hash: bytes = b""

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(self.position, self.event_id)

    def chained(self, previous: bytes) -> bytes:
        """SHA-256 of the previous hash and everything this event says."""
        return chain(
            previous,
            orjson.dumps(orjson.loads(self.data), option=orjson.OPT_SORT_KEYS),
            (self.position, self.stream, self.version, self.type, self.schema_version, self.actor, self.audience),
            (self.event_id, self.command_id, self.correlation_id, self.causation_id),
            (self.occurred_at, self.recorded_at),
        )

    def recorded(self) -> Recorded[Any]:
        """The event itself, lifted to today's version. Raises RegistryError for a type nobody knows."""
        event = REGISTRY.load(self.type, self.schema_version, orjson.loads(self.data))
        return self.recorded_as(event, read_actor(self.actor))

    def recorded_as(self, event: Event, actor: Actor) -> Recorded[Any]:
        return Recorded(
            event=event,
            id=self.event_id,
            position=self.position,
            stream=self.stream,
            version=self.version,
            command_id=self.command_id,
            actor=actor,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            audience=self.audience,
        )


def chain(
    previous: bytes,
    content: bytes,
    place: tuple[Any, ...],
    ids: tuple[UUID | None, ...],
    times: tuple[datetime, ...],
) -> bytes:
    """The hash of one event. `content` is canonical JSON: sorted keys, so that jsonb gives the same bytes back."""
    said = [*place, *[one.hex if one else "" for one in ids]]
    for one in times:
        said.append((one if one.tzinfo is UTC else one.astimezone(UTC)).isoformat())
    return hashlib.sha256(previous + orjson.dumps(said) + content).digest()


def write_actor(actor: Actor) -> str:
    """Canonical JSON: the same actor always gives the same text."""
    return _written(actor.user, actor.organisation, actor.roles, actor.team)


@lru_cache(maxsize=1_000)
def _written(user: UUID, organisation: UUID, roles: frozenset[str], team: str | None) -> str:
    content = {"user": str(user), "organisation": str(organisation), "roles": sorted(roles), "team": team}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


@lru_cache(maxsize=1_000)
def read_actor(text: str) -> Actor:
    """Few people write many events: reading each anew took a third of a rebuild."""
    content = orjson.loads(text)
    return Actor.model_construct(
        user=UUID(content["user"]),
        organisation=UUID(content["organisation"]),
        roles=frozenset(content["roles"]),
        team=content["team"],
    )
