"""The named queries of `contacts` fit what they are published with, and names come only to whom they may be known."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import services.contacts
from libs.eventlog import Event
from libs.eventlog.sql import named_queries
from libs.privacy import Personal
from libs.projection.fold import columns
from services.contacts.person.projection import PERSON_LIST
from services.contacts.published import PUBLISHED
from tests.examples.contacts_people import DENDY, LOKET, SLAVKOV, TWIN_RECORD
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
