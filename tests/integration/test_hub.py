"""The hub, on a real nats-server: who may send as whom, read what, join, leave, and what a wiped store costs."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import nats.errors
import pytest
from nats.aio.client import Client, RawCredentials

from deploy.nats import HubError, HubOperator, LetterBox, MemberAccount, TokenRefused, jwt
from deploy.nats.connect import connected
from libs.testing.until import until
from tests.integration.hub_server import Hub

TINY = LetterBox(per_sender=5)


@dataclass
class Exchange:
    """A hub with members, as seen by raw clients."""

    hub: Hub
    open: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def operator(self) -> HubOperator:
        return self.hub.operator

    async def connect(self, credentials: str, *, reconnect: bool = False) -> Client:
        async def quiet(_: Exception) -> None: ...

        client = Client()
        self.open.push_async_callback(client.close)  # also after a refused attempt
        connecting = client.connect(
            self.hub.url,
            user_credentials=RawCredentials(credentials),
            allow_reconnect=reconnect,
            max_reconnect_attempts=-1 if reconnect else 1,
            reconnect_time_wait=0.1,  # pyright: ignore[reportArgumentType] - documented as int, used as seconds
            error_cb=quiet,
        )
        await asyncio.wait_for(connecting, 4)
        return client

    async def join(self, name: str) -> tuple[MemberAccount, Client]:
        member = MemberAccount(self.hub.folder / name)
        await self.operator.admit(self.hub.url, member.public, name)
        return member, await self.connect(member.renew().read_text(), reconnect=True)


@asynccontextmanager
async def exchange(folder: Path, box: LetterBox = TINY) -> AsyncGenerator[Exchange]:
    with Hub(folder, box) as hub:
        running = Exchange(hub)
        await running.operator.provision(hub.url)
        async with running.open:
            yield running


async def send(sender: Client, to: str, data: bytes = b"sealed", message_id: str = "") -> dict[str, Any]:
    try:
        headers = {"Nats-Msg-Id": message_id} if message_id else None
        return json.loads((await sender.request(f"send.{to}", data, timeout=2, headers=headers)).data)
    except nats.errors.Error as error:
        return {"failed": type(error).__name__}


async def collect(reader: Client, box: str, expires: float = 0.4) -> list[str]:
    """One pull request across the account border; acknowledges what it gets and returns the subjects."""
    inbox, subjects = reader.new_inbox(), list[str]()
    subscription = await reader.subscribe(inbox)
    ask = {"batch": 100, "expires": int(expires * 1e9)}
    await reader.publish(f"$JS.API.CONSUMER.MSG.NEXT.{box}.pull", json.dumps(ask).encode(), reply=inbox)
    try:
        while not (message := await subscription.next_msg(expires + 0.5)).headers or "Status" not in message.headers:
            subjects.append(message.subject)
            await reader.publish(message.reply, b"+ACK")
    except nats.errors.TimeoutError:
        pass
    await subscription.unsubscribe()
    return subjects


async def test_a_letter_reaches_its_recipient_under_the_true_sender_s_name(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (a, at_a), (b, at_b), (_, at_c) = [await running.join(name) for name in "ABC"]
        assert (await send(at_a, b.public, message_id="letter-1.1")).get("seq") == 1
        assert (await send(at_a, b.public, message_id="letter-1.1")).get("duplicate") is True
        assert await collect(at_c, b.public) == []  # another's letters cannot be pulled
        assert await collect(at_b, b.public) == [f"x.{a.public}.{b.public}"]
        async with connected(running.hub.url, running.operator.hub, "look") as look:
            for _ in range(50):  # the acknowledgement crossed the account border
                floor = (await look.jetstream().consumer_info(b.public, "pull")).ack_floor
                if floor is not None and floor.stream_seq == 1:
                    break
                await asyncio.sleep(0.05)
            else:
                pytest.fail("never acknowledged")


async def test_nobody_can_send_as_another(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (a, at_a), (b, _), (c, at_c) = [await running.join(name) for name in "ABC"]
        with pytest.raises(nats.errors.Error):
            await at_a.request(f"x.{b.public}.{c.public}", b"forged", timeout=1)
        assert await collect(at_c, c.public) == []
        ghost = jwt.Key.make("user")
        foreign = jwt.user("ghost", ghost.public, a.account, account_public=b.public)
        with pytest.raises((nats.errors.Error, TimeoutError)):
            await running.connect(jwt.credentials(foreign, ghost.seed))


async def test_a_resend_under_the_old_message_id_is_absorbed_although_nobody_has_the_letter(tmp_path: Path):
    """A trap: the recipient asked again, the sender sent again, and the hub dropped it as a duplicate."""
    async with exchange(tmp_path) as running:
        (_, at_a), (b, at_b) = [await running.join(name) for name in "AB"]
        await send(at_a, b.public, message_id="letter-1.1")
        assert len(await collect(at_b, b.public)) == 1
        assert (await send(at_a, b.public, message_id="letter-1.1")).get("duplicate") is True
        assert await collect(at_b, b.public) == []
        await send(at_a, b.public, message_id="letter-1.2")  # so the attempt is part of the id
        assert len(await collect(at_b, b.public)) == 1


async def test_letters_over_the_quota_are_refused_at_once_and_others_are_not_affected(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (_, at_a), (b, _), (_, at_c) = [await running.join(name) for name in "ABC"]
        answers = [await send(at_a, b.public) for _ in range(TINY.per_sender + 1)]
        assert all("seq" in answer for answer in answers[:-1])
        assert answers[-1]["error"]["err_code"] == 10077
        assert "seq" in await send(at_c, b.public)


async def test_a_token_that_would_do_harm_is_never_pushed(tmp_path: Path):
    async with exchange(tmp_path) as running:
        operator, url = running.operator, running.hub.url
        (a, _), (c, _) = [await running.join(name) for name in "AC"]
        own, signing = operator.member_imports(c.public), operator.signing
        extra = jwt.decode(jwt.account("C", c.public, signing, imports=own))
        extra["nats"]["signing_keys"] = [jwt.Key.make("account").public]
        harmful = {
            "imports": jwt.account("C", c.public, signing, imports=operator.member_imports(a.public)[:1]),
            "issuer": jwt.account("C", c.public, c.account, imports=own),
            "foreign signing": jwt.encode(extra, signing),
            "not a member": jwt.account("HUB", operator.hub.public, signing),
            "not an account token": "a.b.c",
            "exports": jwt.account(
                "C",
                c.public,
                signing,
                imports=own,
                exports=[
                    {
                        "name": "e",
                        "type": "service",
                        "subject": "x",
                        "account_token_position": 0,
                        "response_type": "Singleton",
                    }
                ],
            ),
        }
        for why, token in harmful.items():
            with pytest.raises(TokenRefused, match=why):
                await operator.push(url, token)
        with pytest.raises(HubError, match="account key"):
            await operator.admit(url, a.user.public, "A")
        with pytest.raises(HubError, match="name"):
            await operator.admit(url, a.public, "Přístav, z. s.")


async def test_a_member_joins_while_the_hub_runs(tmp_path: Path):
    async with exchange(tmp_path) as running:
        a, at_a = await running.join("A")
        d, at_d = await running.join("D")
        assert "seq" in await send(at_a, d.public) and "seq" in await send(at_d, a.public)
        assert at_a.stats["reconnects"] == 0


async def test_a_revoked_user_is_cut_off_and_its_successor_goes_on(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (a, at_a), (d, _) = [await running.join(name) for name in "AD"]
        leaked, stolen = a.user.public, a.credentials.read_text()
        second = await running.connect(a.replace_user().read_text())
        await running.operator.revoke_user(running.hub.url, a.public, leaked)
        await until(lambda: not at_a.is_connected)
        assert "seq" in await send(second, d.public)
        with pytest.raises((nats.errors.Error, TimeoutError)):
            await running.connect(stolen)
        await running.operator.admit(running.hub.url, a.public, "A")  # admitting again does not forget it
        with pytest.raises((nats.errors.Error, TimeoutError)):
            await running.connect(stolen)


async def test_a_token_that_ran_out_is_cut_off_by_itself(tmp_path: Path):
    async with exchange(tmp_path) as running:
        a, _ = await running.join("A")
        short = await running.connect(a.renew(timedelta(seconds=2)).read_text())
        assert short.is_connected
        await until(lambda: not short.is_connected)


async def test_a_suspended_member_is_cut_off_at_once_and_let_in_again(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (_, at_a), (c, at_c) = [await running.join(name) for name in "AC"]
        await running.operator.suspend(running.hub.url, c.public)
        await until(lambda: not at_c.is_connected)
        assert "seq" in await send(at_a, c.public)  # its letters wait
        await running.operator.provision(running.hub.url)  # a suspension survives that
        with pytest.raises((nats.errors.Error, TimeoutError)):
            await running.connect(c.credentials.read_text())
        await running.operator.admit(running.hub.url, c.public, "C")
        back = await running.connect(c.credentials.read_text())
        assert len(await collect(back, c.public)) == 1


async def test_members_and_letters_survive_kill_9(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (_, at_a), (b, _) = [await running.join(name) for name in "AB"]
        assert (await send(at_a, b.public)).get("seq") == 1
        running.hub.kill()
        running.hub.start()
        await until(lambda: at_a.is_connected)
        deadline = time.monotonic() + 10
        while "seq" not in (answer := await send(at_a, b.public)) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        assert answer["seq"] == 2


@pytest.mark.parametrize("lost", [("jetstream",), ("jetstream", "accounts")], ids=" and ".join)
async def test_a_hub_that_lost_its_store_is_provisioned_again(tmp_path: Path, lost: tuple[str, ...]):
    async with exchange(tmp_path) as running:
        a, at_a = await running.join("A")
        b, at_b = await running.join("B")
        await at_a.close()
        await at_b.close()
        running.hub.kill()
        running.hub.wipe(*lost)
        running.hub.start()
        again = HubOperator(tmp_path / "operator", TINY)  # another process: all it knows is in the folder
        await again.provision(running.hub.url)
        back = {m.public: await running.connect(m.credentials.read_text()) for m in (a, b)}
        assert (await send(back[a.public], b.public)).get("seq") == 1
        assert await collect(back[b.public], b.public) == [f"x.{a.public}.{b.public}"]


async def test_provisioning_again_changes_nothing_and_interrupts_nobody(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (a, at_a), (b, at_b) = [await running.join(name) for name in "AB"]
        await send(at_a, b.public)
        subject = f"$SYS.REQ.ACCOUNT.{a.public}.CLAIMS.LOOKUP"
        async with connected(running.hub.url, running.operator.system, "look") as look:
            before = (await look.request(subject, timeout=2)).data
            pulling = asyncio.create_task(collect(at_b, b.public, expires=2))
            await asyncio.sleep(1.1)  # a token made now would differ in `iat`
            await running.operator.provision(running.hub.url)
            await running.operator.admit(running.hub.url, a.public, "A")
            assert (await look.request(subject, timeout=2)).data == before
        await send(at_a, b.public)
        assert len(await pulling) == 2


async def test_a_changed_quota_reaches_a_box_that_exists(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (_, at_a), (b, _) = [await running.join(name) for name in "AB"]
        for _ in range(TINY.per_sender):
            await send(at_a, b.public)
        await HubOperator(tmp_path / "operator", LetterBox(per_sender=6)).provision(running.hub.url)
        assert "seq" in await send(at_a, b.public) and "error" in await send(at_a, b.public)


async def test_the_limit_the_operator_can_act_as_anybody_hence_sealed_letters(tmp_path: Path):
    async with exchange(tmp_path) as running:
        (a, _), (b, _) = [await running.join(name) for name in "AB"]
        rogue, ghost, operator = jwt.Key.make("account"), jwt.Key.make("user"), running.operator
        token = jwt.account("A", a.public, operator.signing, imports=operator.member_imports(a.public))
        claims = jwt.decode(token)
        claims["nats"]["signing_keys"] = [rogue.public]
        async with connected(running.hub.url, operator.system, "rogue operator") as system:
            await system.request("$SYS.REQ.CLAIMS.UPDATE", jwt.encode(claims, operator.signing).encode(), timeout=2)
        as_a = jwt.user("ghost", ghost.public, rogue, account_public=a.public)
        client = await running.connect(jwt.credentials(as_a, ghost.seed))
        assert "seq" in await send(client, b.public)


async def test_a_hub_that_is_away_is_said_and_what_was_told_is_kept(tmp_path: Path):
    operator, member = HubOperator(tmp_path / "operator"), MemberAccount(tmp_path / "A")
    with pytest.raises(HubError, match="kept here"):
        await operator.admit("nats://127.0.0.1:1", member.public, "A")
    assert HubOperator(tmp_path / "operator").members[member.public].name == "A"


def test_keys_are_for_their_owner_only_and_are_read_again(tmp_path: Path):
    operator, member = HubOperator(tmp_path / "hub"), MemberAccount(tmp_path / "A")
    member.renew()
    for path in (*(tmp_path / "hub").iterdir(), *(tmp_path / "A").iterdir()):
        assert path.stat().st_mode & 0o777 == 0o600, path.name
    (tmp_path / "hub" / "operator.nk").unlink()  # taken offline
    again = HubOperator(tmp_path / "hub")
    assert again.config(tmp_path, tmp_path, -1) == operator.config(tmp_path, tmp_path, -1)
    assert MemberAccount(tmp_path / "A").public == member.public
    assert member.account.seed not in repr(member.account)


@pytest.mark.parametrize("name", ["operator-signing.nk", "system.nk", "hub.nk"])
def test_a_lost_key_is_never_replaced_in_silence(tmp_path: Path, name: str):
    HubOperator(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(HubError, match="Restore"):
        HubOperator(tmp_path)


def other_end(text: str) -> str:
    """The same text but for one character near its end."""
    return text[:-4] + ("B" if text[-4] == "A" else "A") + text[-3:]


def test_an_altered_token_is_none():
    signer = jwt.Key.make("operator")
    head, body, signature = jwt.account("A", jwt.Key.make("account").public, signer).split(".")
    assert jwt.decode(f"{head}.{body}.{signature}")["iss"] == signer.public
    for altered in (
        f"{head}.{other_end(body)}.{signature}",
        f"{head}.{body}.{other_end(signature)}",
        "",
        "a.b",
        "a.b.c",
    ):
        with pytest.raises(jwt.NotAToken):
            jwt.decode(altered)
    assert jwt.is_public("operator", signer.public) and not jwt.is_public("account", signer.public)
    assert not jwt.is_public("operator", other_end(signer.public)) and not jwt.is_public("account", "*.>")
