"""An event as it lies in the log, and the hash that chains it to the one before.

The chain runs over the whole log of a service, not per stream: positions are gapless and written under
one lock, so one chain also shows a removed or reordered stream (docs/adr/0004).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
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


@dataclass(frozen=True, slots=True)
class Stored:
    """One row of the log. `data` and `actor` are JSON text; `hash` covers all but `trace`."""

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
        content = (
            self.position,
            self.event_id.bytes.hex(),
            self.stream,
            self.version,
            self.type,
            self.schema_version,
            self.command_id.bytes.hex(),
            self.correlation_id.bytes.hex() if self.correlation_id else "",
            self.causation_id.bytes.hex() if self.causation_id else "",
            self.actor,
            self.audience,
            self.occurred_at.astimezone(UTC).isoformat(),
            self.recorded_at.astimezone(UTC).isoformat(),
            orjson.loads(self.data),
        )
        return hashlib.sha256(previous + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()

    def recorded(self) -> Recorded[Any]:
        """The event itself, lifted to today's version. Raises RegistryError for a type nobody knows."""
        return self.recorded_as(REGISTRY.load(self.type, self.schema_version, orjson.loads(self.data)))

    def recorded_as(self, event: Event) -> Recorded[Any]:
        return Recorded(
            event=event,
            id=self.event_id,
            position=self.position,
            stream=self.stream,
            version=self.version,
            command_id=self.command_id,
            actor=read_actor(self.actor),
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            correlation_id=self.correlation_id,
            causation_id=self.causation_id,
            audience=self.audience,
        )


def write_actor(actor: Actor) -> str:
    """Canonical JSON: the same actor always gives the same text."""
    content = {
        "user": str(actor.user),
        "organisation": str(actor.organisation),
        "roles": sorted(actor.roles),
        "team": actor.team,
    }
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def read_actor(text: str) -> Actor:
    content = orjson.loads(text)
    return Actor.model_construct(
        user=UUID(content["user"]),
        organisation=UUID(content["organisation"]),
        roles=frozenset(content["roles"]),
        team=content["team"],
    )
