"""One process per data folder."""

import fcntl
import os
from pathlib import Path
from typing import Self

from libs.servers.errors import AlreadyRunning


class FolderLock:
    """Held until released, or until the process ends in whatever way: nothing stale is ever left behind."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._held: int | None = None

    def take(self) -> None:
        """Raises AlreadyRunning, naming the process that holds it. Taking it twice is nothing new."""
        if self._held is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 20).decode().strip() or "unknown"
            os.close(file)
            raise AlreadyRunning(
                f"Already running here, pid {holder}: {self.folder} is in use. Nothing was touched. "
                "Stop the other one first (Ctrl-C), or choose another folder."
            ) from None
        os.truncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode(), 0)
        self._held = file

    def release(self) -> None:
        held, self._held = self._held, None  # at once: a killer and a starter may both let go
        if held is not None:
            os.close(held)

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
