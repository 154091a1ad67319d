"""A process of ours: own session, own log file, and on a leash, so it ends when we end, even by kill -9."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from libs.servers.account import Account

LEASH = Path(__file__).with_name("leash.py")
LOG_LIMIT = 16 * 1024 * 1024


class Child:
    """One run of one program; a restart is a new Child."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        log: Path,
        environment: Mapping[str, str] | None = None,
        account: Account | None = None,
        when_we_die: signal.Signals = signal.SIGTERM,
    ):
        """folder: where it runs; log: a file that grows; account: who it runs as, None: as we do."""
        self._process = _spawn(leashed(command, when_we_die, account), folder, log, environment)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def status(self) -> int | None:
        """None while it runs; then its exit status, or minus the number of the signal that ended it."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, timeout_s: float) -> bool:
        """True as soon as it has ended, False when it still runs after the time given."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self, number: signal.Signals, timeout_s: float) -> None:
        """Ask, wait, and end it by force if it does not listen."""
        self.send(number)
        if not self.wait(timeout_s):
            self.kill()

    def kill(self) -> None:
        """kill -9: what a power cut leaves of the process (not of the disk)."""
        self.send(signal.SIGKILL)
        self._process.wait()


def leashed(command: Sequence[str], when_we_die: signal.Signals, account: Account | None = None) -> list[str]:
    """The command on a leash: it gets this signal when we die, even by kill -9."""
    uid, gid, reach = (account.uid, account.gid, account.reach) if account else (-1, -1, False)
    about_us = (os.getpid(), int(when_we_die), uid, gid, int(reach))
    program = shutil.which(command[0]) or command[0]
    return [sys.executable, "-I", "-S", str(LEASH), *map(str, about_us), program, *command[1:]]


def strays(program: str, folder: Path) -> list[int]:
    """Processes named `program` that work in `folder`: left over by one of us that was killed.

    The folder is compared by inode, so nobody else's server is ever taken for ours. Empty where there is no /proc.
    """
    if not folder.exists():
        return []
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "comm").read_text().strip() == program and (entry / "cwd").samefile(folder):
                found.append(int(entry.name))
        except OSError:  # it has ended, or belongs to somebody else
            continue
    return found


def end_strays(program: str, folder: Path, number: signal.Signals, timeout_s: float = 10) -> None:
    """Ask them to end; what still runs after the time given is killed."""
    _signal_all(strays(program, folder), number)
    deadline = time.monotonic() + timeout_s
    while left := strays(program, folder):
        if time.monotonic() > deadline:
            _signal_all(left, signal.SIGKILL)
        time.sleep(0.02)


def size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def words_since(log: Path, start: int, count: int = 8) -> str:
    """The last lines a log has got since it was `start` bytes long; all of it, when it was begun anew."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(start if size(log) >= start else 0)
        return "\n".join(file.read().decode(errors="replace").splitlines()[-count:])


def _signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _start(
    command: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone; we stop the others in order
        )


_Order = tuple[Sequence[str], Path, Path, Mapping[str, str] | None, "Future[subprocess.Popen[bytes]]"]
_orders: queue.SimpleQueue[_Order] = queue.SimpleQueue()
_lock = threading.Lock()
_spawner: threading.Thread | None = None


def _spawn(
    command: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    """Start it from one thread that lives as long as we do.

    The kernel ties a child to the *thread* that started it: a server started from a worker thread would get
    its death signal when that worker has nothing left to do.
    """
    global _spawner
    with _lock:
        if _spawner is None:
            _spawner = threading.Thread(target=_serve, name="spawner", daemon=True)
            _spawner.start()
    started: Future[subprocess.Popen[bytes]] = Future()
    _orders.put((command, folder, log, environment, started))
    return started.result()


def _serve() -> None:
    while True:
        command, folder, log, environment, started = _orders.get()
        try:
            started.set_result(_start(command, folder, log, environment))
        except OSError as error:
            started.set_exception(error)
