"""The desk at the door: what every handler needs, for one request at one moment. Here alone the clock is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from libs.codelists import Role
from libs.eventlog import Actor, Forbidden, Rejected
from libs.service import Running
from libs.service.settings import Organisation
from services.identity.sign_in.passwords import Passwords
from services.identity.sign_in.vault import Vault

Db = Any
"""A connection in a transaction, or the pool."""
PASSWORDS = Passwords()


@dataclass(frozen=True)
class Desk:
    """One request's."""

    pool: "asyncpg.Pool[Any]"
    sql: Mapping[str, str]
    vault: Vault
    passwords: Passwords
    organisation: Organisation
    demonstration: bool
    now: datetime

    @classmethod
    def of(cls, running: Running) -> "Desk":
        settings = running.service.settings
        return cls(
            pool=running.pool,
            sql=running.service.sql,
            vault=Vault(running.node_key),
            passwords=PASSWORDS,
            organisation=settings.organisation,
            demonstration=settings.portal is not None and settings.portal.demonstration,
            now=datetime.now(UTC),
        )

    async def row(self, query: str, *values: Any, db: Db = None) -> Any:
        """The only row, or None."""
        return await (db or self.pool).fetchrow(self.sql[query], *values)

    async def rows(self, query: str, *values: Any) -> list[Any]:
        return await self.pool.fetch(self.sql[query], *values)

    async def run(self, query: str, *values: Any, db: Db = None) -> None:
        await (db or self.pool).execute(self.sql[query], *values)

    def check_administrator(self, actor: Actor) -> None:
        """Raises Forbidden."""
        if actor.organisation != self.organisation.id or Role.NODE_ADMINISTRATOR not in actor.roles:
            raise Forbidden(
                "administrator_keeps_accounts",
                "Only an administrator of this node may do this. Nothing was changed. Ask one.",
            )

    async def login(self, user: UUID) -> Any:
        """One user's login and ways in. Raises Rejected without one."""
        found = await self.row("door_login", user)
        if found is None:
            raise Rejected(
                "no_login", "This user was never invited. Nothing was changed. Invite them with a login name."
            )
        return found

    def login_name(self, login: Any) -> str:
        return self.vault.open("login", login["user_id"], login["sealed"])
