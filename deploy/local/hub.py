"""The hub of a network on this machine: a plain nats-server, brought to what its operator knows at every start."""

import asyncio
import shutil
from pathlib import Path

from deploy.nats import HubError, HubOperator
from libs.servers import EmbeddedNats, ServerFailed
from libs.servers.child import size

STUCK = (b"ritical write error", b"failed to store a msg")
"""nats-server says so when its disk was full. The stream takes nothing more, room or not, until it is started again.
The log may lie on the same disk: what could not be written then is said again at every letter."""
ENOUGH_ROOM = 2**26


class LocalHub(EmbeddedNats):
    """Whatever was lost with its store (accounts, letter boxes) is there again when `start()` returns."""

    def __init__(self, folder: Path) -> None:
        operator = folder / "operator"
        operator.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.operator = HubOperator(operator)
        super().__init__(folder / "nats", name="hub", log=folder / "logs" / "nats.log")
        self._provisioned = False
        self._read, self._is_stuck = size(self.log), False
        self.config = self.operator.operator_mode(self.folder)

    def start(self) -> None:
        """Raises ServerFailed if it did not come up, or did not take its accounts."""
        if super().alive and not (self._has_its_store and self._takes_letters):
            self.kill()  # it answers, and keeps nothing
        self._read, self._is_stuck = size(self.log), False
        self._provisioned = False
        super().start()
        try:
            asyncio.run(self.operator.provision(self.url))
        except (HubError, OSError, TimeoutError) as error:
            self.kill()
            raise ServerFailed(
                f"The hub is up but did not take its accounts ({type(error).__name__}). Letters wait at their "
                f"senders; nothing is lost. It is started again. Its log is {self.log}"
            ) from error

        self._mark.touch()
        self._provisioned = True

    @property
    def alive(self) -> bool:
        """Running, over the store it was given, and taking letters: a supervisor starts anew what is not."""
        return super().alive and self._has_its_store and self._takes_letters

    @property
    def _takes_letters(self) -> bool:
        """Not so after a full disk, once there is room again: only a start makes it write."""
        if size(self.log) > self._read:
            with self.log.open("rb") as file:
                file.seek(self._read)
                news = file.read()
            self._read += len(news)
            self._is_stuck = self._is_stuck or any(words in news for words in STUCK)
        return not self._is_stuck or shutil.disk_usage(self.folder).free < ENOUGH_ROOM

    @property
    def _mark(self) -> Path:
        """Ours, in the store's own folder: gone when somebody deletes the store."""
        return self.store / "provisioned"

    @property
    def _has_its_store(self) -> bool:
        return not self._provisioned or self._mark.exists()

    def wipe(self) -> None:
        """Everything it holds: letters and accounts. Senders keep and resend."""
        super().wipe()
        for token in (self.folder / "accounts").glob("*"):
            token.unlink(missing_ok=True)
