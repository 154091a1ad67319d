"""A service at work: its connections, its log, its corridor, and the tasks only one replica runs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from libs.eventlog import Command, Event
from libs.eventlog.events import Recorded
from libs.eventlog.handle import Corridor
from libs.eventlog.postgres import LOST, PostgresLog
from libs.messaging.connection import Connection
from libs.messaging.relay import Relay
from libs.messaging.trace import span
from libs.privacy import NodeKey, SubjectKeys
from libs.projection.follower import Follower
from libs.projection.streamed import Streamed
from libs.service.declaration import Forgets, Reaction, Service
from libs.service.ending import end
from libs.service.reactions import Reactions
from libs.service.requests import Requests

log = logging.getLogger("spojka.service")


@dataclass
class Running:
    """Everything `app.py` declared, alive."""

    service: Service
    pool: "asyncpg.Pool[Any]"
    nc: Connection
    log: PostgresLog
    corridor: Corridor
    keys: SubjectKeys
    node_key: NodeKey
    relay: Relay
    followers: list[Follower] = field(default_factory=list[Follower])
    watched: list[str] = field(default_factory=list[str])
    """Followers the service runs itself, beside `followers`; shown in its state."""
    notes: list[Callable[[], Awaitable[list[str]]]] = field(default_factory=list[Callable[[], Awaitable[list[str]]]])
    """Asked for sentences about what waits or was put aside, beside positions and statuses. For the administrator."""
    leads: bool = False
    requests: Requests = field(default_factory=Requests)

    @property
    def source(self) -> str:
        """`ce-source` of this service's events."""
        return f"spojka:{self.service.settings.organisation.code}/{self.service.name}"

    async def state(self) -> dict[str, Any]:
        """Health as data: positions, statuses, troubles. No content."""
        head = await self.log.head()
        waiting = await self.pool.fetchval("select count(*) from dead_letter where replayed_at is null")
        rows = await self.pool.fetch(
            "select follower, source, position, status, error from checkpoint where follower = any($1) order by 1",
            [*(follower.name for follower in self.followers), *self.watched],
        )
        return {
            "service": self.service.name,
            "head": head.position,
            "leads": self.leads,
            "log_trouble": self.log.trouble,
            "relayed": self.relay.at.position,
            "relay_trouble": self.relay.trouble,
            "dead_letters": waiting,
            "notes": [sentence for note in self.notes for sentence in await note()],
            "followers": [dict(row) for row in rows],
        }

    async def act(self, reaction: Reaction | Forgets, recorded: Recorded[Event]) -> None:
        """Carry out one reaction to one event."""
        if isinstance(reaction, Forgets):
            await self.keys.forget(reaction.whom(recorded.event))
            return
        wished = reaction.react(recorded)
        for command in wished if isinstance(wished, tuple) else (wished,):
            if command is not None:
                await self._carry_out(reaction, command, recorded)

    async def _carry_out(self, reaction: Reaction, command: Command, recorded: Recorded[Event]) -> None:
        commands = self.service.published.commands
        aggregate = next(name for name, classes in commands.items() if type(command) in classes)
        caused = command.model_copy(update={"correlation_id": recorded.correlation_id, "causation_id": recorded.id})
        with span(f"react {reaction.name}"):
            await self.corridor.handle(aggregate, caused)

    def make_followers(self) -> None:
        """One follower per streamed projection, one per source of reactions."""
        for source, projections in self.service.follows.items():
            for projection in projections:
                streamed = Streamed(projection, self.service.sql, self.pool)
                self._follow(projection.name, source, streamed, streamed.start_over)
        by_source: dict[str, list[Reaction | Forgets]] = {}
        for reaction in self.service.reactions:
            by_source.setdefault(reaction.source, []).append(reaction)
        for source, reactions in by_source.items():
            name = f"reactions_to_{source}"
            applied = Reactions(name, source, reactions, self.act, self.pool)
            self._follow(name, source, applied, applied.start_over)

    def _follow(self, name: str, source: str, apply: Any, start_over: Callable[[], Awaitable[None]]) -> None:
        self.followers.append(Follower(name, source, self.pool, self.nc, apply, start_over))

    async def lead(self, connect: Callable[[], Awaitable["asyncpg.Connection[Any]"]]) -> None:
        """Run relay, followers and the service's own long work while this replica holds the advisory lock."""
        while True:
            db = None
            try:
                db = await connect()
                await db.execute("select pg_advisory_lock(hashtext('leader'))")
                self.leads = True
                await self._until_lost(db)
            except LOST:
                await asyncio.sleep(0.5)
            except Exception as error:  # its own work died: said aloud, and begun again
                log.error("leading failed", extra={"service": self.service.name, "error": type(error).__name__})
                await asyncio.sleep(2)
            finally:
                self.leads = False
                if db is not None:
                    with suppress(*LOST, TimeoutError):
                        await asyncio.shield(db.close(timeout=1))

    async def _until_lost(self, db: "asyncpg.Connection[Any]") -> None:
        work = [self.relay.run(), *(follower.run() for follower in self.followers)]
        tasks = [asyncio.create_task(one) for one in work]
        tasks += [asyncio.create_task(extra(self)) for extra in self.service.extra]
        try:
            while True:
                await asyncio.sleep(2)
                await db.execute("select 1")  # the lock lives as long as its connection
                for task in tasks:
                    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
                        raise error
        finally:
            await end(tasks)
