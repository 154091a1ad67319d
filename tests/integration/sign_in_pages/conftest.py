"""One node for each module, and somebody signed in."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.integration.entrance import Entrance, entrance_of, settings_for_entrance
from tests.integration.sign_in_pages.desk import Person

if TYPE_CHECKING:
    from libs.service import Settings
    from libs.testing.servers import PostgresServer, Servers


@pytest.fixture(scope="module")
def settings(
    servers: "Servers", postgres: "PostgresServer", tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Settings"]:
    with settings_for_entrance(servers, postgres, tmp_path_factory.mktemp("node")) as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alive(settings: "Settings") -> AsyncIterator[Entrance]:
    async with entrance_of(settings) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def node(alive: Entrance) -> Entrance:
    await alive.service.pool.execute("truncate failure")
    return alive


@pytest_asyncio.fixture(loop_scope="module")
async def radka(node: Entrance) -> AsyncIterator["Person"]:
    """Somebody who is signed in, and may do so again with the app's next code."""
    user, name, link = await node.invited()
    async with node.browser() as browser:
        await browser.enrol(link)
        yield Person(node, browser, user, name)
