"""Five nodes and a hub on one machine: made, started, introduced to each other, stopped."""

import asyncio
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from deploy.demo.logins import let_in
from deploy.demo.people import ORGANISATIONS, PEOPLE, Person, known
from deploy.local.folder import NodeFolder, Organisation
from deploy.local.hub import LocalHub
from deploy.local.supervisor import Supervisor
from deploy.nats.member import MemberAccount
from libs.codelists import Role
from libs.eventlog import derived_id
from libs.testing.api import Api
from services.identity.membership.commands import AcceptKeySet, PinOrganisation
from services.identity.user.commands import AddUser

SETUP = known("setup")
"""The user that introduces organisations and people; a node administrator and nothing else."""
BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class Network:
    """A folder with a hub and nodes. Everything in it belongs to this network alone."""

    def __init__(self, folder: Path, organisations: Sequence[Organisation] = ORGANISATIONS) -> None:
        self.folder = folder
        self.hub = LocalHub(folder / "hub")
        self.nodes = {
            one.code: NodeFolder(folder / one.code, one, hub_url=lambda: self.hub.url, demonstration=True)
            for one in organisations
        }
        self._supervisor: Supervisor | None = None

    @contextmanager
    def up(
        self, say: Callable[[str], None] = print, phase: Callable[[str], None] = lambda name: None
    ) -> Generator["Network", None, None]:
        """Start the hub, then all databases and buses, then all nodes; stop them in the opposite order.

        phase   told what begins now
        """
        nodes = list(self.nodes.values())
        with Supervisor(self.folder, say) as supervisor:
            self._supervisor = supervisor
            phase("servers")
            for node in nodes:
                node.prepare()
                node.token(SETUP, (Role.NODE_ADMINISTRATOR.value,))
            supervisor.start(self.hub, *(node.postgres for node in nodes), *(node.nats for node in nodes))
            phase("nodes")
            asyncio.run(self._join())
            for node in nodes:
                node.create_databases()
            supervisor.start(*(node.program for node in nodes))
            try:
                yield self
            finally:
                self._supervisor = None

    async def _join(self) -> None:
        """Every organisation has its account at the hub and fresh credentials. Repeatable."""
        for code, node in self.nodes.items():
            member = MemberAccount(_made(node.keys_folder / "hub"))
            member.renew()
            node.hub_account = member.public
            if member.public not in self.hub.operator.members:
                await self.hub.operator.admit(self.hub.url, member.public, code)

    @property
    def supervisor(self) -> Supervisor:
        """Holds and releases single servers. Raises RuntimeError unless the network is up."""
        if self._supervisor is None:
            raise RuntimeError("the network is not up")
        return self._supervisor

    def api(self, person: Person) -> Api:
        """The node's API as this person."""
        node = self.nodes[person.organisation.code]
        return Api(node.api_url, node.token(person.id))

    def setup_api(self, code: str) -> Api:
        return Api(self.nodes[code].api_url, self.nodes[code].token(SETUP, (Role.NODE_ADMINISTRATOR.value,)))

    async def introduce(self) -> None:
        """Everybody pins everybody's root (as if fingerprints came by data box) and gets its people. Repeatable."""
        await asyncio.gather(*(self._introduce(node) for node in self.nodes.values()))

    async def _introduce(self, node: NodeFolder) -> None:
        async with self.setup_api(node.organisation.code) as api:
            for other in self.nodes.values():
                await self._pin(api, node.organisation.id, other)
            for person in PEOPLE:
                if person.organisation == node.organisation:
                    node.token(person.id)
                    await api.command(
                        "identity",
                        "user",
                        AddUser,
                        id=derived_id(person.id, "add"),
                        occurred_at=BEGINNING,
                        user_id=person.id,
                        name=person.name,
                        roles=person.roles,
                        team=person.team,
                    )
        await let_in(node)

    async def _pin(self, api: Api, pinning: UUID, other: NodeFolder) -> None:
        keys, one = other.keys(), other.organisation
        await api.command(
            "identity",
            "membership",
            PinOrganisation,
            id=derived_id(one.id, f"pin {pinning}"),
            occurred_at=BEGINNING,
            organisation_id=one.id,
            code=one.code,
            name=one.name,
            kind=one.kind,
            root_fingerprint=keys.fingerprint,
            hub_account=other.hub_account,
        )
        await api.command(
            "identity",
            "membership",
            AcceptKeySet,
            id=derived_id(one.id, f"keys {keys.keys.serial} {pinning}"),
            occurred_at=BEGINNING,
            organisation_id=one.id,
            document=keys.document,
            serial=keys.keys.serial,
            seal_to=keys.keys.seal_to,
            root_fingerprint=keys.fingerprint,
        )


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


__all__ = ["SETUP", "Network"]
