"""What is counted from sums is what counting every contact gives, whatever happened to the contacts in between."""

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

import services.reporting
from libs.eventlog.sql import named_queries
from services.reporting.figures.contacts import CONTACT_FACT

REPORTING = Path(services.reporting.__file__).parent
SQL = named_queries(*sorted(REPORTING.glob("*/queries.sql")))
COLUMNS = tuple(CONTACT_FACT.row.model_fields)
JANUARY = date(2026, 1, 1)
PERIODS = [
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2026, 2, 10), date(2026, 3, 5)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 1, 20), date(2026, 6, 30)),
    (date(2025, 1, 1), date(2025, 12, 31)),
]
MET = "linked and not voided and counted_as <> 'neither'"
HUMAN = "coalesce((select same_as from person_link l where l.linked and l.person_id = f.person_id), person_id)"
SUMS = (
    "count(*) filter (where counted_as = 'contact'), count(*) filter (where counted_as = 'intervention'),"
    " sum(approached)"
)


@pytest.fixture
async def db(database: str) -> AsyncIterator[Any]:
    connection: Any = await asyncpg.connect(database)
    for file in sorted((REPORTING / "migrations").glob("*.sql")):
        await connection.execute(file.read_text())
    yield connection
    await connection.close()


async def fold(db: Any, rows: Sequence[Mapping[str, Any]], position: int) -> None:
    """One batch, as the projection writes it."""
    columns = [[row.get(name) for row in rows] for name in COLUMNS]
    await db.execute(SQL["upsert_contact_fact"], *columns, [position + place for place in range(len(rows))])


def recorded(dice: random.Random, contact: int) -> dict[str, Any]:
    is_linked = dice.random() < 0.8
    return {
        "contact_id": UUID(int=contact),
        "held_on": JANUARY + timedelta(days=dice.randrange(120)),
        "municipality": dice.choice([None, "560537", "560286"]),
        "locality": dice.choice([None, "Nádraží", "Sídliště"]),
        "counted_as": dice.choice(["contact", "intervention", "neither"]),
        "approached": dice.randrange(3),
        "person_id": UUID(int=1000 + dice.randrange(12)) if is_linked else None,
        "linked": is_linked,
        "voided": False,
    }


def changed(dice: random.Random, contact: int) -> dict[str, Any]:
    kind = dice.choice(["void", "link", "unlink", "correct"])
    told = recorded(dice, contact)
    some: dict[str, Any] = {
        "void": {"voided": True},
        "link": {"person_id": UUID(int=1000 + dice.randrange(12)), "linked": True},
        "unlink": {"linked": False},
        "correct": {name: told[name] for name in ("held_on", "municipality", "locality", "counted_as", "approached")},
    }[kind]
    return {"contact_id": UUID(int=contact), **some}


async def history(db: Any, seed: int) -> None:
    dice = random.Random(seed)
    position = 1
    for _ in range(25):
        batch = {dice.randrange(60): None for _ in range(dice.randrange(1, 12))}
        known = {row["contact_id"].int for row in await db.fetch("select contact_id from contact_fact")}
        rows = [changed(dice, one) if one in known else recorded(dice, one) for one in batch]
        await fold(db, rows, position)
        await fold(db, rows, position)  # told again, it changes nothing
        position += len(rows)
    for one, other in ((1000, 1001), (1002, 1001), (1003, 1004)):
        await db.execute("insert into person_link values ($1, $2, true, 1)", UUID(int=one), UUID(int=other))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("first", "last"), PERIODS)
async def test_a_period_adds_up(db: Any, seed: int, first: date, last: date) -> None:
    await history(db, seed)
    within = "from contact_fact f where not voided and held_on between $1 and $2"
    sums = await db.fetchrow(f"select {SUMS}, count(distinct {HUMAN}) filter (where {MET}) {within}", first, last)
    period = await db.fetchrow(SQL["period_counts"], first, last)
    assert tuple(period)[:4] == tuple(one or 0 for one in sums)

    places = await db.fetch(
        f"select locality, {SUMS}, count(distinct {HUMAN}) filter (where {MET}) {within} and locality is not null"
        " group by locality order by locality", first, last,
    )  # fmt: skip
    found = await db.fetch(SQL["locality_counts"], first, last, 10)
    assert [tuple(one) for one in found] == [tuple(one) for one in places if any(tuple(one)[1:4])]

    months = await db.fetch(
        f"select date_trunc('month', held_on::timestamp)::date as month, municipality, {SUMS},"
        f" count(distinct {HUMAN}) filter (where {MET}) {within} group by 1, 2 order by 1, 2 nulls last", first, last,
    )  # fmt: skip
    found = await db.fetch(SQL["monthly_counts"], first, last, None, 100)
    assert [tuple(one)[:6] for one in found] == [tuple(one) for one in months if any(tuple(one)[2:5])]

    anonymous = await db.fetchval(f"select count(*) {within} and counted_as <> 'neither' and not linked", first, last)
    assert (await db.fetchrow(SQL["unique_clients"], first, last))["anonymous"] == anonymous


async def test_sums_of_what_was_there_before_are_made_once(db: Any) -> None:
    """The migration counts what an older version had read already."""
    await history(db, seed=1)
    tables = ("contact_tally", "person_month", "month_tally", "person_span")
    before = {table: await _nonzero(db, table) for table in tables}
    filling = (REPORTING / "migrations/0003_tallies.sql").read_text().partition("insert into")
    for table in tables:
        await db.execute(f"truncate {table}")
    await db.execute(filling[1] + filling[2])
    assert {table: await _nonzero(db, table) for table in tables} == before


async def _nonzero(db: Any, table: str) -> set[tuple[Any, ...]]:
    """Without rows that say nothing any more."""
    rows = [tuple(row) for row in await db.fetch(f"select * from {table}")]
    said = {"contact_tally": 3, "person_month": 3, "month_tally": 2, "person_span": 2}[table]
    return {row for row in rows if any(row[said:])}
