"""The log in PostgreSQL: group commit. See docs/adr/0003 for what was measured against what.

All commands that wait at the same moment share one transaction and one fsync. A stale one fails alone; a
batch that breaks for another reason is tried again one by one, so that only the culprit fails.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.eventlog.errors import Broken, CommandFailed, LogUnavailable, VersionConflict
from libs.eventlog.events import Event, Recorded
from libs.eventlog.log import Append, Appended
from libs.eventlog.sql import named_queries
from libs.eventlog.stored import START, Checkpoint, Stored, chain, write_actor

SQL = named_queries(Path(__file__).with_name("queries.sql"))
MIGRATIONS = Path(__file__).with_name("migrations")
LARGEST_BATCH = 500
PATIENCE_S = 10.0
"""How long the writer waits for a statement before its commands are told that the store is away."""
REMEMBERED_VERSIONS = 20_000
WRITER_SETTINGS = {"plan_cache_mode": "force_generic_plan", "jit": "off"}
"""The same few statements for ever: planning each batch anew took a fifth of an append."""

Inline = Callable[[Any, Sequence[Recorded[Event]]], Awaitable[None]]
Connect = Callable[[], Awaitable["asyncpg.Connection[Any]"]]
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
NO_ROOM = "The store has no room left. Nothing was recorded. Keep your text; tell your administrator to free space."

log = logging.getLogger("spojka.eventlog")


@dataclass(slots=True)
class _Waiting:
    append: Append
    answer: "asyncio.Future[Appended]"


@dataclass(slots=True)
class _Batch:
    """What one transaction writes, and what it answers."""

    position: int
    hash: bytes
    rows: list[Stored] = field(default_factory=list[Stored])
    recorded: list[Recorded[Event]] = field(default_factory=list[Recorded[Event]])
    answers: list[tuple[_Waiting, Appended | VersionConflict]] = field(
        default_factory=list[tuple[_Waiting, Appended | VersionConflict]]
    )


@dataclass(slots=True)
class _Begun:
    """What the log says once it is locked."""

    position: int
    hash: bytes
    versions: dict[str, int]
    known: dict[UUID, Appended]


class PostgresLog:
    """One service's log. `start()` before use, `close()` after.

    connect   makes a connection of its own for the writer; reads share `pool`
    inline    writes the service's own read model in the appending transaction
    wake      called after every commit, to rouse the relay
    """

    def __init__(
        self,
        pool: "asyncpg.Pool[Any]",
        connect: Connect,
        inline: Inline | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._pool, self._connect, self._inline, self._wake = pool, connect, inline, wake
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._db: asyncpg.Connection[Any] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._left: int | None = None
        self._versions: dict[str, int] = {}

    async def start(self) -> None:
        self._writer = asyncio.create_task(self._write_forever(), name="log-writer")

    async def close(self) -> None:
        """Finishes what waits, then stops."""
        while not self._queue.empty() and self._writer is not None and not self._writer.done():
            await asyncio.sleep(0.01)
        if self._writer is not None:
            self._writer.cancel()
            with suppress(asyncio.CancelledError):
                await self._writer
        if self._db is not None:
            with suppress(*LOST):
                await self._db.close(timeout=2)

    async def append(self, append: Append) -> Appended:
        if self._writer is None or self._writer.done():
            raise LogUnavailable
        answer: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Waiting(append, answer))
        return await answer

    async def answered(self, command_id: Any) -> Appended | None:
        rows = await self._read("known_commands", [command_id])
        return _first_answer(rows[0]) if rows else None

    async def load(self, stream: str) -> list[Recorded[Event]]:
        return [as_stored(row).recorded() for row in await self._read("load_stream", stream)]

    async def page(self, after: Checkpoint, limit: int) -> list[Stored] | None:
        rows = [as_stored(row) for row in await self._read("page", after.position, limit + 1)]
        if after == START:
            return rows[:limit]
        if not rows or rows[0].position != after.position or after.event_id not in (None, rows[0].event_id):
            return None
        return rows[1:]

    async def find(self, place: Checkpoint) -> Stored | None:
        rows = [as_stored(row) for row in await self._read("page", place.position, 1)]
        return rows[0] if rows and rows[0].checkpoint == place else None

    async def head(self) -> Checkpoint:
        row = (await self._read("head"))[0]
        return Checkpoint(row["position"], row["event_id"])

    async def _read(self, query: str, *parameters: Any) -> list[Any]:
        try:
            return await self._pool.fetch(SQL[query], *parameters)
        except LOST as error:
            raise LogUnavailable from error

    async def _write_forever(self) -> None:
        while True:
            together = [await self._queue.get()]
            while not self._queue.empty() and len(together) < LARGEST_BATCH:
                together.append(self._queue.get_nowait())
            together = [one for one in together if not one.answer.done()]  # whoever asked has left
            if together:
                await self._write_or_split(together)

    async def _write_or_split(self, together: list[_Waiting], *, sure: bool = False) -> None:
        try:
            await self._write(together, sure=sure)
        except asyncio.CancelledError:
            for one in together:
                _fail(one, LogUnavailable())
            raise
        except LOST:
            for one in together:  # perhaps stored: the same command id, sent again, tells
                _fail(one, LogUnavailable())
            await self._reconnect()
        except Exception as error:
            self._left = None
            if not sure and isinstance(error, asyncpg.UniqueViolationError):
                await self._write_or_split(together, sure=True)  # a command came again, or a replica was faster
            elif len(together) > 1:
                for one in together:
                    await self._write_or_split([one], sure=True)
            else:
                kind, aggregate = type(error).__name__, together[0].append.stream.split("-")[0]
                log.error("append failed", extra={"error": kind, "stream": aggregate})
                _fail(together[0], _told(error))

    async def _write(self, together: list[_Waiting], *, sure: bool) -> None:
        db = await self._connection()
        async with db.transaction():
            begun = await self._begin_sure(db, together) if sure else await self._begin(db, together)
            batch = _plan(together, begun, datetime.now(UTC))
            await self._answer_repeats(db, batch)
            new = [(w, a) for w, a in batch.answers if isinstance(a, Appended) and not a.repeated]
            if new:
                await db.execute(
                    SQL["write_batch"],
                    *_columns(batch.rows),
                    [waiting.append.command_id for waiting, _ in new],
                    [answer.stream for _, answer in new],
                    [answer.version for _, answer in new],
                    [answer.position for _, answer in new],
                    batch.position,
                    batch.hash,
                )
            if batch.recorded and self._inline is not None:
                await self._inline(db, batch.recorded)
        self._left, self._versions = batch.position, begun.versions
        if batch.rows:
            self._wake()
        for waiting, answer in batch.answers:
            if isinstance(answer, VersionConflict):
                _fail(waiting, answer)
            elif not waiting.answer.done():
                waiting.answer.set_result(answer)

    async def _begin(self, db: "asyncpg.Connection[Any]", together: list[_Waiting]) -> "_Begun":
        """Lock the log. If nobody wrote since we did, the versions we remember still hold.

        Commands that come again are not looked up here: their ids are unique in the table, and a batch that breaks
        on one is written again with the sure look.
        """
        row = await db.fetchrow(SQL["lock_log"])
        assert row is not None, "the log has lost its only row"
        if row["position"] != self._left:
            return await self._begin_sure(db, together)
        versions = self._versions if len(self._versions) < REMEMBERED_VERSIONS else {}
        unknown = list({one.append.stream for one in together} - versions.keys())
        if unknown:
            found = await db.fetch(SQL["stream_versions"], unknown)
            versions |= {one["stream"]: one["version"] for one in found}
        return _Begun(row["position"], row["hash"], versions, {})  # a batch that breaks makes us forget them

    async def _begin_sure(self, db: "asyncpg.Connection[Any]", together: list[_Waiting]) -> "_Begun":
        streams = list({one.append.stream for one in together})
        ids = [one.append.command_id for one in together]
        while True:
            row = await db.fetchrow(SQL["begin_batch"], streams, ids)
            assert row is not None, "the log has lost its only row"
            if row["seen"] == row["position"]:
                versions = dict(zip(streams, row["versions"], strict=True))
                known = {one[0]: Appended(one[1], one[2], one[3], repeated=True) for one in row["known"]}
                return _Begun(row["position"], row["hash"], versions, known)

    async def _answer_repeats(self, db: "asyncpg.Connection[Any]", batch: "_Batch") -> None:
        """A stale command may be one that was answered long ago: then that answer counts."""
        stale = [waiting.append.command_id for waiting, answer in batch.answers if isinstance(answer, VersionConflict)]
        if not stale:
            return
        first = {row["command_id"]: _first_answer(row) for row in await db.fetch(SQL["known_commands"], stale)}
        batch.answers = [(w, first.get(w.append.command_id, answer)) for w, answer in batch.answers]

    async def _connection(self) -> "asyncpg.Connection[Any]":
        if self._db is None or self._db.is_closed():
            self._db = await self._connect()
        return self._db

    async def _reconnect(self) -> None:
        if self._db is not None:
            self._db.terminate()
        self._db, self._left = None, None
        await asyncio.sleep(0.2)


def as_stored(row: Any) -> Stored:
    """A row of the table `event`."""
    return Stored(
        position=row["position"],
        event_id=row["event_id"],
        stream=row["stream"],
        version=row["version"],
        type=row["type"],
        schema_version=row["schema_version"],
        command_id=row["command_id"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
        actor=row["actor"],
        audience=tuple(row["audience"]),
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        trace=row["trace"],
        data=row["data"],
        hash=row["hash"],
    )


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


def _plan(together: list[_Waiting], begun: _Begun, now: datetime) -> _Batch:
    """Which appends fit, and the rows they become. A stale or repeated one has its answer already."""
    batch = _Batch(begun.position, begun.hash)
    for waiting in together:
        append = waiting.append
        if (first := begun.known.get(append.command_id)) is not None:
            batch.answers.append((waiting, first))
            continue
        if begun.versions[append.stream] != append.expected:
            batch.answers.append((waiting, VersionConflict(append.stream)))
            continue
        rows = stored_events(append, batch.position, batch.hash, now)
        for stored, event in rows:
            batch.rows.append(stored)
            batch.recorded.append(stored.recorded_as(event, append.actor))
        if rows:
            batch.position, batch.hash = rows[-1][0].position, rows[-1][0].hash
        begun.versions[append.stream] += len(rows)
        answer = Appended(append.stream, begun.versions[append.stream], batch.position if rows else 0)
        begun.known[append.command_id] = replace(answer, repeated=True)
        batch.answers.append((waiting, answer))
    return batch


def _columns(rows: list[Stored]) -> list[list[Any]]:
    return [
        [row.position for row in rows],
        [row.event_id for row in rows],
        [row.stream for row in rows],
        [row.version for row in rows],
        [row.type for row in rows],
        [row.schema_version for row in rows],
        [row.command_id for row in rows],
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


def _first_answer(row: Any) -> Appended:
    return Appended(row["stream"], row["version"], row["position"], repeated=True)


def _fail(waiting: _Waiting, error: CommandFailed) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)


def _told(error: Exception) -> CommandFailed:
    if isinstance(error, CommandFailed):
        return error
    if isinstance(error, asyncpg.DiskFullError | asyncpg.OutOfMemoryError):
        return Broken("no_room", NO_ROOM)
    if isinstance(error, asyncpg.UniqueViolationError):
        return VersionConflict("")  # another replica wrote between our look and our insert
    if isinstance(error, LOST):
        return LogUnavailable()
    return Broken()


__all__ = ["LOST", "MIGRATIONS", "PostgresLog", "as_stored", "stored_events"]
