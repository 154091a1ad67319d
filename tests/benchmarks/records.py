"""Records of people as rows of the log of `contacts`: sealed and chained as the service does it, written at once."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from libs.codelists import AgeBand, Housing, IdentityLevel, LadderStage, Sex
from libs.eventlog import Actor, Event, new_id
from libs.eventlog.batch import stored_events
from libs.eventlog.log import Append, NewEvent
from libs.eventlog.stored import Stored
from libs.privacy import Personal, SubjectKeys, seal_fields
from services.contacts.person.events import (
    InterestExpressed,
    NicknameGiven,
    PersonBecameClient,
    PersonContactNoted,
    PersonDescribed,
)

COLUMNS = (
    "position", "event_id", "stream", "version", "type", "schema_version", "command_id", "of_command", "correlation_id",
    "causation_id", "actor", "audience", "occurred_at", "recorded_at", "trace", "data", "hash",
)  # fmt: skip
EVENTS_OF_A_PERSON = 10
NICKNAMES = ("Dendy", "Karek", "Bája", "Ferda", "Lída", "Mates")

Rows = list[tuple[Any, ...]]


async def records(
    keys: SubjectKeys, organisation: UUID, people: int, position: int, previous: bytes
) -> tuple[tuple[str, ...], Rows, bytes]:
    """(columns, rows, last hash): the histories of so many new people, one event of everybody after the other."""
    who = [new_id() for _ in range(people)]
    await keys.ready(who, create=True)
    worker = Actor(user=new_id(), organisation=organisation, roles=frozenset({"outreach_worker"}), team="LOKET")
    now, rows = datetime.now(UTC), Rows()
    for version in range(EVENTS_OF_A_PERSON):
        for number, person in enumerate(who):
            event, event_id = _said(person, number, version, now), new_id()
            sealed = await seal_fields(keys, event, event.subjects, event_id)
            new = (NewEvent(event_id, sealed, ()),)
            append = Append(f"person-{person}", version, new_id(), worker, now, new)
            [(stored, _)] = stored_events(append, position, previous, now)
            position, previous = stored.position, stored.hash
            rows.append(_row(stored))
    return COLUMNS, rows, previous


def _row(stored: Stored) -> tuple[Any, ...]:
    return (
        stored.position, stored.event_id, stored.stream, stored.version, stored.type, stored.schema_version,
        stored.command_id, 1, None, None, stored.actor, (), stored.occurred_at, stored.recorded_at, None, stored.data,
        stored.hash,
    )  # fmt: skip


def _said(person: UUID, number: int, version: int, now: datetime) -> Event:
    """First known, then described, then met again and again; and in the end a client."""
    match version:
        case 0:
            nickname = Personal(f"{NICKNAMES[number % len(NICKNAMES)]} {number}")
            return NicknameGiven(
                person_id=person, nickname=nickname, team="LOKET", stage=LadderStage.NICKNAME,
                identity=IdentityLevel.NICKNAME, given_at=now,
            )  # fmt: skip
        case 1:
            age, housing = list(AgeBand)[number % len(AgeBand)], list(Housing)[number % len(Housing)]
            return PersonDescribed(
                person_id=person, sex=list(Sex)[number % len(Sex)], age_band=age, housing=housing, residence="560367"
            )
        case 5:
            return InterestExpressed(person_id=person, stage=LadderStage.INTERESTED, expressed_at=now)
        case 9:
            return PersonBecameClient(
                person_id=person, agreement_id=new_id(), stage=LadderStage.CLIENT, concluded_at=now
            )
        case _:
            return PersonContactNoted(person_id=person, contact_id=new_id())
