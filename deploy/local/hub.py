"""The hub of a network on this machine: a plain nats-server, brought to what its operator knows at every start."""

import asyncio
from pathlib import Path

from deploy.nats import HubError, HubOperator
from libs.servers import EmbeddedNats, ServerFailed


class LocalHub(EmbeddedNats):
    """Whatever was lost with its store (accounts, letter boxes) is there again when `start()` returns."""

    def __init__(self, folder: Path) -> None:
        operator = folder / "operator"
        operator.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.operator = HubOperator(operator)
        super().__init__(folder / "nats", name="hub", log=folder / "logs" / "nats.log")
        self._provisioned = False
        self.config = self.operator.operator_mode(self.folder)

    def start(self) -> None:
        """Raises ServerFailed if it did not come up, or did not take its accounts."""
        if super().alive and not self._has_its_store:
            self.kill()  # its files were deleted under it: it answers, and keeps nothing
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
        """Running, and over the store it was given: a supervisor starts anew what has lost its files."""
        return super().alive and self._has_its_store

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
