"""A world in which nothing happens but what a test does by hand."""

from collections.abc import Iterator

import pytest

from tests.simulation.node import Node
from tests.simulation.plan import Plan
from tests.simulation.rest import quietly
from tests.simulation.tasks import no_loop
from tests.simulation.world import World


@pytest.fixture
def world() -> Iterator[World]:
    with no_loop(), quietly():
        made = World(Plan(0, 0, frozenset()))
        yield made
        for node in made.nodes:
            made.kill(node)


@pytest.fixture
def town(world: World) -> Node:
    return world.nodes[0]


@pytest.fixture
def nit(world: World) -> Node:
    return world.nodes[1]
