"""Signing in against real PostgreSQL and NATS, one service for each module."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import pytest_asyncio

from libs.codelists import Role
from libs.eventlog import Actor
from libs.service import Running, running
from services.identity import app as identity
from services.identity.sign_in.desk import Desk
from tests.integration.portal.desk import settings_of
from tests.integration.sign_in.desk import MORNING, Node

if TYPE_CHECKING:
    from libs.service import Settings
    from libs.testing.servers import PostgresServer, Servers


@pytest.fixture(scope="module")
def settings(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Settings"]:
    name = f"test_{uuid4().hex[:8]}_identity"
    template = postgres.create_database(name).replace("_identity", "_{database}")
    with servers.nats() as bus:
        yield settings_of(tmp_path_factory.mktemp("node"), template, bus.url)
    postgres.drop_database(name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(settings: "Settings") -> AsyncIterator[Running]:
    async with running(identity.build(settings)) as alive:
        yield alive


@pytest_asyncio.fixture(loop_scope="module")
async def node(service: Running) -> AsyncIterator[Node]:
    await service.pool.execute("delete from failure")
    organisation = service.service.settings.organisation.id
    administrator = Actor(user=uuid4(), organisation=organisation, roles=frozenset({Role.NODE_ADMINISTRATOR}))
    yield Node(service, replace(Desk.of(service), now=MORNING), administrator)
