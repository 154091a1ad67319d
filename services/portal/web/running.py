"""How the node's services stand, for whoever keeps them running. Numbers and codes; no content."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from libs.messaging import Bus
from services.portal.health import FAR_BEHIND, PATIENCE_S, states_of

Standing = Literal["up", "behind", "stopped", "unknown"]


@dataclass(frozen=True)
class Reader:
    """Something that follows a log. behind: events it has not taken yet; None: its source does not answer."""

    name: str
    source: str
    behind: int | None
    standing: Standing


@dataclass(frozen=True)
class Running:
    """One service. untold: events the others were not told of; unanswered: events nobody could act on."""

    name: str
    standing: Standing
    untold: int = 0
    unanswered: int = 0
    readers: tuple[Reader, ...] = ()

    @property
    def behind(self) -> int:
        """How far its slowest reader is behind."""
        return max((one.behind or 0 for one in self.readers), default=0)


async def running(bus: Bus, services: Sequence[str]) -> list[Running]:
    """All of them at once, and nobody is waited for long."""
    answers = await asyncio.gather(*(_state(bus, one) for one in services))
    return standings(dict(zip(services, answers, strict=True)))


def standings(states: Mapping[str, Mapping[str, Any] | None]) -> list[Running]:
    """From what the services say of themselves. Pure."""
    heads = {service: int(state["head"]) for service, state in states.items() if state is not None}
    return [
        Running(service, "unknown") if state is None else _service(service, state, heads)
        for service, state in states.items()
    ]


def _service(name: str, state: Mapping[str, Any], heads: Mapping[str, int]) -> Running:
    readers = tuple(_reader(one, heads.get(one["source"])) for one in state["followers"])
    untold = int(state["head"]) - int(state["relayed"]) if state["leads"] else 0
    standing: Standing = "up"
    if any(one.standing == "stopped" for one in readers):
        standing = "stopped"
    elif untold > FAR_BEHIND or any(one.standing == "behind" for one in readers) or state["dead_letters"]:
        standing = "behind"
    return Running(name, standing, untold, int(state["dead_letters"]), readers)


def _reader(told: Mapping[str, Any], head: int | None) -> Reader:
    behind = None if head is None else max(head - int(told["position"]), 0)
    standing: Standing = "stopped" if told["status"] == "error" else "up"
    if standing == "up" and behind is not None and behind > FAR_BEHIND:
        standing = "behind"
    return Reader(told["follower"], told["source"], behind, standing)


async def _state(bus: Bus, service: str) -> Mapping[str, Any] | None:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return (await states_of(bus, [service]))[service]
    except TimeoutError:
        return None
