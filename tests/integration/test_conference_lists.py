"""The lists of a conference say what the pure functions say, in whatever order the letters came.

The rules of `stage.py`, `invited.py` and `measures.py` exist a second time as SQL: here both answer the same
questions about random conferences at three desks.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import services.cases
from libs.eventlog import Event
from libs.eventlog.sql import named_queries
from libs.projection.fold import columns
from services.cases.conference.invited import answer_of, copy_of
from services.cases.conference.measures import measures
from services.cases.conference.projection import CONFERENCE_PROJECTIONS
from services.cases.conference.stage import stage_of
from services.cases.conference.terms import Answer
from tests.examples import cases_conference as example
from tests.examples.cases_conference import CONFERENCE_ID
from tests.examples.cases_conference_desks import FULL, GUEST, READING, WHO, WORK, Desk, Desks

CASES = Path(services.cases.__file__).parent
SQL = named_queries(CASES / "conference/queries.sql")


def a_conference(chance: Random) -> Desks:
    """Forty things that happen, or are refused, and then every letter."""
    desks = Desks()
    desks.begin(chance.randint(0, 6), chance.randint(0, 11), chance.choice(list(Answer)))
    for _ in range(40):
        something_happens(desks, chance.randint(0, 26), chance.choice(WHO), chance)
    desks.everything_arrives()
    return desks


def something_happens(desks: Desks, number: int, who: UUID, chance: Random) -> None:
    chance.choice(
        (
            lambda: desks.the_organiser_goes_on(number),
            lambda: desks.the_organiser_assigns(number),
            lambda: desks.organises(example.reschedule(place=example.PLACE)),
            lambda: desks.organises(example.note_no_response(organisation=FULL)),
            lambda: desks.organises(example.cancel_action()),
            lambda: desks.somebody_answers(chance.choice((FULL, GUEST)), chance.choice(list(Answer))),
            lambda: desks.at[FULL].act(chance.choice(READING)(actor=example.worker_of(FULL))),
            lambda: desks.somebody_works(who, chance.choice(WORK)),
            lambda: desks.the_post_comes(who),
            lambda: deliver_some(desks, who, chance),
        )
    )()


def deliver_some(desks: Desks, sender: UUID, chance: Random) -> None:
    if letters := desks.at[sender].sent:
        desks.deliver(sender, *chance.choice(letters))


async def fill(db: Any, desk: Desk, chance: Random) -> None:
    """The desk's log, cut into batches, one of them coming again."""
    await db.execute("truncate " + ", ".join(table for one in CONFERENCE_PROJECTIONS for table in one.tables))
    log: list[Any] = list(enumerate(desk.log, start=1))
    while log:
        size = chance.randint(1, 9)
        batch, log = [(event, position) for position, event in log[:size]], log[size:]
        for _ in range(chance.randint(1, 2)):
            for one in CONFERENCE_PROJECTIONS:
                read = [(event, position) for event, position in batch if type(event) in one.reads]
                if arrays := columns(one, read):
                    await db.execute(SQL[one.into], *arrays)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Any]:
    connection: Any = await asyncpg.connect(database)
    await connection.execute((CASES / "migrations/0004_conference.sql").read_text())
    yield connection
    await connection.close()


@pytest.mark.parametrize("seed", range(5))
async def test_lists_say_what_the_rules_say(db: Any, seed: int) -> None:
    chance = Random(seed)
    for _ in range(4):
        for who, desk in a_conference(chance).at.items():
            await fill(db, desk, chance)
            await compare(db, who, desk)


TO_THE_MINUTES = (
    example.convened(),
    example.held(),
    example.assigned(),
    example.drafted(),
    example.comments_opened(),
    example.issued(),
)
CROSSINGS = {
    "a confirmation crosses the note of silence": (
        example.no_response_noted(organisation=FULL),
        example.confirmed(),
    ),
    "silence was known": (example.no_response_noted(organisation=FULL), example.confirmed(seen=6)),
    "finished crosses cancelled": (
        example.review_held(),
        example.acknowledged(),
        example.action_cancelled(),
        example.finished(),
    ),
    "cancelled was known": (
        example.review_held(),
        example.acknowledged(),
        example.action_cancelled(),
        example.finished(seen=7),
    ),
    "finished crosses reassigned": (
        example.review_held(),
        example.acknowledged(),
        example.reassigned(),
        example.finished(),
    ),
}


@pytest.mark.parametrize("crossing", CROSSINGS.values(), ids=CROSSINGS.keys())
@pytest.mark.parametrize("late", [False, True])
async def test_lists_and_rules_agree_on_every_crossing(db: Any, crossing: tuple[Event, ...], late: bool) -> None:
    """The organiser's desk, with the letters of others before and after its own word."""
    desk = Desk(example.OSPOD)
    for event in (*TO_THE_MINUTES, *(reversed(crossing) if late else crossing)):
        desk.record(event)
    await fill(db, desk, Random(1))
    await compare(db, example.OSPOD, desk)


async def compare(db: Any, who: UUID, desk: Desk) -> None:
    knows = desk.knows
    (listed,) = await db.fetch(SQL["conferences"], CONFERENCE_ID, None, None, False, 10)
    assert listed["stage"] == stage_of(knows)

    rows = await db.fetch(SQL["conference_participants"], CONFERENCE_ID, None, 10)
    assert {row["organisation"] for row in rows} == {one.organisation for one in knows.invitees}
    for row in rows:
        assert row["answer"] == answer_of(knows, row["organisation"])
        assert row["minutes"] == (copy_of(knows, row["organisation"]) if row["is_full"] else None)

    known = measures(knows)
    listed_actions = {
        row["action_id"]: row for row in await db.fetch(SQL["conference_actions"], CONFERENCE_ID, None, 9)
    }
    assert listed_actions.keys() == known.keys()
    for action_id, measure in known.items():
        row = listed_actions[action_id]
        said = (row["state"], row["due"], row["responsible"], row["watched_by"], row["title"])
        title = measure.title.token if measure.title else None
        assert said == (measure.state, measure.due, measure.responsible, measure.watched_by, title)

    still_open = {row["action_id"] for row in await db.fetch(SQL["open_actions"], who, 9)}
    assert still_open == {one.action_id for one in known.values() if one.responsible == who and one.state.is_open}

    texts = await db.fetch(SQL["conference_minutes"], CONFERENCE_ID, None, None, 500)
    assert all(row["text"] for row in texts) and (who != GUEST or not texts)
    assert not await db.fetch(SQL["conferences"], None, None, example.STRANGER, False, 10)
    await db.fetch(SQL["conference_people"], CONFERENCE_ID, None, 10)
    await db.fetch(SQL["conference_action_history"], example.M1, 10)
