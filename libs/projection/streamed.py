"""Projections at work: inline in the appending transaction, streamed with their checkpoint, rebuilt beside."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import asyncpg

from libs.eventlog import Event, RegistryError
from libs.eventlog.events import REGISTRY, Recorded
from libs.eventlog.log import EventLog
from libs.eventlog.stored import START, Checkpoint, Stored
from libs.messaging import wire
from libs.messaging.refill import Message
from libs.projection.fold import columns
from libs.projection.follower import move_checkpoint
from libs.projection.projection import Projection

PAGE = 1_000
Progress = Callable[[int, int], None]
"""(done, of) in events."""
Pages = Callable[[Checkpoint], Awaitable[Sequence[tuple[Event | None, Checkpoint]]]]


def inline(
    projections: Sequence[Projection], sql: Mapping[str, str]
) -> Callable[[Any, Sequence[Recorded[Event]]], Awaitable[None]]:
    """What PostgresLog calls in its transaction: every own read model moves with the events."""
    readers = [(projection, projection.reads) for projection in projections]

    async def write(db: Any, events: Sequence[Recorded[Event]]) -> None:
        for projection, reads in readers:
            mine = [(one.event, one.position) for one in events if type(one.event) in reads]
            if mine and (arrays := columns(projection, mine)) is not None:
                await db.execute(sql[projection.into], *arrays)

    return write


def read_for(projection: Projection, messages: Sequence[Message]) -> list[tuple[Event, int]]:
    """The events a projection reads. Raises RegistryError for a type nobody knows: it may matter."""
    reads = {cls.stored_type for cls in projection.reads}
    found: list[tuple[Event, int]] = []
    for message in messages:
        stored_type = message.headers["ce-type"]
        if stored_type in reads:
            found.append((wire.read(message.headers, message.data).event, int(message.headers["position"])))
        elif stored_type not in REGISTRY.classes:
            raise RegistryError(f"no class is registered for the stored type {stored_type}")
    return found


class Streamed:
    """Applies a follower's messages to one projection: rows and checkpoint in one transaction."""

    def __init__(self, projection: Projection, sql: Mapping[str, str], pool: "asyncpg.Pool[Any]") -> None:
        self.projection, self._sql, self._pool = projection, sql, pool

    async def __call__(self, messages: Sequence[Message], old: Checkpoint, new: Checkpoint) -> None:
        arrays = columns(self.projection, read_for(self.projection, messages))
        async with self._pool.acquire() as db, db.transaction():
            if arrays is not None:
                await db.execute(self._sql[self.projection.into], *arrays)
            await move_checkpoint(db, self.projection.name, old, new)

    async def start_over(self) -> None:
        """Empty the tables and go back to the start, in one transaction."""
        async with self._pool.acquire() as db, db.transaction():
            for table in self.projection.tables:
                await db.execute(f"truncate {table}")
            await db.execute(
                "update checkpoint set position = 0, event_id = null, status = 'rebuilding' where follower = $1",
                self.projection.name,
            )


async def rebuild_beside(
    db: Any, projection: Projection, sql: Mapping[str, str], pages: Pages, head: int, progress: Progress
) -> tuple[str, Checkpoint]:
    """Build the read model from the start in a schema of its own; `switch` then puts it in place.

    The named query itself is unchanged: its table names resolve through the search path.
    Returns the schema and how far it has come.
    """
    schema = f"rebuild_{uuid4().hex[:8]}"
    await db.execute(f"create schema {schema}")
    for table in projection.tables:
        await db.execute(f"create table {schema}.{table} (like public.{table} including all)")
    await db.execute(f"set search_path = {schema}, public")
    at = START
    try:
        while page := await pages(at):
            events = [(event, place.position) for event, place in page if event is not None]
            if (arrays := columns(projection, events)) is not None:
                await db.execute(sql[projection.into], *arrays)
            at = page[-1][1]
            progress(at.position, max(head, at.position))
    finally:
        await db.execute("set search_path = public")
    return schema, at


async def switch(db: Any, projection: Projection, schema: str) -> None:
    """Put the rebuilt tables in place of the old ones; inside the caller's transaction."""
    for table in projection.tables:
        await db.execute(f"drop table public.{table}")
        await db.execute(f"alter table {schema}.{table} set schema public")
    await db.execute(f"drop schema {schema}")


def own_pages(log: EventLog, projection: Projection) -> Pages:
    """Pages of the service's own log, for a rebuild of an inline projection."""

    async def pages(after: Checkpoint) -> list[tuple[Event | None, Checkpoint]]:
        stored = await log.page(after, PAGE)
        return [(_event(one, projection), one.checkpoint) for one in stored or ()]

    return pages


def _event(stored: Stored, projection: Projection) -> Event | None:
    if REGISTRY.newest(stored.type) not in projection.reads:
        return None
    return stored.recorded().event
