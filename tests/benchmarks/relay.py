"""relay: events from the log to a subscriber, against a raw acknowledged publish of the same messages."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import asyncpg
import uvloop
from nats.aio.msg import Msg
from nats.js.api import StreamConfig

from libs.eventlog import new_id
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.postgres import PostgresLog
from libs.eventlog.stored import START
from libs.messaging import Place, connect, wire
from libs.messaging.connection import Connection
from libs.messaging.pull import batches
from libs.messaging.relay import Relay, stream_config
from libs.messaging.subjects import stream_name
from libs.testing.account.account import AccountPaid
from tests.benchmarks.beside import Beside
from tests.benchmarks.ground import TELLER, Ground, account_pool
from tests.benchmarks.measured import Measured, percentile
from tests.benchmarks.project import fill_log

ROWS = {
    "relay": "From the log in PostgreSQL through the relay into JetStream until the last event is at a subscriber in "
    "another process. Beside it the same messages, headers included, ready made, published to such a stream one by "
    "one, up to 1,000 under way, until the last acknowledgement.",
    "relay-p50": "One event at a time on a quiet node: from the answer of the log to the subscriber, who pulls as "
    "followers do; half are quicker. Beside it one raw acknowledged publish.",
    "relay-p99": "The slowest of a hundred of these.",
}
SERVICE, SUBSCRIBED, RAW = "relayed", 0.2, "RAW"
UNDER_WAY = 1_000
APART_S = 0.01
"""Between two lone events."""


def run(ground: Ground, events: int, lone: int) -> list[Measured]:
    """Two rounds in turns, the better of each; then events one by one."""
    return uvloop.run(_run(ground, events, lone))


async def _run(ground: Ground, events: int, lone: int) -> list[Measured]:
    nc = await connect(Place(url=ground.nats.url))
    url = ground.database()
    try:
        async with account_pool(url) as pool:
            ground.step(f"{events:,} events into a log")
            await fill_log(pool, url, events)
            log = PostgresLog(pool, lambda: asyncpg.connect(url))
            ready = await _ready_made(log, events)
            ours = raw = 0.0
            for turn in (1, 2):
                ground.step(f"ours, turn {turn}")
                ours = max(ours, await _relayed(ground, nc, log, events))
                ground.step(f"raw, turn {turn}")
                raw = max(raw, await _published(nc, ready))
            ground.step("one by one")
            late, acknowledged = await _one_by_one(nc, pool, url, lone, ready)
    finally:
        await nc.close()
    beside = "one raw acknowledged publish"
    return [
        Measured("relay", ours, raw, f"raw publish, {UNDER_WAY:,} under way", "events/s", events, least=0.5),
        Measured("relay-p50", percentile(late, 0.5), percentile(acknowledged, 0.5), beside, "ms", lone),
        Measured("relay-p99", percentile(late, 0.99), percentile(acknowledged, 0.99), beside, "ms", lone),
    ]


async def _ready_made(log: PostgresLog, events: int) -> list[tuple[bytes, dict[str, str]]]:
    """The messages as the relay writes them."""
    found: list[tuple[bytes, dict[str, str]]] = []
    at = START
    while stored := await log.page(at, 1_000):
        for one in stored:
            headers = wire.head(one, at.event_id, f"spojka:bench/{SERVICE}")
            found.append((wire.body(one), {**headers, "Nats-Msg-Id": str(one.event_id)}))
            at = one.checkpoint
    assert len(found) == events
    return found


async def _relayed(ground: Ground, nc: Connection, log: PostgresLog, events: int) -> float:
    """Until a subscriber in another process has everything; clocks of one machine agree."""
    with suppress(Exception):
        await nc.jetstream().delete_stream(stream_name(SERVICE))
    await nc.jetstream().add_stream(stream_config(SERVICE))
    subscriber = Beside(ground.folder, "tests.benchmarks.subscriber", {"nats": ground.nats.url, "events": events})
    try:
        await asyncio.to_thread(subscriber.ready)
        relay = Relay(nc, SERVICE, f"spojka:bench/{SERVICE}", log)
        started = time.monotonic()
        task = asyncio.create_task(relay.run())
        ended: float = await asyncio.to_thread(subscriber.answer)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return events / (ended - started)
    finally:
        subscriber.stop()


async def _published(nc: Connection, ready: list[tuple[bytes, dict[str, str]]]) -> float:
    """Every message with an inbox to answer to; the next when one of those under way is acknowledged."""
    js = nc.jetstream()
    with suppress(Exception):
        await js.delete_stream(RAW)
    await js.add_stream(StreamConfig(name=RAW, subjects=["raw"], max_bytes=2**30))
    room, answers, all_there = asyncio.Semaphore(UNDER_WAY), 0, asyncio.Event()

    async def answered(message: Msg) -> None:
        nonlocal answers
        assert b'"error"' not in message.data, message.data
        answers += 1
        room.release()
        if answers == len(ready):
            all_there.set()

    inbox = nc.new_inbox()
    subscription = await nc.subscribe(inbox, cb=answered, pending_msgs_limit=-1, pending_bytes_limit=-1)
    started = time.perf_counter()
    for body, headers in ready:
        await room.acquire()
        await nc.publish("raw", body, reply=inbox, headers=headers)
    await all_there.wait()
    rate = len(ready) / (time.perf_counter() - started)
    await subscription.unsubscribe()
    return rate


async def _one_by_one(
    nc: Connection, pool: Any, url: str, lone: int, ready: list[tuple[bytes, dict[str, str]]]
) -> tuple[list[float], list[float]]:
    """Milliseconds of lone events to a subscriber, and of lone publishes in turn with them."""
    awake = asyncio.Event()
    log = PostgresLog(pool, lambda: asyncpg.connect(url), wake=awake.set)
    await log.start()
    relay = Relay(nc, SERVICE, f"spojka:bench/{SERVICE}", log, awake)
    seen: dict[str, float] = {}
    tasks = [asyncio.create_task(relay.run()), asyncio.create_task(_subscribe(nc, lambda one: seen.update(one)))]
    js = nc.jetstream()
    said: dict[str, float] = {}
    acknowledged: list[float] = []
    try:
        await asyncio.sleep(SUBSCRIBED)
        for number in range(lone):
            account, event_id = new_id(), new_id()
            new = NewEvent(event_id, AccountPaid(account_id=account, amount=1), ())
            await log.append(Append(f"account-{account}", 0, new_id(), TELLER, datetime.now(UTC), (new,)))
            said[str(event_id)] = time.monotonic()
            await asyncio.sleep(APART_S)
            while str(event_id) not in seen:
                await asyncio.sleep(0.001)
            body, headers = ready[number % len(ready)]
            begun = time.monotonic()
            await js.publish("raw", body, headers={**headers, "Nats-Msg-Id": str(event_id)})
            acknowledged.append((time.monotonic() - begun) * 1000)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await log.close()
    return [(seen[one] - at) * 1000 for one, at in said.items()], acknowledged


async def _subscribe(nc: Connection, saw: Callable[[dict[str, float]], None]) -> None:
    async for batch in batches(nc, stream_name(SERVICE), datetime.now(UTC)):
        now = time.monotonic()
        saw({(message.headers or {}).get("ce-id", ""): now for message in batch})
