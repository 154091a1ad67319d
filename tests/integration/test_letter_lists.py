"""The lists of letters, on a real PostgreSQL: their laws, and what each question answers."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import asyncpg

from libs.eventlog import Command, Event
from libs.eventlog.sql import named_queries
from libs.messaging import Query, View
from libs.projection import Projection
from libs.projection.fold import columns
from services.courier.correspondence.decider import CORRESPONDENCE, decide, evolve
from services.courier.correspondence.projection import LETTER_COUNTER, LETTER_IN, LETTER_OUT, QUARANTINE
from services.courier.correspondence.state import Correspondence
from services.courier.correspondence.views import (
    Correspondences,
    Gaps,
    LetterReceived,
    LettersBetween,
    LettersOfThread,
    LettersRefused,
    LettersUnapplied,
    LettersWaiting,
    OutstandingOf,
    Quarantined,
)
from services.courier.published import PUBLISHED
from tests.examples.courier_correspondence import (
    NODE,
    NOW,
    OSPOD_SOKOLOV,
    OTHER,
    THIRD,
    THREAD,
    note_applied,
    note_arrival,
    note_receipt,
    note_refusal,
    note_sent,
    observe_hello,
    post_letter,
    void_letter,
)

COURIER = Path(__file__).parents[2] / "services/courier"
SQL = named_queries(COURIER / "correspondence/queries.sql")
LISTS = (LETTER_OUT, LETTER_IN, QUARANTINE, LETTER_COUNTER)


def events_of(number: int) -> Any:
    return post_letter().event_id if number == 1 else f"0198e000-0000-7000-8000-{number:012x}"


COMMANDS: tuple[Command, ...] = (
    *(post_letter(event_id=events_of(n), position=n) for n in range(1, 7)),
    note_sent(number=1),
    note_sent(number=2, attempt=1),
    note_sent(number=2, attempt=2, digest=OTHER),
    note_receipt(number=1),  # delivered
    note_receipt(number=2, digest=THIRD),  # disputed
    note_receipt(number=3, outcome="refused", code="not_party"),
    void_letter(number=4),
    note_receipt(number=5, outcome="stored"),
    void_letter(number=1, code="release_expired"),  # the partner was restored and asks again
    note_arrival(number=2),
    note_arrival(number=1),
    note_arrival(number=5),
    note_arrival(number=8),
    note_arrival(number=2, digest=OTHER),  # a contradiction
    note_applied(number=2),
    note_applied(number=5, outcome="stored"),
    note_refusal(digest=THIRD),
    observe_hello(their_sent=10, their_received=2),
)


def happened() -> list[tuple[Event, int]]:
    state, events = Correspondence(), list[Event]()
    for command in COMMANDS:
        decided = decide(command, state)  # pyright: ignore[reportArgumentType] - a union of them all
        state, _ = reduce(evolve, decided, state), events.extend(decided)
    return list(zip(events, range(1, len(events) + 1), strict=True))


@asynccontextmanager
async def lists(url: str) -> AsyncGenerator["asyncpg.Connection[Any]"]:
    db = await asyncpg.connect(url)
    try:
        await db.execute((COURIER / "migrations/0001_correspondence.sql").read_text())
        yield db
    finally:
        await db.close()


async def fold(db: "asyncpg.Connection[Any]", batch: Sequence[tuple[Event, int]]) -> None:
    for projection in LISTS:
        if (arrays := columns(projection, [one for one in batch if type(one[0]) in projection.reads])) is not None:
            await db.execute(SQL[projection.into], *arrays)


async def rows(db: "asyncpg.Connection[Any]", projection: Projection) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in await db.fetch(f"select * from {projection.tables[0]} order by 1, 2"))


async def ask(db: "asyncpg.Connection[Any]", question: Query) -> list[Any]:
    """As a service answers: fields in order are the parameters, columns are the fields of the view."""
    name, view = next((name, view) for name, (asked, view) in PUBLISHED.queries.items() if asked is type(question))
    parameters = [getattr(question, field) for field in type(question).model_fields if field != "actor"]
    found: list[View] = [view.model_validate(dict(row)) for row in await db.fetch(SQL[name], *parameters)]
    return found


async def test_lists_do_not_depend_on_how_the_log_was_cut(new_database: Any):
    history = happened()
    async with lists(new_database()) as once:
        await fold(once, history)
        expected = [await rows(once, projection) for projection in LISTS]
        await fold(once, history[:9])  # an old batch comes again
        assert [await rows(once, projection) for projection in LISTS] == expected
    for size in (1, 2, 5):
        async with lists(new_database()) as cut:
            for start in range(0, len(history), size):
                await fold(cut, history[start : start + size])
            assert [await rows(cut, projection) for projection in LISTS] == expected


async def test_each_question_has_its_answer(database: str):
    partner = OSPOD_SOKOLOV
    async with lists(database) as db:
        await fold(db, happened())
        waiting = await ask(db, LettersWaiting(actor=NODE))
        assert [(row.number, row.state) for row in waiting] == [(1, "voided"), (4, "voided"), (6, "posted")]
        assert await ask(db, LettersWaiting(actor=NODE, posted_before=NOW - timedelta(days=3))) == []
        assert len(await ask(db, LettersWaiting(actor=NODE, posted_before=NOW + timedelta(days=3)))) == 3
        refused = await ask(db, LettersRefused(actor=NODE, partner_id=partner))
        assert [(row.number, row.outcome, row.code) for row in refused] == [
            (2, "disputed", "number_used_twice"),
            (3, "refused", "not_party"),
        ]
        thread = await ask(db, LettersOfThread(actor=NODE, thread=THREAD))
        assert [row.state for row in thread] == ["voided", "refused", "refused", "voided", "delivered", "posted"]
        assert [row.number for row in await ask(db, OutstandingOf(actor=NODE, partner_id=partner))] == [1, 4, 6]
        again = await ask(db, LettersBetween(actor=NODE, partner_id=partner, first=5, last=9))
        assert [(row.number, row.source, row.position) for row in again] == [(5, "cases", 5), (6, "cases", 6)]
        (received,) = await ask(db, LetterReceived(actor=NODE, partner_id=partner, number=2))
        assert (received.outcome, received.code) == ("applied", None)
        assert await ask(db, LetterReceived(actor=NODE, partner_id=partner, number=3)) == []
        unapplied = await ask(db, LettersUnapplied(actor=NODE))
        assert [(row.number, row.outcome) for row in unapplied] == [(1, None), (5, "stored"), (8, None)]
        alarms = await ask(db, Quarantined(actor=NODE))
        assert {(row.digest, row.reason, row.number) for row in alarms} == {
            (OTHER, "number_used_twice", 2),
            (THIRD, "bad_signature", None),
        }
        gaps = await ask(db, Gaps(actor=NODE))
        assert [(row.first, row.last) for row in gaps] == [(3, 4), (6, 7), (9, 10)]
        (counters,) = await ask(db, Correspondences(actor=NODE))
        assert (counters.sent, counters.received_through, counters.received) == (6, 2, 8)
        assert (counters.their_sent, counters.their_received, counters.heard_at) == (10, 2, NOW)


async def test_lists_and_state_agree(database: str):
    state = reduce(evolve, (event for event, _ in happened()), CORRESPONDENCE.initial)  # pyright: ignore[reportArgumentType]
    async with lists(database) as db:
        await fold(db, happened())
        gaps = [(row.first, row.last) for row in await ask(db, Gaps(actor=NODE))]
        assert gaps == [(gap.first, gap.last) for gap in state.missing()]
        outstanding = await ask(db, OutstandingOf(actor=NODE, partner_id=OSPOD_SOKOLOV))
        assert tuple(row.number for row in outstanding) == state.unanswered()
        unapplied = await ask(db, LettersUnapplied(actor=NODE))
        assert {row.number for row in unapplied} == state.waiting


async def test_a_gap_without_any_letter_shows_as_soon_as_the_partner_greets(database: str):
    hello = decide(observe_hello(their_sent=2), Correspondence())
    async with lists(database) as db:
        await fold(db, [(hello[0], 1)])
        assert [(row.first, row.last) for row in await ask(db, Gaps(actor=NODE))] == [(1, 2)]
