"""Projections at work: inline in the appending transaction, or streamed with their checkpoint."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import asyncpg

from libs.eventlog import Event, RegistryError
from libs.eventlog.events import REGISTRY
from libs.eventlog.stored import Checkpoint
from libs.messaging import wire
from libs.messaging.refill import Message
from libs.projection.fold import columns
from libs.projection.follower import move_checkpoint
from libs.projection.projection import Projection


def inline(
    projections: Sequence[Projection], sql: Mapping[str, str]
) -> Callable[[Any, Sequence[tuple[Event, int]]], Awaitable[None]]:
    """What PostgresLog calls in its transaction: every own read model moves with the events."""
    readers = [(projection, projection.reads) for projection in projections]

    async def write(db: Any, events: Sequence[tuple[Event, int]]) -> None:
        for projection, reads in readers:
            mine = [one for one in events if type(one[0]) in reads]
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
            found.append((wire.event(message.headers, message.data), int(message.headers["position"])))
        elif stored_type not in REGISTRY.classes:
            raise RegistryError(f"no class is registered for the stored type {stored_type}")
    return found


class Streamed:
    """Applies a follower's messages to one projection: rows and checkpoint in one transaction."""

    def __init__(self, projection: Projection, sql: Mapping[str, str], pool: "asyncpg.Pool[Any]") -> None:
        self.projection, self._sql, self._pool = projection, sql, pool

    async def __call__(self, messages: Sequence[Message], old: Checkpoint, new: Checkpoint) -> None:
        arrays = columns(self.projection, read_for(self.projection, messages))
        if arrays is None:
            await move_checkpoint(self._pool, self.projection.name, old, new)
            return
        async with self._pool.acquire() as db, db.transaction():
            await move_checkpoint(db, self.projection.name, old, new)  # first: a rebuild locks in this order, too
            await db.execute(self._sql[self.projection.into], *arrays)

    async def start_over(self) -> None:
        """Empty the tables and go back to the start, in one transaction."""
        async with self._pool.acquire() as db, db.transaction():
            for table in self.projection.tables:
                await db.execute(f"truncate {table}")
            await db.execute(
                "update checkpoint set position = 0, event_id = null, status = 'rebuilding' where follower = $1",
                self.projection.name,
            )
