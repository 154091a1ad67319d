"""What one transaction writes: commands that came at the same moment, planned as rows of the log. All pure."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from libs.eventlog.errors import VersionConflict
from libs.eventlog.events import Event
from libs.eventlog.log import Append, Appended
from libs.eventlog.stored import Stored, chain, write_actor


@dataclass(slots=True)
class Waiting:
    """A command and whoever waits for its answer."""

    append: Append
    answer: "asyncio.Future[Appended]"


@dataclass(slots=True)
class Head:
    """Where a log stands. versions: of the streams we know; known: first answers to commands that come again."""

    position: int
    hash: bytes
    versions: dict[str, int]
    known: dict[UUID, Appended] = field(default_factory=dict[UUID, Appended])


@dataclass(slots=True)
class Batch:
    """Commands that share a transaction. planned: their rows stand, on top of `base`."""

    planned: bool = True
    base: int = 0
    waiting: list[Waiting] = field(default_factory=list[Waiting])
    rows: list[Stored] = field(default_factory=list[Stored])
    events: list[tuple[Event, int]] = field(default_factory=list[tuple[Event, int]])
    of_command: list[int] = field(default_factory=list[int])
    answers: list[Appended | VersionConflict] = field(default_factory=list[Appended | VersionConflict])

    def add(self, waiting: Waiting, head: Head) -> None:
        """Plan one command that fits, and move the head."""
        append = waiting.append
        rows = stored_events(append, head.position, head.hash, datetime.now(UTC))
        self.waiting.append(waiting)
        for number, (stored, event) in enumerate(rows, 1):
            self.rows.append(stored)
            self.events.append((event, stored.position))
            self.of_command.append(number)
        if rows:
            head.position, head.hash = rows[-1][0].position, rows[-1][0].hash
        head.versions.pop(append.stream, None)  # the one used longest ago comes first
        version = head.versions[append.stream] = append.expected + len(rows)
        self.answers.append(Appended(append.stream, version, head.position if rows else 0))

    @property
    def unchanged(self) -> list[tuple[UUID, str, int]]:
        """Commands that leave no event: (id, stream, version) to be remembered."""
        return [
            (waiting.append.command_id, answer.stream, answer.version)
            for waiting, answer in zip(self.waiting, self.answers, strict=True)
            if isinstance(answer, Appended) and not answer.repeated and not answer.position
        ]

    def columns(self) -> list[list[Any]]:
        """The rows, column by column."""
        rows = self.rows
        return [
            [row.position for row in rows],
            [row.event_id for row in rows],
            [row.stream for row in rows],
            [row.version for row in rows],
            [row.type for row in rows],
            [row.schema_version for row in rows],
            [row.command_id for row in rows],
            self.of_command,
            [row.correlation_id for row in rows],
            [row.causation_id for row in rows],
            [row.actor for row in rows],
            [",".join(row.audience) for row in rows],
            [row.occurred_at for row in rows],
            [row.recorded_at for row in rows],
            [row.trace for row in rows],
            [row.data for row in rows],
            [row.hash for row in rows],
        ]


def surely(waiting: Sequence[Waiting], head: Head) -> Batch:
    """The batch on top of a head that knows every stream: stale and repeated commands get their answer."""
    batch = Batch(base=head.position)
    for one in waiting:
        append = one.append
        if (first := head.known.get(append.command_id)) is not None:
            batch.waiting.append(one)
            batch.answers.append(first)
        elif head.versions[append.stream] != append.expected:
            batch.waiting.append(one)
            batch.answers.append(VersionConflict(append.stream))
        else:
            batch.add(one, head)
            answer = batch.answers[-1]
            assert isinstance(answer, Appended)
            head.known[append.command_id] = replace(answer, repeated=True)
    return batch


def stored_events(append: Append, position: int, previous: bytes, now: datetime) -> list[tuple[Stored, Event]]:
    """The rows of one append, positions and hashes going on from the log's head."""
    found: list[tuple[Stored, Event]] = []
    actor = write_actor(append.actor)
    ids = (append.command_id, append.correlation_id, append.causation_id)
    times = (append.occurred_at, now)
    for number, new in enumerate(append.events, 1):
        content = orjson.dumps(new.event.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
        said = type(new.event)
        at, version = position + number, append.expected + number
        place = (at, append.stream, version, said.stored_type, said.schema_version, actor, new.audience)
        previous = chain(previous, content, place, (new.id, *ids), times)
        stored = Stored(
            position=at,
            event_id=new.id,
            stream=append.stream,
            version=version,
            type=said.stored_type,
            schema_version=said.schema_version,
            command_id=append.command_id,
            correlation_id=append.correlation_id,
            causation_id=append.causation_id,
            actor=actor,
            audience=new.audience,
            occurred_at=append.occurred_at,
            recorded_at=now,
            trace=append.trace,
            data=content.decode(),
            hash=previous,
        )
        found.append((stored, new.event))
    return found
