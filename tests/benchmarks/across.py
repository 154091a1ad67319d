"""across: a referral sent at one organisation until another sees it: two nodes and the hub between them."""

import asyncio
import time
from datetime import date
from typing import Any

import asyncpg
import nats
import uvloop

from deploy.demo.network import Network
from deploy.demo.people import OLGA, OSPOD, PRISTAV
from libs.eventlog import new_id
from libs.servers import EmbeddedNats
from libs.service import Settings
from services.cases.referral.commands import OpenReferral, SendReferral
from tests.benchmarks.ground import Ground
from tests.benchmarks.measured import Measured, percentile

ROWS = {
    "across-p50": "A command at one organisation, over its API, until the other's read model shows the referral: log, "
    "relay, courier, disclosure, seal, hub, courier, log. One at a time; half are quicker. Beside it, in turns, what "
    "cannot be left out: one acknowledged publish to a hub that writes to disk at once, and two durable commits.",
    "across-p99": "The slowest of a hundred of these.",
}
MOST = 4.0
WARM = 5
POLL_S, PATIENCE_S, PAUSE_S = 0.001, 60.0, 0.05
LETTER = b"x" * 2_500
SEEN = "select 1 from referral_list where referral_id = $1"


def run(ground: Ground, times: int) -> list[Measured]:
    """Both organisations on this machine, each with its own servers."""
    (ground.folder / "network").mkdir(mode=0o711)
    with Network(ground.folder / "network", (PRISTAV, OSPOD)).up(say=lambda said: None, phase=ground.step) as network:
        asyncio.run(network.introduce())
        with EmbeddedNats(ground.folder / "plain-hub") as plain:
            ours, other = uvloop.run(_in_turns(ground, network, plain, times))
    beside = "a hub publish and two commits"
    return [
        Measured("across-p50", percentile(ours, 0.5), percentile(other, 0.5), beside, "ms", times, most=MOST),
        Measured("across-p99", percentile(ours, 0.99), percentile(other, 0.99), beside, "ms", times),
    ]


async def _in_turns(
    ground: Ground, network: Network, plain: EmbeddedNats, times: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of both. The first few are not counted: the organisations introduce themselves meanwhile."""
    theirs = Settings.from_file(network.nodes[OSPOD.code].folder / "node.toml")
    there = await asyncpg.connect(theirs.store.url.replace("{database}", "cases"))
    store = await asyncpg.connect(ground.database())
    hub = await nats.connect(plain.url)
    ours: list[float] = []
    other: list[float] = []
    try:
        await store.execute("create table kept (n int)")
        await hub.jetstream().add_stream(name="LETTERS", subjects=["letters"])
        for number in range(times + WARM):
            ground.step(f"{number} of {times + WARM} referrals")
            ours.append(await _referred(network, there))
            other.append(await _least(hub, store))
            await asyncio.sleep(PAUSE_S)
    finally:
        await hub.close()
        await store.close()
        await there.close()
    return ours[WARM:], other[WARM:]


async def _referred(network: Network, there: Any) -> float:
    one = new_id()
    async with network.api(OLGA) as api:
        await api.command(
            "cases", "referral", OpenReferral,
            referral_id=one, person_id=new_id(), recipient=OSPOD.id, need="debts",
            reason="Dluh na nájmu.", client_name="Žofie Kanárková",
        )  # fmt: skip
        await asyncio.sleep(PAUSE_S)
        begun = time.perf_counter()
        await api.command(
            "cases", "referral", SendReferral,
            referral_id=one, answer_due=date(2030, 1, 1), ground={"kind": "release", "release_id": new_id()},
        )  # fmt: skip
        while await there.fetchval(SEEN, one) is None:
            await asyncio.sleep(POLL_S)
            assert time.perf_counter() < begun + PATIENCE_S, "the referral did not arrive"
        return (time.perf_counter() - begun) * 1000


async def _least(hub: Any, store: Any) -> float:
    begun = time.perf_counter()
    await store.execute("insert into kept values (1)")
    await hub.jetstream().publish("letters", LETTER)
    await store.execute("insert into kept values (2)")
    return (time.perf_counter() - begun) * 1000
