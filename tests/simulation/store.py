"""What a service keeps in PostgreSQL, in memory: it survives every crash of the simulation.

The tables follow the words of the named queries; the queries themselves are tested on a real server.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from libs.eventlog import Event
from libs.eventlog.log import Append, Appended
from libs.eventlog.memory import MemoryLog
from libs.eventlog.stored import START, Checkpoint, Stored
from libs.projection import Projection
from libs.projection.fold import columns
from tests.simulation.tasks import turn

AT_A_TIME = 3
"""Letters one round of applying looks at. `kept_letters` says twenty; here that many are never kept."""
FIRST_STANDS = {"upsert_referrals"}
"""Statements under which a row that is there stays as it is (`on conflict do nothing`)."""

MOVE = "update checkpoint set position = $2"

Row = dict[str, Any]
Key = tuple[Any, ...]


class Table:
    """The rows of one projection, written as its query says: the last word per column, never an older batch."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.names = (*projection.row.model_fields, "position")
        self.keys = (projection.key,) if isinstance(projection.key, str) else projection.key
        self.rows: dict[Key, Row] = {}

    def write(self, arrays: Sequence[Sequence[Any]]) -> None:
        for values in zip(*arrays, strict=True):
            row = dict(zip(self.names, values, strict=True))
            key = tuple(row[name] for name in self.keys)
            here = self.rows.get(key)
            if here is None:
                self.rows[key] = row
            elif self.projection.into not in FIRST_STANDS and self.is_newer(here, row):
                here.update({name: value for name, value in row.items() if value is not None})

    @staticmethod
    def is_newer(here: Row, row: Row) -> bool:
        """`where kept.position < excluded.position`."""
        return here["position"] < row["position"]


class Log(MemoryLog):
    """The in-memory log with its inline read models: both move together, and both survive."""

    def __init__(self, clock: Callable[[], datetime], tables: Sequence[Table], said: Callable[[Stored], None]) -> None:
        super().__init__(clock)
        self._tables, self._said = tables, said
        self.effects: Counter[UUID] = Counter()
        """Command id → how often it was written down."""

    async def append(self, append: Append) -> Appended:
        await turn()
        head = len(self.rows)
        answer = await super().append(append)
        if not answer.repeated:
            self.effects[append.command_id] += 1
            fold(self._tables, [(new.event, head + at) for at, new in enumerate(append.events, 1)])
        for row in self.rows[head:]:
            self._said(row)
        await turn()
        return answer

    async def load(self, stream: str, after: int = 0) -> list[Any]:
        await turn()
        return await super().load(stream, after)


def fold(tables: Sequence[Table], events: Sequence[tuple[Event, int]]) -> None:
    """What `inline` does in the transaction that appends."""
    for table in tables:
        reads = table.projection.reads
        mine = [one for one in events if type(one[0]) in reads]
        if mine and (arrays := columns(table.projection, mine)) is not None:
            table.write(arrays)


class Store:
    """Log, tables, checkpoints and kept letters of one service, and the pool through which it reaches them."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        sql: Mapping[str, str],
        projections: Sequence[Projection],
        said: Callable[[Stored], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._names = {statement: name for name, statement in sql.items()}
        self.tables = {projection.into: Table(projection) for projection in projections}
        self.log = Log(clock, tuple(self.tables.values()), said)
        self.checkpoints: dict[str, Checkpoint] = {}
        self.kept: dict[tuple[UUID, int], Row] = {}
        self.dead_letters: list[str] = []

    # ---- as asyncpg's pool

    async def fetch(self, sql: str, *args: Any) -> list[Row]:
        await turn()
        return self._read(self._names[sql], args)

    async def fetchrow(self, sql: str, *args: Any) -> Row | None:
        await turn()
        if sql.startswith("insert into checkpoint"):
            at = self.checkpoints.setdefault(args[0], START)
            return {"position": at.position, "event_id": at.event_id, "status": "booting"}
        return next(iter(self._read(self._names[sql], args)), None)

    async def execute(self, sql: str, *args: Any) -> str:
        await turn()
        done = self._write(sql, args)
        await turn()
        return done

    @asynccontextmanager
    async def acquire(self) -> AsyncGenerator["Transaction"]:
        yield Transaction(self)

    # ---- the named queries

    def rows(self, into: str) -> list[Row]:
        return list(self.tables[into].rows.values())

    def _read(self, name: str, args: Sequence[Any]) -> list[Row]:
        match name, args:
            case "kept_letters", (stored_too,):
                return [row for row in self._kept() if stored_too or not self.is_stored(row)][:AT_A_TIME]
            case "posted_letter", (partner, number):
                return [_posted(row) for row in self._letters("upsert_letter_out", partner, number)]
            case "disputed_letter", (partner, number, digest):
                rows = self._letters("upsert_letter_out", partner, number)
                said = ("disputed", digest)
                return [_posted(r) for r in rows if (r["outcome"], r["digest"]) == said and r["event_id"] is not None]
            case "applied_letter", (partner, number):
                return [
                    {"outcome": row["outcome"] or None, "code": row["code"] or None, "digest": row["digest"]}
                    for row in self._letters("upsert_letter_in", partner, number)
                ]
            case "network_events", _:
                return []
            case _:
                raise LookupError(f"the simulation knows no query {name}")

    def _write(self, sql: str, args: Sequence[Any]) -> str:
        if sql.startswith(MOVE):
            if not self.stands_at(args):
                return "UPDATE 0"
            self.checkpoints[args[0]] = Checkpoint(args[1], args[2])
            return "UPDATE 1"
        if sql.startswith("insert into dead_letter"):
            self.dead_letters.append(f"{args[0]}: {args[4]}")
            return "INSERT 0 1"
        name = self._names[sql]
        match name, args:
            case "keep_letter", (partner, number, sealed):
                row = {"partner_id": partner, "number": number, "sealed": sealed, "arrived_at": self._clock()}
                self.kept.setdefault((partner, number), row)
            case "drop_letter", (partner, number):
                self.kept.pop((partner, number), None)
            case _ if name in self.tables:
                self.tables[name].write(args)
            case _:
                raise LookupError(f"the simulation knows no query {name}")
        return ""

    def stands_at(self, args: Sequence[Any]) -> bool:
        """Whether a checkpoint is where whoever moves it believes."""
        name, _, _, position, event_id = args
        return self.checkpoints.get(name, START) == Checkpoint(position, event_id)

    def _kept(self) -> list[Row]:
        return [self.kept[place] for place in sorted(self.kept)]

    def is_stored(self, row: Row) -> bool:
        """Whether a kept letter waits for a newer program."""
        noted = self.tables["upsert_letter_in"].rows.get((row["partner_id"], row["number"]))
        return noted is not None and noted["outcome"] == "stored"

    def _letters(self, into: str, partner: UUID, number: int) -> list[Row]:
        row = self.tables[into].rows.get((partner, number))
        return [] if row is None else [row]


class Transaction:
    """A connection in a transaction: all of it, or none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writes: list[tuple[str, Sequence[Any]]] = []

    async def execute(self, sql: str, *args: Any) -> str:
        await turn()
        if sql.startswith(MOVE) and not self._store.stands_at(args):
            return "UPDATE 0"
        self._writes.append((sql, args))
        return "UPDATE 1"

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[None]:
        yield
        for sql, args in self._writes:
            self._store._write(sql, args)  # pyright: ignore[reportPrivateUsage]
        await turn()


def _posted(row: Row) -> Row:
    names = ("event_id", "source", "letter_type", "thread")
    return {"position": row["source_position"], **{name: row[name] for name in names}}
