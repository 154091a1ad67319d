"""Reactions at work: in log order, with back-off, dead letters, and ids that make a repeat harmless.

They follow the source's log like a projection (docs/adr/0005): a checkpoint in PostgreSQL and a refill, so a
wiped stream loses none. A reaction that keeps failing leaves a dead letter without content and the others
go on; `replay` reads the event from its source again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from libs.eventlog import Broken, CommandFailed, Event, LogUnavailable, RegistryError, VersionConflict
from libs.eventlog.events import REGISTRY, Recorded
from libs.eventlog.postgres import LOST
from libs.eventlog.stored import Checkpoint
from libs.messaging import wire
from libs.messaging.refill import Message
from libs.projection.follower import move_checkpoint
from libs.service.declaration import Forgets, Reaction

BACKOFF_S = (0.1, 0.5, 2.0)
Act = Callable[[Reaction | Forgets, Recorded[Event]], Awaitable[None]]

log = logging.getLogger("spojka.reactions")


class Reactions:
    """The reactions of one service to one source.

    act   carries out a reaction's command, or the forgetting
    """

    def __init__(
        self,
        name: str,
        source: str,
        reactions: Sequence[Reaction | Forgets],
        act: Act,
        pool: "asyncpg.Pool[Any]",
    ) -> None:
        self.name, self._source, self._act, self._pool = name, source, act, pool
        self._by_type: dict[str, list[Reaction | Forgets]] = {}
        for reaction in reactions:
            self._by_type.setdefault(reaction.event.stored_type, []).append(reaction)

    async def __call__(self, messages: Sequence[Message], old: Checkpoint, new: Checkpoint) -> None:
        for message in messages:
            for reaction in self._wanted(message):
                await self._try(reaction, wire.read(message.headers, message.data))
        await move_checkpoint(self._pool, self.name, old, new)

    async def start_over(self) -> None:
        """From the beginning of the new history; ids make repeats harmless."""
        await self._pool.execute("update checkpoint set position = 0, event_id = null where follower = $1", self.name)

    def _wanted(self, message: Message) -> list[Reaction | Forgets]:
        stored_type = message.headers["ce-type"]
        if stored_type not in REGISTRY.classes:
            raise RegistryError(f"no class is registered for the stored type {stored_type}")
        return self._by_type.get(stored_type, [])

    async def _try(self, reaction: Reaction | Forgets, recorded: Recorded[Event]) -> None:
        for attempt, pause_s in enumerate((*BACKOFF_S, 0.0), 1):
            try:
                await self._act(reaction, recorded)
                return
            except (LogUnavailable, *LOST):
                raise  # the follower waits and comes again: nothing is lost
            except Exception as error:
                code = error.code if isinstance(error, CommandFailed) else type(error).__name__
                final = isinstance(error, CommandFailed) and not isinstance(error, VersionConflict | Broken)
                if pause_s and not final:
                    await asyncio.sleep(pause_s)
                    continue
                await self._bury(reaction, recorded, code, attempt)
                return

    async def _bury(self, reaction: Reaction | Forgets, recorded: Recorded[Event], code: str, attempts: int) -> None:
        name = reaction.name
        log.error(
            "dead letter",
            extra={"reaction": name, "source": self._source, "position": recorded.position, "code": code},
        )
        await self._pool.execute(
            "insert into dead_letter (reaction, source, position, event_id, code, attempts)"
            " values ($1, $2, $3, $4, $5, $6) on conflict (reaction, event_id) do update"
            " set code = excluded.code, attempts = dead_letter.attempts + excluded.attempts,"
            " failed_at = clock_timestamp()",
            name, self._source, recorded.position, recorded.id, code, attempts,
        )  # fmt: skip
