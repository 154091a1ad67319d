"""A PostgreSQL server of our own: one cluster in one folder, from the binaries of the wheel, no installation.

It answers on a unix socket only, in a folder nobody else may enter, and asks for a password: there is no port that
could be taken, found by a neighbour, or mistaken for another server's.
"""

import os
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from libs.servers import databases
from libs.servers.account import Account, account_for, hand_over
from libs.servers.child import Child, end_strays, size, words_since
from libs.servers.cluster import ADMIN, SETTINGS, USER, initialise, options, passwords, programs_folder, socket_folder
from libs.servers.errors import ServerFailed
from libs.servers.lock import FolderLock

READY_TIMEOUT_S, STOP_TIMEOUT_S = 120.0, 30.0


class EmbeddedPostgres:
    """`with EmbeddedPostgres(folder) as server: await asyncpg.connect(server.create_database("cases"))`"""

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "PostgreSQL",
        log: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ):
        """folder: made if absent, the only place it stores to; settings: on top of SETTINGS."""
        self.folder = folder.absolute()
        self.name = name
        self.log = (log or self.folder / "log").absolute()
        self._settings = {**SETTINGS, **(settings or {})}
        self._lock = FolderLock(self.folder)
        self._account: Account | None = None
        self._socket: Path | None = None
        self._child: Child | None = None
        self._log_start = 0

    # -- the life of the server

    def start(self) -> None:
        """Ready for connections when it returns. The first time a cluster is made; after a crash it recovers.

        Raises ServerFailed with the reason, AlreadyRunning when another process of ours has this cluster.
        """
        if self.alive:
            return
        programs = programs_folder()
        self._lock.take()
        try:
            self._account = account_for(self.stored, programs / "postgres")
            self.folder.chmod(0o711 if self._account else 0o700)
            self._clear_leftovers()
            if not self.stored.exists():
                self._make_cluster(programs)
            self._socket = socket_folder(self.folder, self._account)
            self._log_start = size(self.log)
            self._child = Child(
                [str(programs / "postgres"), "-D", str(self.stored), *options(programs, self._socket, self._settings)],
                folder=self.stored,
                log=self.log,
                environment={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                account=self._account,
                when_we_die=signal.SIGINT,  # fast shutdown: disconnects, writes, ends
            )
            self._await_ready(self._child)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Fast shutdown: clients are disconnected, everything is written."""
        if self._child is not None and self._child.status is None:
            self._child.stop(signal.SIGINT, STOP_TIMEOUT_S)
        self._release()

    def kill(self) -> None:
        """kill -9 of all its processes."""
        if self._child is not None:
            self._child.kill()
            end_strays("postgres", self.stored, signal.SIGKILL)
        self._release()

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.status is None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self.alive else None

    def __enter__(self) -> "EmbeddedPostgres":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- databases

    def create_database(self, name: str) -> str:
        """Make it if it is not there, owned by a user who owns nothing else; returns its URL."""
        password = passwords(self.folder)[USER]
        databases.run_sql(
            self.admin_url(),
            f"do $$ begin create role {USER} login password '{password}'; exception when duplicate_object then end $$",
        )
        databases.create_database(self.admin_url(), name, owner=USER)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        databases.drop_database(self.admin_url(), name)

    def url(self, database: str) -> str:
        """For asyncpg and psycopg. The same after every restart, as long as the folder stays where it is."""
        return self._url(USER, database)

    def admin_url(self, database: str = "postgres") -> str:
        """The superuser's. For what no service may do."""
        return self._url(ADMIN, database)

    @property
    def address(self) -> str:
        """Changes when clients have to be told where the server is now."""
        return str(self._socket)

    @property
    def stored(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    def _url(self, user: str, database: str) -> str:
        if self._socket is None:
            raise ServerFailed(f"{self.name} has not been started. Nothing was touched. Call start() first.")
        password = passwords(self.folder)[user]
        return f"postgresql://{user}:{password}@/{quote(database)}?host={quote(str(self._socket))}"

    # -- the edges

    def _make_cluster(self, programs: Path) -> None:
        """Beside first, then renamed: a set-up that was interrupted leaves nothing that looks like a cluster."""
        beside = self.folder / "data.new"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        hand_over(beside, self._account)
        made = initialise(beside, programs, passwords(self.folder)[ADMIN], self._account)
        if made.returncode != 0:
            shutil.rmtree(beside, ignore_errors=True)
            raise ServerFailed(self._sentence("could not make its first database files", made.stderr.strip()))
        beside.rename(self.stored)

    def _clear_leftovers(self) -> None:
        """What a killed run of ours left: processes still going down, and a pid file that means nothing now.

        We hold the folder's lock and no process works in it, so the number in the file is a stranger's, if
        anyone's; PostgreSQL itself would refuse to start as long as any process has it.
        """
        end_strays("postgres", self.stored, signal.SIGINT)
        if Path("/proc/self").exists():
            (self.stored / "postmaster.pid").unlink(missing_ok=True)

    def _await_ready(self, child: Child) -> None:
        """The pid file names our process and says ready: it is our server, and it answers."""
        file = self.stored / "postmaster.pid"
        deadline = time.monotonic() + READY_TIMEOUT_S
        while child.status is None:
            lines = file.read_text().splitlines() if file.exists() else []
            if len(lines) > 7 and lines[0].strip() == str(child.pid) and lines[7].strip() == "ready":
                return
            if time.monotonic() > deadline:
                raise ServerFailed(self._sentence(f"was not ready within {READY_TIMEOUT_S:.0f} s"))
            time.sleep(0.01)
        raise ServerFailed(self._sentence("did not start"))

    def _sentence(self, what: str, words: str = "") -> str:
        words = words or words_since(self.log, self._log_start)
        cure = "Free some room on the disk" if "No space left" in words else "Its last words tell why"
        return (
            f"{self.name} {what}. What is stored in {self.stored} is as it was. {cure}; its log is {self.log}\n{words}"
        )

    def _release(self) -> None:
        if self._socket is not None:
            shutil.rmtree(self._socket, ignore_errors=True)
        self._lock.release()
