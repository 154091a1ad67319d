"""append: durable commands a second through `handle()`, read model and idempotency included."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import uvloop

from libs.eventlog import Actor, Event, new_id
from libs.eventlog.handle import Corridor
from libs.eventlog.postgres import MIGRATIONS, WRITER_SETTINGS, PostgresLog
from libs.eventlog.sql import named_queries
from libs.privacy import NodeKey, SubjectKeys, seal_fields
from libs.privacy import keys as privacy_keys
from libs.projection.streamed import inline
from libs.servers import EmbeddedPostgres
from libs.service.migrate import migrate
from libs.testing.account import account
from libs.testing.account.account import ACCOUNT, ACCOUNT_LIST, OpenAccount, PayAccount, may
from tests.benchmarks import peer
from tests.benchmarks.measured import Measured

HERE = Path(account.__file__).parent
ACTOR = Actor(user=new_id(), organisation=new_id(), roles=frozenset({"teller"}))
IN_FLIGHT = (1, 16, 64, 256)


@asynccontextmanager
async def corridor(url: str) -> AsyncGenerator[Corridor, None]:
    """The whole corridor over a real PostgreSQL, as a service has it, without its wire."""
    pool = await asyncpg.create_pool(url, min_size=1, max_size=4)
    async with pool.acquire() as db:
        await migrate(db, [MIGRATIONS, privacy_keys.MIGRATIONS, HERE / "migrations"])
    subject_keys = SubjectKeys(pool, NodeKey(b"k" * 32))

    async def seal(event: Event, event_id: UUID) -> Event:
        return await seal_fields(subject_keys, event, event.subjects, event_id)

    log = PostgresLog(
        pool,
        lambda: asyncpg.connect(url, server_settings=WRITER_SETTINGS),
        inline([ACCOUNT_LIST], named_queries(HERE / "queries.sql")),
    )
    await log.start()
    yield Corridor(ACTOR.organisation, {"account": ACCOUNT}, may, log, seal)
    await log.close()
    await pool.close()


async def commands_per_second(url: str, in_flight: int, seconds: float) -> tuple[float, int, float]:
    """(rate, commands done, p99 latency in seconds) with so many commands waiting."""
    async with corridor(url) as handling:
        accounts = [new_id() for _ in range(max(64, in_flight))]
        now = datetime.now(UTC)
        for one in accounts:
            await handling.handle(
                "account", OpenAccount.model_validate(dict(actor=ACTOR, occurred_at=now, account_id=one, owner="x"))
            )
        taken: list[float] = []
        started = time.perf_counter()

        async def work(number: int) -> None:
            turn = number
            while (begun := time.perf_counter()) - started < seconds:
                command = PayAccount(actor=ACTOR, occurred_at=now, account_id=accounts[turn % len(accounts)], amount=1)
                await handling.handle("account", command)
                taken.append(time.perf_counter() - begun)
                turn += in_flight

        await asyncio.gather(*[work(number) for number in range(in_flight)])
        rate = len(taken) / (time.perf_counter() - started)
        return rate, len(taken), sorted(taken)[int(len(taken) * 0.99)]


def run(server: EmbeddedPostgres, seconds: float) -> list[Measured]:
    """Ours at 1, 16, 64 and 256 in flight, each in turn with the peer's best of 1–8 threads."""
    found: list[Measured] = []
    theirs, threads, _ = peer.commands_per_second(server.create_database("peer"), seconds)
    for in_flight in IN_FLIGHT:
        rate, count, _ = uvloop.run(
            commands_per_second(server.create_database(f"ours_{in_flight}"), in_flight, seconds)
        )
        again, more, _ = peer.commands_per_second(server.create_database("peer"), seconds, [threads])
        found.append(
            Measured(
                name=f"append-{in_flight}",
                ours=rate,
                other=max(theirs, again),
                other_name=f"eventsourcing 9.5, {more} threads",
                unit="commands/s",
                n=count,
                target=8.0 if in_flight == 64 else 0.0,
            )
        )
    return found
