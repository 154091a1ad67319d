"""Two organisations, a hub, and everything that can go wrong between them. Fault numbers: shared security notes §3."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import nats
import pytest

from deploy.demo.network import Network
from deploy.demo.people import EVA, JAKUB, MESTO, NIT
from deploy.nats.member import MemberAccount
from deploy.node import service
from libs.eventlog import new_id
from libs.sealing import OrganisationKeys, PinnedPartner, seal
from libs.service.maintenance import on_bench
from services.courier.office import now
from tests.network.desks import CANARY, Desks, kill_some, until

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("network")
    folder.chmod(0o711)
    made = Network(folder, (MESTO, NIT))
    with made.up(say=lambda sentence: None):
        asyncio.run(made.introduce())
        yield made


@pytest.fixture
async def desks(network: Network) -> AsyncIterator[Desks]:
    """The network, well, with an empty list of what these desks did; checked after every test."""
    at_work = Desks(network)
    async with network.api(EVA) as api:
        before = await api.query("cases", "referrals", organisation=MESTO.id, limit=500)
    at_work.referrals += [row["referral_id"] for row in before]
    yield at_work
    await at_work.settled()
    await at_work.check()


async def test_a_referral_is_carried_to_its_end(desks: Desks) -> None:
    await desks.carry_out(await desks.refer())


async def test_f1_any_process_may_be_killed_at_any_moment(desks: Desks) -> None:
    """kill -9 of PostgreSQL, NATS, node programs and the hub while ten referrals are carried out."""
    dice = random.Random(20_260_512)

    async def one() -> None:
        await desks.carry_out(await desks.refer())

    killing = asyncio.create_task(kill_some(desks, dice, times=12, pause_s=(0.5, 2.5)))
    await asyncio.gather(*[one() for _ in range(10)])
    killed = await killing
    assert len(killed) >= 8, killed


async def test_the_hub_is_away_for_the_whole_story_and_nobody_notices(desks: Desks) -> None:
    supervisor = desks.network.supervisor
    await asyncio.to_thread(supervisor.hold, desks.network.hub)
    sent = [await desks.refer() for _ in range(5)]
    stages = await desks.stages(EVA)
    assert {stages[str(one)] for one in sent} == {"sent"}
    await asyncio.to_thread(supervisor.release, desks.network.hub)
    await asyncio.gather(*[desks.carry_out(one) for one in sent])


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
async def test_f15_the_hub_is_wiped(desks: Desks, running: bool) -> None:
    """Letters that lay at the hub are gone; couriers notice and send them again."""
    hub, supervisor = desks.network.hub, desks.network.supervisor
    receiving = desks.network.nodes[NIT.code].program
    await asyncio.to_thread(supervisor.hold, receiving)
    sent = [await desks.refer() for _ in range(3)]
    await asyncio.sleep(2)
    if not running:
        await asyncio.to_thread(supervisor.hold, hub, kill=True)
    hub.wipe()
    if not running:
        await asyncio.to_thread(supervisor.release, hub)
    await asyncio.to_thread(supervisor.release, receiving)
    await asyncio.gather(*[desks.carry_out(one) for one in sent])


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
async def test_f7_a_node_loses_its_whole_jetstream(desks: Desks, running: bool) -> None:
    bus, supervisor = desks.network.nodes[NIT.code].nats, desks.network.supervisor
    sent = [await desks.refer() for _ in range(2)]
    if not running:
        await asyncio.to_thread(supervisor.hold, bus, kill=True)
    bus.wipe()
    if not running:
        await asyncio.to_thread(supervisor.release, bus)
    await asyncio.gather(*[desks.carry_out(one) for one in sent])


class Stranger:
    """Somebody with an account at the hub and keys of their own, but pinned by nobody."""

    def __init__(self, network: Network, folder: Path) -> None:
        self.network = network
        (folder / "keys").mkdir()
        (folder / "hub").mkdir()
        self.keys = OrganisationKeys.create(folder / "keys", new_id(), now())
        self.member = MemberAccount(folder / "hub")

    async def join(self) -> Any:
        await self.network.hub.operator.admit(self.network.hub.url, self.member.public, "stranger")
        return await nats.connect(self.network.hub.url, user_credentials=str(self.member.renew()))


async def _quarantined(desks: Desks, code: str, reason: str) -> bool:
    async with on_bench(service("courier", desks.settings(code))) as bench:
        return bool(await bench.pool.fetchval("select count(*) from quarantine where reason = $1", reason))


async def _heads(desks: Desks, code: str) -> int:
    async with on_bench(service("cases", desks.settings(code))) as bench:
        return (await bench.log.head()).position


def _pinned(network: Network, code: str) -> PinnedPartner:
    keys = network.nodes[code].keys()
    return PinnedPartner(network.nodes[code].organisation.id, keys.fingerprint).accept(keys.document)


async def test_letters_that_are_not_what_they_say_go_to_quarantine_and_nothing_else_happens(
    desks: Desks, tmp_path: Path
) -> None:
    network = desks.network
    before = await _heads(desks, NIT.code)
    stranger = Stranger(network, tmp_path)
    client = await stranger.join()
    box = network.nodes[NIT.code].hub_account
    to_nit = _pinned(network, NIT.code)
    letter: Any = {"type": "referral-sent", "data": {"note": CANARY}, "at": now(), "number": 1}
    unknown = seal(stranger.keys, to_nit, **letter).letter
    await client.request(f"send.{box}", unknown, timeout=5)
    await until(lambda: _quarantined(desks, NIT.code, "unknown_organisation"), "the stranger's letter in quarantine")

    town = network.nodes[MESTO.code]
    member = MemberAccount(town.keys_folder / "hub")
    courier = await nats.connect(network.hub.url, user_credentials=str(member.credentials))
    true = seal(town.keys(), to_nit, **(letter | {"number": 900_000})).letter
    altered = bytearray(true)
    altered[len(altered) // 2] ^= 1
    to_another = seal(town.keys(), _pinned(network, MESTO.code), **letter).letter
    forged = seal(stranger.keys, to_nit, **letter).letter
    for sealed in (bytes(altered), to_another, forged, b"{}", b"x" * 600_000):
        await courier.request(f"send.{box}", sealed, timeout=5)
    await until(lambda: _count(desks, NIT.code, 6), "six letters in quarantine")
    assert await _heads(desks, NIT.code) == before
    await client.close()
    await courier.close()


async def test_one_bad_letter_of_a_true_partner_stops_nobody(desks: Desks) -> None:
    """Each of these once stopped all letters of a node, for ever: a version that never was, a number far away, a
    resend for letters that were never given."""
    network, nit = desks.network, desks.network.nodes[NIT.code]
    town = network.nodes[MESTO.code]
    to_nit = _pinned(network, NIT.code)
    told: Any = {"event_id": str(new_id()), "schema_version": 0, "occurred_at": now().isoformat(), "data": {}}
    bad: list[Any] = [
        {"type": "referral-sent", "number": 700_001, "data": told},
        {
            "type": "referral-sent",
            "number": 700_002,
            "data": told | {"schema_version": 1, "occurred_at": "0001-01-01T00:00:00Z"},
        },
        {"type": "referral-sent", "number": 2**40, "data": told | {"schema_version": 1}},
        {"type": "resend", "data": {"first": 0, "last": 5}},
        {"type": "resend", "data": {"first": 800_000, "last": 2**52}},
        {"type": "receipt", "data": {"number": 800_000, "digest": "0" * 64, "outcome": "applied"}},
    ]
    member = MemberAccount(town.keys_folder / "hub")
    client = await nats.connect(network.hub.url, user_credentials=str(member.credentials))
    for letter in bad:
        sealed = seal(town.keys(), to_nit, at=now(), **letter).letter
        await client.request(f"send.{nit.hub_account}", sealed, timeout=5)
    await client.close()
    await desks.carry_out(await desks.refer())


async def _count(desks: Desks, code: str, wanted: int) -> bool:
    async with on_bench(service("courier", desks.settings(code))) as bench:
        return bool(await bench.pool.fetchval("select count(*) from quarantine") >= wanted)


async def test_no_name_is_found_in_any_byte(desks: Desks) -> None:
    """Run last by its dependence on nothing: whatever was referred so far, its canary is nowhere in the clear."""
    await desks.carry_out(await desks.refer())
    async with desks.api(JAKUB) as api:
        [seen] = await api.query("cases", "referral_detail", organisation=NIT.id, referral_id=desks.referrals[-1])
    assert seen["client_name"] == CANARY  # it did travel
    found = {"control": 0, "canary": 0}
    for file in desks.network.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            found["control"] += b"referral-sent" in content
            found["canary"] += CANARY.encode() in content or CANARY.encode("utf-16-le") in content
    assert found["control"] > 0
    assert found["canary"] == 0
