"""How a service starts, runs and stops. `run(build)` is the only line that reads the environment."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import nats.errors
import uvloop
from faststream.nats import NatsBroker
from faststream.security import SASLPlaintext
from nats.aio.client import Client

from libs.eventlog import Event, postgres
from libs.eventlog.events import REGISTRY
from libs.eventlog.handle import Corridor
from libs.eventlog.postgres import FULL, LOST, WRITER_SETTINGS, PostgresLog
from libs.messaging import BusAway, Place, connect
from libs.messaging.relay import Relay
from libs.messaging.subjects import wake_subject
from libs.privacy import NodeKey, SubjectKeys, keys, seal_fields
from libs.projection import streamed
from libs.service.declaration import Service
from libs.service.ending import end
from libs.service.endpoints import listen
from libs.service.gauges import watch
from libs.service.heap import keep_what_is_here
from libs.service.migrate import migrate
from libs.service.running import Running
from libs.service.settings import Settings, SettingsMistake
from libs.service.telemetry import start_telemetry

LIBRARY_MIGRATIONS = (
    postgres.MIGRATIONS,
    keys.MIGRATIONS,
    Path(streamed.__file__).with_name("migrations"),
)
POOL_SIZE = 6
PATIENCE_S = 30.0
LEADING_ENDS_S = 5.0
"""Who leads first ends relay and followers; told again meanwhile, it would leave them running."""
GRACE_S = 10.0
"""For requests that were begun when the service is told to stop."""
ANSWERS_TOGETHER = 16
"""Whoever asks a service is another process. Each write of answers wakes NATS and the asker: few writes."""
STATEMENT_S = postgres.PATIENCE_S
READER_SETTINGS = {"plan_cache_mode": "force_custom_plan", "jit": "off"}
"""A question has filters that may be empty: planned for what is asked, it finds its index; compiling never pays."""
log = logging.getLogger("spojka.service")


class NotDurable(SettingsMistake):
    """PostgreSQL may acknowledge what it has not stored. The node does not start on it."""


@asynccontextmanager
async def running(service: Service) -> AsyncGenerator[Running, None]:
    """The service, up: ready to answer when this yields, stopped in order when it ends."""
    REGISTRY.check()
    settings, name = service.settings, service.name
    url = settings.store.url.replace("{database}", name)
    node_key = _node_key(settings)
    place = Place(
        url=settings.bus.url,
        user=name if settings.bus.users else "",
        password=settings.password(name),
        name=name,
    )

    async def own_connection() -> "asyncpg.Connection[Any]":
        told = {"application_name": name, **WRITER_SETTINGS}
        return await asyncpg.connect(url, timeout=5, command_timeout=STATEMENT_S, server_settings=told)

    async with AsyncExitStack() as stack:
        pool = await _pool(url, name)
        stack.push_async_callback(_close_pool, pool)
        await _prepare(pool, service)
        try:
            nc = await connect(place)
        except BusAway as away:
            raise SettingsMistake(f"bus.url: {away}. Nothing was started. Start NATS, or correct bus.url.") from None
        stack.push_async_callback(_close_connection, nc)
        subject_keys = SubjectKeys(pool, node_key)

        async def seal(event: Event, event_id: Any) -> Event:
            try:
                return await seal_fields(subject_keys, event, event.subjects, event_id)
            except (*LOST, *FULL) as error:  # a new person's key needs the store, too
                raise event_log.in_trouble(error) from error

        relay_awake = asyncio.Event()

        def wake() -> None:
            relay_awake.set()
            if nc.is_connected:
                task = asyncio.ensure_future(nc.publish(wake_subject(name)))  # other replicas' relay
                task.add_done_callback(lambda done: done.exception())

        inline = streamed.inline(service.projections, service.sql)
        event_log = PostgresLog(pool, own_connection, inline, wake, ANSWERS_TOGETHER)
        await event_log.start()
        stack.push_async_callback(event_log.close)
        deciders = {decider.name: decider for decider in service.deciders}
        corridor = Corridor(settings.organisation.id, deciders, service.policy, event_log, seal)
        relay = Relay(nc, name, f"spojka:{settings.organisation.code}/{name}", event_log, relay_awake)
        alive = Running(service, pool, nc, event_log, corridor, subject_keys, node_key, relay)

        async def woken(_: Any) -> None:
            relay_awake.set()

        await nc.subscribe(wake_subject(name), cb=woken)
        alive.make_followers()
        watch(alive)
        leader = asyncio.create_task(alive.lead(own_connection), name=f"{name}-leader")
        stack.push_async_callback(_cancel, leader)
        broker = NatsBroker(
            place.url,
            security=SASLPlaintext(place.user, place.password) if place.user else None,
            name=f"{name}-requests",
            inbox_prefix=place.inbox,
            apply_types=False,
            logger=None,
            max_reconnect_attempts=-1,
            reconnect_time_wait=1,
            pending_size=0,
        )
        listen(broker, alive)
        await broker.start()
        stack.push_async_callback(_stop_broker, broker, alive)
        yield alive


async def serve(services: Sequence[Service], ready: Callable[[], None] = lambda: None) -> None:
    """Run services side by side until SIGINT or SIGTERM, then stop them in order."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        for service in services:
            await stack.enter_async_context(running(service))
        keep_what_is_here()
        ready()
        await stop.wait()


def run(build: Callable[[Settings], Service]) -> None:
    """`python -m services.cases.app NODE.toml`"""
    parser = argparse.ArgumentParser()
    parser.add_argument("node", type=Path, help="the node's settings, node.toml")
    try:
        settings = Settings.from_file(parser.parse_args().node)
        service = build(settings)
        start_telemetry(service.name, settings)
        uvloop.run(serve([service]))
    except SettingsMistake as mistake:
        sys.exit(str(mistake))


def _node_key(settings: Settings) -> NodeKey:
    file = settings.path(settings.keys.folder) / "node.key"
    try:
        return NodeKey.from_file(file)
    except (OSError, ValueError) as error:
        raise SettingsMistake(
            f"keys.folder: {file} cannot be read ({type(error).__name__}). Nothing was started. Without this key no "
            "personal value of the node opens: restore it from the key backup, do not make a new one."
        ) from None


async def _pool(url: str, name: str) -> "asyncpg.Pool[Any]":
    """Connections to the service's database; waits for a PostgreSQL that is still starting."""
    waited_s = 0.0
    while True:
        try:
            told = {"application_name": name, **READER_SETTINGS}
            return await asyncpg.create_pool(
                url, min_size=1, max_size=POOL_SIZE, timeout=5, server_settings=told, reset=_as_it_is
            )
        except (*LOST, asyncpg.PostgresError) as error:
            hopeless = isinstance(
                error, asyncpg.InvalidAuthorizationSpecificationError | asyncpg.InvalidCatalogNameError
            )
            if hopeless or (waited_s := waited_s + 0.5) > PATIENCE_S:
                raise SettingsMistake(
                    f"store.url: PostgreSQL does not let `{name}` in ({type(error).__name__}). Nothing was started. "
                    "Start PostgreSQL, make the database, or correct store.url."
                ) from None
            await asyncio.sleep(0.5)


async def _as_it_is(db: Any) -> None:
    """Nothing here sets, listens or locks on a connection of the pool, so a released one needs no round trip to forget
    that; a transaction left open is still rolled back by asyncpg itself."""


async def _prepare(pool: "asyncpg.Pool[Any]", service: Service) -> None:
    async with pool.acquire() as db:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = await db.fetchval(f"show {setting}")
            if value == "off" or (setting == "synchronous_commit" and value == "local"):
                raise NotDurable(
                    f"PostgreSQL of `{service.name}` runs with {setting} = {value}: it may lose "
                    "what it has acknowledged. "
                    f"Nothing was started. Set `{setting} = on` in postgresql.conf and restart PostgreSQL."
                )
        await migrate(db, (*LIBRARY_MIGRATIONS, service.migrations))


async def _cancel(task: "asyncio.Task[None]") -> None:
    await end([task], LEADING_ENDS_S)


async def _stop_broker(broker: NatsBroker, alive: Running) -> None:
    """No new requests; those begun get their answers while the connection is still there."""
    for subscriber in broker.subscribers:
        with suppress(Exception):
            await subscriber.stop()
    await alive.requests.finish(GRACE_S)
    with suppress(Exception):
        await broker.stop()


async def _close_connection(nc: Client) -> None:
    with suppress(OSError, nats.errors.Error):
        await nc.close()


async def _close_pool(pool: "asyncpg.Pool[Any]") -> None:
    try:
        async with asyncio.timeout(5):
            await pool.close()
    except TimeoutError:
        pool.terminate()
