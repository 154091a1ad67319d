"""project: streamed projection, one table upserted, against a raw loop and against the peer's projection runner."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
import uvloop

from libs.eventlog import new_id
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.postgres import PostgresLog
from libs.messaging import Place, connect
from libs.messaging.connection import Connection
from libs.messaging.pull import batches
from libs.messaging.refill import Message
from libs.messaging.relay import Relay
from libs.messaging.subjects import stream_name
from libs.projection.follower import Follower
from libs.projection.streamed import Streamed
from libs.testing.account.account import ACCOUNT_LIST, AccountPaid
from tests.benchmarks import peer, peer_projection
from tests.benchmarks.ground import QUERIES, TELLER, Ground, account_pool
from tests.benchmarks.measured import Measured

ROWS = {
    "project": "A follower between two refills: pull from the stream, check the order, parse, project, fold, upsert "
    "one table and move the checkpoint in one transaction. Beside it a loop that pulls the same stream, reads its "
    "JSON and writes the same rows with COPY into a table without a key: no order, no types, no checkpoint.",
    "project-peer": "The same follower beside the projection runner of `eventsourcing`, with a view that upserts the "
    "same columns on the same PostgreSQL, as its documentation shows it.",
}
SEEN = replace(ACCOUNT_LIST, name="seen_accounts_1")
SERVICE = "accounts"
ACCOUNTS, PER_APPEND = 2_000, 200
COPIED = ("account_id", "owner", "last_amount", "position")
PEER_SHARE = 20
"""The peer is given a twentieth of the events: it is that much slower."""


def run(ground: Ground, events: int) -> list[Measured]:
    """Ours and the raw loop over the same stream, two rounds in turns, the better of each; then the peer."""
    ours, raw = uvloop.run(_in_turns(ground, events))
    ground.step("the peer's projection runner")
    fewer = events // PEER_SHARE
    url = ground.database()
    peer.fill(url, fewer)
    theirs = peer_projection.events_per_second(url, fewer)
    return [
        Measured("project", ours, raw, "raw pull and COPY", "events/s", events, least=0.5),
        Measured("project-peer", ours, theirs, "eventsourcing 9.5", "events/s", events, least=10.0),
    ]


async def _in_turns(ground: Ground, events: int) -> tuple[float, float]:
    nc = await connect(Place(url=ground.nats.url))
    try:
        ground.step(f"{events:,} events into a stream")
        url = ground.database()
        async with account_pool(url) as source:
            await fill_log(source, url, events)
            await _fill_stream(source, nc, events, url)
        ours = raw = 0.0
        for turn in (1, 2):
            async with account_pool(ground.database()) as pool:
                ground.step(f"ours, turn {turn}")
                ours = max(ours, await _streamed(pool, nc, events))
            async with account_pool(ground.database()) as pool:
                ground.step(f"the raw loop, turn {turn}")
                raw = max(raw, await _raw(pool, nc, events))
        return ours, raw
    finally:
        await nc.close()


async def fill_log(pool: Any, url: str, events: int) -> None:
    """Payments to some thousand accounts."""
    log = PostgresLog(pool, lambda: asyncpg.connect(url))
    await log.start()
    try:
        ids = [new_id() for _ in range(ACCOUNTS)]
        now = datetime.now(UTC)
        for start in range(0, events, PER_APPEND):
            new = tuple(
                NewEvent(new_id(), AccountPaid(account_id=ids[n % ACCOUNTS], amount=n % 900 + 1), ())
                for n in range(start, start + PER_APPEND)
            )
            await log.append(Append(f"account-{new_id()}", 0, new_id(), TELLER, now, new))
    finally:
        await log.close()


async def _fill_stream(pool: Any, nc: Connection, events: int, url: str) -> None:
    done = asyncio.Event()
    relay = Relay(nc, SERVICE, f"spojka:bench/{SERVICE}", PostgresLog(pool, lambda: asyncpg.connect(url)))
    relay.on_progress = lambda position: done.set() if position >= events else None
    task = asyncio.create_task(relay.run())
    await done.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _streamed(pool: Any, nc: Connection, events: int) -> float:
    streamed = Streamed(SEEN, QUERIES, pool)
    follower = Follower(SEEN.name, SERVICE, pool, nc, streamed, streamed.start_over)
    await follower._load()  # pyright: ignore[reportPrivateUsage]
    started = time.perf_counter()
    async for batch in batches(nc, stream_name(SERVICE), None):
        messages = [Message(message.headers or {}, message.data) for message in batch]
        assert await follower._apply_fitting(messages)  # pyright: ignore[reportPrivateUsage]
        if follower.at.position >= events:
            break
    rate = events / (time.perf_counter() - started)
    assert await pool.fetchval("select count(*) from account_list") == min(ACCOUNTS, events)
    return rate


async def _raw(pool: Any, nc: Connection, events: int) -> float:
    await pool.execute("create table copied (like account_list)")
    done, started = 0, time.perf_counter()
    async for batch in batches(nc, stream_name(SERVICE), None):
        rows: dict[str, tuple[Any, ...]] = {}
        for message in batch:
            content = orjson.loads(message.data)
            rows[content["account_id"]] = (content["account_id"], None, content["amount"], done)
            done += 1
        await pool.copy_records_to_table("copied", records=rows.values(), columns=COPIED)
        if done >= events:
            break
    return events / (time.perf_counter() - started)
