"""The named queries of `cases` fit the questions and answers they are published with."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import services.cases
from libs.eventlog import Event
from libs.eventlog.sql import named_queries
from libs.projection import Projection
from libs.projection.fold import columns
from services.cases.agreement.projection import AGREEMENT_LIST
from services.cases.plan.projection import PLAN_GOAL, PLAN_LIST, PLAN_STEP
from services.cases.published import PUBLISHED
from tests.examples import cases_agreement as agreement
from tests.examples import cases_plan as plan

CASES = Path(services.cases.__file__).parent
SQL = named_queries(*sorted(CASES.glob("*/queries.sql")))


@pytest.fixture
async def db(database: str) -> AsyncIterator[Any]:
    connection: Any = await asyncpg.connect(database)
    for file in sorted((CASES / "migrations").glob("*.sql")):
        await connection.execute(file.read_text())
    yield connection
    await connection.close()


async def test_questions_are_parameters_and_answers_are_columns(db: Any) -> None:
    for name, (question, answer) in PUBLISHED.queries.items():
        statement = await db.prepare(SQL[name])
        asked = [field for field in question.model_fields if field != "actor"]
        assert len(statement.get_parameters()) == len(asked), name
        assert {column.name for column in statement.get_attributes()} == set(answer.model_fields), name


async def read(db: Any, history: tuple[Event, ...], *projections: Projection) -> None:
    """Each event twice, and in batches of one: the worst a follower can do."""
    for position, event in enumerate(history, start=1):
        for one in projections:
            if type(event) in one.reads and (arrays := columns(one, [(event, position)])):
                await db.execute(SQL[one.into], *arrays)
                await db.execute(SQL[one.into], *arrays)


async def test_an_agreement_is_listed_as_it_stands(db: Any) -> None:
    history = (
        agreement.negotiation_opened(),
        agreement.concluded(),
        agreement.amended(),
        agreement.key_worker_changed(),
    )
    await read(db, history, AGREEMENT_LIST)
    (row,) = await db.fetch(SQL["agreements"], agreement.DENISA, None, None, "in_force", 10)
    assert (row["form"], row["agreement_version"], row["key_worker"]) == ("oral", 2, agreement.RADKA)
    assert row["client_order"] == agreement.ORDER.token
    assert await db.fetch(SQL["agreements"], None, None, agreement.SIMON, None, 10) == []
    assert len(await db.fetch(SQL["agreements"], None, [agreement.DENISA], None, None, 10)) == 1
    assert await db.fetch(SQL["agreements"], None, [agreement.SIMON], None, None, 10) == []
    assert [row["person_id"] for row in await db.fetch(SQL["caseload"], agreement.RADKA, 10)] == [agreement.DENISA]
    assert await db.fetch(SQL["caseload"], agreement.SIMON, 10) == []


async def test_a_plan_is_listed_with_its_goals_and_steps(db: Any) -> None:
    history = (
        plan.drafted(),
        plan.proposed(),
        plan.agreed(),
        plan.step_planned(),
        plan.step_planned(step_id=plan.OTHER_STEP, due=None),
        plan.activated(),
        plan.step_moved(),
        plan.step_done(step_id=plan.OTHER_STEP, note=plan.TEXT),
    )
    await read(db, history, PLAN_LIST, PLAN_GOAL, PLAN_STEP)
    (listed,) = await db.fetch(SQL["plans"], plan.DENISA, "active", 10)
    assert (listed["client_factors"], listed["review_on"]) == ([], plan.REVIEW)
    steps = await db.fetch(SQL["plan_steps"], plan.PLAN_ID, plan.SIMON, False, 10)
    assert [(step["step_id"], step["state"], step["due"]) for step in steps] == [
        (plan.STEP, "planned", plan.LATER),
        (plan.OTHER_STEP, "done", None),
    ]
    assert len(await db.fetch(SQL["plan_steps"], None, plan.SIMON, True, 10)) == 1
    assert {step["plan_state"] for step in steps} == {"active"}
    concluded = agreement.concluded(person_id=plan.DENISA)
    await read(db, (concluded,), AGREEMENT_LIST)
    (due,) = await db.fetch(SQL["plans_due"], concluded.key_worker, plan.REVIEW, 10)
    assert (due["plan_id"], due["review_on"]) == (plan.PLAN_ID, plan.REVIEW)
    assert await db.fetch(SQL["plans_due"], concluded.key_worker, plan.REVIEW - timedelta(days=1), 10) == []
    assert await db.fetch(SQL["plans_due"], agreement.RADKA, plan.REVIEW, 10) == []
    await read(db, (*history, plan.closed()), PLAN_LIST, PLAN_GOAL)
    assert await db.fetch(SQL["plans_due"], concluded.key_worker, plan.REVIEW, 10) == []
    (closed,) = await db.fetch(SQL["plans"], plan.DENISA, None, 10)
    assert (closed["state"], closed["client_factors"]) == ("closed", ["interest", "own_activity"])
    (goal,) = await db.fetch(SQL["plan_goals"], plan.PLAN_ID, 10)
    assert (goal["state"], goal["wording"]) == ("achieved", plan.WORDS.token)
