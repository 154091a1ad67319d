"""Whether the node is well: every service answers, nothing has stopped, nobody is far behind."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from libs.eventlog import Frozen
from libs.messaging import Bus, RequestFailed
from libs.messaging.subjects import state_subject

PATIENCE_S = 3.0
FAR_BEHIND = 1_000
"""Events a reader may be behind its source before the node counts as not ready."""
UNWRITTEN = {
    "no_room": "its store has no room left. What is stored is safe. Free some space; it goes on by itself.",
    "unavailable": "its store is away. What is stored is safe. See PostgreSQL's log and disk; it goes on by itself.",
}
"""Why a log takes nothing now, by the code its last command was refused with."""


class Live(Frozen):
    """The process answers."""

    live: bool = True


class Ready(Frozen):
    """Sentences for the administrator.

    reasons   why it is not ready
    notes     what waits or was put aside although it is: a hub that is away, letters in quarantine
    """

    ready: bool
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


async def readiness(bus: Bus, services: Sequence[str]) -> Ready:
    """Ask all services at once where they stand. `bus` should be impatient."""
    states = await states_of(bus, services)
    found = tuple(reasons(states))
    notes = tuple(
        f"{name}: {note}" for name, state in states.items() if state is not None for note in state.get("notes", ())
    )
    return Ready(ready=not found, reasons=found, notes=notes)


async def states_of(bus: Bus, services: Sequence[str]) -> dict[str, Mapping[str, Any] | None]:
    """Where each service stands. None: it did not answer."""
    return dict(zip(services, await asyncio.gather(*(_state(bus, one) for one in services)), strict=True))


def reasons(states: Mapping[str, Mapping[str, Any] | None]) -> Iterator[str]:
    """What is wrong, service by service. None: it did not answer. Pure."""
    heads = {service: state["head"] for service, state in states.items() if state is not None}
    for service, state in states.items():
        if state is None:
            yield f"{service} does not answer. What it has stored is safe. See its log, and whether it runs."
            continue
        if (why := UNWRITTEN.get(state.get("log_trouble", ""))) is not None:  # an older service says nothing of it
            yield f"{service} cannot record: {why}"
        behind = state["head"] - state["relayed"]
        if state["leads"] and behind > FAR_BEHIND:
            why = f" ({state['relay_trouble']})" if state["relay_trouble"] else ""
            yield f"{service} has {behind:,} events that the others were not told of yet{why}."
        for follower in state["followers"]:
            yield from _follower_reasons(service, follower, heads.get(follower["source"]))


def _follower_reasons(service: str, follower: Mapping[str, Any], head: int | None) -> Iterator[str]:
    name, source = follower["follower"], follower["source"]
    if follower["status"] == "error":
        yield (
            f"{service}: {name} has stopped ({follower['error']}). Nothing is lost; it goes on from there when the "
            f"cause is removed and {service} is started again."
        )
    elif head is not None and head - follower["position"] > FAR_BEHIND:
        yield f"{service}: {name} is {head - follower['position']:,} events behind {source}."


async def _state(bus: Bus, service: str) -> Mapping[str, Any] | None:
    try:
        return await bus.ask(service, state_subject(service), b"{}")
    except RequestFailed:
        return None
