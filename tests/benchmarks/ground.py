"""What a benchmark stands on: servers, a folder, a voice; and helpers several of them share."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from libs.eventlog import Actor, new_id
from libs.eventlog.postgres import MIGRATIONS
from libs.eventlog.sql import named_queries
from libs.privacy import keys as privacy_keys
from libs.projection import streamed
from libs.servers import EmbeddedNats, EmbeddedPostgres
from libs.service.migrate import migrate
from libs.testing.account import account

ACCOUNT = Path(account.__file__).parent
"""Where the account lies, on which the libraries are measured: its queries and its tables."""
QUERIES = named_queries(ACCOUNT / "queries.sql")
TELLER = Actor(user=new_id(), organisation=new_id(), roles=frozenset({"teller"}))


@dataclass
class Ground:
    """A folder of this run alone and its servers; all of it is gone afterwards.

    step   told what begins now, for people who wait
    say    told what stays on the screen
    """

    folder: Path
    postgres: EmbeddedPostgres
    nats: EmbeddedNats
    step: Callable[[str], None]
    say: Callable[[Any], None]
    databases: int = 0

    def database(self) -> str:
        """The address of a new, empty database."""
        self.databases += 1
        return self.postgres.create_database(f"bench_{self.databases}")


@contextmanager
def ground(step: Callable[[str], None], say: Callable[[Any], None]) -> Generator[Ground, None, None]:
    """Servers in a temporary folder. They stop and the folder goes, whatever ends the run."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="spojka-bench-")))
        folder.chmod(0o711)
        step("PostgreSQL and NATS start")
        postgres = stack.enter_context(EmbeddedPostgres(folder / "pg"))
        nats = stack.enter_context(EmbeddedNats(folder / "nats", jetstream="sync_interval: 1m"))
        yield Ground(folder, postgres, nats, step, say)


@asynccontextmanager
async def account_pool(url: str) -> AsyncGenerator["asyncpg.Pool[Any]", None]:
    """Connections to a database that has the tables of a log, of keys, of checkpoints and of the account."""
    pool = await asyncpg.create_pool(url, min_size=1, max_size=4)
    try:
        async with pool.acquire() as db:
            library = Path(streamed.__file__).with_name("migrations")
            await migrate(db, [MIGRATIONS, privacy_keys.MIGRATIONS, library, ACCOUNT / "migrations"])
        yield pool
    finally:
        await pool.close()
