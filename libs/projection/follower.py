"""A follower reads another service's log: the stream while it fits, a refill from the source when it does not.

One rule: an event is applied if its position is the checkpoint's + 1 **and** it names the checkpoint's event
as the one before it. Anything else ends the batch there: what fitted is applied, then the source is asked.
A wiped stream, a trimmed one, a new follower and a rebuild are all the same refill.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import asyncpg
import nats.errors
import nats.js.errors
from nats.aio.client import Client

from libs.eventlog import LogUnavailable
from libs.eventlog.postgres import LOST
from libs.eventlog.stored import START, Checkpoint
from libs.messaging import wire
from libs.messaging.errors import RequestFailed
from libs.messaging.pull import LINGER_S, PullBroken, batches
from libs.messaging.refill import Message, ask_refill
from libs.messaging.subjects import stream_name
from libs.messaging.trace import span

MARGIN = timedelta(minutes=1)
"""What the refill could not tell was committed after it was asked. The stream is read from a little before that, for
clocks differ; never from its beginning, where everything ever said may still lie. Repeats are skipped."""
FAILED_REFILLS = 5
LOOK_AGAIN_S = 30.0
"""A stopped follower looks again whether a new program or a rebuild has cured it."""
TRANSIENT = (
    *LOST,
    LogUnavailable,
    RequestFailed,
    PullBroken,
    nats.errors.Error,
    nats.js.errors.Error,
    TimeoutError,
)

log = logging.getLogger("spojka.follower")


class Status(StrEnum):
    """Where a follower is. Drawn in the README of this library."""

    BOOTING = "booting"
    ACTIVE = "active"
    ERROR = "error"
    REBUILDING = "rebuilding"
    PAUSED = "paused"


class Applies(Protocol):
    """Does something with events that follow each other without a gap, and moves the checkpoint with it."""

    async def __call__(self, messages: Sequence[Message], old: Checkpoint, new: Checkpoint) -> None: ...


class CheckpointMoved(RuntimeError):
    """Somebody else moved the checkpoint: another replica leads. Start again from what it says."""


@dataclass
class Follower:
    """Follows one source under one name.

    apply       called with gapless messages; must move the checkpoint in its own transaction
    start_over  called when the source tells another history (it was restored): build anew
    linger_s    how long a lone event waits for others to share its transaction
    """

    name: str
    source: str
    pool: "asyncpg.Pool[Any]"
    nc: Client
    apply: Applies
    start_over: Callable[[], Awaitable[None]]
    linger_s: float = LINGER_S
    status: Status = Status.BOOTING
    error: str = ""
    at: Checkpoint = START

    async def run(self) -> None:
        """Until cancelled. A handler that fails stops this follower with status `error`; nothing is ever skipped."""
        failures = 0
        while True:
            try:
                await self._load()
                if self.status is Status.PAUSED:
                    await asyncio.sleep(2)
                    continue
                asked = datetime.now(UTC)
                await self._refill()
                self.error, failures = "", 0
                await self._say(Status.ACTIVE)
                since = asked - MARGIN
                async for batch in batches(self.nc, stream_name(self.source), since, linger_s=self.linger_s):
                    messages = [Message(message.headers or {}, message.data) for message in batch]
                    if not messages or not await self._apply_fitting(messages):
                        await self._refill()
            except asyncio.CancelledError:
                raise
            except (*TRANSIENT, CheckpointMoved) as error:
                failures += 1
                if failures == FAILED_REFILLS:
                    await self._stop(error)
                await asyncio.sleep(min(0.2 * 2 ** min(failures, 5), 5))
            except Exception as error:
                await self._stop(error)
                await asyncio.sleep(LOOK_AGAIN_S)

    async def _stop(self, error: Exception) -> None:
        """The alarm: status `error`, the kind of failure and the position; never the content."""
        self.error = f"{type(error).__name__} after position {self.at.position}"
        log.error("follower stopped", extra={"follower": self.name, "error": self.error}, exc_info=_bare(error))
        with suppress(*LOST):
            await self._say(Status.ERROR)

    async def _apply_fitting(self, messages: Sequence[Message]) -> bool:
        """Apply what follows the checkpoint without a gap. False: something did not fit."""
        fits = wire.fitting((message.headers for message in messages), self.at)
        if fits:
            at = wire.place(messages[fits - 1].headers)
            with span(f"follow {self.name}", messages[fits - 1].headers):
                await self.apply(messages[:fits], self.at, at)
            self.at = at
        ahead = messages[fits:]
        return all(wire.place(message.headers).position <= self.at.position for message in ahead)

    async def _refill(self) -> None:
        while True:
            page = await ask_refill(self.nc, self.source, self.at)
            if page is None:
                log.warning("source tells another history", extra={"follower": self.name, "source": self.source})
                await self.start_over()
                await self._load()
            elif not page:
                return
            elif not await self._apply_fitting(page):
                raise RuntimeError("the refill itself has a gap")

    async def _load(self) -> None:
        row = await self.pool.fetchrow(
            "insert into checkpoint (follower, source, position, status) values ($1, $2, 0, 'booting')"
            " on conflict (follower) do update set source = excluded.source returning position, event_id, status",
            self.name, self.source,
        )  # fmt: skip
        assert row is not None
        self.at = Checkpoint(row["position"], row["event_id"])
        self.status = Status.PAUSED if row["status"] == Status.PAUSED else Status.BOOTING

    async def _say(self, status: Status) -> None:
        self.status = status
        await self.pool.execute(
            "update checkpoint set status = $2, error = $3 where follower = $1",
            self.name,
            status,
            self.error or None,
        )


async def move_checkpoint(db: Any, follower: str, old: Checkpoint, new: Checkpoint) -> None:
    """Compare and set. Raises CheckpointMoved.

    db: a connection in the transaction that writes what was applied; the pool, where that is written already.
    """
    done = await db.execute(
        "update checkpoint set position = $2, event_id = $3, moved_at = clock_timestamp()"
        " where follower = $1 and position = $4 and event_id is not distinct from $5",
        follower, new.position, new.event_id, old.position, old.event_id,
    )  # fmt: skip
    if done != "UPDATE 1":
        raise CheckpointMoved(follower)


def _bare(error: Exception) -> tuple[type[BaseException], BaseException, Any]:
    """The traceback under the error's kind alone: a message may hold content."""
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__


__all__ = ["Applies", "CheckpointMoved", "Follower", "Status", "move_checkpoint"]
