"""A node with two services, people of several roles, and what they ask for, over its JSON API."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from libs.codelists import Role
from libs.eventlog import Actor, Command, Verdict, allow_if, new_id
from libs.messaging import Published, Query
from libs.privacy import NodeKey
from libs.service import Running, Settings
from libs.service.settings import BusPlace, Keys, Organisation, Portal, Store
from libs.testing.account import account
from libs.testing.account.account import Accounts, OpenAccount
from libs.testing.api import Api
from services.identity.published import PUBLISHED as IDENTITY
from services.portal.sign_in import digest

PRISTAV = UUID("0198a000-0000-7000-8000-000000000001")
VIT, RADKA, SIMON, OLGA = (UUID(f"0198b000-0000-7000-8000-00000000000{number}") for number in (4, 1, 2, 3))
TOKENS = {"vit": VIT, "radka": RADKA, "simon": SIMON, "olga": OLGA, "stranger": uuid4()}
OWNER = "Dendy Zlatohlávek"
AWAY = Published(service="vaults", commands={"vault": (OpenAccount,)}, queries=account.PUBLISHED.queries)
SERVICES = (account.PUBLISHED, IDENTITY)


def may(actor: Actor, message: Command | Query) -> Verdict:
    """Team leaders are this bank's tellers."""
    return allow_if(isinstance(message, Accounts) or Role.TEAM_LEADER in actor.roles, "teller_writes")


@dataclass
class Node:
    settings: Settings
    accounts: Running
    url: str

    def api(self, token: str) -> Api:
        return Api(self.url, token)


def settings_of(folder: Path, store_url: str, bus_url: str) -> Settings:
    """A node's settings and files in a folder."""
    keys = folder / "keys"
    keys.mkdir()
    NodeKey.create(keys / "node.key")
    lines = [f'{digest(token)} = {{ user = "{user}" }}' for token, user in TOKENS.items()]
    lines.append(f'{digest("setup")} = {{ user = "{uuid4()}", roles = ["node_administrator"] }}')
    (folder / "portal.token").write_text("[tokens]\n" + "\n".join(lines))
    return Settings(
        organisation=Organisation(id=PRISTAV, code="pristav", name="Přístav", kind="ngo_service"),
        store=Store(url=store_url),
        bus=BusPlace(url=bus_url),
        keys=Keys(folder=keys),
        portal=Portal(port=0, token_file=Path("portal.token")),
        folder=folder,
    )


def shared(database: str) -> str:
    """A store in which every name means the same database."""
    return f"{database}{'&' if '?' in database else '?'}application_name={{database}}"


async def opened(api: Api) -> UUID:
    account_id = new_id()
    await api.command("accounts", "account", OpenAccount, account_id=account_id, owner=OWNER)
    return account_id


def pay(**over: Any) -> dict[str, Any]:
    return {"account_id": str(new_id()), "amount": 5, "occurred_at": "2026-02-02T08:00:00+01:00", **over}


PAY = "/api/v1/accounts/account/pay-account"
OPEN = "/api/v1/accounts/account/open-account"
