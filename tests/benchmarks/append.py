"""append: durable commands a second through `handle()`, read model and idempotency included."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from libs.eventlog import Event, new_id
from libs.eventlog.batch import Batch, Head, Waiting
from libs.eventlog.handle import Corridor
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.postgres import WRITER_SETTINGS, PostgresLog
from libs.privacy import NodeKey, SubjectKeys, seal_fields
from libs.projection.streamed import inline
from libs.service.heap import keep_what_is_here
from libs.testing.account.account import ACCOUNT, ACCOUNT_LIST, AccountPaid, OpenAccount, PayAccount, may
from tests.benchmarks import peer
from tests.benchmarks.ground import QUERIES, TELLER, Ground, account_pool
from tests.benchmarks.measured import Measured, fsync_seconds, percentile

ROWS = {
    "append": "Commands that change an account, from `handle()` to the durable answer: policy, decision, group commit, "
    "own read model, idempotency. So many wait at once. Beside it the same account with the library `eventsourcing` "
    "on the same PostgreSQL, with its cache and as many threads (1–8) as suit it best.",
    "append-p99": "The slowest of a hundred of those answers, beside three fsyncs of this disk and 5 ms.",
    "append-limit": "Those commands beside the same rows in multi-row INSERTs of the size our batches had, into a "
    "table with the same indexes: one connection, nothing decided, nothing else written.",
}
IN_FLIGHT = (1, 16, 64, 256)
PAUSE_MS, FSYNCS = 5.0, 3
WARM_S = 0.2
"""Until statements are prepared and the shape of the load is what it stays."""
INSERT = """insert into raw_event (position, event_id, stream, version, type, schema_version, command_id, of_command,
    correlation_id, causation_id, actor, audience, occurred_at, recorded_at, trace, data, hash)
select p, i, s, v, t, sv, c, oc, co, ca, a, string_to_array(au, ','), o, r, tr, d, h
from unnest($1::bigint[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::int[], $7::uuid[], $8::int[],
    $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::text[],
    $16::jsonb[], $17::bytea[]) as e(p, i, s, v, t, sv, c, oc, co, ca, a, au, o, r, tr, d, h)"""


@dataclass(frozen=True)
class Handled:
    """Commands a second, their number, the slowest of a hundred in ms, and how many shared a transaction."""

    rate: float
    n: int
    p99_ms: float
    batch: int


@asynccontextmanager
async def corridor(url: str, commits: list[None]) -> AsyncGenerator[Corridor, None]:
    """The whole corridor over a real PostgreSQL, as a service has it, without its wire. `commits` grows by each."""
    async with account_pool(url) as pool:
        subject_keys = SubjectKeys(pool, NodeKey(b"k" * 32))

        async def seal(event: Event, event_id: UUID) -> Event:
            return await seal_fields(subject_keys, event, event.subjects, event_id)

        log = PostgresLog(
            pool,
            lambda: asyncpg.connect(url, server_settings=WRITER_SETTINGS),
            inline([ACCOUNT_LIST], QUERIES),
            lambda: commits.append(None),
        )
        await log.start()
        keep_what_is_here()
        try:
            yield Corridor(TELLER.organisation, {"account": ACCOUNT}, may, log, seal)
        finally:
            await log.close()


async def handled(url: str, in_flight: int, seconds: float) -> Handled:
    """With so many commands waiting at any moment."""
    commits: list[None] = []
    async with corridor(url, commits) as handling:
        accounts = [new_id() for _ in range(max(64, in_flight))]
        now = datetime.now(UTC)
        for one in accounts:
            opening = dict(actor=TELLER, occurred_at=now, account_id=one, owner="x")
            await handling.handle("account", OpenAccount.model_validate(opening))
        taken: list[float] = []

        async def work(number: int, until: float) -> None:
            turn = number
            while (begun := time.perf_counter()) < until:
                command = PayAccount(actor=TELLER, occurred_at=now, account_id=accounts[turn % len(accounts)], amount=1)
                await handling.handle("account", command)
                taken.append(time.perf_counter() - begun)
                turn += in_flight

        async def load(seconds: float) -> float:
            taken.clear()
            commits.clear()
            started = time.perf_counter()
            await asyncio.gather(*[work(number, started + seconds) for number in range(in_flight)])
            return time.perf_counter() - started

        await load(WARM_S)
        spent = await load(seconds)
        rate = len(taken) / spent
        return Handled(rate, len(taken), percentile(taken, 0.99) * 1000, max(1, round(len(taken) / len(commits))))


async def inserted(url: str, batch: int, seconds: float) -> float:
    """Rows a second: the same ones, ready made, `batch` of them in each INSERT and commit."""
    db = await asyncpg.connect(url, server_settings=WRITER_SETTINGS)
    try:
        await db.execute("drop table if exists raw_event")
        await db.execute("create table raw_event (like event including all)")
        insert = await db.prepare(INSERT)
        head, spent, rows = Head(0, b"", {}), 0.0, 0
        while spent < seconds:
            columns = [*_batch(head, batch).columns()]
            begun = time.perf_counter()
            await insert.fetch(*columns)
            spent, rows = spent + time.perf_counter() - begun, rows + batch
        return rows / spent
    finally:
        await db.close()


def _batch(head: Head, size: int) -> Batch:
    """So many commands as the log's writer plans them."""
    batch, now, nobody = Batch(), datetime.now(UTC), asyncio.get_running_loop().create_future()
    for _ in range(size):
        account = new_id()
        new = NewEvent(new_id(), AccountPaid(account_id=account, amount=1), ())
        batch.add(Waiting(Append(f"account-{account}", 0, new_id(), TELLER, now, (new,)), nobody), head)
    head.versions.clear()
    return batch


def run(ground: Ground, seconds: float) -> list[Measured]:
    """Ours at 1, 16, 64 and 256 in flight, each in turn with the insert and with the peer's best of 1–8 threads."""
    found: list[Measured] = []
    ground.step("how many threads suit the peer")
    peers = ground.database()
    theirs, threads, _ = peer.commands_per_second(peers, seconds)
    for in_flight in IN_FLIGHT:
        ground.step(f"{in_flight} in flight")
        url = ground.database()
        before = fsync_seconds(ground.folder)
        ours = uvloop.run(handled(url, in_flight, seconds))
        fsync_ms = 1000 * (before + fsync_seconds(ground.folder)) / 2
        raw: Any = uvloop.run(inserted(url, ours.batch, seconds / 2))
        again, _, _ = peer.commands_per_second(peers, seconds, [threads])
        found += _rows(in_flight, ours, fsync_ms, raw, max(theirs, again), threads)
    return found


def _rows(
    in_flight: int, ours: Handled, fsync_ms: float, raw: float, theirs: float, threads: int
) -> tuple[Measured, ...]:
    limit = FSYNCS * fsync_ms + PAUSE_MS
    return (
        Measured(
            f"append-{in_flight}", ours.rate, theirs, f"eventsourcing 9.5, {threads} threads", "commands/s", ours.n,
            least=10.0 if in_flight == 64 else None,
        ),
        Measured(
            f"append-p99-{in_flight}", ours.p99_ms, limit, f"{FSYNCS} fsyncs of {fsync_ms:.2f} ms and {PAUSE_MS:g} ms",
            "ms", ours.n, most=1.0 if in_flight == 64 else None,
        ),
        Measured(
            f"append-limit-{in_flight}", ours.rate, raw, f"INSERT of the same rows, {ours.batch} at once",
            "commands/s", ours.n, least=0.35,
        ),
    )  # fmt: skip
