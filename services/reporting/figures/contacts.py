"""Facts from `contacts`: `contact_fact` and its sums, `family_fact`, `person_link`. Persons are opaque ids.

Days are Prague's: what happened at 23:30 UTC on 31 March belongs to April.
"""

from datetime import date, datetime
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from libs.codelists import AgeBand, Channel, CountedAs, Need, Sex
from libs.projection import Projection, Row
from services.contacts.contact.events import (
    ConflictResolved,
    ContactCorrected,
    ContactLinked,
    ContactRecorded,
    ContactUnlinked,
    ContactVoided,
)
from services.contacts.household.events import FamilyMonitored
from services.contacts.person.events import PersonsLinked, PersonsUnlinked

PRAGUE = ZoneInfo("Europe/Prague")

ContactFact = ContactRecorded | ContactCorrected | ConflictResolved | ContactVoided | ContactLinked | ContactUnlinked


class ContactRow(Row):
    """What one event says about a contact. None: it says nothing about this column.

    linked   whether person_id holds now (None could not take a link away again)
    """

    contact_id: UUID
    held_on: date | None = None
    municipality: str | None = None
    locality: str | None = None
    channel: Channel | None = None
    counted_as: CountedAs | None = None
    minutes: int | None = None
    approached: int | None = None
    topics: tuple[Need, ...] | None = None
    sex: Sex | None = None
    age_band: AgeBand | None = None
    heard_before: bool | None = None
    team: str | None = None
    person_id: UUID | None = None
    linked: bool | None = None
    voided: bool | None = None


class FamilyRow(Row):
    """A family seen once. persons: as the worker saw, never derived from anything else (rule K04)."""

    household_id: UUID
    monitored_at: datetime
    monitored_on: date
    persons: int
    municipality: str


class LinkRow(Row):
    """Two records, one human being, while it holds (rule K06)."""

    person_id: UUID
    same_as: UUID
    linked: bool


def prague_day(moment: datetime) -> date:
    """The calendar day in Prague."""
    return moment.astimezone(PRAGUE).date()


def project_contact(event: ContactFact) -> ContactRow:
    match event:
        case ContactRecorded():
            return ContactRow(
                contact_id=event.contact_id,
                held_on=prague_day(event.started_at),
                municipality=event.municipality,
                locality=event.locality,
                channel=event.channel,
                counted_as=event.counted_as,
                minutes=event.minutes,
                approached=event.approached,
                topics=event.topics,
                sex=event.sex,
                age_band=event.age_band,
                heard_before=event.heard_before,
                team=event.team,
                person_id=event.person_id,
                linked=event.person_id is not None,
                voided=False,
            )
        case ContactCorrected() | ConflictResolved():
            changes = event.changes
            return ContactRow(
                contact_id=event.contact_id,
                held_on=None if changes.started_at is None else prague_day(changes.started_at),
                municipality=changes.municipality,
                locality=changes.locality,
                channel=changes.channel,
                counted_as=event.counted_as,
                minutes=changes.minutes,
                approached=changes.approached,
                topics=changes.topics,
                sex=changes.sex,
                age_band=changes.age_band,
                heard_before=changes.heard_before,
            )
        case ContactVoided():
            return ContactRow(contact_id=event.contact_id, voided=True)
        case ContactLinked():
            return ContactRow(contact_id=event.contact_id, person_id=event.person_id, linked=True)
        case ContactUnlinked():
            return ContactRow(contact_id=event.contact_id, linked=False)
        case _:
            assert_never(event)


def project_family(event: FamilyMonitored) -> FamilyRow:
    return FamilyRow(
        household_id=event.household_id,
        monitored_at=event.monitored_at,
        monitored_on=prague_day(event.monitored_at),
        persons=event.persons,
        municipality=event.municipality,
    )


def project_link(event: PersonsLinked | PersonsUnlinked) -> LinkRow:
    linked = isinstance(event, PersonsLinked)
    return LinkRow(person_id=event.person_id, same_as=event.same_as, linked=linked)


CONTACT_FACT = Projection(
    name="contact_fact_1",
    project=project_contact,
    events=ContactFact,
    row=ContactRow,
    key="contact_id",
    into="upsert_contact_fact",
    tables=("contact_fact", "contact_tally", "person_month", "month_tally", "person_span"),
)
FAMILY_FACT = Projection(
    name="family_fact_1",
    project=project_family,
    events=(FamilyMonitored,),
    row=FamilyRow,
    key=("household_id", "monitored_at"),
    into="upsert_family_fact",
    tables=("family_fact",),
)
PERSON_LINK = Projection(
    name="person_link_1",
    project=project_link,
    events=PersonsLinked | PersonsUnlinked,
    row=LinkRow,
    key="person_id",
    into="upsert_person_link",
    tables=("person_link",),
)
