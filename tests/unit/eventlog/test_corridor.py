"""The corridor every command walks, over a log in memory."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from libs.eventlog import Actor, Event, Forbidden, Rejected, SharedEvent, VersionConflict, event, new_id
from libs.eventlog.commands import Command
from libs.eventlog.decider import Decider
from libs.eventlog.events import Frozen
from libs.eventlog.handle import Corridor
from libs.eventlog.log import Append, Appended
from libs.eventlog.memory import MemoryLog
from libs.privacy import Personal
from libs.testing.account.account import ACCOUNT, OpenAccount, PayAccount, may

ORGANISATION = new_id()
THEN = datetime(2026, 2, 10, tzinfo=UTC)
ACCOUNT_ID = new_id()
_WITHHELD: Any = Personal[Any]()


async def unsealed(event: Event, event_id: UUID) -> Event:
    """These tests look at the way, not at the seal: a name is simply left out."""
    return event.model_copy(update=dict.fromkeys(event.subjects, _WITHHELD))


def actor(organisation: UUID = ORGANISATION, *roles: str) -> Actor:
    return Actor(user=new_id(), organisation=organisation, roles=frozenset(roles or {"teller"}))


def opening(**more: Any) -> OpenAccount:
    return OpenAccount.model_validate(
        {"actor": actor(), "occurred_at": THEN, "account_id": ACCOUNT_ID, "owner": "Dendy", **more}
    )


def paying(**more: Any) -> PayAccount:
    return PayAccount.model_validate(
        {"actor": actor(), "occurred_at": THEN, "account_id": ACCOUNT_ID, "amount": 5, **more}
    )


def corridor(log: Any = None) -> Corridor:
    return Corridor(ORGANISATION, {"account": ACCOUNT}, may, log or MemoryLog(), unsealed)


async def test_a_command_is_decided_and_stored() -> None:
    log = MemoryLog()
    way = corridor(log)
    await way.handle("account", opening())
    answer = await way.handle("account", paying())
    assert (answer.version, answer.position) == (2, 2)
    assert (await way.state("account", ACCOUNT_ID)).total == 5
    assert [row.type for row in log.rows] == ["account-opened", "account-paid"]


async def test_another_organisation_commands_nothing_here() -> None:
    log = MemoryLog()
    with pytest.raises(Forbidden) as refused:
        await corridor(log).handle("account", opening(actor=actor(new_id())))
    assert refused.value.code == "not_owner"
    assert log.rows == []


async def test_the_policy_is_asked_before_anything_is_loaded() -> None:
    with pytest.raises(Forbidden) as refused:
        await corridor().handle("account", opening(actor=actor(ORGANISATION, "visitor")))
    assert refused.value.code == "teller_writes"


async def test_a_refusal_stores_nothing() -> None:
    log = MemoryLog()
    with pytest.raises(Rejected):
        await corridor(log).handle("account", paying())
    assert log.rows == []


async def test_a_repeat_gets_its_first_answer_even_when_it_would_be_refused_today() -> None:
    way = corridor()
    first = opening()
    await way.handle("account", first)
    payment = paying(expected_version=1)
    answer = await way.handle("account", payment)
    again = await way.handle("account", payment)  # version 1 is stale by now, but this was answered before
    assert (again.version, again.repeated) == (answer.version, True)


async def test_a_version_the_client_saw_must_still_hold() -> None:
    way = corridor()
    await way.handle("account", opening())
    await way.handle("account", paying())
    with pytest.raises(VersionConflict):
        await way.handle("account", paying(expected_version=1))


async def test_commands_to_one_stream_take_turns() -> None:
    way = corridor()
    await way.handle("account", opening())
    answers = await asyncio.gather(*[way.handle("account", paying()) for _ in range(30)])
    assert sorted(answer.version for answer in answers) == list(range(2, 32))


class Contested(MemoryLog):
    """Somebody else is faster, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times, self.tried = times, 0

    async def append(self, append: Append) -> Appended:
        self.tried += 1
        if self.tried <= self.times:
            raise VersionConflict(append.stream)
        return await super().append(append)


async def test_a_stale_version_is_decided_again_three_times_at_most() -> None:
    log = Contested(2)
    await corridor(log).handle("account", opening())
    assert log.tried == 3
    with pytest.raises(VersionConflict):
        await corridor(Contested(3)).handle("account", opening())


async def test_what_the_client_saw_is_never_decided_again() -> None:
    log = Contested(1)
    with pytest.raises(VersionConflict):
        await corridor(log).handle("account", opening(expected_version=0))
    assert log.tried == 1


@event("note-shared", version=1, audience="reader")
class NoteShared(SharedEvent):
    note_id: UUID
    reader: UUID


class ShareNote(Command):
    """Share a note."""

    note_id: UUID


class Note(Frozen):
    pass


def receive(event: NoteShared, note: Note, sender: UUID) -> tuple[NoteShared, ...]:
    if event.author != sender:
        raise Rejected("not_owner", "Not theirs to write.")
    return (event,)


NOTE: Any = Decider(
    name="note",
    key="note_id",
    initial=Note(),
    commands=ShareNote,
    events=NoteShared,
    decide=lambda command, note: (),
    evolve=lambda note, event: note,
    receive=receive,
)


async def test_what_was_received_is_never_sent_on() -> None:
    log, sender = MemoryLog(), new_id()
    way = Corridor(ORGANISATION, {"note": NOTE}, may, log, unsealed)
    told = NoteShared(author=sender, number=1, note_id=new_id(), reader=ORGANISATION)
    assert told.audience() == (str(ORGANISATION),)
    letter = Command(actor=actor(sender), occurred_at=THEN)
    await way.receive("note", told, letter, sender)
    assert log.rows[0].audience == ()
    again = await way.receive("note", told, letter, sender)
    assert again.repeated
    assert len(log.rows) == 1


async def test_nobody_writes_into_anothers_log() -> None:
    log = MemoryLog()
    way = Corridor(ORGANISATION, {"note": NOTE}, may, log, unsealed)
    told = NoteShared(author=new_id(), number=1, note_id=new_id(), reader=ORGANISATION)
    stranger = new_id()
    with pytest.raises(Rejected) as refused:
        await way.receive("note", told, Command(actor=actor(stranger), occurred_at=THEN), stranger)
    assert refused.value.code == "not_owner"
    assert log.rows == []


async def test_nobody_is_refused_from_memory_alone() -> None:
    """A worker who saw version 2 was told it was stale, for ever.

    Another replica had written; this one still remembered version 1, and a refusal did not make it look again.
    """
    log = MemoryLog()
    here, there = corridor(log), corridor(log)
    await here.handle("account", opening())
    await there.handle("account", paying())
    answer = await here.handle("account", paying(expected_version=2))
    assert answer.version == 3
    assert (await here.state_now("account", ACCOUNT_ID)).total == 10


async def test_an_aggregate_longer_than_a_page_stands_where_its_last_event_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("libs.eventlog.handle", "libs.eventlog.memory"):
        monkeypatch.setattr(f"{module}.LOADED_AT_ONCE", 2)
    log = MemoryLog()
    await corridor(log).handle("account", opening())
    for payments in range(1, 5):  # at every length around the border of a page
        answer = await corridor(log).handle("account", paying())
        assert answer.version == payments + 1
        assert (await corridor(log).state("account", ACCOUNT_ID)).total == 5 * payments
