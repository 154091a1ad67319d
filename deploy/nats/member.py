"""An organisation's own side of the hub: its account key, its user, and the credentials its courier uses.

The keys are made here and stay here; only `public` goes to the operator, who never sees a secret.
"""

from datetime import timedelta
from pathlib import Path

from deploy.nats import jwt
from libs.sealing import SealingError, read_private, write_private

LIVES = timedelta(days=7)
"""A token that leaks is good for days, not years; the node renews it daily."""


class MemberAccount:
    """Account key, user key and credentials in a folder, mode 0600."""

    def __init__(self, folder: Path) -> None:
        """Read the folder, or make new keys in an empty one. Raises SealingError if a key is damaged."""
        self.folder = folder
        self.account = self._key("account")
        self.user = self._key("user")

    @property
    def public(self) -> str:
        """The organisation's name at the hub: tell the operator, once."""
        return self.account.public

    @property
    def credentials(self) -> Path:
        return self.folder / "courier.creds"

    def renew(self, lives: timedelta = LIVES) -> Path:
        """Write fresh credentials for the courier. It reads them whenever it connects."""
        token = jwt.user("courier", self.user.public, self.account, lives=lives.total_seconds())
        write_private(self.credentials, jwt.credentials(token, self.user.seed))
        return self.credentials

    def replace_user(self, lives: timedelta = LIVES) -> Path:
        """A new user, after the old one's secret may have leaked. Ask the operator to revoke the old one."""
        self.user = self._make("user")
        return self.renew(lives)

    def _key(self, kind: jwt.Kind) -> jwt.Key:
        path = self.folder / f"{kind}.nk"
        if not path.exists():
            return self._make(kind)
        try:
            return jwt.Key.from_seed(read_private(path))
        except ValueError:
            raise SealingError(
                f"The key file {path.name} is damaged. Nothing was changed. Restore it from the key backup."
            ) from None

    def _make(self, kind: jwt.Kind) -> jwt.Key:
        key = jwt.Key.make(kind)
        write_private(self.folder / f"{kind}.nk", key.seed)
        return key
