"""The courier's wire to a real hub, which is killed, wiped, suspended and away."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from nats.js.api import AckPolicy, ConsumerConfig

from deploy.nats import LetterBox, MemberAccount
from libs.testing.until import until
from services.courier.hub_link import HubLetter, HubLink, HubUnavailable, QuotaFull
from tests.integration.hub_server import Hub


@asynccontextmanager
async def linked(hub: Hub, name: str) -> AsyncGenerator[tuple[MemberAccount, HubLink]]:
    member = MemberAccount(hub.folder / name)
    member.renew()
    await hub.operator.admit(hub.url, member.public, name)
    async with HubLink(hub.url, member.credentials, member.public, retry=(0.05, 0.5)) as link:
        await until(lambda: link.connected)
        yield member, link


async def sent(link: HubLink, to: str, data: bytes, message_id: str) -> bool:
    """Send until the hub confirms: what a courier does."""
    while True:
        try:
            return await link.send(to, data, message_id)
        except HubUnavailable:
            await asyncio.sleep(0.05)


class Reader:
    """Collects and acknowledges; the reading must outlive whatever happens to the hub."""

    def __init__(self, link: HubLink, acknowledge: bool = True) -> None:
        self.link, self.acknowledge = link, acknowledge
        self.seen: list[HubLetter] = []

    @property
    def data(self) -> list[bytes]:
        return [letter.data for letter in self.seen]

    async def read(self) -> None:
        async for letter in self.link.letters():
            self.seen.append(letter)
            if self.acknowledge:
                await letter.ack()

    async def __aenter__(self) -> "Reader":
        self.task = asyncio.create_task(self.read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert not self.task.done() or self.task.exception() is None, "reading died"
        await self.link.close()
        await asyncio.wait_for(self.task, 5)  # `close` ends it by itself


async def test_a_letter_arrives_with_the_account_that_sent_it(tmp_path: Path):
    with Hub(tmp_path) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (a, at_a), linked(hub, "B") as (b, at_b), Reader(at_b) as reader:
            assert await at_a.send(b.public, b"sealed", "letter-1.1") is True
            assert await at_a.send(b.public, b"sealed", "letter-1.1") is False  # absorbed
            await until(lambda: len(reader.seen) == 1)
            assert (reader.seen[0].sender_account, reader.seen[0].data) == (a.public, b"sealed")
            assert b"sealed" not in repr(reader.seen[0]).encode()
            assert await at_a.send(b.public, b"sealed", "letter-1.2") is True  # asked for again
            await until(lambda: len(reader.seen) == 2)


async def test_a_letter_not_acknowledged_comes_again(tmp_path: Path):
    with Hub(tmp_path) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (_, at_a), linked(hub, "B") as (b, at_b):
            impatient = ConsumerConfig(durable_name="pull", ack_policy=AckPolicy.EXPLICIT, ack_wait=1)
            async with hub.operator.letters(hub.url) as jetstream:
                await jetstream.add_consumer(b.public, impatient)
            await at_a.send(b.public, b"one", "1.1")
            async with aclosing(at_b.letters()) as letters:
                assert (await anext(letters)).data == b"one"  # and the courier dies before it is stored
            await at_b.close()
            again = HubLink(hub.url, b.credentials, b.public, retry=(0.05, 0.5))
            async with aclosing(again.letters()) as letters:
                letter = await asyncio.wait_for(anext(letters), 40)
                assert letter.data == b"one"
                await letter.ack()
            await again.close()


async def test_a_full_box_is_said_and_a_missing_one_too(tmp_path: Path):
    with Hub(tmp_path, LetterBox(per_sender=3)) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (_, at_a), linked(hub, "B") as (b, _):
            for n in range(3):
                await at_a.send(b.public, b"x", str(n))
            with pytest.raises(QuotaFull):
                await at_a.send(b.public, b"x", "3")
            with pytest.raises(HubUnavailable, match="no letter box"):
                await at_a.send(MemberAccount(tmp_path / "C").public, b"x", "1")


async def test_kill_9_amid_many_letters_loses_and_repeats_nothing(tmp_path: Path):
    with Hub(tmp_path) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (_, at_a), linked(hub, "B") as (b, at_b), Reader(at_b) as reader:

            async def some(first: int) -> None:
                for n in range(first, 300, 4):
                    await sent(at_a, b.public, b"%d" % n, f"{n}.1")

            sending = [asyncio.create_task(some(first)) for first in range(4)]
            for _ in range(2):
                seen = len(reader.seen)
                await until(lambda seen=seen: len(reader.seen) >= seen + 30)
                hub.kill()
                await until(lambda: not at_a.connected and not at_b.connected)
                with pytest.raises(HubUnavailable):
                    await at_a.send(b.public, b"x", "never")
                await asyncio.sleep(0.3)
                hub.start()
            await asyncio.gather(*sending)
            await until(lambda: len(set(reader.data)) == 300)
            # a confirmation or an acknowledgement may be lost with the hub: a few come twice, none is missing
            assert len(reader.data) <= 300 + 2 * 40


async def test_a_wiped_hub_is_used_again_as_soon_as_it_is_provisioned(tmp_path: Path):
    with Hub(tmp_path) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (_, at_a), linked(hub, "B") as (b, at_b), Reader(at_b) as reader:
            await at_a.send(b.public, b"before", "1.1")
            await until(lambda: reader.data == [b"before"])
            hub.kill()
            hub.wipe()
            hub.start()
            await asyncio.sleep(0.5)
            with pytest.raises(HubUnavailable):  # nobody is let in yet
                await at_a.send(b.public, b"after", "2.1")
            await hub.operator.provision(hub.url)
            await asyncio.wait_for(sent(at_a, b.public, b"after", "2.1"), 20)
            await until(lambda: reader.data == [b"before", b"after"])


async def test_a_box_deleted_under_the_reader_is_read_again_once_it_is_back(tmp_path: Path):
    with Hub(tmp_path) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (_, at_a), linked(hub, "B") as (b, at_b), Reader(at_b) as reader:
            await at_a.send(b.public, b"before", "1.1")
            await until(lambda: reader.data == [b"before"])
            async with hub.operator.letters(hub.url) as letters:
                await letters.delete_stream(b.public)
            await hub.operator.provision(hub.url)
            await asyncio.wait_for(sent(at_a, b.public, b"after", "2.1"), 20)
            await until(lambda: reader.data == [b"before", b"after"], 30)


async def test_a_member_suspended_and_let_in_again_goes_on_by_itself(tmp_path: Path):
    with Hub(tmp_path) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (_, at_a), linked(hub, "B") as (b, at_b), Reader(at_b) as reader:
            await hub.operator.suspend(hub.url, b.public)
            await until(lambda: not at_b.connected)
            await at_a.send(b.public, b"meanwhile", "1.1")
            await asyncio.sleep(0.5)
            await hub.operator.admit(hub.url, b.public, "B")
            await until(lambda: reader.data == [b"meanwhile"])


async def test_a_token_that_ran_out_is_replaced_by_the_renewed_file(tmp_path: Path):
    with Hub(tmp_path) as hub:
        await hub.operator.provision(hub.url)
        async with linked(hub, "A") as (_, at_a):
            b = MemberAccount(tmp_path / "B")
            await hub.operator.admit(hub.url, b.public, "B")
            link = HubLink(hub.url, b.renew(timedelta(seconds=2)), b.public, retry=(0.05, 0.2))
            async with Reader(link) as reader:
                await until(lambda: link.connected)
                await until(lambda: not link.connected)
                b.renew()
                await until(lambda: link.connected)
                await at_a.send(b.public, b"x", "1.1")
                await until(lambda: reader.data == [b"x"])


async def test_with_the_hub_away_nothing_raises_and_nothing_comes(tmp_path: Path):
    member = MemberAccount(tmp_path / "A")
    link = HubLink("nats://127.0.0.1:1", member.credentials, member.public, retry=(0.02, 0.05))
    async with Reader(link) as reader:
        await until(lambda: link.trouble == "FileNotFoundError")
        assert not link.connected and reader.seen == []
        with pytest.raises(HubUnavailable):
            await link.send(member.public, b"x", "1.1")
        member.credentials.write_text("not credentials")
        await until(lambda: link.trouble == "ValueError")
        member.renew()
        await until(lambda: link.trouble not in {"FileNotFoundError", "ValueError"})
        assert not link.connected and not reader.task.done()
