"""What the benchmark `bus` asks, in a process of its own: the service `accounts`, or an echo."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import uvloop
from faststream.nats import NatsBroker

from libs.service.run import serve
from libs.testing.account import account
from libs.testing.places import settings_for
from tests.benchmarks import beside

ECHO = "bench.echo"


async def accounts(task: dict[str, Any]) -> None:
    """The service as a node runs it."""
    settings = settings_for(Path(task["folder"]), task["url"], task["nats"], UUID(task["organisation"]))
    await serve([account.build(settings)], ready=lambda: beside.say("ready"))


async def echo(task: dict[str, Any]) -> None:
    """FastStream with nothing around it."""
    broker = NatsBroker(task["nats"], logger=None)

    @broker.subscriber(ECHO)
    async def answer(body: Any) -> Any:  # pyright: ignore[reportUnusedFunction]
        return body

    async with broker:
        await broker.start()
        beside.say("ready")
        await asyncio.Event().wait()


if __name__ == "__main__":
    told = beside.task()
    uvloop.run(accounts(told) if told["what"] == "accounts" else echo(told))
