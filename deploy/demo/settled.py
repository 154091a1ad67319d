"""When a network has come to rest: everything told, every reader at the end of its log, every letter receipted."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from deploy.demo.network import Network
from deploy.node import SERVICES
from libs.messaging import Bus, Place, RequestFailed, connect
from libs.messaging.subjects import state_subject
from libs.service import Settings

DEADLINE_S = 90.0
LOOK_EVERY_S = 0.2
OPERATOR = "operator"
States = Mapping[str, Mapping[str, Any]]
"""Service → where it stands: head, followers, dead letters."""


class Restless(Exception):
    """It did not come to rest in time; the text says what moved last."""


async def states(settings: Settings) -> States:
    """Where every service of a node stands. Raises RequestFailed for one that does not answer."""
    place = Place(url=settings.bus.url, user=OPERATOR, password=settings.password(OPERATOR), name=OPERATOR)
    connection = await connect(place)
    try:
        bus = Bus(connection, timeout_s=5)
        answers = await asyncio.gather(*(bus.ask(name, state_subject(name), b"{}") for name in SERVICES))
        return dict(zip(SERVICES, answers, strict=True))
    finally:
        await connection.close()


async def settle(network: Network, deadline_s: float = DEADLINE_S) -> None:
    """Return when two looks in a row found nothing under way anywhere. Raises Restless."""
    deadline = time.monotonic() + deadline_s
    before: object = None
    while True:
        moving, heads = await _look(network)
        if not moving and heads == before:
            return
        if time.monotonic() > deadline:
            raise Restless(f"after {deadline_s:.0f} s there is still under way: {', '.join(moving) or 'new events'}")
        before = heads
        await asyncio.sleep(LOOK_EVERY_S)


async def _look(network: Network) -> tuple[list[str], dict[str, int]]:
    """(what is under way, the head of every log)."""
    moving: list[str] = []
    heads: dict[str, int] = {}
    for code, node in network.nodes.items():
        try:
            found = await states(Settings.from_file(node.folder / "node.toml"))
        except RequestFailed as failed:
            moving.append(f"{code} ({failed.problem.code})")
            continue
        heads |= {f"{code} {name}": int(state["head"]) for name, state in found.items()}
        moving += [f"{code} {what}" for what in _behind(found)]
        async with network.setup_api(code) as api:
            if waiting := await api.query("courier", "letters_waiting"):
                moving.append(f"{code}: {len(waiting)} letter(s) without receipt")
            if unapplied := await api.query("courier", "letters_unapplied"):
                moving.append(f"{code}: {len(unapplied)} letter(s) not applied")
    return moving, heads


def _behind(found: States) -> list[str]:
    """A reader that has stopped stays behind for ever, and is told as well."""
    behind: list[str] = []
    for name, state in found.items():
        if state["relayed"] < state["head"]:
            behind.append(f"relay of {name}")
        for follower in state["followers"]:
            if follower["position"] < found[follower["source"]]["head"]:
                behind.append(f"{name} {follower['follower']} ({follower['status']})")
    return behind


__all__ = ["Restless", "settle", "states"]
