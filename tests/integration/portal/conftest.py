"""The JSON API over a node at work: real PostgreSQL, real NATS, `identity` and the account service behind it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from libs.codelists import Role
from libs.service import Settings, running
from libs.testing.account import account
from libs.testing.api import Api
from services.identity import app as identity
from services.identity.user.commands import AddUser, DisableUser
from services.portal.serve import serve_api
from tests.integration.portal.desk import OLGA, RADKA, SERVICES, SIMON, Node, may, settings_of

if TYPE_CHECKING:
    from libs.testing.servers import PostgresServer, Servers


@pytest.fixture(scope="module")
def settings(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    prefix = f"test_{uuid4().hex[:8]}"
    urls = [postgres.create_database(f"{prefix}_{name}") for name in ("accounts", "identity", "portal")]
    template = urls[0].replace(f"{prefix}_accounts", f"{prefix}_{{database}}")
    with servers.nats() as bus:
        yield settings_of(tmp_path_factory.mktemp("node"), template, bus.url)
    for name in ("accounts", "identity", "portal"):
        postgres.drop_database(f"{prefix}_{name}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def node(settings: Settings) -> AsyncIterator[Node]:
    """Two services and a portal. Radka leads a team, Šimon does not, Olga left."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(identity.build(settings)))
        accounts = await stack.enter_async_context(running(replace(account.build(settings), policy=may)))
        port = await stack.enter_async_context(serve_api(settings, SERVICES))
        node = Node(settings, accounts, f"http://127.0.0.1:{port}")
        async with node.api("setup") as api:
            for user, roles in ((RADKA, [Role.TEAM_LEADER]), (SIMON, [Role.OUTREACH_WORKER]), (OLGA, [])):
                await api.command("identity", "user", AddUser, user_id=user, name="Radka Mlejnská", roles=roles)
            await api.command("identity", "user", DisableUser, user_id=OLGA)
        yield node


@pytest_asyncio.fixture(loop_scope="module")
async def radka(node: Node) -> AsyncIterator[Api]:
    async with node.api("radka") as api:
        yield api


@pytest_asyncio.fixture(loop_scope="module")
async def http(node: Node) -> AsyncIterator[httpx.AsyncClient]:
    """Radka's token, and whatever else a test sends."""
    headers = {"Authorization": "Bearer radka"}
    async with httpx.AsyncClient(base_url=node.url, headers=headers, trust_env=False) as client:
        yield client
