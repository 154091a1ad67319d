"""The named queries of `directory` fit what they are published with, and visitors read no shelter's address."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

import services.directory
from libs.codelists import ServiceForm, ServiceType, TargetGroup
from libs.eventlog import Event
from libs.eventlog.sql import named_queries
from libs.projection.fold import columns
from services.directory.card.projection import CARD_LIST, OFFERED_SERVICE
from services.directory.published import PUBLISHED
from tests.examples.directory_card import (
    DEBT_ADVICE,
    NIT,
    STRANGER,
    card,
    card_published,
    service,
    service_offered,
    service_withdrawn,
)

DIRECTORY = Path(services.directory.__file__).parent
SQL = named_queries(*sorted(DIRECTORY.glob("*/queries.sql")))
ADDRESS = card().address


@pytest.fixture
async def db(database: str) -> AsyncIterator[Any]:
    connection: Any = await asyncpg.connect(database)
    for file in sorted((DIRECTORY / "migrations").glob("*.sql")):
        await connection.execute(file.read_text())
    yield connection
    await connection.close()


async def read(db: Any, *history: Event) -> None:
    for position, event in enumerate(history, start=1):
        for one in (CARD_LIST, OFFERED_SERVICE):
            if type(event) in one.reads and (arrays := columns(one, [(event, position)])):
                await db.execute(SQL[one.into], *arrays)


async def visitor_reads(db: Any, **over: Any) -> tuple[Any, Any]:
    """The card and the service as a visitor reads them, when the service is offered like this."""
    await read(db, card_published(), service_offered(service=service(**over)))
    (read_card,) = await db.fetch(SQL["public_cards"], NIT, None, None, None, 10)
    (read_service,) = await db.fetch(SQL["public_services"], *[None] * 7, NIT, DEBT_ADVICE, 10)
    return read_card, read_service


async def test_questions_are_parameters_and_answers_are_columns(db: Any) -> None:
    for name, (question, answer) in PUBLISHED.queries.items():
        statement = await db.prepare(SQL[name])
        asked = [field for field in question.model_fields if field != "actor"]
        assert len(statement.get_parameters()) == len(asked), name
        assert {column.name for column in statement.get_attributes()} == set(answer.model_fields), name


async def test_a_visitor_reads_what_a_colleague_reads(db: Any) -> None:
    public_card, public_service = await visitor_reads(db)
    (own_card,) = await db.fetch(SQL["card_detail"], NIT)
    (own_service,) = await db.fetch(SQL["service_detail"], NIT, DEBT_ADVICE)
    assert dict(public_card) == dict(own_card)
    assert dict(public_service) == dict(own_service)


@pytest.mark.parametrize(
    "shelter",
    [
        {"service_type": ServiceType.SHELTER},
        {"address_confidential": True, "address": None},
        {"forms": (ServiceForm.RESIDENTIAL,), "target_groups": (TargetGroup.DOMESTIC_VIOLENCE_VICTIMS,)},
        {"forms": (ServiceForm.RESIDENTIAL,), "target_groups": (TargetGroup.TRAFFICKING_VICTIMS,)},
    ],
)
async def test_a_visitor_never_learns_where_a_shelter_is(db: Any, shelter: dict[str, Any]) -> None:
    read_card, read_service = await visitor_reads(db, **shelter)
    assert (read_card["address"], read_service["address"], read_service["municipality"]) == (None, None, None)
    assert read_service["address_confidential"] is True


async def test_other_beds_are_found_at_their_address(db: Any) -> None:
    senior_home = {"forms": (ServiceForm.RESIDENTIAL,), "target_groups": (TargetGroup.SENIORS,), "service_type": None}
    read_card, read_service = await visitor_reads(db, **senior_home)
    assert (read_card["address"], read_service["address"]) == (ADDRESS, ADDRESS)


async def test_a_withdrawn_shelter_hides_nothing_any_more(db: Any) -> None:
    await visitor_reads(db, service_type=ServiceType.SHELTER)
    await read(db, service_withdrawn())
    (read_card,) = await db.fetch(SQL["public_cards"], NIT, None, None, None, 10)
    assert read_card["address"] == ADDRESS
    assert await db.fetch(SQL["public_services"], *[None] * 9, 10) == []
    assert await db.fetch(SQL["public_cards"], STRANGER, None, None, None, 10) == []


async def test_a_service_for_no_group_in_particular_is_for_everybody(db: Any) -> None:
    await read(db, card_published(), service_offered(service=service(target_groups=())))
    assert await db.fetch(SQL["public_services"], None, TargetGroup.SENIORS, *[None] * 7, 10)
