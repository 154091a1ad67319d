"""Coming to rest: what has to happen after the last fault, and how soon."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.world import World

SOON_S = 40.0
"""After everybody has greeted everybody, all that was written arrives this soon, whatever was lost before.
The hub delivers again after half a minute what was not acknowledged."""
LATER_S = 6 * 3_600.0
AT_LAST = 60
"""So many looks, six hours apart: the longest pause before a letter goes again is a day."""


def settle(world: "World") -> str | None:
    """First soon, by greeting and asking again; then in days, until what is stored is receipted. Why not, if so."""
    soon = world.time.elapsed + SOON_S
    while world.time.elapsed < soon:
        if not world.work():
            return "work without an end"
        if world.is_quiet:
            return None
        world.time.elapsed += 10.0
    if not world.has_arrived:
        return "not everything that was written has arrived soon after the greetings"
    if not world.is_receipted:
        return "a receipt that was lost has not come soon after the greetings"
    for _ in range(AT_LAST):
        if not world.work():
            return "work without an end"
        if world.is_quiet:
            return None
        world.time.elapsed += LATER_S
    return "it does not come to rest"


class quietly:
    """What the services would write into their logs is of no use here."""

    def __enter__(self) -> None:
        self._before = logging.root.manager.disable
        logging.disable(logging.CRITICAL)

    def __exit__(self, *_: object) -> None:
        logging.disable(self._before)
