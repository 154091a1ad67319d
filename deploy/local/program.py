"""A program of ours as a supervised server: a node, one service of it, anything with a command line."""

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from libs.servers import Child, ServerFailed
from libs.servers.child import size, words_since

READY_TIMEOUT_S, STOP_TIMEOUT_S = 60.0, 20.0


class Program:
    """`Program("node of Maják", [sys.executable, "-m", "deploy.node", "node.toml"], log=folder / "logs/node.log")`"""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        folder: Path | None = None,
        environment: Callable[[], Mapping[str, str]] | None = None,
        ready: Callable[[], bool] | None = None,
    ):
        """environment: asked at every start, on top of our own, so a server that moved is found again.
        ready: asked until it says yes (or the program ends); without it, running is ready."""
        self.name = name
        self.log = log.absolute()
        self.command = tuple(command)
        self.folder = (folder or Path.cwd()).absolute()
        self._environment = environment or dict
        self._ready = ready
        self._child: Child | None = None

    def start(self) -> None:
        """Raises ServerFailed with its last words when it ends, or is not ready in time."""
        if self.alive:
            return
        before = size(self.log)
        child = self._child = Child(
            self.command,
            folder=self.folder,
            log=self.log,
            environment={**os.environ, **self._environment()},
        )
        deadline = time.monotonic() + READY_TIMEOUT_S
        while child.status is None:
            if self._ready is None or self._ready():
                return
            if time.monotonic() > deadline:
                self.stop()
                break
            time.sleep(0.05)
        raise ServerFailed(
            f"{self.name} did not come up. What is stored is as it was. Its last words tell why; "
            f"its log is {self.log}\n{words_since(self.log, before)}"
        )

    def stop(self) -> None:
        """SIGTERM, and time to finish what it is doing."""
        if self._child is not None and self._child.status is None:
            self._child.stop(signal.SIGTERM, STOP_TIMEOUT_S)

    def kill(self) -> None:
        """kill -9."""
        if self._child is not None:
            self._child.kill()

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.status is None

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None and self.alive else None

    @property
    def address(self) -> str:
        """A program has no address others depend on."""
        return self.name
