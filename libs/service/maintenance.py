"""What an operator does to one service of a node: verify its log, rebuild a read model, replay dead letters."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from libs.eventlog import ChainBroken, CommandFailed, Event
from libs.eventlog.handle import Corridor
from libs.eventlog.log import verify
from libs.eventlog.postgres import SQL, PostgresLog
from libs.eventlog.stored import START, Checkpoint
from libs.messaging import Bus, Place, connect, wire
from libs.messaging.connection import Connection
from libs.messaging.refill import Message, ask_refill
from libs.messaging.relay import Relay
from libs.messaging.subjects import state_subject
from libs.privacy import NodeKey, SubjectKeys, seal_fields
from libs.projection import Projection
from libs.projection.rebuild import Progress, beside, own_pages, refilled_pages
from libs.projection.streamed import inline
from libs.service.declaration import Service
from libs.service.running import Running

PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Bench:
    """A service on the workbench: its database and the node's bus, beside the running one."""

    service: Service
    pool: "asyncpg.Pool[Any]"
    nc: Connection
    log: PostgresLog


@asynccontextmanager
async def on_bench(service: Service) -> AsyncGenerator[Bench, None]:
    """Connections for maintenance, as the bus user `operator`."""
    settings = service.settings
    url = settings.store.url.replace("{database}", service.name)
    user = "operator" if settings.bus.users else ""
    place = Place(url=settings.bus.url, user=user, password=settings.password(user) if user else "", name="operator")
    pool = await asyncpg.create_pool(url, min_size=1, max_size=2, timeout=5)
    try:
        nc = await connect(place, patience_s=5)
    except BaseException:
        await pool.close()
        raise
    try:
        yield Bench(service, pool, nc, PostgresLog(pool, lambda: asyncpg.connect(url)))
    finally:
        await nc.close()
        await pool.close()


async def verify_service(bench: Bench, progress: Callable[[int], None] = lambda position: None) -> int:
    """The number of events whose chain holds. Raises ChainBroken at an edit, a deletion, a reorder or a truncation."""
    at, chain = START, b""
    while page := await bench.log.page(at, PAGE):
        chain = verify(page, chain)
        if page[0].position != at.position + 1 or page[-1].position != at.position + len(page):
            raise ChainBroken(f"an event after position {at.position} is missing")
        at = page[-1].checkpoint
        progress(at.position)
    head = await bench.pool.fetchrow(SQL["head"])
    if head is None or (head["position"], bytes(head["hash"])) != (at.position, chain):
        raise ChainBroken(f"the log says it has {head and head['position']} events, {at.position} are there")
    return at.position


async def rebuild(bench: Bench, name: str, progress: Progress = lambda position: None) -> int:
    """Build a read model anew and switch; the old one serves until then. Returns the position it was built to."""
    source, projection = bench.service.projection(name)
    own = source == bench.service.name
    async with bench.pool.acquire() as db, _beside(bench, db, source, projection) as new:
        await new.catch_up(progress)
        async with db.transaction():
            held = SQL["lock_log"] if own else "select 1 from checkpoint where follower = $1 for update"
            await db.execute(held, *([] if own else [projection.name]))
            await new.catch_up(progress)
            await new.switch()
            if not own:
                await db.execute(
                    "update checkpoint set position = $2, event_id = $3 where follower = $1",
                    projection.name, new.at.position, new.at.event_id,
                )  # fmt: skip
        return new.at.position


async def differences(bench: Bench, name: str) -> int:
    """Rows in which a read model differs from its rebuild. 0 is a promise (G6)."""
    source, projection = bench.service.projection(name)
    async with bench.pool.acquire() as db, _beside(bench, db, source, projection) as new:
        await new.catch_up()
        return await new.differences()


async def replay(bench: Bench) -> tuple[int, int]:
    """Act again on every dead letter, read anew from its source: (acted on, still dead). Repeats are harmless."""
    service, done, still = bench.service, 0, 0
    running = await _at_hand(bench)
    try:
        query = (
            "select reaction, source, position, event_id from dead_letter where replayed_at is null order by failed_at"
        )
        for row in await bench.pool.fetch(query):
            page = await ask_refill(bench.nc, row["source"], Checkpoint(row["position"] - 1, None))
            message = next((one for one in page or () if one.headers["ce-id"] == str(row["event_id"])), None)
            reactions = [
                one for one in service.reactions if one.name == row["reaction"] and one.source == row["source"]
            ]
            try:
                if message is None or not reactions:
                    raise LookupError("the event or its reaction is no longer there")
                recorded = wire.read(message.headers, message.data)
                for reaction in reactions:
                    if type(recorded.event) is reaction.event:
                        await running.act(reaction, recorded)
            except Exception as error:  # it stays where it is, under its newest cause
                code = error.code if isinstance(error, CommandFailed) else type(error).__name__
                sql, still = "update dead_letter set code = $3 where reaction = $1 and event_id = $2", still + 1
                await bench.pool.execute(sql, row["reaction"], row["event_id"], code)
            else:
                sql = "update dead_letter set replayed_at = clock_timestamp() where reaction = $1 and event_id = $2"
                await bench.pool.execute(sql, row["reaction"], row["event_id"])
                done += 1
    finally:
        await running.log.close()
    return done, still


async def _at_hand(bench: Bench) -> Running:
    """The service's corridor beside the running one; the log keeps both in order."""
    settings, service = bench.service.settings, bench.service
    node_key = NodeKey.from_file(settings.path(settings.keys.folder) / "node.key")
    keys = SubjectKeys(bench.pool, node_key)

    async def seal(event: Event, event_id: UUID) -> Event:
        return await seal_fields(keys, event, event.subjects, event_id)

    url = settings.store.url.replace("{database}", service.name)
    log = PostgresLog(bench.pool, lambda: asyncpg.connect(url), inline(service.projections, service.sql))
    await log.start()
    deciders = {decider.name: decider for decider in service.deciders}
    corridor = Corridor(settings.organisation.id, deciders, service.policy, log, seal)
    return Running(service, bench.pool, bench.nc, log, corridor, keys, node_key, Relay(bench.nc, service.name, "", log))


async def source_head(bench: Bench, name: str) -> int:
    """Last position of the log a read model is built from."""
    source, _ = bench.service.projection(name)
    if source == bench.service.name:
        return (await bench.log.head()).position
    return int((await Bus(bench.nc).ask(source, state_subject(source), b"{}"))["head"])


def _beside(bench: Bench, db: Any, source: str, projection: Projection) -> Any:
    async def ask(after: Checkpoint) -> list[Message] | None:
        return await ask_refill(bench.nc, source, after)

    own = source == bench.service.name
    pages = own_pages(bench.log, projection) if own else refilled_pages(ask, projection)
    return beside(db, projection, bench.service.sql, pages)


__all__ = ["Bench", "differences", "on_bench", "rebuild", "replay", "source_head", "verify_service"]
