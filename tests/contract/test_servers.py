"""What every back end of the server fixtures promises: an empty database and JetStream for each test alone."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import nats
import pytest
from nats.errors import NoServersError
from nats.js.errors import NotFoundError

from deploy.commands.test import no_containers
from libs.servers import ServerFailed
from libs.testing.servers import (
    Containers,
    Embedded,
    NatsServer,
    NotOurs,
    PostgresServer,
    Running,
    Servers,
    servers_for,
)

T = TypeVar("T")
BACK_ENDS = ["embedded", "running", *([] if no_containers() else ["containers"])]


@pytest.fixture(scope="module", params=BACK_ENDS)
def back_end(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    if request.param == "containers":
        yield Containers(os.environ)
        return
    embedded = Embedded(tmp_path_factory.mktemp("servers"))
    if request.param == "embedded":
        yield embedded
        return
    with embedded.postgres() as postgres, embedded.nats() as nats_server:
        yield Running(postgres.admin_url(), nats_server.url)


@pytest.fixture(scope="module")
def postgres_server(back_end: Servers) -> Iterator[PostgresServer]:
    with back_end.postgres() as server:
        yield server


@pytest.fixture
def new(postgres_server: PostgresServer) -> Iterator[Callable[[], str]]:
    names: list[str] = []

    def new_one() -> str:
        names.append(f"contract_{uuid4().hex[:8]}")
        return postgres_server.create_database(names[-1])

    yield new_one
    for name in names:
        postgres_server.drop_database(name)


def test_a_database_is_empty_durable_and_utf_8(new: Callable[[], str]):
    tables, durable, flushed, encoding = ask(
        new(),
        "select (select count(*) from pg_tables where schemaname = 'public'), current_setting('synchronous_commit'), "
        "current_setting('fsync'), current_setting('server_encoding')",
    )
    assert (tables, durable, flushed, encoding) == (0, "on", "on", "UTF8")


def test_two_databases_do_not_see_each_other(new: Callable[[], str]):
    one, other = new(), new()
    ask(one, "create table letter as select 1 as number")
    with pytest.raises(asyncpg.UndefinedTableError):
        ask(other, "select number from letter")
    assert ask(one, "select number from letter") == [1]


def test_a_database_made_twice_keeps_what_it_holds(postgres_server: PostgresServer):
    url = postgres_server.create_database("contract_twice")
    ask(url, "create table letter as select 1 as number")
    assert postgres_server.create_database("contract_twice") == url
    assert ask(url, "select number from letter") == [1]
    postgres_server.drop_database("contract_twice")


def test_a_database_can_be_dropped_under_its_clients(postgres_server: PostgresServer):
    url = postgres_server.create_database("contract_dropped")

    async def drop_while_connected() -> None:
        connection = await asyncpg.connect(url)
        postgres_server.drop_database("contract_dropped")
        with pytest.raises((asyncpg.PostgresError, ConnectionError)):
            await connection.execute("select 1")

    finish(drop_while_connected())


def test_a_nats_server_has_an_empty_jetstream(back_end: Servers):
    for _ in range(2):  # and leaves nothing to the next test
        with back_end.nats() as server:
            assert stored(server) is None
            store(server)
            assert stored(server) == 1


def test_a_killed_nats_server_comes_back_where_it_was_with_what_it_had(back_end: Servers):
    with back_end.nats() as server:
        store(server)
        if isinstance(back_end, Running):
            with pytest.raises(NotOurs):
                server.kill()
            return
        before = server.url
        server.kill()
        with pytest.raises(NoServersError):
            stored(server)
        server.start()
        assert (server.url, stored(server)) == (before, 1)


def test_a_wiped_nats_server_has_lost_everything(back_end: Servers):
    with back_end.nats() as server:
        store(server)
        if isinstance(back_end, Running):
            server.wipe()
        else:
            server.stop()
            server.wipe()
            server.start()
        assert stored(server) is None


def test_two_nats_servers_are_two(back_end: Servers):
    if isinstance(back_end, Running):
        return  # there is one
    with back_end.nats() as one, back_end.nats("max_payload: 300KB") as other:
        store(one)
        assert one.url != other.url and stored(other) is None


def test_a_running_nats_server_with_streams_is_left_alone(tmp_path: Path):
    with Embedded(tmp_path).nats() as server:
        store(server)
        with pytest.raises(NotOurs, match="MATTERS"), Running("", server.url).nats():
            pass
        assert stored(server) == 1


@pytest.mark.parametrize(
    ("environment", "kind"),
    [
        ({}, Embedded),
        ({"SPOJKA_TEST_SERVERS": "containers"}, Containers),
        ({"SPOJKA_TEST_POSTGRES_URL": "postgresql://x/", "SPOJKA_TEST_NATS_URL": "nats://x"}, Running),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], kind: type[Servers], tmp_path: Path):
    assert isinstance(servers_for(environment, tmp_path), kind)


@pytest.mark.parametrize("environment", [{"SPOJKA_TEST_SERVERS": "dokcer"}, {"SPOJKA_TEST_NATS_URL": "nats://x"}])
def test_a_mistake_in_the_environment_is_told(environment: dict[str, str], tmp_path: Path):
    with pytest.raises(ServerFailed, match="SPOJKA_TEST"):
        servers_for(environment, tmp_path)


def test_the_fixtures_give_both(database: str, nats_server: NatsServer):
    assert ask(database, "select 1") == [1]
    if "SPOJKA_TEST_NATS_URL" not in os.environ:
        assert stored(nats_server) is None


def ask(url: str, statement: str) -> list[Any]:
    async def asked() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetchrow(statement) or ())
        finally:
            await connection.close()

    return finish(asked())


def store(server: NatsServer) -> None:
    async def stored_one() -> None:
        async with await nats.connect(server.url) as client:
            stream = client.jetstream()
            await stream.add_stream(name="MATTERS", subjects=["matter"])
            await stream.publish("matter", b"one")

    finish(stored_one())


def stored(server: NatsServer) -> int | None:
    async def counted() -> int | None:
        async with await nats.connect(server.url, max_reconnect_attempts=1, reconnect_time_wait=0) as client:
            try:
                return (await client.jetstream().stream_info("MATTERS")).state.messages
            except NotFoundError:
                return None

    return finish(counted())


def finish(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
