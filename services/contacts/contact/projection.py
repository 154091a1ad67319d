"""Read model `contact_list`: one row per contact, voided ones included (visible, not counted).

Sealed words stay sealed in the table. A forgotten person's contacts stay countable; their words go.
"""

from typing import assert_never
from uuid import UUID

from pydantic import AwareDatetime

from libs.codelists import ActivityType, AgeBand, Channel, CountedAs, Need, Sex
from libs.privacy import Personal
from libs.projection import Projection, Row
from services.contacts.contact.events import (
    ConflictRaised,
    ConflictResolved,
    ContactCorrected,
    ContactEvent,
    ContactLinked,
    ContactRecorded,
    ContactUnlinked,
    ContactVoided,
    Facts,
)
from services.contacts.contact.facts import NAMES
from services.contacts.person.events import PersonContactForgotten

Read = ContactEvent | PersonContactForgotten


class ContactRow(Row):
    """What one event says about a contact. None: it says nothing about this column.

    team      empty text: no team
    linked    whether person_id holds now (None could not take it away again)
    erased    whether note, place, nickname and the proposed note are gone for ever
    """

    contact_id: UUID
    worker: UUID | None = None
    team: str | None = None
    person_id: UUID | None = None
    linked: bool | None = None
    channel: Channel | None = None
    municipality: str | None = None
    locality: str | None = None
    place: Personal[str] | None = None
    started_at: AwareDatetime | None = None
    minutes: int | None = None
    counted_as: CountedAs | None = None
    topics: tuple[Need, ...] | None = None
    activities: tuple[ActivityType, ...] | None = None
    approached: int | None = None
    spoke: int | None = None
    nickname: Personal[str] | None = None
    sex: Sex | None = None
    age_band: AgeBand | None = None
    heard_before: bool | None = None
    note: Personal[str] | None = None
    revision: int | None = None
    in_conflict: bool | None = None
    proposed: Facts | None = None
    proposes_note: bool | None = None
    proposed_note: Personal[str] | None = None
    voided: bool | None = None
    erased: bool | None = None


def project(event: Read) -> ContactRow:
    match event:
        case ContactRecorded():
            said = {name: getattr(event, name) for name in NAMES}
            return ContactRow(
                contact_id=event.contact_id,
                worker=event.worker,
                team=event.team or "",
                person_id=event.person_id,
                linked=event.person_id is not None,
                place=event.place,
                counted_as=event.counted_as,
                nickname=event.nickname,
                note=event.note,
                revision=1,
                in_conflict=False,
                voided=False,
                **said,
            )
        case ContactCorrected() | ConflictResolved():
            said = {name: getattr(event.changes, name) for name in NAMES}
            return ContactRow(
                contact_id=event.contact_id,
                counted_as=event.counted_as,
                note=event.note,
                revision=event.revision,
                in_conflict=False,
                **said,
            )
        case ConflictRaised():
            return ContactRow(
                contact_id=event.contact_id,
                in_conflict=True,
                proposed=event.proposed,
                proposes_note=event.note is not None,
                proposed_note=event.note,
            )
        case ContactVoided():
            return ContactRow(contact_id=event.contact_id, voided=True)
        case ContactLinked():
            return ContactRow(contact_id=event.contact_id, person_id=event.person_id, linked=True)
        case ContactUnlinked():
            return ContactRow(contact_id=event.contact_id, linked=False)
        case PersonContactForgotten():
            return ContactRow(contact_id=event.contact_id, erased=True)
        case _:
            assert_never(event)


CONTACT_LIST = Projection(
    name="contact_list_1",
    project=project,
    events=Read,
    row=ContactRow,
    key="contact_id",
    into="upsert_contact_list",
    tables=("contact_list",),
)
