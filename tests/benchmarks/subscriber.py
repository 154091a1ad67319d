"""The subscriber of the benchmark `relay`, in a process of its own: pulls as followers do, and says when it has all."""

import time

import uvloop

from libs.messaging import Place, connect
from libs.messaging.pull import batches
from libs.messaging.subjects import stream_name
from tests.benchmarks import beside
from tests.benchmarks.relay import SERVICE


async def subscribe(nats: str, events: int) -> None:
    nc, done = await connect(Place(url=nats)), 0
    beside.say("ready")
    async for batch in batches(nc, stream_name(SERVICE), None):
        done += len(batch)
        if done >= events:
            break
    beside.say("answer", time.monotonic())
    await nc.close()


if __name__ == "__main__":
    told = beside.task()
    uvloop.run(subscribe(told["nats"], told["events"]))
