"""The bounded, continuous pull: how a follower reads a JetStream stream.

One subscription, one request for many messages, asked again at half credit: about three times the rate of
`fetch()`, and never more than 2 × size messages under way, however slow the reader is. Nothing is
acknowledged: the reader's own checkpoint says what was applied. Whatever goes wrong (server killed, consumer
deleted, a delivery lost), it raises `PullBroken` and the reader starts again from its checkpoint.
Source: NATS ADR-37, simplified pull consumers.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import datetime

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

SIZE = 500
LINGER_S = 0.002
"""A batch is closed so long after all that came was taken for the first time. Counted from the last message, and five
times as long, it delayed every lone event by 10 ms, and a steady trickle until 500 had come."""
HEARTBEAT_S = 2.0
IDLE_S = 6.0
ASK_AGAIN = {"404", "408"}
"""Statuses "nothing there" and "request ran out". Any other means: start again."""


class PullBroken(Exception):
    """The flow cannot be trusted any more; start again from the checkpoint."""


async def batches(
    nc: Client, stream: str, since: datetime | None, size: int = SIZE, linger_s: float = LINGER_S
) -> AsyncGenerator[list[Msg], None]:
    """Batches in stream order from `since` (None: everything) on, and then live, without end.

    An empty batch says that nothing came for IDLE_S seconds: time to ask the source whether that is true.
    linger_s: 0 for a reader that somebody waits for; what comes while it works on one event is its next batch.
    """
    policy = DeliverPolicy.BY_START_TIME if since else DeliverPolicy.ALL
    config = ConsumerConfig(
        deliver_policy=policy,
        opt_start_time=since,
        ack_policy=AckPolicy.NONE,
        mem_storage=True,
        inactive_threshold=60,
    )
    consumer = (await nc.jetstream(timeout=3).add_consumer(stream, config)).name
    queue: asyncio.Queue[Msg] = asyncio.Queue()
    inbox, expected, credit, heard = nc.new_inbox(), 1, 0, time.monotonic()

    async def put(message: Msg) -> None:
        queue.put_nowait(message)  # bounded by credit, not by the client's limits, which drop silently

    subscription = await nc.subscribe(inbox, cb=put, pending_msgs_limit=-1, pending_bytes_limit=-1)
    ask = {"expires": int(HEARTBEAT_S * 10e9), "idle_heartbeat": int(HEARTBEAT_S * 1e9)}
    try:
        while True:
            if credit <= size:
                request = json.dumps({**ask, "batch": 2 * size - credit}).encode()
                await nc.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}", request, reply=inbox)
                credit = 2 * size
            batch: list[Msg] = []
            wait_s, until = 2 * HEARTBEAT_S + 1, 0.0
            while len(batch) < size:
                try:
                    if queue.empty():
                        async with asyncio.timeout(wait_s):
                            message = await queue.get()
                    else:
                        message = queue.get_nowait()
                except TimeoutError:
                    if batch:
                        break
                    raise PullBroken("no message and no heartbeat") from None
                if status := (message.headers or {}).get("Status"):
                    if status in ASK_AGAIN:
                        credit -= int((message.headers or {}).get("Nats-Pending-Messages", credit))
                    elif status != "100":
                        raise PullBroken(f"status {status}")
                    if not batch:
                        break  # look at the credit again
                    continue
                if message.metadata.sequence.consumer != expected:
                    raise PullBroken("a delivery was lost on the way")
                expected, credit = expected + 1, credit - 1
                batch.append(message)
                if queue.empty():
                    now = time.monotonic()
                    until = until or now + linger_s
                    if (wait_s := until - now) <= 0:
                        break
            if batch or time.monotonic() - heard > IDLE_S:
                heard = time.monotonic()
                yield batch
    finally:
        if nc.is_connected:
            with suppress(nats.errors.Error):
                await subscription.unsubscribe()
