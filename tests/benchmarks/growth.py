"""growth: what an append and a load cost when the log is long, against a short one."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from libs.eventlog import new_id
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.postgres import WRITER_SETTINGS, PostgresLog
from libs.eventlog.stored import write_actor
from libs.projection.streamed import inline
from libs.testing.account.account import ACCOUNT_LIST, AccountPaid
from tests.benchmarks.ground import QUERIES, TELLER, Ground, account_pool
from tests.benchmarks.measured import Measured

ROWS = {
    "growth-append": "An event appended to one of the 500 streams that are busy now, durable, with its read model, 64 "
    "at a time: milliseconds each in a log of so many events, beside the shortest log.",
    "growth-load": "A stream of 20 events read back, any of all times: milliseconds in a log of so many events, beside "
    "the shortest log.",
}
PER_STREAM, STREAMS_AT_A_TIME = 20, 500
BLOCK = PER_STREAM * STREAMS_AT_A_TIME
"""Events of as many streams as are busy at a time lie mixed, as they do in life; then come the next streams."""
AT_ONCE, BATCHES, LOADS = 64, 3, 150
PORTION = 100_000
MOST = 1.2
MAKE = f"""
create function stream_id(n bigint) returns uuid language sql immutable as $$
    select (lpad(to_hex(m), 12, '0') || substr(md5(m::text), 1, 20))::uuid
    from (values (n / {BLOCK} * {STREAMS_AT_A_TIME} + n % {STREAMS_AT_A_TIME})) as t(m)
$$
"""
FILL = f"""
insert into event (position, event_id, stream, version, type, schema_version, command_id, of_command, actor, audience,
    occurred_at, recorded_at, data, hash)
select n + 1, gen_random_uuid(), 'account-' || stream_id(n), (n % {BLOCK}) / {STREAMS_AT_A_TIME} + 1, 'account-paid', 1,
    gen_random_uuid(), 1, $3, '{{}}', now(), clock_timestamp(),
    jsonb_build_object('account_id', stream_id(n), 'amount', n % 900 + 1), sha256(n::text::bytea)
from generate_series($1::bigint, $2::bigint - 1) as n
"""
FILL_LIST = f"""
insert into account_list (account_id, last_amount, position)
select stream_id(n), n % 900 + 1, n + 1
from generate_series(0::bigint, $1::bigint - 1) as n where n % {BLOCK} >= {BLOCK - STREAMS_AT_A_TIME}
"""
END = "update log set (position, hash) = (select position, hash from event order by position desc limit 1)"


@dataclass
class Long:
    """A log of a certain length, its streams, and what was taken in it: milliseconds each, turn by turn."""

    events: int
    log: PostgresLog
    db: Any
    append: list[float] = field(default_factory=list[float])
    load: list[float] = field(default_factory=list[float])

    async def streams(self, count: int, *, busy: bool) -> list[str]:
        """Some of those that are busy now, and grow; or any others, which stay as long as they were."""
        blocks = self.events // BLOCK
        numbers = random.sample(range(STREAMS_AT_A_TIME // 2 * (1 if busy else blocks)), count)
        places = [_place(n, blocks - 1) if busy else _place(n, 0) + 1 for n in numbers]
        rows = await self.db.fetch("select 'account-' || stream_id(n) as s from unnest($1::bigint[]) as n", places)
        return [row["s"] for row in rows]


def _place(number: int, block: int) -> int:
    """Where the `number`th second stream begins, counted from a block on."""
    block += number // (STREAMS_AT_A_TIME // 2)
    return block * BLOCK + number % (STREAMS_AT_A_TIME // 2) * 2


def run(ground: Ground, sizes: Sequence[int], turns: int) -> list[Measured]:
    """All logs side by side, and each turn through all of them; the best turn of each. Sizes: multiples of BLOCK."""
    return uvloop.run(_run(ground, sizes, turns))


async def _run(ground: Ground, sizes: Sequence[int], turns: int) -> list[Measured]:
    async with AsyncExitStack() as stack:
        logs = [await _filled(ground, stack, events) for events in sizes]
        for turn in range(turns + 1):  # the first one warms up
            for one in logs:
                ground.step(f"{one.events:,} events, turn {turn} of {turns}")
                one.append.append(await _appended(one))
                one.load.append(await _loaded(one))
        first = logs[0]
        return [
            *(_row("growth-append", one, one.append, first.append, turns * BATCHES * AT_ONCE) for one in logs),
            *(_row("growth-load", one, one.load, first.load, turns * LOADS) for one in logs),
        ]


def _row(family: str, one: Long, taken: Sequence[float], first: Sequence[float], n: int) -> Measured:
    name, beside = f"{family}-{one.events}", "the shortest log"
    return Measured(name, min(taken[1:]), min(first[1:]), beside, "ms", n, most=MOST)


async def _filled(ground: Ground, stack: AsyncExitStack, events: int) -> Long:
    """Written by PostgreSQL itself; read back below, so each row is as the log writes it."""
    url = ground.database()
    pool = await stack.enter_async_context(account_pool(url))
    db = await asyncpg.connect(url)
    stack.push_async_callback(db.close)
    await db.execute(MAKE)
    for start in range(0, events, PORTION):
        ground.step(f"{start:,} of {events:,} events into a log")
        await db.execute(FILL, start, min(start + PORTION, events), write_actor(TELLER))
    await db.execute(FILL_LIST, events)
    await db.execute(END)
    await db.execute("vacuum analyze event, account_list")
    admin = await asyncpg.connect(ground.postgres.admin_url())
    await admin.execute("checkpoint")
    await admin.close()
    log = PostgresLog(
        pool, lambda: asyncpg.connect(url, server_settings=WRITER_SETTINGS), inline([ACCOUNT_LIST], QUERIES)
    )
    await log.start()
    stack.push_async_callback(log.close)
    return Long(events, log, db)


async def _appended(one: Long) -> float:
    spent = 0.0
    for _ in range(BATCHES):
        known = [(stream, (await one.log.load(stream))[-1].version) for stream in await one.streams(AT_ONCE, busy=True)]
        now = datetime.now(UTC)
        appends = [Append(stream, version, new_id(), TELLER, now, (_paid(stream),)) for stream, version in known]
        begun = time.perf_counter()
        await asyncio.gather(*(one.log.append(append) for append in appends))
        spent += time.perf_counter() - begun
    return spent * 1000 / (BATCHES * AT_ONCE)


def _paid(stream: str) -> NewEvent:
    return NewEvent(new_id(), AccountPaid(account_id=UUID(stream[-36:]), amount=1), ())


async def _loaded(one: Long) -> float:
    spent = 0.0
    for stream in await one.streams(LOADS, busy=False):
        begun = time.perf_counter()
        found = await one.log.load(stream)
        spent += time.perf_counter() - begun
        assert len(found) == PER_STREAM
    return spent * 1000 / LOADS
