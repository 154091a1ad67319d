"""bus: commands a second through NATS request-reply, against a bare FastStream echo."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import uvloop
from nats.aio.client import Client

from libs.eventlog import Actor, new_id
from libs.messaging import Bus, Place, connect
from libs.messaging.subjects import command_subject
from libs.privacy import CLEAR
from libs.service import Settings
from libs.testing.account.account import OpenAccount, PayAccount
from libs.testing.places import actor, settings_for
from tests.benchmarks.beside import Beside
from tests.benchmarks.ground import Ground
from tests.benchmarks.measured import Measured
from tests.benchmarks.served import ECHO

ROWS = {
    "bus": "Commands to a service in a process of its own, 64 under way: request, validation, policy, decision, group "
    "commit with its read model, relay, answer. Beside it a FastStream subscriber in a process of its own that answers "
    "with what it was sent, of the same size, from the same client.",
}
IN_FLIGHT, ROUNDS = 64, 3

Ask = Callable[[int], Awaitable[object]]


def run(ground: Ground, seconds: float) -> list[Measured]:
    """In turns, the better of each."""
    settings = settings_for(ground.folder / "accounts", ground.database(), ground.nats.url)
    started = {
        "accounts": {"folder": str(settings.folder), "url": settings.store.url, "nats": ground.nats.url,
                     "organisation": str(settings.organisation.id)},
        "echo": {"nats": ground.nats.url},
    }  # fmt: skip
    with _processes(ground, started):
        ours, echo, n = uvloop.run(_in_turns(ground, settings, seconds))
    return [Measured("bus", ours, echo, "FastStream echo", "commands/s", n, least=0.5)]


@contextmanager
def _processes(ground: Ground, told: dict[str, dict[str, str]]) -> Generator[None, None, None]:
    running: list[Beside] = []
    try:
        for what, about in told.items():
            ground.step(f"{what} in a process of its own")
            running.append(Beside(ground.folder, "tests.benchmarks.served", {"what": what, **about}))
            running[-1].ready()
        yield
    finally:
        for one in running:
            one.stop()


async def _in_turns(ground: Ground, settings: Settings, seconds: float) -> tuple[float, float, int]:
    nc = await connect(Place(url=ground.nats.url))
    try:
        teller, now = actor(settings, "teller"), datetime.now(UTC)
        accounts = [new_id() for _ in range(IN_FLIGHT)]
        for one in accounts:
            opening = dict(actor=teller, occurred_at=now, account_id=one, owner="x")
            await Bus(nc).command("accounts", "account", OpenAccount.model_validate(opening))
        pay = partial(_pay, nc, teller, now, accounts)
        echo = partial(_echo, nc, _paying(teller, now, accounts[0]))
        ours = other = 0.0
        n = 0
        for turn in range(1, ROUNDS + 1):
            ground.step(f"turn {turn} of {ROUNDS}")
            rate, count = await _rate(pay, seconds)
            ours, n = max(ours, rate), n + count
            other = max(other, (await _rate(echo, seconds))[0])
        return ours, other, n
    finally:
        await nc.close()


async def _rate(ask: Ask, seconds: float) -> tuple[float, int]:
    """Answers a second, and their number, with so many questions under way."""
    started, done = time.perf_counter(), 0

    async def work(number: int) -> None:
        nonlocal done
        while time.perf_counter() - started < seconds:
            await ask(number)
            done += 1

    await asyncio.gather(*(work(number) for number in range(IN_FLIGHT)))
    return done / (time.perf_counter() - started), done


def _paying(teller: Actor, now: datetime, account: UUID) -> bytes:
    command = PayAccount.model_validate(dict(actor=teller, occurred_at=now, account_id=account, amount=1))
    return command.model_dump_json(context=CLEAR).encode()


async def _pay(nc: Client, teller: Actor, now: datetime, accounts: list[UUID], number: int) -> None:
    await Bus(nc).ask(
        "accounts", command_subject("accounts", "account", PayAccount), _paying(teller, now, accounts[number])
    )


async def _echo(nc: Client, body: bytes, number: int) -> None:
    await nc.request(ECHO, body, timeout=15)
