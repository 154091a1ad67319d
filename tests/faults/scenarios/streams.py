"""F5, F7 and F10: what the servers between hand on is repeated, shuffled, damaged, gone, or was never true."""

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import nats
from nats.js.errors import NotFoundError

from deploy.commands.doctor import examine
from deploy.demo.people import MESTO, NIT
from deploy.local.folder import NodeFolder
from deploy.nats.member import MemberAccount
from deploy.node import service
from libs.eventlog import new_id
from libs.sealing import OrganisationKeys, PinnedPartner, seal
from libs.service.maintenance import on_bench
from services.courier.office import now
from tests.faults.desks import CANARY, Desks, until


async def letters_come_twice_and_in_any_order(desks: Desks) -> None:
    """The hub hands out every letter three times, shuffled; and the whole archive again when all is done."""
    nit = desks.network.nodes[NIT.code]
    await desks.hold(nit.program)
    sent = [await desks.refer() for _ in range(int(desks.longer(4, 20)))]
    await until(lambda: _in_the_box(desks, len(sent)), "the letters to lie at the hub", desks.patience_s)
    archive = await _take_out(desks)
    shuffled = archive * 3
    desks.dice.shuffle(shuffled)
    await hand_in(desks, shuffled)
    await desks.release(nit.program)
    await asyncio.gather(*[desks.carry_out(one) for one in sent])
    desks.dice.shuffle(shuffled)
    await hand_in(desks, shuffled)
    await desks.whole()


async def the_stream_store_is_damaged(desks: Desks) -> None:
    """The advice centre's JetStream: a bit is turned, a file cut short, a stream deleted, all of it wiped."""
    bus = desks.network.nodes[NIT.code].nats
    damages = (_turn_a_bit, _cut_short, _delete_a_stream, _wipe)
    for number, damage in enumerate(damages):
        sent = [await desks.refer() for _ in range(2)]
        await desks.answer(sent[0])
        await desks.hold(bus, kill=bool(number % 2))
        damage(bus.store, desks)
        await desks.release(bus)
        await asyncio.gather(desks.finish(sent[0]), desks.carry_out(sent[1]))
    bus.wipe()  # and under the running server
    await desks.whole()


async def poison_comes(desks: Desks) -> None:
    """Letters that are not what they say go to quarantine; one bad letter of a true partner stops nobody."""
    network, nit = desks.network, desks.network.nodes[NIT.code]
    before = await _quarantined(desks)
    stranger = Stranger(desks.ground.folder / f"stranger-{new_id()}")
    client = await stranger.join(desks)
    to_nit = pinned(nit)
    letter: Any = {"type": "referral-sent", "data": {"note": CANARY}, "at": now(), "number": 1}
    await client.request(f"send.{nit.hub_account}", seal(stranger.keys, to_nit, **letter).letter, timeout=5)
    town = network.nodes[MESTO.code]
    true = seal(town.keys(), to_nit, **(letter | {"number": 900_000})).letter
    altered = bytearray(true)
    altered[len(altered) // 2] ^= 1
    to_another = seal(town.keys(), pinned(town), **letter).letter
    forged = seal(stranger.keys, to_nit, **letter).letter
    deep = b'{"a":' * 20_000
    await hand_in(desks, [bytes(altered), to_another, forged, b"{}", deep, b"x" * 600_000])
    told: Any = {"event_id": str(new_id()), "schema_version": 0, "occurred_at": now().isoformat(), "data": {}}
    long_ago = told | {"schema_version": 1, "occurred_at": "0001-01-01T00:00:00Z"}
    of_a_partner: list[Any] = [
        {"type": "referral-sent", "number": 700_001, "data": told},
        {"type": "referral-sent", "number": 700_002, "data": long_ago},
        {"type": "referral-sent", "number": 2**40, "data": told | {"schema_version": 1}},
        {"type": "resend", "data": {"first": 0, "last": 5}},
        {"type": "resend", "data": {"first": 800_000, "last": 2**52}},
        {"type": "receipt", "data": {"number": 800_000, "digest": "0" * 64, "outcome": "applied"}},
    ]
    await hand_in(desks, [seal(town.keys(), to_nit, at=now(), **one).letter for one in of_a_partner])
    await until(lambda: _more(desks, before + 7), "the poison to lie in quarantine", desks.patience_s)
    desks.ground.quarantined |= POISON
    said = await examine(desks.settings(NIT.code))
    assert any("quarantine" in one for one in said), said
    await client.close()
    await desks.whole()


POISON = {
    "unknown_organisation", "not_openable", "not_to_me", "sealed_to_no_key_of_mine", "bad_signature", "malformed",
    "signed_by_no_known_key", "not_from_this_sender", "too_large", "implausible_number", "never_posted",
}  # fmt: skip


class Stranger:
    """Somebody with an account at the hub and keys of their own, but pinned by nobody."""

    def __init__(self, folder: Path) -> None:
        (folder / "keys").mkdir(parents=True)
        (folder / "hub").mkdir()
        self.keys = OrganisationKeys.create(folder / "keys", new_id(), now())
        self.member = MemberAccount(folder / "hub")

    async def join(self, desks: Desks) -> Any:
        hub = desks.network.hub
        await hub.operator.admit(hub.url, self.member.public, "stranger")
        return await nats.connect(hub.url, user_credentials=str(self.member.renew()))


async def _in_the_box(desks: Desks, count: int) -> bool:
    async with desks.network.hub.operator.letters(desks.network.hub.url) as letters:
        state = (await letters.stream_info(desks.network.nodes[NIT.code].hub_account)).state
        return state.messages >= count


async def _take_out(desks: Desks) -> list[bytes]:
    """Every letter that lies at the hub for the advice centre; the box is empty afterwards."""
    box, found = desks.network.nodes[NIT.code].hub_account, list[bytes]()
    async with desks.network.hub.operator.letters(desks.network.hub.url) as letters:
        state = (await letters.stream_info(box)).state
        for sequence in range(state.first_seq, state.last_seq + 1):
            with suppress(NotFoundError):  # taken already
                found.append((await letters.get_msg(box, sequence)).data or b"")
        await letters.purge_stream(box)
    return found


async def hand_in(desks: Desks, letters: list[bytes]) -> None:
    """To the advice centre, from the town's account, under new message ids."""
    member = MemberAccount(desks.network.nodes[MESTO.code].keys_folder / "hub")
    client = await nats.connect(desks.network.hub.url, user_credentials=str(member.credentials))
    for letter in letters:
        await client.request(f"send.{desks.network.nodes[NIT.code].hub_account}", letter, timeout=5)
    await client.close()


def pinned(node: NodeFolder) -> PinnedPartner:
    keys = node.keys()
    return PinnedPartner(node.organisation.id, keys.fingerprint).accept(keys.document)


async def _quarantined(desks: Desks) -> int:
    async with on_bench(service("courier", desks.settings(NIT.code))) as bench:
        return int(await bench.pool.fetchval("select count(*) from quarantine"))


async def quarantined_for(desks: Desks, reason: str) -> bool:
    """Whether a letter lies in the advice centre's quarantine for this reason."""
    async with on_bench(service("courier", desks.settings(NIT.code))) as bench:
        return bool(await bench.pool.fetchval("select count(*) from quarantine where reason = $1", reason))


async def _more(desks: Desks, count: int) -> bool:
    return await _quarantined(desks) >= count


def _blocks(store: Path) -> list[Path]:
    return sorted(file for file in store.rglob("*.blk") if "CASES" in file.parts and file.stat().st_size)


def _turn_a_bit(store: Path, desks: Desks) -> None:
    block = _blocks(store)[-1]
    content = bytearray(block.read_bytes())
    content[desks.dice.randrange(len(content) // 2, len(content))] ^= 4
    block.write_bytes(content)


def _cut_short(store: Path, desks: Desks) -> None:
    block = _blocks(store)[-1]
    with block.open("r+b") as file:
        file.truncate(block.stat().st_size * 2 // 3)


def _delete_a_stream(store: Path, desks: Desks) -> None:
    for folder in store.rglob("CASES"):
        shutil.rmtree(folder)


def _wipe(store: Path, desks: Desks) -> None:
    shutil.rmtree(store)
