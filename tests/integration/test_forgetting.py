"""Forgetting a person: the key goes, the figures and the chain stay, and nobody else is touched (G8)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from libs.codelists import Channel, Role
from libs.eventlog import Actor, new_id
from libs.messaging import Bus, Place, RequestFailed, connect
from libs.privacy import KeyLost, SubjectKeys
from libs.service import Running, running
from libs.service.maintenance import differences, on_bench, verify_service
from libs.testing.places import actor, settings_for
from services.contacts.app import build
from services.contacts.contact.commands import RecordContact
from services.contacts.person.commands import ForgetPerson, GiveNickname
from services.contacts.person.views import Persons, PersonSummary
from tests.integration.test_following import until

THEN = datetime(2026, 2, 10, 12, 45, tzinfo=UTC)


@pytest.fixture
async def contacts(tmp_path: Path, new_database: Any, nats_server: Any) -> AsyncIterator[Running]:
    async with running(build(settings_for(tmp_path, new_database(), nats_server.url))) as alive:
        yield alive


@pytest.fixture
async def bus(contacts: Running) -> AsyncIterator[Bus]:
    nc = await connect(Place(url=contacts.service.settings.bus.url))
    yield Bus(nc)
    await nc.close()


async def meet(bus: Bus, worker: Actor, nickname: str) -> UUID:
    person = new_id()
    who = {"actor": worker, "occurred_at": THEN, "person_id": person}
    await bus.command("contacts", "person", GiveNickname.model_validate({**who, "nickname": nickname}))
    contact = {
        "contact_id": new_id(),
        "channel": Channel.STREET,
        "started_at": THEN,
        "minutes": 12,
        "note": f"{nickname}: bydlí u babičky",
    }
    await bus.command("contacts", "contact", RecordContact.model_validate({**who, **contact}))
    return person


async def names(bus: Bus, worker: Actor) -> dict[UUID, str | None]:
    rows = await bus.query(
        "contacts", "persons", Persons.model_validate({"actor": worker, "team": "LOKET"}), PersonSummary
    )
    return {row.person_id: row.nickname.reveal() if row.nickname and row.nickname.is_clear else None for row in rows}


async def test_a_forgotten_person_is_unreadable_and_everything_else_stays(contacts: Running, bus: Bus) -> None:
    settings = contacts.service.settings
    worker = actor(settings, Role.OUTREACH_WORKER, Role.TEAM_LEADER).model_copy(update={"team": "LOKET"})
    dendy, other = await meet(bus, worker, "Dendy"), await meet(bus, worker, "Kuba")
    assert await names(bus, worker) == {dendy: "Dendy", other: "Kuba"}
    before = await contacts.pool.fetchval("select count(*) from event")

    forget = ForgetPerson(actor=actor(settings, Role.DPO), occurred_at=THEN, person_id=dendy)
    await bus.command("contacts", "person", forget)

    async def forgotten() -> bool:
        return await contacts.pool.fetchval("select count(*) from tombstone where scope = $1", dendy) == 1

    await until(forgotten, "the key to be destroyed")
    assert await contacts.pool.fetchval("select count(*) from subject_key where scope = $1", dendy) == 0
    assert await names(bus, worker) == {other: "Kuba"}
    assert await contacts.pool.fetchval("select count(*) from event") > before  # nothing was removed from the log
    async with on_bench(contacts.service) as bench:
        assert await verify_service(bench) > before
        for projection in contacts.service.projections:
            assert await differences(bench, projection.name) == 0
    with pytest.raises(RequestFailed) as refused:
        again = {"actor": worker, "occurred_at": THEN, "person_id": dendy, "nickname": "Dendy"}
        await bus.command("contacts", "person", GiveNickname.model_validate(again))
    assert refused.value.problem.kind == "rejected"


async def test_a_lost_key_does_not_look_like_a_forgotten_person(contacts: Running, bus: Bus) -> None:
    worker = actor(contacts.service.settings, Role.OUTREACH_WORKER).model_copy(update={"team": "LOKET"})
    dendy = await meet(bus, worker, "Dendy")
    await contacts.pool.execute("delete from subject_key where scope = $1", dendy)
    keys = SubjectKeys(contacts.pool, contacts.node_key)
    with pytest.raises(KeyLost):
        await keys.ready([dendy], create=False)


async def test_no_stored_byte_names_the_person(contacts: Running, bus: Bus) -> None:
    worker = actor(contacts.service.settings, Role.OUTREACH_WORKER).model_copy(update={"team": "LOKET"})
    await meet(bus, worker, "Žofie Kanárková")
    for table in await contacts.pool.fetch("select tablename from pg_tables where schemaname = 'public'"):
        rows = await contacts.pool.fetch(f"select t::text as row from {table['tablename']} as t")
        assert not [row for row in rows if "Kanárk" in row["row"] or "bydlí" in row["row"]]
