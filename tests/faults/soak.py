"""The soak: three organisations under a mixed load, a fault every twenty seconds, and at the end C1 to C6.

`./spojka faults soak --minutes 60`. What must be flat is sampled every ten seconds: memory and open files of every
process, and how far readers lag behind. Memory counts as flat when the busiest third at the end is not a third above
that at the beginning.
"""

import asyncio
import os
import random
import signal
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nats.errors import Error as NatsError

from deploy.demo.people import EVA, JAKUB, NIT, SIMON
from deploy.demo.settled import states
from libs.servers.child import strays
from libs.service import SettingsMistake
from tests.faults.checks import prove
from tests.faults.desks import AWAY_ERRORS, Desks
from tests.faults.ground import EVERYBODY, Ground, alone
from tests.faults.partition import cut_off

FAULT_EVERY_S, SAMPLE_EVERY_S = 20.0, 10.0
REFERRALS_AT_ONCE, PAUSE_S = 3, 1.5
MOST_GROWTH = 1.33
"""Of memory and open files, from the first third to the last."""
HEAL_S = 60.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Sample:
    """Where things stand, so many seconds after the beginning.

    memory   megabytes that a node's program, or the hub, keeps resident
    files    what it has open
    lag      events readers have not seen yet, in all nodes; None: somebody was away
    """

    at_s: float
    memory: dict[str, float]
    files: dict[str, int]
    lag: int | None
    acknowledged: int


@dataclass
class Soaked:
    """What an hour has shown."""

    seconds: float = 0.0
    samples: list[Sample] = field(default_factory=list[Sample])
    faults: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    acknowledged: int = 0
    referrals: int = 0
    checks: dict[str, str] = field(default_factory=dict[str, str])
    healed_s: float = 0.0

    @property
    def growth(self) -> dict[str, tuple[float, float]]:
        """Process → (memory, open files) of the last third over the first one."""
        third = len(self.samples) // 3
        first, last = self.samples[:third], self.samples[-third:]
        names = sorted({name for sample in self.samples for name in sample.memory})
        return (
            {name: (_ratio(first, last, "memory", name), _ratio(first, last, "files", name)) for name in names}
            if third
            else {}
        )

    @property
    def holds(self) -> bool:
        flat = all(ratio <= MOST_GROWTH for both in self.growth.values() for ratio in both)
        return flat and bool(self.checks) and not any(self.checks.values())


def _ratio(first: list[Sample], last: list[Sample], what: str, name: str) -> float:
    def middle(samples: list[Sample]) -> float:
        known = [getattr(sample, what)[name] for sample in samples if name in getattr(sample, what)]
        return statistics.median(known) if known else 0.0

    before = middle(first)
    return round(middle(last) / before, 2) if before else 1.0


async def soak(ground: Ground, minutes: float, seed: int, say: Say) -> Soaked:
    """Load and faults for so long, then quiet, then the checks."""
    desks, found = Desks(ground, patience_s=180.0), Soaked()
    dice, began = random.Random(seed), time.monotonic()
    over = began + 60 * minutes
    load = [asyncio.create_task(_load(desks, over, number)) for number in range(REFERRALS_AT_ONCE)]
    watching = asyncio.create_task(_watch(desks, found, began, say))
    try:
        while time.monotonic() < over:
            await asyncio.sleep(min(FAULT_EVERY_S, max(0.0, over - time.monotonic())))
            name, fault = dice.choice(list(_faults(desks, dice)))
            found.faults.append((time.monotonic() - began, name))
            await fault()
            for task in (*load, watching):
                if task.done():
                    task.result()  # who broke down says why
        await asyncio.gather(*load)
    finally:
        for task in load:
            task.cancel()
    healing = time.monotonic()
    desks.patience_s = HEAL_S
    found.checks = await prove(desks)
    found.healed_s = time.monotonic() - healing
    watching.cancel()
    found.seconds = time.monotonic() - began
    found.acknowledged, found.referrals = _count(desks), len(desks.stands)
    return found


async def _load(desks: Desks, over: float, number: int) -> None:
    """One desk at work: referrals to their end, drafts for nobody, from the town and from the outreach team."""
    who = SIMON if number % 3 == 2 else EVA
    while time.monotonic() < over:
        await desks.whole(who)
        await desks.keep_draft(who if number % 2 else JAKUB)
        await asyncio.sleep(PAUSE_S)


def _faults(desks: Desks, dice: random.Random) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
    """What may happen now, and how; every one has healed when it returns."""
    network, nit = desks.network, desks.network.nodes[NIT.code]
    victim = dice.choice(desks.processes())

    async def kill() -> None:
        if victim.alive:
            await asyncio.to_thread(victim.kill)

    async def freeze() -> None:
        pids = strays("postgres", victim.stored) if hasattr(victim, "stored") else [victim.pid]
        await _frozen([pid for pid in pids if pid is not None], dice.uniform(3, 15))

    async def wipe_hub() -> None:
        network.hub.wipe()

    async def wipe_bus() -> None:
        dice.choice(list(network.nodes.values())).nats.wipe()

    async def part() -> None:
        way = dice.choice(("both", "to the hub", "from the hub"))
        with cut_off(dice.choice(EVERYBODY).code, way):
            await asyncio.sleep(dice.uniform(5, 25))

    async def fill() -> None:
        disk = desks.ground.disks[dice.choice((NIT.code, "hub"))]
        await asyncio.to_thread(disk.fill)
        await asyncio.sleep(dice.uniform(3, 10))
        await asyncio.to_thread(disk.free)

    async def power() -> None:
        servers = (nit.postgres, nit.nats, network.hub, nit.program)
        for server in servers:
            await desks.hold(server, kill=True)
        for disk in desks.ground.disks.values():
            await asyncio.to_thread(disk.power_cut)
        for server in servers:
            await desks.release(server)

    yield "kill", kill
    yield "kill", kill
    yield "freeze", freeze
    yield "hub wiped", wipe_hub
    yield "JetStream wiped", wipe_bus
    if alone():
        yield "partition", part
        yield "partition", part
        yield "disk full", fill
        yield "power cut", power


async def _frozen(pids: list[int], seconds: float) -> None:
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if number == signal.SIGSTOP:
            await asyncio.sleep(seconds)


async def _watch(desks: Desks, found: Soaked, began: float, say: Say) -> None:
    while True:
        await asyncio.sleep(SAMPLE_EVERY_S)
        memory, files = dict[str, float](), dict[str, int]()
        for process in (desks.network.hub, *(node.program for node in desks.network.nodes.values())):
            if (pid := process.pid) is not None:
                with suppress(OSError, LookupError):
                    memory[process.name], files[process.name] = resident_mb(pid), open_files(pid)
        sample = Sample(time.monotonic() - began, memory, files, await _lag(desks), _count(desks))
        found.samples.append(sample)
        if len(found.samples) % 6 == 0:
            last = found.faults[-1][1] if found.faults else "none yet"
            say(
                f"{sample.at_s / 60:5.1f} min: {sample.acknowledged:,} commands acknowledged, "
                f"{len(found.faults)} faults (last: {last}), lag {'?' if sample.lag is None else sample.lag}, "
                f"memory {max(memory.values(), default=0):.0f} MB at most"
            )


def _count(desks: Desks) -> int:
    return sum(map(len, desks.acknowledged.values()))


async def _lag(desks: Desks) -> int | None:
    behind = 0
    for code in desks.network.nodes:
        try:
            found = await asyncio.wait_for(states(desks.settings(code)), 5)
        except (*AWAY_ERRORS, NatsError, TimeoutError, SettingsMistake):  # down, or its disk is out for a moment
            return None
        behind += sum(
            max(0, found[follower["source"]]["head"] - follower["position"])
            for state in found.values()
            for follower in state["followers"]
        )
    return behind


def resident_mb(pid: int) -> float:
    fields: dict[str, Any] = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line
    )
    return int(fields["VmRSS"].split()[0]) / 1024


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def by_kind(found: Soaked) -> Counter[str]:
    return Counter(name for _, name in found.faults)
