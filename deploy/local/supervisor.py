"""Keeps the servers and programs of one folder running, and takes all of them down in order.

Order of start is order of dependency: `start()` group after group, stopped the other way round. What dies is started
again, later and later, with a line that says so. When we are killed ourselves, the kernel ends our children
(libs/servers).
"""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from libs.servers import FolderLock, ServerFailed

LOOK_EVERY_S = 0.1
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
LONG_ENOUGH_S = 60.0  # has run this long: the next pause is the first one again
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Server(Protocol):
    """EmbeddedPostgres, EmbeddedNats, Program."""

    name: str
    log: Path

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    @property
    def alive(self) -> bool: ...
    @property
    def address(self) -> str: ...


@dataclass
class Kept:
    """One server, its group, and what is wanted of it."""

    server: Server
    group: int
    held: bool = False
    turn: threading.Lock = field(default_factory=threading.Lock)


class Supervisor:
    """`with Supervisor(folder, say=print) as keep: keep.start(*databases); keep.start(*nodes); keep.wait()`"""

    def __init__(self, folder: Path, say: Callable[[str], None] = print):
        self._lock = FolderLock(folder)
        self._say = say
        self._kept: list[Kept] = []
        self._stopping = threading.Event()
        self._keepers: list[threading.Thread] = []
        self._signals: dict[signal.Signals, object] = {}

    def __enter__(self) -> "Supervisor":
        """Raises AlreadyRunning when another one works in this folder."""
        self._lock.take()
        if threading.current_thread() is threading.main_thread():
            for number in SIGNALS:  # asked for in words: a shell's `&` hands SIGINT down as ignored
                ours = signal.default_int_handler if number == signal.SIGINT else _leave
                self._signals[number] = signal.signal(number, ours)
        return self

    def __exit__(self, *_: object) -> None:
        for number in self._signals:
            signal.signal(number, signal.SIG_IGN)  # impatience must not leave half of them running
        try:
            self.stop()
        finally:
            for number, before in self._signals.items():
                signal.signal(number, before)  # pyright: ignore[reportArgumentType]
            self._lock.release()

    def start(self, *servers: Server) -> None:
        """Start these together, return when all are ready. Stopped before everything that was started earlier.

        Raises ServerFailed for the first that did not come up; the others stay as they are until we leave.
        """
        group = 1 + max((kept.group for kept in self._kept), default=0)
        fresh = [Kept(server, group) for server in servers]
        self._kept += fresh
        _together(lambda kept: kept.server.start(), fresh)
        for kept in fresh:
            keeper = threading.Thread(
                target=self._keep, args=(kept,), name=f"keeper of {kept.server.name}", daemon=True
            )
            self._keepers.append(keeper)
            keeper.start()

    def wait(self) -> None:
        """Until a signal asks us to leave: KeyboardInterrupt for Ctrl-C, SystemExit for the others."""
        while not self._stopping.wait(3600):
            pass

    def stop(self) -> None:
        """All of them, last started first stopped. Nothing is left running, whatever a server answers."""
        self._stopping.set()
        for keeper in self._keepers:
            keeper.join()
        for group in sorted({kept.group for kept in self._kept}, reverse=True):
            _together(lambda kept: kept.server.stop(), [kept for kept in self._kept if kept.group == group])
        self._kept.clear()

    def hold(self, server: Server, *, kill: bool = False) -> None:
        """Stop one (or kill -9 it) and keep it down until release()."""
        kept = self._of(server)
        with kept.turn:
            kept.held = True
            if kill:
                server.kill()
            else:
                server.stop()

    def release(self, server: Server) -> None:
        """Start what hold() stopped."""
        kept = self._of(server)
        with kept.turn:
            self._start_again(kept)
            kept.held = False

    def _of(self, server: Server) -> Kept:
        return next(kept for kept in self._kept if kept.server is server)

    def _keep(self, kept: Kept) -> None:
        pause, since = FIRST_PAUSE_S, time.monotonic()
        while not self._stopping.wait(LOOK_EVERY_S):
            if kept.held or kept.server.alive:
                continue
            if time.monotonic() - since > LONG_ENOUGH_S:
                pause = FIRST_PAUSE_S
            self._say(
                f"{kept.server.name} ended unexpectedly; it is started again in {pause:g} s. Log: {kept.server.log}"
            )
            if self._stopping.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE_S)
            with kept.turn:
                if not kept.held:
                    try:
                        self._start_again(kept)
                    except ServerFailed as failed:
                        self._say(str(failed))
                    except OSError as error:  # killed while it came up, a full disk: the next round tries again
                        self._say(f"{kept.server.name} did not come up ({error.strerror}); it is tried again.")
            since = time.monotonic()

    def _start_again(self, kept: Kept) -> None:
        """Whoever was started later and knows an address that no longer holds is started again too."""
        before = kept.server.address
        kept.server.start()
        if kept.server.address != before:
            for later in self._kept:
                if later.group > kept.group and not later.held:
                    self._say(f"{kept.server.name} has moved; {later.server.name} is started again to find it.")
                    with later.turn:
                        later.server.stop()
                        later.server.start()


def _together(work: Callable[[Kept], None], servers: list[Kept]) -> None:
    """At the same time; every one gets its turn, then the first failure is raised."""
    if not servers:
        return
    with ThreadPoolExecutor(len(servers)) as pool:
        done = [pool.submit(work, kept) for kept in servers]
    for one in done:
        one.result()


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
