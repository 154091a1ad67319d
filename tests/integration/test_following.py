"""A view that follows another service's log stays equal to it, whatever happens to NATS in between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from faststream.nats.subscriber.usecases import CoreSubscriber
from nats.errors import BadHeaderError

from libs.eventlog import Actor, Rejected, new_id
from libs.eventlog.events import Recorded
from libs.eventlog.sql import named_queries
from libs.eventlog.stored import START, Checkpoint
from libs.messaging import Bus, Published, wire
from libs.messaging.relay import Refused, Relay
from libs.privacy import Personal
from libs.projection.follower import Status
from libs.service import Running, Service, Settings, on, running
from libs.service.maintenance import on_bench, replay
from libs.testing.account import account
from libs.testing.account.account import (
    ACCOUNT_LIST,
    AccountPaid,
    OpenAccount,
    PayAccount,
    build,
    may,
)
from libs.testing.places import actor, settings_for

HERE = Path(account.__file__).parent
SEEN = replace(ACCOUNT_LIST, name="seen_accounts_1")
THEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@dataclass
class World:
    """Service `accounts`, and service `tellers` that follows it into a database of its own."""

    accounts: Running
    tellers: Running
    nats: Any
    me: Actor
    opened: list[UUID] = field(default_factory=list[UUID])

    async def pay(self, times: int) -> None:
        for _ in range(times):
            if len(self.opened) < 5:
                self.opened.append(new_id())
                await self._handle(
                    OpenAccount(actor=self.me, occurred_at=THEN, account_id=self.opened[-1], owner=Personal("Dendy"))
                )
            one = self.opened[-1]
            await self._handle(PayAccount(actor=self.me, occurred_at=THEN, account_id=one, amount=len(self.opened)))

    async def _handle(self, command: Any) -> None:
        await self.accounts.corridor.handle("account", command)

    async def view(self, running: Running) -> list[tuple[Any, ...]]:
        rows = await running.pool.fetch("select account_id, last_amount, position from account_list order by 1")
        return [tuple(row) for row in rows]

    async def until_equal(self) -> None:
        await until(self._equal, "the followed view to equal its source")

    async def _equal(self) -> bool:
        at = await self.tellers.pool.fetchval("select position from checkpoint where follower = $1", SEEN.name)
        head = (await self.accounts.log.head()).position
        return at == head and await self.view(self.accounts) == await self.view(self.tellers)

    async def last_sequence(self) -> int:
        return (await self.accounts.nc.jetstream().stream_info("ACCOUNTS")).state.last_seq

    @property
    def follower(self) -> Any:
        return next(one for one in self.tellers.followers if one.name == SEEN.name)


async def until(condition: Callable[[], Awaitable[bool]], what: str, timeout_s: float = 30) -> None:
    async def wait() -> None:
        while not await condition():
            await asyncio.sleep(0.05)

    try:
        await asyncio.wait_for(wait(), timeout_s)
    except TimeoutError:
        pytest.fail(f"waited {timeout_s} s in vain for {what}")


def tellers(settings: Settings, reactions: Any = ()) -> Service:
    return Service(
        name="tellers",
        settings=settings,
        published=Published(service="tellers"),
        deciders=(),
        policy=may,
        sql=named_queries(HERE / "queries.sql"),
        migrations=HERE / "migrations",
        follows={"accounts": (SEEN,)},
        reactions=reactions,
    )


@pytest.fixture
async def world(
    tmp_path: Path, new_database: Callable[[], str], nats_server: Any, request: pytest.FixtureRequest
) -> AsyncIterator[World]:
    settings = settings_for(tmp_path / "a", new_database(), nats_server.url)
    theirs = settings_for(tmp_path / "b", new_database(), nats_server.url, settings.organisation.id)
    async with AsyncExitStack() as stack:
        accounts = await stack.enter_async_context(running(build(settings)))
        following = await stack.enter_async_context(running(tellers(theirs, getattr(request, "param", ()))))
        yield World(accounts, following, nats_server, actor(settings, "teller"))


async def test_a_followed_view_equals_its_source(world: World) -> None:
    await world.pay(40)
    await world.until_equal()
    assert len(await world.view(world.tellers)) == 5


async def test_a_neighbour_gets_no_personal_value(world: World) -> None:
    await world.pay(3)
    await world.until_equal()
    assert await world.tellers.pool.fetchval("select count(*) from account_list where owner is not null") == 0
    assert await world.accounts.pool.fetchval("select count(*) from account_list where owner is null") == 0


async def test_the_stream_may_be_deleted_while_everything_runs(world: World) -> None:
    await world.pay(20)
    await world.until_equal()
    await world.accounts.nc.jetstream().delete_stream("ACCOUNTS")
    await world.pay(20)
    await world.until_equal()


async def test_the_folder_of_jetstream_may_be_deleted_under_a_killed_server(world: World) -> None:
    await world.pay(20)
    world.nats.kill()
    world.nats.wipe()
    await world.pay(10)
    world.nats.start()
    await world.pay(10)
    await world.until_equal()
    stored = await world.accounts.nc.jetstream().stream_info("ACCOUNTS")
    await until(lambda: _refilled(world), "the relay to fill the empty stream from the log")
    assert stored.config.max_bytes == 2**30


async def test_the_folder_of_jetstream_may_be_deleted_under_a_running_server(world: World) -> None:
    await world.pay(20)
    await world.until_equal()
    world.nats.wipe()
    for _ in range(5):
        await world.pay(5)
        await asyncio.sleep(0.3)
    await world.until_equal()


async def _refilled(world: World) -> bool:
    info = await world.accounts.nc.jetstream().stream_info("ACCOUNTS")
    return info.state.messages == (await world.accounts.log.head()).position


async def test_messages_missing_in_the_middle_are_asked_of_the_source(world: World) -> None:
    await world.pay(30)
    await world.until_equal()
    js = world.accounts.nc.jetstream()
    for sequence in (7, 8, 20):
        await js.delete_msg("ACCOUNTS", sequence)
    await _forget(world)
    await world.until_equal()


async def test_without_looking_at_gaps_the_view_would_be_wrong(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard of the test above: the same loss, with the gap check removed, must go wrong."""
    await world.pay(1)
    await world.until_equal()
    await world.accounts.nc.jetstream().delete_msg("ACCOUNTS", 2)
    monkeypatch.setattr(wire, "fitting", _all_that_are_later)
    monkeypatch.setattr("libs.projection.follower.ask_refill", _nothing)
    await _forget(world)
    await world.pay(4)
    await until(lambda: _at_head(world), "the follower to come to the end of the stream")
    assert await world.view(world.tellers) != await world.view(world.accounts)


def _all_that_are_later(messages: Iterable[Mapping[str, str]], checkpoint: Checkpoint) -> int:
    return len(list(takewhile(lambda headers: int(headers["position"]) > checkpoint.position, messages)))


async def _nothing(*_: Any) -> list[Any]:
    return []


async def _at_head(world: World) -> bool:
    return bool(world.follower.at.position == (await world.accounts.log.head()).position)


async def _forget(world: World) -> None:
    """As if the view were new: empty, from the start. The next event shows the follower that its place is gone."""
    await world.tellers.pool.execute("truncate account_list")
    await world.tellers.pool.execute("update checkpoint set position = 0, event_id = null")
    await world.pay(1)


async def test_a_source_restored_to_an_earlier_day_is_noticed_and_built_anew(world: World) -> None:
    await world.pay(30)
    await world.until_equal()
    await world.accounts.pool.execute("delete from event where position > 20")
    await world.accounts.pool.execute(
        "update log set position = 20, hash = (select hash from event where position = 20)"
    )
    await world.accounts.pool.execute("delete from account_list")
    world.accounts.corridor._known.clear()  # type: ignore[attr-defined]  # a restored node starts without memory
    await world.pay(15)
    await until(lambda: _same_accounts(world), "the view to be built anew")


async def _same_accounts(world: World) -> bool:
    head = (await world.accounts.log.head()).position
    at = await world.tellers.pool.fetchval("select position from checkpoint where follower = $1", SEEN.name)
    truth = await world.accounts.pool.fetch("select distinct data->>'account_id' as a from event order by 1")
    seen = await world.tellers.pool.fetch("select account_id::text as a from account_list order by 1")
    return at == head and [row["a"] for row in truth] == [row["a"] for row in seen]


async def test_a_type_nobody_knows_stops_the_view_with_an_alarm(world: World) -> None:
    await world.pay(5)
    await world.until_equal()

    await world.accounts.pool.execute("update event set type = 'from-the-future' where position = 3")
    await _forget(world)
    await world.accounts.nc.jetstream().delete_stream("ACCOUNTS")
    await until(lambda: _status(world, Status.ERROR), "the follower to stop")
    row = await world.tellers.pool.fetchrow("select position, error from checkpoint where follower = $1", SEEN.name)
    assert row is not None
    assert row["position"] == 0  # nothing was skipped
    assert "RegistryError" in row["error"]


async def _status(world: World, status: Status) -> bool:
    return await world.tellers.pool.fetchval("select status from checkpoint where follower = $1", SEEN.name) == status


@pytest.mark.parametrize("many", [1, 2, 33])
async def test_a_second_relay_is_refused_by_the_stream(world: World, many: int) -> None:
    await world.pay(33)
    await world.until_equal()
    other = Relay(world.accounts.nc, "accounts", "spojka:pristav/accounts", world.accounts.log, _fresh=".other")
    events = await world.accounts.log.page(START, many)
    assert events is not None and len(events) == many
    there = await world.last_sequence()
    with pytest.raises(Refused) as refused:
        await other._publish(events, expected=1)  # type: ignore[attr-defined]
    assert refused.value.code == 10071
    assert await world.last_sequence() == there


async def test_behind_a_message_that_is_refused_nothing_is_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five are one lot, and the third is a repeat to the stream: two are stored, and no hole is left."""
    await world.pay(5)
    await world.until_equal()
    other = Relay(world.accounts.nc, "accounts", "spojka:pristav/accounts", world.accounts.log)
    events = await world.accounts.log.page(START, 5)
    assert events is not None
    ids = [f"{stored.event_id}{'' if number == 3 else '.again'}" for number, stored in enumerate(events, 1)]
    headers = other._headers  # type: ignore[attr-defined]
    monkeypatch.setattr(other, "_headers", lambda *said: headers(*said) | {"Nats-Msg-Id": ids.pop(0)})
    there = await world.last_sequence()
    with pytest.raises(Refused):
        await other._publish(events, expected=there)  # type: ignore[attr-defined]
    assert await world.last_sequence() == there + 2


async def test_messages_sent_together_arrive_as_if_sent_one_by_one(world: World) -> None:
    nc = world.accounts.nc
    heard = await nc.subscribe("heard")
    said: list[tuple[str, dict[str, str], bytes]] = [
        ("heard", {"actor": '{"team": "Žižkov"}', "previous": "", "position": "1"}, b'{"amount": 1}'),
        ("heard", {"position": "2"}, b""),
    ]
    await nc.publish_many(said)
    for subject, headers, body in said:
        await nc.publish(subject, body, headers=headers)
    arrived = [await heard.next_msg() for _ in range(4)]
    assert [(one.headers, one.data) for one in arrived] == 2 * [(headers, body) for _, headers, body in said]
    with pytest.raises(BadHeaderError):
        await nc.publish_many([("heard", {"actor": "one\r\naudience: all"}, b"")])


async def test_a_request_goes_to_its_task_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """FastStream subscribes; what it does with a message on the way costs as much as a decision."""

    async def never(*_: Any) -> None:
        pytest.fail("FastStream took the message through its own stages")

    monkeypatch.setattr(CoreSubscriber, "process_message", never)
    bus = Bus(world.accounts.nc, timeout_s=5)
    opening = OpenAccount(actor=world.me, occurred_at=THEN, account_id=new_id(), owner=Personal("Dendy"))
    answer = await bus.command("accounts", "account", opening)
    assert (answer.version, answer.position, answer.repeated) == (1, 1, False)
    assert (await bus.command("accounts", "account", opening)).repeated


def always_refused(paid: Recorded[AccountPaid]) -> Any:
    raise Rejected("no_reminders", "This desk writes no reminders.")


@pytest.mark.parametrize("world", [(on("accounts", AccountPaid, always_refused),)], indirect=True)
async def test_a_reaction_that_fails_leaves_a_dead_letter_without_content(world: World) -> None:
    await world.pay(3)
    await until(lambda: _dead(world, 3), "three dead letters")
    rows = await world.tellers.pool.fetch("select * from dead_letter")
    assert {row["code"] for row in rows} == {"no_reminders"}
    assert not any("Dendy" in str(value) for row in rows for value in row)


async def _dead(world: World, count: int) -> bool:
    return await world.tellers.pool.fetchval("select count(*) from dead_letter") == count


BROKEN = True


def pays_back(paid: Recorded[AccountPaid]) -> Any:
    if BROKEN:
        raise ZeroDivisionError
    return None


@pytest.mark.parametrize("world", [(on("accounts", AccountPaid, pays_back),)], indirect=True)
async def test_a_dead_letter_is_replayed_once_its_cause_is_mended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("libs.service.reactions.BACKOFF_S", (0.01,))
    await world.pay(2)
    await until(lambda: _dead(world, 2), "two dead letters")
    async with on_bench(world.tellers.service) as bench:
        assert await replay(bench) == (0, 2)
        monkeypatch.setitem(globals(), "BROKEN", False)
        assert await replay(bench) == (2, 0)
        assert await replay(bench) == (0, 0)
