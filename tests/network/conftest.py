"""Networks on real servers. Two cores carry one at a time, so each module has one and shares it."""

import asyncio
from collections.abc import Iterator

import pytest

from deploy.demo.network import Network
from deploy.demo.play import play
from deploy.demo.settled import settle


@pytest.fixture(scope="module")
def network_after_the_story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """Five organisations and their hub, up, with the whole story told and every letter delivered."""
    with Network(tmp_path_factory.mktemp("network")).up() as network:
        asyncio.run(_told(network))
        yield network


async def _told(network: Network) -> None:
    await network.introduce()
    await play(network)
    await settle(network)
