"""hub: a thousand organisations on one hub, 200 letters a second for a while: memory and latency, early and late."""

import asyncio
import os
import random
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop

from deploy.nats.hub import MEMBERS, HubOperator, LetterBox, Member
from deploy.nats.member import MemberAccount
from libs.sealing import write_private
from libs.servers import EmbeddedNats
from services.courier.hub_link import HubLink
from tests.benchmarks.ground import Ground
from tests.benchmarks.measured import Measured, percentile

ROWS = {
    "hub-memory": "Memory of the hub's server with so many organisations, each with its account, its letter box and "
    "its courier connected, at 200 letters a second: after a minute, the last third of the time beside "
    "the first.",
    "hub-p50": "From handing a letter to the hub until its recipient has it, acknowledged: half are quicker. The last "
    "third beside the first.",
    "hub-p99": "The slowest of a hundred of these.",
}
RATE = 200
LETTER = os.urandom(1_500)
"""As a short sealed letter."""
BOX = LetterBox(size=4 * 2**20)
"""Small, because the server reserves the sum of all; a letter is gone as soon as it is acknowledged."""
CONNECTING_AT_ONCE = 25
PATIENCE_S = 60.0


@dataclass(frozen=True)
class Taken:
    """When a letter was handed over, in seconds since the start, and how long it took, in milliseconds."""

    at: float
    ms: float


def run(ground: Ground, organisations: int, seconds: float, warm: float) -> list[Measured]:
    """The accounts are made by `provision`, as after the loss of a hub's store.

    warm   seconds before it counts: until the server has collected its garbage once under this load. Go lets memory
           grow to twice what was in use then, which takes most of a minute; before, a saw's first tooth is measured
    """
    folder = ground.folder / "hub"
    ground.step(f"{organisations:,} organisations make their keys")
    members = [_member(folder / "members" / str(number)) for number in range(organisations)]
    operator = _operator(folder / "operator", members)
    server = EmbeddedNats(folder / "nats", name="hub")
    server.config = operator.operator_mode(server.folder)
    with server:
        ground.step(f"{organisations:,} accounts and letter boxes")
        asyncio.run(operator.provision(server.url))
        taken, memory = uvloop.run(_letters(ground, server, members, warm + seconds))
    return _rows([one for one in taken if one.at > warm], [mb for at, mb in memory if at > warm], organisations)


def _member(folder: Path) -> MemberAccount:
    folder.mkdir(parents=True)
    member = MemberAccount(folder)
    member.renew()
    return member


def _operator(folder: Path, members: list[MemberAccount]) -> HubOperator:
    """It knows them all; the hub learns of them at `provision`."""
    folder.mkdir(parents=True)
    HubOperator(folder)
    known = {one.public: Member(name=f"member-{number}") for number, one in enumerate(members)}
    write_private(folder / "members.json", MEMBERS.dump_json(known).decode())
    return HubOperator(folder, BOX)


async def _letters(
    ground: Ground, server: EmbeddedNats, members: list[MemberAccount], seconds: float
) -> tuple[list[Taken], list[tuple[float, float]]]:
    """Letters between any two, at a steady rate; (seconds since the start, megabytes) of the server."""
    taken: list[Taken] = []
    under_way: dict[bytes, float] = {}
    started = 0.0

    async def read(link: HubLink) -> None:
        async for letter in link.letters():
            await letter.ack()
            begun = under_way.pop(letter.data[:16])
            taken.append(Taken(begun - started, (time.perf_counter() - begun) * 1000))

    async with AsyncExitStack() as stack:
        links = await _connected(ground, stack, server, members)
        readers = [asyncio.create_task(read(link)) for link in links]
        ground.step(f"{RATE} letters a second for {seconds:g} s")
        started, number, memory = time.perf_counter(), 0, list[tuple[float, float]]()
        async with asyncio.TaskGroup() as sending:
            while (now := time.perf_counter() - started) < seconds:
                for _ in range(int(now * RATE) - number + 1):
                    number += 1
                    sender, recipient = random.sample(range(len(members)), 2)
                    mark = number.to_bytes(16)
                    under_way[mark] = time.perf_counter()
                    sending.create_task(
                        links[sender].send(members[recipient].public, mark + LETTER, f"letter-{number}.1")
                    )
                if len(memory) < now * 3:
                    memory.append((now, _megabytes(server.pid)))
                await asyncio.sleep(1 / RATE)
        deadline = time.monotonic() + PATIENCE_S
        while under_way and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        assert not under_way, f"{len(under_way)} of {number} letters did not arrive"
        ground.step("everybody leaves")
        await asyncio.gather(*(link.close() for link in links))  # ends the readers, too
        await asyncio.gather(*readers)
    return taken, memory


async def _connected(
    ground: Ground, stack: AsyncExitStack, server: EmbeddedNats, members: list[MemberAccount]
) -> list[HubLink]:
    links: list[HubLink] = []
    for member in members:
        links.append(HubLink(server.url, member.credentials, member.public))
        await stack.enter_async_context(links[-1])
        if len(links) % CONNECTING_AT_ONCE == 0 or len(links) == len(members):
            ground.step(f"{len(links):,} of {len(members):,} couriers connect")
            deadline = time.monotonic() + PATIENCE_S
            while not all(link.connected for link in links[-CONNECTING_AT_ONCE:]):
                assert time.monotonic() < deadline, "the hub lets nobody in"
                await asyncio.sleep(0.02)
    return links


def _rows(taken: list[Taken], memory: list[float], organisations: int) -> list[Measured]:
    taken = sorted(taken, key=lambda one: one.at)
    early, late = ([one.ms for one in part] for part in (taken[: len(taken) // 3], taken[-len(taken) // 3 :]))
    third = max(1, len(memory) // 3)
    beside = f"the first third, {organisations:,} organisations"
    return [
        Measured("hub-memory", max(memory[-third:]), max(memory[:third]), beside, "MB", organisations, most=1.2),
        Measured("hub-p50", percentile(late, 0.5), percentile(early, 0.5), beside, "ms", len(taken), most=1.5),
        Measured("hub-p99", percentile(late, 0.99), percentile(early, 0.99), beside, "ms", len(taken)),
    ]


def _megabytes(pid: int | None) -> float:
    """Resident memory of a process now. Linux only."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
