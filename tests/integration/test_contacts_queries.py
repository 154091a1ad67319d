"""The named queries of `contacts` fit what they are published with, and names come only to whom they may be known."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import services.contacts
from libs.codelists import Relation
from libs.eventlog import Event
from libs.eventlog.sql import named_queries
from libs.privacy import Personal
from libs.projection import Projection
from libs.projection.fold import columns
from services.contacts.contact.projection import CONTACT_LIST
from services.contacts.household.events import FamilyMonitored, MemberJoined, MemberLeft
from services.contacts.household.projection import HOUSEHOLD_LIST, HOUSEHOLD_MEMBER
from services.contacts.person.projection import PERSON_LIST, PERSON_TIMELINE
from services.contacts.published import PUBLISHED
from tests.examples.contacts_contact import c1, c2, c3, conflict_raised, voided
from tests.examples.contacts_people import DENDY, LOKET, RADKA, SIMON, SLAVKOV, TWIN_RECORD
from tests.examples.contacts_person import forgotten, nickname_given, persons_linked, taken_over

CONTACTS = Path(services.contacts.__file__).parent
SQL = named_queries(*sorted(CONTACTS.glob("*/queries.sql")))
EVERYBODY = None
SEALED = Personal[str](token="sealed")


@pytest.fixture
async def db(database: str) -> AsyncIterator[Any]:
    connection: Any = await asyncpg.connect(database)
    for file in sorted((CONTACTS / "migrations").glob("*.sql")):
        await connection.execute(file.read_text())
    yield connection
    await connection.close()


async def read(db: Any, *history: Event) -> None:
    for position, event in enumerate(history, start=1):
        if (arrays := columns(PERSON_LIST, [(event, position)])) is not None:
            await db.execute(SQL[PERSON_LIST.into], *arrays)


async def names(db: Any, team: str | None, after: int = 0) -> list[tuple[Any, ...]]:
    rows = await db.fetch(SQL["person_names"], team, after, 10)
    return [(row["person_id"], row["nickname"], row["gone"], row["position"]) for row in rows]


async def test_questions_are_parameters_and_answers_are_columns(db: Any) -> None:
    for name, (question, answer) in PUBLISHED.queries.items():
        statement = await db.prepare(SQL[name])
        asked = [field for field in question.model_fields if field != "actor"]
        assert len(statement.get_parameters()) == len(asked), name
        assert {column.name for column in statement.get_attributes()} == set(answer.model_fields), name


async def test_only_what_changed_is_told_again(db: Any) -> None:
    given = nickname_given(nickname=SEALED)
    await read(db, given, given.model_copy(update={"person_id": TWIN_RECORD}))
    assert await names(db, EVERYBODY) == [(DENDY, "sealed", False, 1), (TWIN_RECORD, "sealed", False, 2)]
    assert await names(db, EVERYBODY, after=1) == [(TWIN_RECORD, "sealed", False, 2)]
    assert await names(db, EVERYBODY, after=2) == []


async def test_whoever_went_to_another_team_goes_without_a_word(db: Any) -> None:
    await read(db, nickname_given(nickname=SEALED, team=LOKET), taken_over(team=SLAVKOV))
    assert await names(db, LOKET) == [(DENDY, None, True, 2)]
    assert await names(db, SLAVKOV) == [(DENDY, "sealed", False, 2)]


@pytest.mark.parametrize("end", [forgotten(), persons_linked()])
async def test_the_forgotten_and_records_that_lead_elsewhere_are_not_found(db: Any, end: Any) -> None:
    await read(db, nickname_given(nickname=SEALED, person_id=end.person_id), end)
    found = await names(db, EVERYBODY)
    assert [(nickname, gone) for _, nickname, gone, _ in found] == [(None, True)]


async def fold(db: Any, projection: Projection, *history: Event) -> None:
    for position, event in enumerate(history, start=1):
        if (arrays := columns(projection, [(event, position)])) is not None:
            await db.execute(SQL[projection.into], *arrays)


def words_sealed(event: Any) -> Any:
    return event.model_copy(
        update={name: SEALED for name in ("nickname", "note", "place") if getattr(event, name) is not None}
    )


async def test_people_are_paged_counted_and_asked_for_by_id(db: Any) -> None:
    given = nickname_given(nickname=SEALED, team=LOKET)
    ids = [DENDY, TWIN_RECORD, *(UUID(int=number) for number in range(3))]
    await read(db, *(given.model_copy(update={"person_id": one}) for one in ids))

    async def asked(team: str | None, some: list[UUID] | None, before: int | None, limit: int) -> list[UUID]:
        return [row["person_id"] for row in await db.fetch(SQL["persons"], team, None, some, before, limit)]

    assert await asked(LOKET, None, None, 2) == [ids[4], ids[3]]
    assert await asked(LOKET, None, 4, 2) == [ids[2], ids[1]]
    assert await asked(LOKET, [DENDY], None, 10) == [DENDY]
    assert await asked(SLAVKOV, [DENDY], None, 10) == []  # an id opens nothing
    counts = await db.fetch(SQL["person_counts"], LOKET, None)
    assert [tuple(row) for row in counts] == [("nickname", 5)]
    assert await db.fetch(SQL["person_counts"], SLAVKOV, None) == []
    assert [tuple(row) for row in await db.fetch(SQL["person_counts"], None, [DENDY])] == [("nickname", 1)]


async def test_contacts_add_up_to_what_is_listed(db: Any) -> None:
    short, long, other = words_sealed(c1()), words_sealed(c2(person_id=None)), words_sealed(c3(person_id=None))
    await fold(db, CONTACT_LIST, short, long, other, voided(contact_id=other.contact_id))

    async def counted(
        team: str | None = None, month: date | None = None, worker: UUID | None = None, latest: int | None = None
    ) -> tuple[int, ...]:
        return tuple(await db.fetchrow(SQL["contact_counts"], team, None, None, month, worker, latest))

    everything = (3, 1, 1, 0, short.approached + long.approached, 0, 1)
    assert await counted() == everything
    assert await counted(team=LOKET, worker=RADKA.user) == (2, 1, 1, 0, everything[4], 0, 0)
    assert await counted(month=short.started_at.date(), worker=SIMON.user) == (0, 0, 0, 0, 0, 0, 0)
    assert (await counted(latest=2))[0] == 2


async def test_conflicts_and_ones_own_contacts_are_asked_for_alone(db: Any) -> None:
    mine, theirs = words_sealed(c1()), words_sealed(c3(person_id=None))
    raised = conflict_raised(note=None)
    await fold(db, CONTACT_LIST, mine, theirs, raised)

    async def asked(worker: UUID | None, only_in_conflict: bool) -> set[UUID]:
        found = await db.fetch(SQL["contacts"], None, None, None, None, worker, only_in_conflict, 10)
        return {row["contact_id"] for row in found}

    assert await asked(None, False) == {mine.contact_id, theirs.contact_id}
    assert await asked(None, True) == {mine.contact_id}
    assert await asked(SIMON.user, True) == set()
    assert await asked(SIMON.user, False) == {theirs.contact_id}


async def test_a_history_is_read_from_a_day_back_and_by_kind(db: Any) -> None:
    await read(db, nickname_given(nickname=SEALED, team=LOKET))
    await fold(db, PERSON_TIMELINE, nickname_given(nickname=SEALED, team=LOKET))
    linked = words_sealed(c2(person_id=DENDY))
    await fold(db, CONTACT_LIST, linked)

    async def asked(kind: str | None, until: datetime | None, limit: int = 10) -> list[str]:
        return [row["kind"] for row in await db.fetch(SQL["person_timeline"], DENDY, LOKET, kind, until, limit)]

    assert sorted(await asked(None, None)) == ["contact", "step"]
    assert await asked("step", None) == ["step"] and await asked("contact", None) == ["contact"]
    assert "contact" not in await asked(None, linked.started_at - timedelta(seconds=1))
    assert len(await asked(None, None, 1)) == 1
    ids = [linked.contact_id]
    assert len(await db.fetch(SQL["person_contacts"], DENDY, LOKET, ids, 10)) == 1
    assert await db.fetch(SQL["person_contacts"], DENDY, SLAVKOV, ids, 10) == []
    assert await db.fetch(SQL["person_contacts"], DENDY, LOKET, [UUID(int=1)], 10) == []


async def test_a_household_is_found_by_itself_and_by_who_lives_there(db: Any) -> None:
    home, other = UUID(int=1), UUID(int=2)
    for place, household in enumerate((home, other), start=1):
        seen = FamilyMonitored(
            household_id=household, worker=RADKA.user, team=LOKET, persons=3, municipality="560537",
            monitored_at=datetime(2026, 5, place, tzinfo=UTC),
        )  # fmt: skip
        await fold(db, HOUSEHOLD_LIST, seen)
    await fold(db, HOUSEHOLD_MEMBER, MemberJoined(household_id=home, person_id=DENDY, relation=Relation.CHILD))

    async def asked(team: str | None, household: UUID | None, person: UUID | None) -> list[UUID]:
        found = await db.fetch(SQL["households"], team, None, household, person, 10)
        return [row["household_id"] for row in found]

    assert await asked(LOKET, None, None) == [other, home]
    assert await asked(LOKET, home, None) == [home] and await asked(SLAVKOV, home, None) == []
    assert await asked(LOKET, None, DENDY) == [home]
    await fold(db, HOUSEHOLD_MEMBER, *[MemberLeft(household_id=home, person_id=DENDY)] * 2)
    assert await asked(LOKET, None, DENDY) == []
