"""Rebuild beside: a read model built anew from the first event, in a schema of its own, while the old one serves.

The named queries stay as they are: their table names resolve through the search path. At the end the writer is
held for a moment, the tail is folded in, and the tables change places in one transaction.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from libs.eventlog import Event
from libs.eventlog.events import REGISTRY
from libs.eventlog.log import EventLog
from libs.eventlog.stored import START, Checkpoint
from libs.messaging import wire
from libs.messaging.refill import Message
from libs.projection.fold import columns
from libs.projection.projection import Projection

PAGE = 1_000
Page = Sequence[tuple[Event | None, Checkpoint]]
Pages = Callable[[Checkpoint], Awaitable[Page]]
"""What follows a checkpoint, oldest first; an event the projection does not read is None. Empty: caught up."""
Progress = Callable[[int], None]
"""How far it has come, as a position in the source's log."""


@dataclass
class Beside:
    """A read model under construction in a schema of its own."""

    db: Any
    projection: Projection
    sql: Mapping[str, str]
    pages: Pages
    schema: str
    at: Checkpoint = START

    async def catch_up(self, progress: Progress = lambda position: None) -> None:
        """Fold in everything the source has by now."""
        while page := await self.pages(self.at):
            events = [(event, place.position) for event, place in page if event is not None]
            if (arrays := columns(self.projection, events)) is not None:
                await self.db.execute(f"set search_path = {self.schema}, public")
                await self.db.execute(self.sql[self.projection.into], *arrays)
            self.at = page[-1][1]
            progress(self.at.position)

    async def differences(self) -> int:
        """How many rows differ from the read model in use."""
        found = 0
        for table in self.projection.tables:
            for one, other in (("public", self.schema), (self.schema, "public")):
                query = f"select count(*) from (select * from {one}.{table} except select * from {other}.{table}) as d"
                found += await self.db.fetchval(query)
        return found

    async def switch(self) -> None:
        """Put the new tables in place; inside the caller's transaction."""
        for table in self.projection.tables:
            await self.db.execute(f"drop table public.{table}")
            await self.db.execute(f"alter table {self.schema}.{table} set schema public")


@asynccontextmanager
async def beside(db: Any, projection: Projection, sql: Mapping[str, str], pages: Pages) -> AsyncGenerator[Beside, None]:
    """Empty tables like the ones in use; whatever is left of them at the end is dropped."""
    schema = f"rebuild_{uuid4().hex[:8]}"
    await db.execute(f"create schema {schema}")
    try:
        for table in projection.tables:
            await db.execute(f"create table {schema}.{table} (like public.{table} including all)")
        yield Beside(db, projection, sql, pages, schema)
    finally:
        await db.execute("set search_path = public")
        await db.execute(f"drop schema {schema} cascade")


def own_pages(log: EventLog, projection: Projection) -> Pages:
    """Pages of the service's own log, for an inline projection."""
    reads = projection.reads

    async def pages(after: Checkpoint) -> Page:
        stored = await log.page(after, PAGE)
        return [
            (one.recorded().event if REGISTRY.newest(one.type) in reads else None, one.checkpoint)
            for one in stored or ()
        ]

    return pages


def refilled_pages(ask: Callable[[Checkpoint], Awaitable[list[Message] | None]], projection: Projection) -> Pages:
    """Pages asked of another service, for a streamed projection."""
    reads = projection.reads

    async def pages(after: Checkpoint) -> Page:
        found: list[tuple[Event | None, Checkpoint]] = []
        for message in await ask(after) or ():
            wanted = REGISTRY.newest(message.headers["ce-type"]) in reads
            event = wire.event(message.headers, message.data) if wanted else None
            found.append((event, wire.place(message.headers)))
        return found

    return pages
