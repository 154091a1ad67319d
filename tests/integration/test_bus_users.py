"""The node's own NATS: nobody from outside, and nobody inside beyond what its work needs."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import nats
import nats.errors
import pytest
from nats.aio.client import Client

from deploy.local.bus import bus_config, bus_users
from deploy.nats.member import MemberAccount

Entering = Callable[..., Any]


@pytest.fixture
def passwords(tmp_path: Path) -> dict[str, str]:
    return bus_users(tmp_path / "bus-users.toml")


@pytest.fixture
async def enter(new_nats: Any, passwords: dict[str, str]) -> AsyncIterator[Entering]:
    """Connects as a user of the bus; collects what the server refuses."""
    server = new_nats(bus_config(passwords))
    opened: list[Client] = []

    async def connect(user: str = "", **more: Any) -> tuple[Client, list[str]]:
        refused: list[str] = []

        async def note(error: Exception) -> None:
            refused.append(str(error).lower())

        credentials = {"user": user, "password": passwords[user]} if user else {}
        prefix = f"_INBOX.{user}".encode() if user else b"_INBOX"
        client = await nats.connect(
            server.url, allow_reconnect=False, error_cb=note, inbox_prefix=prefix, **credentials, **more
        )
        opened.append(client)
        return client, refused

    yield connect
    for client in opened:
        await client.close()


LEAK = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
"""nats-py leaves the socket of a refused connection to the garbage collector."""


async def turned_away(enter: Entering, **how: Any) -> None:
    with pytest.raises((nats.errors.Error, OSError)):
        await enter(**how)
    gc.collect()


@LEAK
async def test_nobody_enters_without_a_password(enter: Entering) -> None:
    await turned_away(enter)


@LEAK
async def test_an_account_of_the_hub_opens_no_node(enter: Entering, tmp_path: Path) -> None:
    """Another organisation's credentials are for the hub; here they are nothing."""
    (tmp_path / "other").mkdir()
    member = MemberAccount(tmp_path / "other")
    await turned_away(enter, user_credentials=str(member.renew()))


async def _refused(client: Client, refused: list[str]) -> bool:
    await client.flush()
    await asyncio.sleep(0.1)
    return any("permissions violation" in one for one in refused)


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ("contacts", "command.cases.referral.open-referral"),
        ("contacts", "event.cases.referral.referral-sent"),
        ("courier", "command.cases.referral.accept-referral"),
        ("portal", "event.cases.referral.referral-sent"),
        ("portal", "letter.cases.receive"),
        ("reporting", "letter.cases.disclose"),
        ("operator", "command.identity.user.add-user"),
        ("operator", "door.identity.let-in-demonstration"),
        ("courier", "door.identity.invite"),
    ],
)
async def test_a_user_sends_only_what_its_work_needs(enter: Entering, user: str, subject: str) -> None:
    client, refused = await enter(user)
    await client.publish(subject, b"{}")
    assert await _refused(client, refused)


@pytest.mark.parametrize(
    ("user", "subject"),
    [
        ("reporting", "command.cases.>"),
        ("contacts", "_INBOX.portal.>"),
        ("portal", "letter.>"),
        ("courier", ">"),
        ("cases", "door.identity.>"),
    ],
)
async def test_a_user_hears_only_what_its_work_needs(enter: Entering, user: str, subject: str) -> None:
    client, refused = await enter(user)
    await client.subscribe(subject)
    assert await _refused(client, refused)


async def test_what_the_work_needs_is_allowed(enter: Entering) -> None:
    cases, refused = await enter("cases")
    portal, also = await enter("portal")

    async def answer(message: Any) -> None:
        await message.respond(b"yes")

    await cases.subscribe("command.cases.>", cb=answer)
    await cases.flush()
    assert (await portal.request("command.cases.referral.open-referral", b"{}", timeout=2)).data == b"yes"
    assert not refused
    assert not also
