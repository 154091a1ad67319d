"""Fixtures of all tests: real servers, started only when a test asks for one. Back ends: libs/testing/servers.py."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:  # unit tests need none of it
    from libs.servers import EmbeddedPostgres
    from libs.testing.servers import NatsServer, PostgresServer, Servers
    from tests.web.told import Told


@pytest.fixture(scope="session")
def servers() -> Iterator["Servers"]:
    """The back end: where servers come from in this run."""
    from libs.testing.servers import servers_for

    folder = Path(tempfile.mkdtemp(prefix="spojka-tests-"))
    folder.chmod(0o711)
    yield servers_for(os.environ, folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(servers: "Servers") -> Iterator["PostgresServer"]:
    """One PostgreSQL server for the whole run. Not to be killed: own_postgres is."""
    with servers.postgres() as server:
        yield server


@pytest.fixture
def new_database(postgres: "PostgresServer") -> Iterator[Callable[[], str]]:
    """Makes empty databases and returns their URLs; they are dropped after the test."""
    made: list[str] = []

    def new() -> str:
        made.append(f"test_{uuid4().hex[:12]}")
        return postgres.create_database(made[-1])

    yield new
    for name in made:
        postgres.drop_database(name)


@pytest.fixture
def database(new_database: Callable[[], str]) -> str:
    """URL of an empty database of this test alone."""
    return new_database()


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator["EmbeddedPostgres"]:
    """An embedded PostgreSQL server of this test alone: it may be killed and started again."""
    from libs.servers import EmbeddedPostgres

    with EmbeddedPostgres(tmp_path / "postgres") as server:
        yield server


@pytest.fixture
def new_nats(servers: "Servers") -> Iterator[Callable[[str], "NatsServer"]]:
    """Starts NATS servers of this test alone, with this added to their configuration ("" for none)."""
    with ExitStack() as started:
        yield lambda config: started.enter_context(servers.nats(config))


@pytest.fixture
def nats_server(new_nats: Callable[[str], "NatsServer"]) -> "NatsServer":
    """A NATS server with an empty JetStream, of this test alone."""
    return new_nats("")


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Told"]:
    """Five organisations after their story, everybody signed in at their pages. Whoever changes what is in it says so
    with the mark `changes_the_story`."""
    from deploy.demo.network import Network
    from tests.web.told import tell

    with Network(tmp_path_factory.mktemp("told")).up() as network:
        yield tell(network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nothing-skipped", action="store_true", help="a test that is skipped fails the run")
    parser.addoption("--shots", metavar="DIR", help="pictures of every page, taken by tests/browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The told network is the last to be up, so that it runs beside nothing else; then whoever changes it, and at the
    very end who spoils it for everybody."""

    def turn(item: pytest.Item) -> int:
        shares = "told" in getattr(item, "fixturenames", ())
        marks = [item.get_closest_marker(name) is not None for name in ("changes_the_story", "spoils_the_story")]
        return shares + marks[0] + 2 * marks[1]

    items.sort(key=turn)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Whoever skips says why, in the last lines."""
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"left out: {report.nodeid}: {report.longrepr[2]}")
    if terminalreporter.stats.get("skipped") and config.getoption("--nothing-skipped"):
        terminalreporter.write_line("Nothing may be skipped in this run, so it has failed.", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--nothing-skipped") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
