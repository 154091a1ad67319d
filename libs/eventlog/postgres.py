"""The log in PostgreSQL: group commit. See docs/adr/0003 for what was measured against what.

Commands that wait at the same moment share a transaction and its fsync (batch.py). A stale one fails alone; a batch
that breaks for another reason is tried again one by one, so that only the culprit fails.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from libs.eventlog.batch import Batch, Head, Waiting, surely
from libs.eventlog.errors import Broken, CommandFailed, LogUnavailable, VersionConflict
from libs.eventlog.events import Event, Recorded
from libs.eventlog.log import LOADED_AT_ONCE, Append, Appended
from libs.eventlog.sql import named_queries
from libs.eventlog.stored import START, Checkpoint, Stored

SQL = named_queries(Path(__file__).with_name("queries.sql"))
BEGIN = f"begin;\n{SQL['lock_log']}"
MIGRATIONS = Path(__file__).with_name("migrations")
LARGEST_BATCH = 500
PATIENCE_S = 10.0
"""How long the writer waits for a statement before its commands are told that the store is away."""
REMEMBERED_VERSIONS = 20_000
TRY_AGAIN_S = 2.0
"""In trouble, the log looks so often for itself whether it could write."""
SMALLEST_SHARE = 32
"""Fewer commands than this are not worth two transactions."""
WRITER_SETTINGS = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "jit": "off"}
"""The same few statements for ever, all by an index: planning each batch anew took a fifth of an append, and a plan
made while the tables were empty reads them whole later."""

Inline = Callable[[Any, Sequence[tuple[Event, int]]], Awaitable[None]]
"""(connection, (event, position) in order): in the appending transaction."""
Connect = Callable[[], Awaitable["asyncpg.Connection[Any]"]]
LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a server died between its last word and the end of the connection
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
FULL = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError)
NO_ROOM = "The store has no room left. Nothing was recorded. Keep your text; tell your administrator to free space."

log = logging.getLogger("spojka.eventlog")


class _Moved(Exception):
    """The log does not stand where the batch was planned: another process wrote."""


class PostgresLog:
    """One service's log. `start()` before use, `close()` after.

    connect   makes a connection of its own for the writer; reads share `pool`
    inline    writes the service's own read model in the appending transaction
    wake      called after every commit, to rouse the relay
    answers_together   how many go on before the writer gets its turn again

    While PostgreSQL writes one batch, the next is planned on top of it, command by command as they come. What was
    planned from memory is written only if the log stands where memory says; else the log is asked, and it is planned
    again.
    """

    def __init__(
        self,
        pool: "asyncpg.Pool[Any]",
        connect: Connect,
        inline: Inline | None = None,
        wake: Callable[[], None] = lambda: None,
        answers_together: int = 2,
    ) -> None:
        self._pool, self._connect, self._inline, self._wake = pool, connect, inline, wake
        self._together = answers_together
        self._db: asyncpg.Connection[Any] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._batches: deque[Batch] = deque()
        self._some = asyncio.Event()
        self._unanswered = 0
        self._left: int | None = None  # where our last commit left the log
        self._versions: dict[str, int] = {}
        self.trouble = ""
        """Code of what the last failed batch failed with; "" as soon as the log could write again. For health pages."""
        self._try_at = 0.0
        self._head: Head | None = None  # behind everything planned; None: the log must be asked first

    async def start(self) -> None:
        self._writer = asyncio.create_task(self._write_forever(), name="log-writer")

    async def close(self) -> None:
        """Finishes what waits, then stops."""
        while self._unanswered and self._writer is not None and not self._writer.done():
            await asyncio.sleep(0.01)
        if self._writer is not None:
            self._writer.cancel()
            with suppress(asyncio.CancelledError):
                await self._writer
        if self._db is not None:
            with suppress(*LOST):
                await self._db.close(timeout=2)

    def in_trouble(self, error: Exception) -> CommandFailed:
        """What to tell of an error of the store; health tells it too, until the log could write again."""
        told = _told(error)
        self.trouble, self._try_at = told.code, asyncio.get_running_loop().time() + TRY_AGAIN_S
        self._some.set()
        return told

    async def append(self, append: Append) -> Appended:
        if self._writer is None or self._writer.done():
            raise LogUnavailable
        waiting = Waiting(append, asyncio.get_running_loop().create_future())
        self._unanswered += 1
        try:
            self._enqueue(waiting)
            return await waiting.answer
        finally:
            self._unanswered -= 1

    async def answered(self, command_id: Any) -> Appended | None:
        rows = await self._read("known_commands", [command_id])
        return _first_answer(rows[0]) if rows else None

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        rows = await self._read("load_stream", stream, after, LOADED_AT_ONCE)
        found = [as_stored(row).recorded() for row in rows]
        if found and len(found) < LOADED_AT_ONCE:
            self._versions.setdefault(stream, found[-1].version)
        return found

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

    def _enqueue(self, waiting: Waiting) -> None:
        """Into the last batch, planned if memory says that it fits. Half of what is asked at most: then Python
        decides the other half while PostgreSQL writes."""
        append, head = waiting.append, self._head
        if head is not None and (not append.events or head.versions.get(append.stream, 0) != append.expected):
            head = self._head = None  # the log must be asked; and nothing behind it can be planned
        room = min(LARGEST_BATCH, max(SMALLEST_SHARE, self._unanswered // 2))
        batch = self._batches[-1] if self._batches else None
        if batch is None or batch.planned != (head is not None) or len(batch.waiting) >= room:
            batch = Batch(planned=head is not None, base=head.position if head else 0)
            self._batches.append(batch)
        if head is not None:
            batch.add(waiting, head)
        else:
            batch.waiting.append(waiting)
        self._some.set()

    def _start_again(self, head: Head | None) -> None:
        """Plan all that waits anew, on this head."""
        waiting = [one for batch in self._batches for one in batch.waiting]
        self._batches.clear()
        self._head = head
        for one in waiting:
            try:
                self._enqueue(one)
            except Exception as error:
                _fail(one, _told(error))

    def _forget(self) -> None:
        self._left, self._versions = None, {}
        self._start_again(None)

    async def _write_forever(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(self._try_at if self.trouble else None):
                    await self._some.wait()
            if self.trouble and asyncio.get_running_loop().time() >= self._try_at:
                await self._try_again()
            batch = self._batches.popleft() if self._batches else None
            if not self._batches:
                self._some.clear()
            if batch is not None:
                await self._write_or_split(batch)
            while len(self._versions) > REMEMBERED_VERSIONS:
                del self._versions[next(iter(self._versions))]

    async def _try_again(self) -> None:
        """Could the log write? Nobody may come to find out: who asks for health first, sends this node no command."""
        try:
            db = await self._connection()
            async with _locked(db):
                await db.execute(SQL["need_room"])
            self.trouble = ""
        except Exception as error:
            self.in_trouble(error)
            if isinstance(error, LOST):
                await self._reconnect()

    async def _write_or_split(self, batch: Batch) -> None:
        waiting = batch.waiting
        try:
            await self._write(batch)
        except asyncio.CancelledError:
            for one in waiting:
                _fail(one, LogUnavailable())
            raise
        except LOST:
            self._forget()
            self.in_trouble(LogUnavailable())
            for one in waiting:  # perhaps stored: the same command id, sent again, tells
                _fail(one, LogUnavailable())
            await self._reconnect()
        except Exception as error:
            self._forget()
            if batch.planned and isinstance(error, _Moved | asyncpg.UniqueViolationError):
                await self._write_or_split(Batch(planned=False, waiting=waiting))
            elif len(waiting) > 1:
                for one in waiting:
                    await self._write_or_split(Batch(planned=False, waiting=[one]))
            else:
                kind, aggregate = type(error).__name__, waiting[0].append.stream.split("-")[0]
                log.error("append failed", extra={"error": kind, "stream": aggregate})
                _fail(waiting[0], self.in_trouble(error))

    async def _write(self, batch: Batch) -> None:
        db, head = await self._connection(), None
        async with _locked(db):
            if not batch.planned:
                waiting = [one for one in batch.waiting if not one.answer.done()]  # who asked may have left
                head = await self._look(db, waiting)
                batch = surely(waiting, head)
            if batch.rows:
                end = batch.rows[-1]
                done = await db.execute(SQL["write_batch"], *batch.columns(), batch.base, end.position, end.hash)
                if done != f"INSERT 0 {len(batch.rows)}":
                    raise _Moved
            if unchanged := batch.unchanged:
                await db.execute(SQL["remember_unchanged"], *map(list, zip(*unchanged, strict=True)))
            if batch.events and self._inline is not None:
                await self._inline(db, batch.events)
        if batch.rows:
            self._left = batch.rows[-1].position
            self._wake()
        if head is not None:
            self._left = head.position
            self._start_again(Head(head.position, head.hash, self._versions))
        self._answering = asyncio.create_task(_answer(batch, self._together), name="log-answers")

    async def _look(self, db: "asyncpg.Connection[Any]", waiting: Sequence[Waiting]) -> Head:
        """What the locked log says of these commands. If nobody else wrote, what we remember still holds, too."""
        streams = list({one.append.stream for one in waiting})
        row = await db.fetchrow(SQL["look"], streams)
        assert row is not None, "the log has lost its only row"
        known = await db.fetch(SQL["known_commands"], [one.append.command_id for one in waiting])
        if row["position"] != self._left:
            self._versions = {}
        self._versions |= zip(streams, row["versions"], strict=True)
        first = {one["command_id"]: _first_answer(one) for one in known}
        return Head(row["position"], row["hash"], self._versions, first)

    async def _connection(self) -> "asyncpg.Connection[Any]":
        if self._db is None or self._db.is_closed():
            self._db = await self._connect()
        return self._db

    async def _reconnect(self) -> None:
        if self._db is not None:
            self._db.terminate()
        self._db = None
        await asyncio.sleep(0.2)


@asynccontextmanager
async def _locked(db: "asyncpg.Connection[Any]") -> AsyncGenerator[None, None]:
    """A transaction that holds the log. asyncpg's own would cost one more round trip."""
    try:
        await db.execute(BEGIN)
        yield
    except BaseException:
        with suppress(Exception):
            await db.execute("rollback")
        raise
    await db.execute("commit")


async def _answer(batch: Batch, together: int) -> None:
    """A few at a time: whoever is answered goes on at once, and if all did so together, the writer's next statement
    would wait for all of them. Two suit callers of this process, who decide their next command: it doubled the speed
    at 64 in flight. An answer that only goes out costs little, and each group costs a write and a wake-up: there more.
    """
    for number, (waiting, answer) in enumerate(zip(batch.waiting, batch.answers, strict=True), 1):
        if isinstance(answer, VersionConflict):
            _fail(waiting, answer)
        elif not waiting.answer.done():
            waiting.answer.set_result(answer)
        if number % together == 0:
            await asyncio.sleep(0)


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


def _first_answer(row: Any) -> Appended:
    return Appended(row["stream"], row["version"], row["position"], repeated=True)


def _fail(waiting: Waiting, error: CommandFailed) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(error)


def _told(error: Exception) -> CommandFailed:
    if isinstance(error, CommandFailed):
        return error
    if isinstance(error, FULL):
        return Broken("no_room", NO_ROOM)
    if isinstance(error, asyncpg.UniqueViolationError):
        return VersionConflict("")  # another replica wrote between our look and our insert
    if isinstance(error, LOST):
        return LogUnavailable()
    return Broken()


__all__ = ["FULL", "LOST", "MIGRATIONS", "NO_ROOM", "PostgresLog", "as_stored"]
