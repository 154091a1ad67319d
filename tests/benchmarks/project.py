"""project: streamed projection events a second, against a raw pull loop that inserts the same rows."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from nats.aio.client import Client

from libs.eventlog import Actor, new_id
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.postgres import MIGRATIONS, PostgresLog
from libs.eventlog.sql import named_queries
from libs.messaging import Place, connect
from libs.messaging.pull import batches
from libs.messaging.refill import Message
from libs.messaging.relay import Relay
from libs.messaging.subjects import stream_name
from libs.projection import streamed as streamed_module
from libs.projection.follower import Follower
from libs.projection.streamed import Streamed
from libs.servers import EmbeddedNats, EmbeddedPostgres
from libs.service.migrate import migrate
from libs.testing.account import account
from libs.testing.account.account import ACCOUNT_LIST, AccountPaid
from tests.benchmarks.measured import Measured

HERE = Path(account.__file__).parent
SEEN = replace(ACCOUNT_LIST, name="seen_accounts_1")
SQL = named_queries(HERE / "queries.sql")
ACTOR = Actor(user=new_id(), organisation=new_id(), roles=frozenset({"teller"}))
ACCOUNTS, PER_APPEND = 2_000, 200


async def run(postgres: EmbeddedPostgres, nats: EmbeddedNats, events: int) -> list[Measured]:
    """Relay rate, streamed projection and raw loop over the same stream, two rounds in turns; the better of each."""
    async with AsyncExitStack() as stack:
        source = await stack.enter_async_context(_pool(postgres.create_database("source")))
        nc = await connect(Place(url=nats.url))
        stack.push_async_callback(nc.close)
        relay_rate = await _fill(source, nc, events, postgres.url("source"))
        ours = other = 0.0
        for turn in range(2):
            view = await stack.enter_async_context(_pool(postgres.create_database(f"view_{turn}")))
            raw = await stack.enter_async_context(_pool(postgres.create_database(f"raw_{turn}")))
            ours = max(ours, await _streamed(view, nc, events))
            other = max(other, await _raw(raw, nc, events))
            assert await view.fetchval("select count(*) from account_list") == await raw.fetchval(
                "select count(*) from account_list"
            )
    return [
        Measured("project", ours, other, "raw pull + unnest insert", "events/s", events, 0.5),
        Measured("relay", relay_rate, other, "raw pull + unnest insert", "events/s", events, 0.0),
    ]


async def _fill(pool: Any, nc: Client, events: int, url: str) -> float:
    log = PostgresLog(pool, lambda: asyncpg.connect(url))
    await log.start()
    ids = [new_id() for _ in range(ACCOUNTS)]
    now = datetime.now(UTC)
    for start in range(0, events, PER_APPEND):
        new = tuple(
            NewEvent(new_id(), AccountPaid(account_id=ids[n % ACCOUNTS], amount=n % 900 + 1), ())
            for n in range(start, start + PER_APPEND)
        )
        await log.append(Append(f"account-{new_id()}", 0, new_id(), ACTOR, now, new))
    done = asyncio.Event()
    relay = Relay(nc, "accounts", "spojka:bench/accounts", log)
    relay.on_progress = lambda position: done.set() if position >= events else None
    started = time.perf_counter()
    task = asyncio.create_task(relay.run())
    await done.wait()
    taken = time.perf_counter() - started
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await log.close()
    return events / taken


async def _streamed(pool: Any, nc: Client, events: int) -> float:
    """What a follower does between two refills: fit, parse, project, fold, write, move the checkpoint."""
    streamed = Streamed(SEEN, SQL, pool)
    follower = Follower(SEEN.name, "accounts", pool, nc, streamed, streamed.start_over)
    await follower._load()  # pyright: ignore[reportPrivateUsage]
    started = time.perf_counter()
    async for batch in batches(nc, stream_name("accounts"), None):
        messages = [Message(message.headers or {}, message.data) for message in batch]
        assert await follower._apply_fitting(messages)  # pyright: ignore[reportPrivateUsage]
        if follower.at.position >= events:
            break
    return events / (time.perf_counter() - started)


async def _raw(pool: Any, nc: Client, events: int) -> float:
    """The least that could do it: JSON, arrays, one insert a batch. No order, no types, no checkpoint."""
    done, started = 0, time.perf_counter()
    async for batch in batches(nc, stream_name("accounts"), None):
        rows: dict[str, tuple[Any, ...]] = {}
        for message in batch:
            content = orjson.loads(message.data)
            rows[content["account_id"]] = (content["account_id"], None, content["amount"], done)
            done += 1
        await pool.execute(SQL["upsert_account_list"], *map(list, zip(*rows.values(), strict=True)))
        if done >= events:
            break
    return events / (time.perf_counter() - started)


@asynccontextmanager
async def _pool(url: str) -> AsyncGenerator[Any, None]:
    pool = await asyncpg.create_pool(url, min_size=1, max_size=4)
    async with pool.acquire() as db:
        folders = [MIGRATIONS, Path(streamed_module.__file__).with_name("migrations"), HERE / "migrations"]
        await migrate(db, folders)
    yield pool
    await pool.close()
