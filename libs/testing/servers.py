"""Real servers for tests: one fixture, three back ends, one contract (tests/contract/test_servers.py).

embedded     wheels, nothing to install: the default
containers   SPOJKA_TEST_SERVERS=containers, where a Docker engine answers; images by SPOJKA_TEST_POSTGRES_IMAGE and
             SPOJKA_TEST_NATS_IMAGE (deploy/docker makes some where no registry is reached; then also set
             TESTCONTAINERS_RYUK_DISABLED=true, or testcontainers asks for an image of its own)
running      SPOJKA_TEST_POSTGRES_URL and SPOJKA_TEST_NATS_URL: servers that are there already
"""

import asyncio
import itertools
import shutil
import socket
from collections.abc import Coroutine, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import nats
from nats.js.errors import NotFoundError

from libs.servers import EmbeddedNats, EmbeddedPostgres, ServerFailed, databases

T = TypeVar("T")
POSTGRES_IMAGE, NATS_IMAGE = "postgres:18", "nats:2.15"
CONFIGURATION = "/spojka.conf"


class NotOurs(ServerFailed):
    """The server was here before the test: it may be used, not killed, configured or emptied."""


class PostgresServer(Protocol):
    def create_database(self, name: str) -> str:
        """An empty database; its URL for asyncpg."""
        ...

    def drop_database(self, name: str) -> None: ...


class NatsServer(Protocol):
    """With JetStream, and nothing in it. `url` holds over start() after stop() or kill()."""

    url: str

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    def wipe(self) -> None:
        """Lose everything JetStream has stored."""
        ...


class Servers(Protocol):
    """A back end. Each call starts a server of its own, as far as the back end can."""

    def postgres(self) -> AbstractContextManager[PostgresServer]: ...
    def nats(self, config: str = "") -> AbstractContextManager[NatsServer]: ...


def servers_for(environment: Mapping[str, str], folder: Path) -> Servers:
    """The back end that the environment asks for; `folder` holds what embedded servers store."""
    kind = environment.get("SPOJKA_TEST_SERVERS", "embedded")
    postgres_url, nats_url = environment.get("SPOJKA_TEST_POSTGRES_URL"), environment.get("SPOJKA_TEST_NATS_URL")
    if postgres_url and nats_url:
        return Running(postgres_url, nats_url)
    if postgres_url or nats_url:
        raise ServerFailed("Set both SPOJKA_TEST_POSTGRES_URL and SPOJKA_TEST_NATS_URL, or neither.")
    if kind == "containers":
        return Containers(environment)
    if kind == "embedded":
        return Embedded(folder)
    raise ServerFailed(f"SPOJKA_TEST_SERVERS={kind} is not known. Use embedded or containers.")


class Embedded:
    """Servers from wheels, each in a folder of its own."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._numbers = itertools.count(1)

    @contextmanager
    def postgres(self) -> Generator[EmbeddedPostgres]:
        folder = self._folder / f"postgres-{next(self._numbers)}"
        with EmbeddedPostgres(folder) as server:
            yield server
        shutil.rmtree(folder)

    @contextmanager
    def nats(self, config: str = "") -> Generator[EmbeddedNats]:
        folder = self._folder / f"nats-{next(self._numbers)}"
        with EmbeddedNats(folder, config) as server:
            yield server
        shutil.rmtree(folder)


class RunningPostgres:
    """admin_url: of somebody who may create databases."""

    def __init__(self, admin_url: str):
        self._admin_url = admin_url

    def create_database(self, name: str) -> str:
        databases.create_database(self._admin_url, name)
        return urlunsplit(urlsplit(self._admin_url)._replace(path="/" + quote(name)))

    def drop_database(self, name: str) -> None:
        databases.drop_database(self._admin_url, name)


class RunningNats:
    """A server that is there already, and empty: the test's streams are taken away again."""

    def __init__(self, url: str):
        self.url = url

    def start(self) -> None:
        raise NotOurs(f"The NATS server at {self.url} is not ours to start.")

    def stop(self) -> None:
        raise NotOurs(f"The NATS server at {self.url} is not ours to stop.")

    def kill(self) -> None:
        raise NotOurs(f"The NATS server at {self.url} is not ours to kill.")

    def wipe(self) -> None:
        _finish(_drop_streams(self.url))


class Running:
    """Servers that are there already."""

    def __init__(self, postgres_url: str, nats_url: str):
        self._postgres_url, self._nats_url = postgres_url, nats_url

    @contextmanager
    def postgres(self) -> Generator[RunningPostgres]:
        yield RunningPostgres(self._postgres_url)

    @contextmanager
    def nats(self, config: str = "") -> Generator[RunningNats]:
        if config:
            raise NotOurs(f"The NATS server at {self._nats_url} is not ours to configure.")
        if names := _finish(_stream_names(self._nats_url)):
            raise NotOurs(
                f"The NATS server at {self._nats_url} holds streams ({', '.join(names)}). Nothing was touched: "
                "tests empty their server, so give them one that holds nothing."
            )
        server = RunningNats(self._nats_url)
        try:
            yield server
        finally:
            server.wipe()


class Containers:
    """Servers in containers of their own. The imports wait: most machines that test have no Docker."""

    def __init__(self, environment: Mapping[str, str]):
        self._postgres_image = environment.get("SPOJKA_TEST_POSTGRES_IMAGE", POSTGRES_IMAGE)
        self._nats_image = environment.get("SPOJKA_TEST_NATS_IMAGE", NATS_IMAGE)

    @contextmanager
    def postgres(self) -> Generator[RunningPostgres]:
        from testcontainers.community.postgres import PostgresContainer

        with PostgresContainer(self._postgres_image, username="postgres", dbname="postgres", driver=None) as container:
            yield RunningPostgres(container.get_connection_url())

    @contextmanager
    def nats(self, config: str = "") -> Generator["ContainerNats"]:
        server = ContainerNats(self._nats_image, config)
        try:
            yield server
        finally:
            server.remove()


class ContainerNats:
    """A nats-server in a container, on a port of the host that stays the same over restarts.

    The image need hold nothing but the server, as `nats:2.15` does: there is no `rm` to call. So a store is lost by
    giving the server another folder.
    """

    def __init__(self, image: str, config: str):
        from testcontainers.core.container import DockerContainer
        from testcontainers.core.wait_strategies import LogMessageWaitStrategy

        port = _free_port()
        self._config = config
        self._stores = itertools.count(1)
        self._container = (
            DockerContainer(image)
            .with_bind_ports(4222, port)
            .with_copy_into_container(self._configuration(), CONFIGURATION)
            .with_command(["-c", CONFIGURATION])
            .waiting_for(LogMessageWaitStrategy("Server is ready"))
        )
        self._container.start()
        self.url = f"nats://{self._container.get_container_host_ip()}:{port}"

    def start(self) -> None:
        self._container.get_wrapped_container().start()
        _finish(_stream_names(self.url))

    def stop(self) -> None:
        self._container.get_wrapped_container().stop()

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def wipe(self) -> None:
        """A running server is killed and started again; one that stands still stays so."""
        container = self._container.get_wrapped_container()
        container.reload()
        runs = container.status == "running"
        if runs:
            self.kill()
        self._container.copy_into_container(self._configuration(), CONFIGURATION)
        if runs:
            self.start()

    def remove(self) -> None:
        self._container.stop()

    def _configuration(self) -> bytes:
        """With an empty store."""
        store = f'jetstream {{ store_dir: "/data/{next(self._stores)}", sync_interval: always }}'
        return f"port: 4222\n{store}\n{self._config}\n".encode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _stream_names(url: str) -> list[str]:
    async with await nats.connect(url, max_reconnect_attempts=10, reconnect_time_wait=0.2) as client:
        return sorted(str(info.config.name) for info in await client.jetstream().streams_info())


async def _drop_streams(url: str) -> None:
    async with await nats.connect(url, max_reconnect_attempts=10, reconnect_time_wait=0.2) as client:
        stream = client.jetstream()
        for info in await stream.streams_info():
            try:
                await stream.delete_stream(str(info.config.name))
            except NotFoundError:
                continue


def _finish(work: Coroutine[Any, Any, T]) -> T:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
